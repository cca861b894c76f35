/* A firewall's rules -> the table that enforces them. */
#ifndef COMPILE_FIREWALL_H
#define COMPILE_FIREWALL_H

#include <stdbool.h>

#include "../list/policy.h"
#include "../nft/cmd.h"

/* Where the list of incoming rules stands.  GATE_PREROUTING, before
 * destination NAT, is the one; it needs the kernel's fib expression.  Where
 * that is missing the same rules stand on input and, for published ports, on
 * forward, and look at what conntrack remembers of the packet's first
 * destination. */
enum gate { GATE_PREROUTING, GATE_INPUT };

/* One transaction that makes the table's firewall part what p says, from
 * whatever it was; chains of docker-chains in the table stay as they are.
 * boxes as in runs.h. */
int firewall_compile(const struct policy *p, enum gate gate, bool boxes,
		     struct sink *s, struct err *e);

/* One transaction that takes the firewall part out of the table, which stays
 * with what else is in it. */
int firewall_remove(struct sink *s, struct err *e);

/* The base chain that shows that the firewall is active. */
const char *firewall_base_chain(enum gate gate);

#endif
