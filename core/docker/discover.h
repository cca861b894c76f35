/* Docker's networks without its engine: from the kernel's interfaces. */
#ifndef DOCKER_DISCOVER_H
#define DOCKER_DISCOVER_H

#include "settings.h"

/* Appends the bridges that are named as Docker names them, the newest first,
 * with the subnets of their addresses, and in any case the default network's.
 * What an interface does not tell is as it is without options.  0, or -1 and
 * *e. */
int discover(struct networks *n, const struct docker_settings *s,
	     struct err *e);
/* Gives a network without subnets those of its bridge's addresses, if there
 * is such an interface. */
int discover_subnets(struct network *n, struct err *e);

#endif
