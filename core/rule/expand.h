/* A rule as plain matches: profiles replaced by their ports. */
#ifndef RULE_EXPAND_H
#define RULE_EXPAND_H

#include "rule.h"

struct match {
	uint8_t proto; /* IPPROTO_*; 0: any, or with ports tcp and udp */
	struct ports sport, dport;
};

/* Goes through them, in ufw's order; a packet fits the rule's ports and
 * protocol if it fits one of them:
 *	struct expansion x = expand_start(rule);
 *	while (expand_next(&x, &match))
 * There is at least one, but for a rule with an unknown profile. */
struct expansion {
	const struct rule *rule;
	unsigned src, dst; /* the next pair of profile parts */
};

struct expansion expand_start(const struct rule *rule);
bool expand_next(struct expansion *x, struct match *out);

#endif
