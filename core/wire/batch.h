/* The bytes of one transaction: NFNL_MSG_BATCH_BEGIN, the cmds, BATCH_END
 * (linux/netfilter/nfnetlink.h).  Pure: the same cmds give the same bytes. */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include <stdint.h>

#include "../base/buf.h"
#include "../nft/cmd.h"
#include "msg.h"

/* What each rule of a marked batch carries as user data, so that it can be told
 * later whether the kernel's rules are those that a batch would make. */
struct __attribute__((packed)) mark {
	uint8_t type, len; /* nft's way to tell kinds of user data apart */
	uint64_t digest;   /* of the batch from its begin to the rule */
	uint32_t rule;     /* of the rules file, from 1; 0: none */
};
/* Not one of nft's, which passes over it. */
enum { MARK_TYPE = 0xfb, MARK_LEN = sizeof(struct mark) - 2 };

struct batch {
	struct sink sink;  /* put cmds here */
	struct buf bytes;
	struct msg msg;    /* the one being written; its `full` stays */
	uint32_t seq;      /* of the last cmd: the first has 1 */
	uint32_t set_id;   /* of the last set without a kernel name */
	size_t last;       /* where the last message begins */
	bool marked;       /* each rule carries a mark */
	uint64_t digest;   /* of the messages so far, but for marks */
	uint64_t sum;      /* of the marks' digests */
};

/* genid: the generation the cmds were made for, 0: any.  The kernel refuses
 * the batch with ERESTART when it is another by then. */
void batch_begin(struct batch *b, uint32_t genid);
/* The same for another generation; neither may be 0. */
void batch_stamp(struct batch *b, uint32_t genid);
/* Closes it and asks for the one acknowledgement.  -1 and *e: no memory. */
int batch_end(struct batch *b, struct err *e);
void batch_free(struct batch *b);

#endif
