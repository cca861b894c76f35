/* The inverse of pack.c: LZ77 as two streams, bits and bytes.
 *   0                           the next byte
 *   1 gamma(HIGH + 1) gamma(LENGTH - 1), LOW the next byte
 *                               LENGTH bytes from HIGH * 256 + LOW + 1 before
 * gamma(n), n from 1, is Elias' code: as many 1s as n has bits behind its
 * first, a 0, and those bits.  Bits come from the high end of a byte.  The
 * packed form begins with how many bytes the bits are, the low one first. */
#ifndef PACK_EXPAND_H
#define PACK_EXPAND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { PACKED_HEAD = 4, CHUNK = 8 };

struct bit_reader {
	const unsigned char *at;
	uint64_t held; /* the next bits from the top, then 0s */
	unsigned count;
};

/* At least 57 bits are held then. */
static void refill(struct bit_reader *r)
{
	for (; r->count <= 56; r->count += 8)
		r->held |= (uint64_t)*r->at++ << (56 - r->count);
}

static void drop(struct bit_reader *r, unsigned n)
{
	r->held <<= n;
	r->count -= n;
}

/* Of n below 1 << 14. */
static size_t read_gamma(struct bit_reader *r)
{
	unsigned more = (unsigned)__builtin_clzll(~r->held);
	size_t n;

	drop(r, more + 1);
	n = (size_t)1 << more;
	if (more)
		n |= (size_t)(r->held >> (64 - more));
	drop(r, more);
	return n;
}

/* In chunks, which may write past out + n, where that is before the end. */
static unsigned char *copy(unsigned char *out, const unsigned char *from,
			   size_t n, const unsigned char *end)
{
	unsigned char *to = out + n;

	if ((size_t)(out - from) < CHUNK || (size_t)(end - to) < CHUNK) {
		while (out < to)
			*out++ = *from++;
		return to;
	}
	for (; out < to; out += CHUNK, from += CHUNK)
		memcpy(out, from, CHUNK);
	return to;
}

/* Writes the len bytes that pack.c packed.  Not to be used on anything else,
 * nothing is checked.  Reads up to 8 bytes past the bits. */
static void expand(unsigned char *out, size_t len, const unsigned char *packed)
{
	const unsigned char *end = out + len, *bytes = packed + PACKED_HEAD;
	struct bit_reader r = {.at = bytes};
	size_t distance;
	unsigned i, n;

	for (i = PACKED_HEAD, distance = 0; i--;)
		distance = distance << 8 | packed[i];
	bytes += distance;
	while (out < end) {
		refill(&r);
		n = (unsigned)__builtin_clzll(r.held | 1);
		if (n > 56)
			n = 56;
		if (n > (size_t)(end - out))
			n = (unsigned)(end - out);
		out = copy(out, bytes, n, end);
		bytes += n;
		drop(&r, n);
		if (out == end || n == 56)
			continue;
		drop(&r, 1);
		refill(&r);
		distance = (read_gamma(&r) - 1) << 8;
		distance |= *bytes++;
		out = copy(out, out - distance - 1, read_gamma(&r) + 1, end);
	}
}

/* x86: the four bytes behind each byte of a call, which say how far from there
 * it goes (little-endian), become where it goes (big-endian): calls of the same
 * function look the same then.  With back the other way. */
__attribute__((unused))
static void calls(unsigned char *code, size_t len, int back)
{
	size_t i = 0, k;
	unsigned v;

	while (i + 5 <= len) {
		if (code[i++] != 0xe8)
			continue;
		for (v = 0, k = 0; k < 4; k++)
			v = v << 8 | code[i + (back ? k : 3 - k)];
		v += back ? -(unsigned)i : (unsigned)i;
		for (k = 0; k < 4; k++, v >>= 8)
			code[i + (back ? k : 3 - k)] = (unsigned char)v;
		i += 4;
	}
}

#endif
