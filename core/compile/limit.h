/* limit: the sixth connection that an address begins within 30 seconds is
 * rejected, and those after it until it has been quiet for that long.  Counted
 * for each address (IPv6: each /64), protocol and port by themselves. */
#ifndef COMPILE_LIMIT_H
#define COMPILE_LIMIT_H

#include "../list/policy.h"
#include "build.h"

#define LIMIT_CHAIN "rate-limit"

/* The chain that a new connection of a limit rule goes to and comes back from
 * if it may, with its sets; nothing where no rule needs them. */
void limit_chains(struct build *b, const struct policy *p);
/* Takes them away, once no rule leads there. */
void limit_remove(struct build *b);

#endif
