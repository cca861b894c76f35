/* Cmds as the lines of an nft script: what -n prints, and what an error says
 * of the cmd that the kernel refused. */
#ifndef NFT_SCRIPT_H
#define NFT_SCRIPT_H

#include "../base/buf.h"
#include "cmd.h"

struct script {
	struct sink sink; /* put cmds here */
	struct buf *out;
};

void script_begin(struct script *s, struct buf *out);

/* One cmd, without a newline. */
void script_print(struct buf *out, const struct cmd *c);

#endif
