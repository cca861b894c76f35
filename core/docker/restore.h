/* Cmds of iptables' tables as a script for iptables-restore --noflush: nft's
 * scripts have no words for iptables' own matches. */
#ifndef DOCKER_RESTORE_H
#define DOCKER_RESTORE_H

#include "../base/buf.h"
#include "../nft/cmd.h"

struct restore {
	struct sink sink; /* put cmds here, then restore_end */
	struct buf *out;
	bool open;        /* a table's part is begun */
};

void restore_begin(struct restore *r, struct buf *out);
void restore_end(struct restore *r);

#endif
