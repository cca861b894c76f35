/* Docker's chains as iptables has them, rule for rule as the engine makes
 * them with iptables on. */
#ifndef DOCKER_CLASSIC_H
#define DOCKER_CLASSIC_H

#include "chains.h"

/* Those of one family, in the tables filter and nat of ip or ip6, and as 28
 * has them also raw, in their order.  Without `publish` what is only for
 * published ports is left out. */
int chains_iptables(const struct chains *c, bool six, struct sink *s,
		    struct err *e);
/* Whether a network has subnets of IPv6. */
bool chains_six(const struct chains *c);

#endif
