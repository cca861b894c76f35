/* What list/builtin.h lets in, in the kernel. */
#ifndef COMPILE_BUILTIN_H
#define COMPILE_BUILTIN_H

#include "../list/policy.h"
#include "build.h"

/* The chains of their own; the calls below go to them. */
void builtin_incoming(struct build *b, enum log_level level);
void builtin_remove(struct build *b);
/* In the current chain: drops what conntrack finds invalid, lets those in. */
void builtin_incoming_call(struct build *b);
/* In the current chain: the ICMP types that are let through, or out. */
void builtin_routed(struct build *b);
void builtin_outgoing(struct build *b);

#endif
