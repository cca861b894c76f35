/* Docker's chains, which it makes itself unless daemon.json says
 * "iptables": false. */
#ifndef DOCKER_CHAINS_H
#define DOCKER_CHAINS_H

#include "../link/link.h"
#include "network.h"

struct chains {
	const struct networks *networks;
	bool publish;    /* destination NAT to published ports */
	bool containers; /* for containers too: no proxy serves them */
	/* Of iptables' tables: as 20.10 to 26 has them, as 28; to take them
	 * away, both. */
	enum { LAYOUT_20 = 1, LAYOUT_28 = 2, LAYOUTS = 3 } layouts;
};

/* Base chains docker-forward, docker-postrouting and, to publish,
 * docker-prerouting and docker-output of the table of config.h, and what they
 * call.  DOCKER-USER is made when it is not there, its rules stay.  However
 * many networks there are, a packet pays for one. */
int chains_native(const struct chains *c, struct sink *s, struct err *e);
/* Takes them away; DOCKER-USER only if with_user. */
int chains_native_remove(bool with_user, struct sink *s, struct err *e);

/* Has the kernel have them as one transaction, or none at all where it has
 * them already: then *changed is false.  0, or -1 and *e. */
int chains_apply(struct link *l, const struct chains *c, bool *changed,
		 struct err *e);

#endif
