/* The bytes of one transaction: NFNL_MSG_BATCH_BEGIN, the cmds, BATCH_END
 * (linux/netfilter/nfnetlink.h).  Pure: the same cmds give the same bytes. */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include <stdint.h>

#include "../base/buf.h"
#include "../nft/cmd.h"
#include "msg.h"

struct batch {
	struct sink sink;  /* put cmds here */
	struct buf bytes;
	struct msg msg;    /* the one being written; its `full` stays */
	uint32_t seq;      /* of the last cmd: the first has 1 */
	uint32_t set_id;   /* of the last set without a kernel name */
	size_t last;       /* where the last message begins */
};

/* genid: the generation the cmds were made for, 0: any.  The kernel refuses
 * the batch with ERESTART when it is another by then. */
void batch_begin(struct batch *b, uint32_t genid);
/* Closes it and asks for the one acknowledgement.  -1 and *e: no memory. */
int batch_end(struct batch *b, struct err *e);
void batch_free(struct batch *b);

#endif
