/* What of the kernel, beside nf_tables itself, a change relies on. */
#ifndef APPLY_NEEDS_H
#define APPLY_NEEDS_H

#include "../base/buf.h"
#include "../nft/cmd.h"

/* Bits, in the order of the modules' names in needs.c. */
enum {
	NEEDS_CT = 1, NEEDS_FIB = 2, NEEDS_LIMIT = 4, NEEDS_LOG = 8,
	NEEDS_LOGGER = 16, NEEDS_REJECT = 32, NEEDS_COUNTER = 64,
	NEEDS_MASQ = 128, NEEDS_NAT = 256, NEEDS_CHAIN_NAT = 512,
	NEEDS_COMPAT = 1024, NEEDS_XT = 2048,
};

unsigned needs_of(const struct cmd *c);

/* Whether it has sets of concatenated intervals, as since 5.6. */
bool kernel_has_boxes(void);

/* "the kernel lacks nft_limit or nft_log"; of none nothing. */
void needs_print(struct buf *out, unsigned needs);

#endif
