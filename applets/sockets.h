/* Who listens on this host, as /proc tells. */
#ifndef APPLETS_SOCKETS_H
#define APPLETS_SOCKETS_H

#include "../core/base/buf.h"
#include "../core/rule/eval.h"

struct listener {
	struct packet packet; /* from nowhere to its address and port */
	char inode[24];
	char port[8];
};

/* Appends those of "tcp", "tcp6", "udp" or "udp6", as struct listener. */
void listeners_add(struct buf *out, const char *proto);

/* Writes the name of a program that has the socket, and ends with; with want
 * one whose name begins so.  False: nobody's. */
bool listener_owner(const char *inode, const char *want, char name[256]);

/* Reads /proc/PID/NAME, stat or environ, in the place of what is in out; false:
 * nothing. */
bool read_proc(struct buf *out, const char *pid, const char *name);

#endif
