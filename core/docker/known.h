/* All that is known of Docker's networks: from the engine if it answers, else
 * from the kernel's interfaces; or by hand. */
#ifndef DOCKER_KNOWN_H
#define DOCKER_KNOWN_H

#include "settings.h"

/* The strings are borrowed.  known_free. */
struct known {
	const char *file;     /* daemon.json */
	const char *standard; /* as docker_settings has it */
	const char *socket;   /* the engine's */
	struct networks by_hand; /* not empty: these and no others */
	/* Filled in. */
	struct docker_settings settings;
	struct networks told; /* by the engine, last */
};

/* The settings as they are now, and the networks with their subnets and
 * published ports.  Where the engine is away, or is not to be asked, what it
 * told last of an interface that is still there holds: the interface does not
 * tell that a network is internal.  0 with *out, which is owned; or -1 and
 * *e, and *out is empty. */
int known_read(struct known *k, bool ask, struct networks *out,
	       struct err *e);
void known_free(struct known *k);

#endif
