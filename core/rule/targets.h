/* What stands behind fw-allow: one rule in full, or several simple ones. */
#ifndef RULE_TARGETS_H
#define RULE_TARGETS_H

#include "names.h"
#include "rule.h"

/* A rule and the words it was given in, quoted, as a line of the rules file.
 * The rule's strings point to the words of the command line and to names. */
struct target {
	struct rule rule;
	char *line; /* owned */
};

struct targets {
	struct target *v; /* owned */
	size_t n;
};

/* Reads `ssh http https`, `OpenSSH 8080/tcp comment 'x'` and the like, each
 * word a rule of its own with the comment of all, or ufw's words for one
 * rule: `in on eth0 to any port 80`.  The action goes before them; `route` as
 * the first word makes it a routed rule.  All or none:
 * 0, or -1 and *e with e->word counted from the first of words.  For 0,
 * targets_free. */
int targets_parse(struct targets *out, enum action action,
		  char *const words[], int n, struct names *names,
		  struct err *e);
void targets_free(struct targets *t);

#endif
