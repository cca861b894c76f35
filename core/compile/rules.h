/* One rule of the list -> the kernel's rules in the current chain. */
#ifndef COMPILE_RULES_H
#define COMPILE_RULES_H

#include "../list/policy.h"
#include "build.h"

/* r is of the policy p.  past_nat: the chain comes after destination NAT, and
 * the rule means the address and port that the packet was sent to at first. */
void rules_compile(struct build *b, const struct policy *p,
		   const struct rule *r, bool past_nat);

#endif
