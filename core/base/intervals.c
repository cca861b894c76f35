#include "intervals.h"

#include <stdbool.h>
#include <string.h>

#include "sort.h"

/* A comparison is told no length, so each length has its own. */
static int compare2(const void *a, const void *b)
{
	return memcmp(a, b, 2);
}

static int compare4(const void *a, const void *b)
{
	return memcmp(a, b, 4);
}

static int compare16(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* Does the interval from `next` on begin at most one past `last`? */
static bool touches(const uint8_t *last, const uint8_t *next, size_t len)
{
	uint8_t after[16];
	size_t i = len;

	if (memcmp(next, last, len) <= 0)
		return true;
	memcpy(after, last, len);
	while (i-- > 0)
		if (++after[i])
			break;
	return memcmp(next, after, len) == 0;
}

size_t intervals_merge(uint8_t *keys, size_t n, size_t len)
{
	uint8_t *out = keys, *in = keys;
	size_t i, left = 1;

	if (!n)
		return 0;
	sort_items(keys, n, 2 * len,
		   len == 2 ? compare2 : len == 4 ? compare4 : compare16);
	for (i = 1; i < n; i++) {
		in += 2 * len;
		if (!touches(out + len, in, len)) {
			left++;
			out += 2 * len;
			if (out != in)
				memmove(out, in, 2 * len);
		} else if (memcmp(in + len, out + len, len) > 0) {
			memcpy(out + len, in + len, len);
		}
	}
	return left;
}
