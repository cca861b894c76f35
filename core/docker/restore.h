/* Cmds of iptables' tables as a script for iptables-restore --noflush, and for
 * ip6tables-restore: each passes over the rules of the other.  (nft's scripts
 * have no words for iptables' own matches.) */
#ifndef DOCKER_RESTORE_H
#define DOCKER_RESTORE_H

#include "../base/buf.h"
#include "../nft/cmd.h"

/* Of one table. */
struct restore {
	struct sink sink; /* put IPv4's cmds here, IPv6's, then restore_end */
	const char *table;
	struct buf *out;
	bool open;        /* its part is begun */
};

void restore_begin(struct restore *r, const char *table, struct buf *out);
void restore_end(struct restore *r);

#endif
