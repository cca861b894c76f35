/* The inverse of pack.c: LZ77 with one bit stream and bytes between its bytes.
 *   0 BYTE                    that byte
 *   1 gamma(HIGH + 1) LOW gamma(LENGTH - 1)
 *                             LENGTH bytes from HIGH * 256 + LOW + 1 before
 * gamma(n), n from 1, is Elias' code: as many 1s as n has bits behind its
 * first, each followed by that bit, and a 0.  Bits come from the high end of
 * a byte; it is read when the first of them is needed. */
#ifndef PACK_EXPAND_H
#define PACK_EXPAND_H

#include <stddef.h>

struct bit_reader {
	const unsigned char *at;
	unsigned held; /* bits left, and a 1 behind the last; at first 0x80 */
};

static unsigned read_bit(struct bit_reader *r)
{
	unsigned bit;

	if ((r->held & 0x7f) == 0)
		r->held = *r->at++ << 1 | 1;
	else
		r->held <<= 1;
	bit = r->held >> 8;
	r->held &= 0xff;
	return bit;
}

static size_t read_gamma(struct bit_reader *r)
{
	size_t n = 1;

	while (read_bit(r))
		n = n << 1 | read_bit(r);
	return n;
}

/* Writes the len bytes that pack.c packed, and returns where their packed form
 * ends.  Not to be used on anything else, nothing is checked. */
static const unsigned char *expand(unsigned char *out, size_t len,
				   const unsigned char *packed)
{
	const unsigned char *end = out + len, *from;
	struct bit_reader r = {packed, 0x80};
	size_t n;

	while (out < end) {
		if (!read_bit(&r)) {
			*out++ = *r.at++;
			continue;
		}
		n = (read_gamma(&r) - 1) << 8;
		from = out - (n | *r.at++) - 1;
		for (n = read_gamma(&r) + 1; n; n--)
			*out++ = *from++;
	}
	return r.at;
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
