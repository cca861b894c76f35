/* What else drops the packets that docker-chains accepts, said. */
#ifndef APPLETS_OTHERS_H
#define APPLETS_OTHERS_H

#include "../core/docker/network.h"
#include "../core/link/link.h"

/* Tables of others, and what to do about each.  iptables: its own FORWARD is
 * not one of them.  0, or -1 and *e. */
int warn_of_others(struct link *l, bool iptables, struct err *e);
/* The firewall, which lets out only interfaces that its file names, and what
 * to write there.  *told: how many networks it was of the last time; nothing
 * is said unless there are more now.  0, or -1 and *e. */
int warn_of_firewall(struct link *l, const struct networks *all, size_t *told,
		     struct err *e);

#endif
