/* What expand.h expands. */
#ifndef PACK_SQUEEZE_H
#define PACK_SQUEEZE_H

#include <stddef.h>

#include "groups.h"

/* Some bytes to pack, of which those before `from` are known, but for some
 * ranges, in their order. */
struct group {
	unsigned char *bytes;
	size_t from, len;
	struct range {
		size_t from, to;
	} unknown[GROUPS];
};

/* Returns the packed form of all, which the caller frees, and its length. */
unsigned char *squeeze(const struct group *groups, size_t n, size_t *len);

_Noreturn void fail(const char *what);
void *get_memory(size_t n); /* all 0 */

#endif
