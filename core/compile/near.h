/* What stands before a lookup among many networks: whether there is any near
 * the packet's address.  Its first bits are looked up in a hash, which costs a
 * tenth of what it spares most packets, and less than that the others. */
#ifndef COMPILE_NEAR_H
#define COMPILE_NEAR_H

#include "../base/buf.h"
#include "build.h"

/* Start from {0}; its keys are to be freed.  It can serve one rule after the
 * other. */
struct near {
	struct set set;
	struct buf keys;
};

/* Into the rule, where it is worth it for the set that follows; *n is to stay
 * until the rule is emitted. */
void near_lookup(struct build *b, struct near *n, const struct set *s);

#endif
