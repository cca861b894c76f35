/* docker-chains --watch: stays, and has the chains follow Docker's networks. */
#ifndef DOCKER_WATCH_H
#define DOCKER_WATCH_H

#include <stdbool.h>

#include "../link/link.h"

struct watch {
	const char *socket;   /* the engine's; it may come and go */
	const char *pid_file; /* NULL: none */
	/* Tables that are put back when somebody else takes anything out of
	 * them, one behind the other, the last followed by "". */
	const char *tables;
	/* Puts into effect what there is now, through l.  engine: it is up,
	 * and may be asked; else it must not be, for where systemd holds its
	 * socket a question starts it.  0, or -1 and *e: it is called again,
	 * later or when something happens. */
	int (*refresh)(void *ctx, struct link *l, bool engine, struct err *e);
	void (*complain)(const char *fmt, ...)
		__attribute__((format(printf, 1, 2)));
	void *ctx;
};

/* Calls refresh at the beginning and when a bridge or an address of this host
 * comes or goes, when the engine tells of a network or container, when the
 * tables are hurt, and at SIGHUP; within 20 ms, and once for all of it.
 * Tells $NOTIFY_SOCKET when the first has been (READY=1) and when it ends.
 * 0 at SIGTERM or SIGINT; -1 and *e where there is no beginning. */
int watch(const struct watch *w, struct err *e);

#endif
