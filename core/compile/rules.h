/* A rule of the list, one plain match at a time -> the kernel's rules. */
#ifndef COMPILE_RULES_H
#define COMPILE_RULES_H

#include "../list/policy.h"
#include "../rule/expand.h"
#include "build.h"

/* What of a packet a rule may ask for, as bits. */
enum { DIM_SADDR = 1, DIM_DADDR = 2, DIM_SPORT = 4, DIM_DPORT = 8 };

/* A rule, or of one with a profile or file one of the rules it stands for. */
struct part {
	const struct policy *policy;
	const struct rule *rule;
	enum family family; /* FAMILY_ANY: both; an @FILE's set has one */
	bool past_nat; /* its chain comes after destination NAT, and it means
			* the address and port that the packet was sent to */
	int line;        /* of the rules file */
	uint32_t number; /* of the rule there, from 1; 0, with no policy
			  * needed: a built-in one */
	/* What those of its dimensions that are in set_dims are looked up in,
	 * instead of those of the rule itself; with verdicts, also what it
	 * does.  NULL: nothing. */
	const struct set *set;
	unsigned set_dims;
	struct match match;
};

/* Calls each for the parts of p->rule; the rest of *p is the caller's. */
void rules_each_part(struct part *p,
		     void (*each)(void *ctx, const struct part *p), void *ctx);

/* Bits of DIM_*. */
unsigned rules_dims(const struct part *p);
/* The field that holds the dimension. */
enum field rules_field(const struct part *p, unsigned dim);
/* Whether it only decides, without a log or a limit, which see each packet
 * once and in turn. */
bool rules_plain(const struct part *p);

/* What a rule comes to, and which of these: all that a map can hold. */
extern const struct verdict rules_verdicts[];
unsigned rules_verdict(const struct part *p);

/* The chains that reject; and takes them away, once no rule leads there. */
void rules_reject_chains(struct build *b);
void rules_reject_remove(struct build *b);

/* Into the current chain. */
void rules_compile(struct build *b, const struct part *p);

#endif
