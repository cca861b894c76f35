/* A rule while it is parsed: shared by the parse*.c files, nobody else's. */
#ifndef RULE_PARSING_H
#define RULE_PARSING_H

#include "keyword.h"
#include "names.h"
#include "rule.h"
#include "services.h"

enum { WORDS_MAX = 32 };
enum { SRC, DST, SIDES };

/* The words, which go one by one as they are understood, and what they
 * said that is not in the rule. */
struct parse {
	struct rule *rule;
	struct names *names;
	struct err *err;
	int n;
	const char *word[WORDS_MAX];
	enum keyword key[WORDS_MAX];
	unsigned has; /* bits of the keywords there are, or were */
	int at[WORDS_MAX]; /* where it is among the caller's words */
	bool route;
	const char *second;      /* interface of a routed rule... */
	const char **second_for; /* ...for iif or oif; NULL: none */
	bool multi; /* a list or range was given, on either side */
	int loc;    /* the side that the next port or app is for; -1: none */
	int proto_at, app_at[SIDES], port_at[SIDES], addr_at[SIDES];
	bool service[SIDES]; /* the port was a service's name */
	struct service found[SIDES];
	enum family family[SIDES];
};


/* parse.c: about words, by their place in p->word. */

/* Both return -1: "'WORD' WHY", a usage error of word i, and one already told
 * that is. */
int parse_fail(struct parse *p, int i, const char *why);
int parse_at(struct parse *p, int i);
/* Takes words out from i on. */
void parse_take(struct parse *p, int i, int count);
/* Where the keyword is, from i on; -1: nowhere. */
int parse_find(const struct parse *p, int i, enum keyword key);
/* The side that loc, SRC or DST, stands for. */
struct side *parse_side(struct parse *p, int loc);
/* Word i as an interface's name. */
int parse_iface(struct parse *p, int i, const char **out);

/* parse_front.c: the words before the clauses; takes all but the action.
 * 0, or -1 and *p->err, as the next two. */
int parse_front(struct parse *p);

/* parse_clauses.c: `allow 22/tcp`, and `allow proto tcp from any ...`. */
int parse_short(struct parse *p);
int parse_full(struct parse *p);

#endif
