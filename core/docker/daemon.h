/* The dockerd that reads a daemon.json: the one that runs, or else the one
 * that its systemd unit, OpenRC's conf.d or /etc/default would start. */
#ifndef DOCKER_DAEMON_H
#define DOCKER_DAEMON_H

#include <sys/types.h>

#include "../base/buf.h"

struct docker_daemon {
	pid_t pid; /* 0: none runs */
	/* The words after its name, each ended by a NUL byte, all by one
	 * more; data is NULL when nothing starts it. */
	struct buf words;
};

/* Looks for it: by its pidfile, and then in the service's files.  standard:
 * the file that dockerd reads unless it is told of another.  What cannot be
 * read is taken as not there.  *d is owned. */
void daemon_find(struct docker_daemon *d, const char *file,
		 const char *standard, const char *pidfile);
void daemon_free(struct docker_daemon *d);

#endif
