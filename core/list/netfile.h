/* The FILE of `from @FILE`: an address or network a line, IPv4 and IPv6; a #
 * begins a comment. */
#ifndef LIST_NETFILE_H
#define LIST_NETFILE_H

#include <stddef.h>

#include "../rule/rule.h"

/* Networks as sorted, merged intervals: 2n keys of 4 or 16 bytes, network
 * byte order, a first and a last address each. */
struct netfile {
	const char *path; /* borrowed */
	uint8_t *keys4, *keys6;
	size_t n4, n6;
};

/* 0, or -1 and *e, "FILE:LINE:1: why".  netfile_free either way. */
int netfile_read(struct netfile *f, const char *path, struct err *e);
void netfile_free(struct netfile *f);
bool netfile_has(const struct netfile *f, enum family family,
		 const uint8_t *addr);

#endif
