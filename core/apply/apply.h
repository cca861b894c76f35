/* A change made for good: compiled, sent, and when somebody else changed the
 * ruleset in between, sent again; compiled anew where that makes a
 * difference. */
#ifndef APPLY_APPLY_H
#define APPLY_APPLY_H

#include "../compile/firewall.h"
#include "../link/link.h"

/* Puts its cmds into the sink, the same each time it is called. */
struct maker {
	int (*make)(const struct maker *m, struct sink *s, struct err *e);
	bool marked; /* its rules carry marks, see batch.h */
	bool reads;  /* it looks at what the kernel has */
};

/* One transaction.  0, or -1 and *e with nothing changed; a refusal by the
 * kernel names the cmd it refused.  *refused: its number, and o->error. */
int apply(struct link *l, const struct maker *m, struct outcome *o,
	  struct err *e);

/* The firewall of p.  *gate: where its rules stand now. */
int apply_firewall(struct link *l, const struct policy *p, enum gate *gate,
		   struct err *e);

/* Is the firewall's part of the table there?  1 with *gate, 0, or -1. */
int firewall_active(struct link *l, enum gate *gate, struct err *e);

/* Takes the firewall away: the table, or, where docker-chains has its chains
 * in it, all but those; then *kept is true. */
int remove_firewall(struct link *l, bool *kept, struct err *e);

/* The cmds as an nft script: a maker's, and the firewall's of p. */
int print_script(const struct maker *m, struct buf *out, struct err *e);
int print_firewall(const struct policy *p, struct buf *out, struct err *e);

#endif
