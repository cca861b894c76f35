/* The words of a rule that have a meaning wherever they stand. */
#ifndef RULE_KEYWORD_H
#define RULE_KEYWORD_H

/* Those that begin a clause come first. */
enum keyword {
	NO_KEYWORD = -1,
	PROTO, PORT, APP, FROM, TO, IN, OUT, CLAUSES,
	LOG = CLAUSES, LOGALL, COMMENT, ON
};

/* Which one it is, in small letters only. */
enum keyword keyword(const char *word);

#endif
