/* The kernel's settings without which the chains do not do their work. */
#ifndef DOCKER_SYSCTL_H
#define DOCKER_SYSCTL_H

#include "../base/buf.h"
#include "network.h"

/* Turns on those that the networks need, unless `leave`.  bridged: what goes
 * from one to another of a network must come to iptables too.  The paths of
 * those that are off in the end are appended, each with its NUL byte. */
void sysctls_turn_on(const struct networks *n, bool bridged, bool leave,
		     struct buf *off);

#endif
