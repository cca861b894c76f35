#ifndef PACK_CALLS_H
#define PACK_CALLS_H

#include <stddef.h>

#ifdef __x86_64__
enum { HAS_CALLS = 1 };
#else
enum { HAS_CALLS = 0 };
#endif

/* A pointer in the image is, in the file, this in its upper half and how far
 * it goes from the image's beginning in its lower. */
enum { POINTER = 0x7fed };
#if defined(__PIE__) && UINTPTR_MAX > UINT32_MAX
enum { HAS_POINTERS = 1 };
#else
enum { HAS_POINTERS = 0 };
#endif

/* How many bytes from here on precede a distance: of a call, or of lea with an
 * address near its own (modrm: any register, 5); 0: none do. */
static size_t before_distance(const unsigned char *at)
{
	return at[0] == 0xe8 ? 1 : at[0] == 0x8d && (at[1] & 0xc7) == 5 ? 2 : 0;
}

/* x86: the four bytes that say how far from there something is (little-endian)
 * become where in the image it is (big-endian): what calls the same function
 * or means the same text looks the same then.  With back the other way. */
static void calls(unsigned char *image, size_t from, size_t to, int back)
{
	size_t i = from, k;
	unsigned v;

	while (i + 6 <= to) {
		k = before_distance(image + i);
		i += k ? k : 1;
		if (!k)
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
