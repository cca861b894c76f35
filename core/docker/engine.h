/* Docker's networks and published ports, as its engine tells them. */
#ifndef DOCKER_ENGINE_H
#define DOCKER_ENGINE_H

#include "../base/buf.h"
#include "network.h"

/* More of one than any host has: of networks, of running containers, and of
 * published ports with the containers' addresses. */
enum { ENGINE_MAX = 4096, ENGINE_PORTS_MAX = 65536 };

/* Asks the engine on that unix socket for its networks of the driver bridge,
 * the newest first, and for the ports of its containers.  1: *n is these, 0:
 * nobody listens there, -1 and *e: it does not answer as it should.  *n is
 * empty but after 1, and owned.  Of all that is in it the names are printable
 * ASCII or UTF-8, and the bridges are names of interfaces. */
int engine_read(const char *socket, struct networks *n, struct err *e);

/* What the engine is asked, and the reading of its whole answers, of which
 * only the bodies are left.  0 or -1 and *e. */
enum { ENGINE_NETWORKS, ENGINE_CONTAINERS, ENGINE_QUESTIONS };
int engine_take(int question, struct buf *answer, struct networks *n,
		struct err *e);

#endif
