#ifndef PACK_CALLS_H
#define PACK_CALLS_H

#include <stddef.h>

#ifdef __x86_64__
enum { HAS_CALLS = 1 };
#else
enum { HAS_CALLS = 0 };
#endif

/* x86: the four bytes behind each byte of a call, which say how far from there
 * it goes (little-endian), become where in the image it goes (big-endian):
 * calls of the same function look the same then.  With back the other way. */
static void calls(unsigned char *image, size_t from, size_t to, int back)
{
	size_t i = from, k;
	unsigned v;

	while (i + 5 <= to) {
		if (image[i++] != 0xe8)
			continue;
		for (v = 0, k = 0; k < 4; k++)
			v = v << 8 | image[i + (back ? k : 3 - k)];
		v += back ? -(unsigned)i : (unsigned)i;
		for (k = 0; k < 4; k++, v >>= 8)
			image[i + (back ? k : 3 - k)] = (unsigned char)v;
		i += 4;
	}
}

#endif
