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

enum { STRIDE = 16 };

/* At which of the next STRIDE bytes begins what precedes a distance, as bits:
 * the byte of a call, or the two of lea with an address near its own (modrm:
 * any register, 5), these in *lea too.  One byte more is looked at. */
#ifdef __SSE2__
#include <emmintrin.h>

static unsigned before_distance(const unsigned char *at, unsigned *lea)
{
	__m128i here = _mm_loadu_si128((const void *)at);
	__m128i modrm = _mm_and_si128(_mm_loadu_si128((const void *)(at + 1)),
				      _mm_set1_epi8((char)0xc7));
	__m128i call = _mm_cmpeq_epi8(here, _mm_set1_epi8((char)0xe8));

	here = _mm_cmpeq_epi8(here, _mm_set1_epi8((char)0x8d));
	here = _mm_and_si128(here, _mm_cmpeq_epi8(modrm, _mm_set1_epi8(5)));
	*lea = (unsigned)_mm_movemask_epi8(here);
	return *lea | (unsigned)_mm_movemask_epi8(call);
}
#else
static unsigned before_distance(const unsigned char *at, unsigned *lea)
{
	unsigned found = 0, i;

	*lea = 0;
	for (i = 0; i < STRIDE; i++) {
		found |= (unsigned)(at[i] == 0xe8) << i;
		*lea |= (unsigned)(at[i] == 0x8d && (at[i + 1] & 0xc7) == 5)
			<< i;
	}
	return found | *lea;
}
#endif

/* x86: the four bytes that say how far from there something is (little-endian)
 * become where in the image it is (big-endian): what calls the same function
 * or means the same text looks the same then.  With back the other way.  From
 * and to are whole strides; the last one, zeros mostly, is left alone, and so
 * is the page behind it. */
static void distances(unsigned char *image, size_t from, size_t to, int back)
{
	size_t at, i, past = from;
	unsigned found, lea, n;
	unsigned char *p;
	uint32_t v;

	for (at = from; at + STRIDE < to; at += STRIDE)
		for (found = before_distance(image + at, &lea); found;
		     found &= found - 1) {
			n = (unsigned)__builtin_ctz(found);
			i = at + n;
			if (i < past || i + 6 > to)
				continue;
			i += 1 + (lea >> n & 1);
			p = image + i;
			v = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			    (uint32_t)p[3] << 24;
			v = back ? __builtin_bswap32(v) - (uint32_t)i
				 : __builtin_bswap32(v + (uint32_t)i);
			p[0] = (unsigned char)v;
			p[1] = (unsigned char)(v >> 8);
			p[2] = (unsigned char)(v >> 16);
			p[3] = (unsigned char)(v >> 24);
			past = i + sizeof(v);
		}
}

#endif
