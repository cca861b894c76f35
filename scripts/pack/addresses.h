#ifndef PACK_ADDRESSES_H
#define PACK_ADDRESSES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __x86_64__
enum { HAS_DISTANCES = 1 };
#else
enum { HAS_DISTANCES = 0 };
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
static void distances(unsigned char *image, size_t from, size_t to, int back)
{
	size_t i = from, n;
	unsigned char *p;
	uint32_t v;

	while (i + 6 <= to) {
		n = before_distance(image + i);
		i += n ? n : 1;
		if (!n)
			continue;
		p = image + i;
		v = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		    (uint32_t)p[3] << 24;
		v = back ? __builtin_bswap32(v) - (uint32_t)i
			 : __builtin_bswap32(v + (uint32_t)i);
		p[0] = (unsigned char)v;
		p[1] = (unsigned char)(v >> 8);
		p[2] = (unsigned char)(v >> 16);
		p[3] = (unsigned char)(v >> 24);
		i += 4;
	}
}

#endif
