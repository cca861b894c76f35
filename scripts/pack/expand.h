/* The inverse of squeeze.c: LZ77 with Huffman codes, bits from the high end of
 * a byte.  A symbol below LITERALS is the next byte.  Any other is the slot of
 * a length less 1, behind it come the length's further bits and the distance,
 * as its slot, by a code of its own for each kind of length, and its further
 * bits: so many bytes again, from so far back.  The slot AGAIN is the distance
 * of the last time.
 *
 * All is preceded by the codes' lengths, 4 bits each, the low ones first; then
 * each group by a number of 4 bytes, the low one first: how many bytes it
 * becomes.  A 0 follows the last group. */
#ifndef PACK_EXPAND_H
#define PACK_EXPAND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	LITERALS = 256,
	SYMBOLS = LITERALS + 24, /* with the lengths below 4096 */
	AGAIN = 36,              /* the distances below 256 KiB */
	SLOTS = AGAIN + 2,
	KINDS = 3,               /* of lengths: 2, 3, more */
	CODES = SYMBOLS + KINDS * SLOTS,
	SYMBOL_BITS = 11, /* the longest code */
	SLOT_BITS = 9,
	CODES_SIZE = CODES / 2,
	NUMBER = 4,
	CHUNK = 8
};

/* By the next bits: the symbol they begin with * 16 + its code's length. */
struct tables {
	uint16_t symbol[1 << SYMBOL_BITS];
	uint16_t slot[KINDS][1 << SLOT_BITS];
};

struct bit_reader {
	const unsigned char *at;
	uint64_t held; /* the next bits from the top */
	unsigned count;
};

/* At least 56 bits are held then, enough for a step, and more may be behind
 * them that come again. */
static void refill(struct bit_reader *r)
{
	uint64_t next;

	memcpy(&next, r->at, sizeof(next));
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		next = __builtin_bswap64(next);
	r->held |= next >> r->count;
	r->at += (63 - r->count) / 8;
	r->count |= 56;
}

static size_t read_bits(struct bit_reader *r, unsigned n)
{
	size_t bits = (size_t)(r->held >> 1 >> (63 - n));

	r->held <<= n;
	r->count -= n;
	return bits;
}

static unsigned read_code(struct bit_reader *r, const uint16_t *table,
			  unsigned bits)
{
	unsigned entry = table[r->held >> (64 - bits)];

	read_bits(r, entry & 15);
	return entry >> 4;
}

/* Slot 0 is 1; from there on two slots for each doubling. */
static size_t read_rest(struct bit_reader *r, unsigned slot)
{
	unsigned more = (slot - 1) / 2;

	return slot ? (size_t)(2 + (slot - 1) % 2) << more | read_bits(r, more)
		    : 1;
}

static void fill_table(uint16_t *table, unsigned bits,
		       const unsigned char *codes, unsigned from, unsigned n)
{
	unsigned length, i, k;

	for (length = 1; length <= bits; length++)
		for (i = 0; i < n; i++) {
			k = from + i;
			if ((codes[k / 2] >> k % 2 * 4 & 15) != length)
				continue;
			for (k = 1U << (bits - length); k--;)
				*table++ = (uint16_t)(i << 4 | length);
		}
}

/* From what all is preceded by. */
static void fill_tables(struct tables *t, const unsigned char *codes)
{
	unsigned kind;

	fill_table(t->symbol, SYMBOL_BITS, codes, 0, SYMBOLS);
	for (kind = 0; kind < KINDS; kind++)
		fill_table(t->slot[kind], SLOT_BITS, codes,
			   SYMBOLS + kind * SLOTS, SLOTS);
}

/* Two chunks at once, which most are not longer than; what is written past
 * out + n is written again, or it is the end and done byte by byte. */
static unsigned char *copy(unsigned char *out, const unsigned char *from,
			   size_t n, const unsigned char *end)
{
	unsigned char *to = out + n;

	if ((size_t)(out - from) < CHUNK ||
	    (size_t)(end - out) < n + 2 * CHUNK) {
		while (out < to)
			*out++ = *from++;
		return to;
	}
	do {
		memcpy(out, from, CHUNK);
		memcpy(out + CHUNK, from + CHUNK, CHUNK);
		out += 2 * CHUNK;
		from += 2 * CHUNK;
	} while (out < to);
	return to;
}

static size_t read_number(const unsigned char *at)
{
	size_t n = 0;
	unsigned i;

	for (i = NUMBER; i--;)
		n = n << 8 | at[i];
	return n;
}

/* Writes a group; it may go back to what is before out.  Returns where its
 * packed form ends.  Not to be used on anything but what squeeze.c made,
 * nothing is checked.  Reads up to 8 bytes too far. */
static const unsigned char *expand(unsigned char *out, const struct tables *t,
				   const unsigned char *packed)
{
	const unsigned char *end = out + read_number(packed);
	struct bit_reader r = {.at = packed + NUMBER};
	size_t length, distance = 0;
	unsigned code;

	while (out < end) {
		refill(&r);
		code = read_code(&r, t->symbol, SYMBOL_BITS);
		if (code < LITERALS) {
			*out++ = (unsigned char)code;
			continue;
		}
		length = read_rest(&r, code - LITERALS) + 1;
		code = read_code(&r, t->slot[length < 4 ? length - 2 : 2],
				 SLOT_BITS);
		if (code != AGAIN)
			distance = read_rest(&r, code);
		out = copy(out, out - distance, length, end);
	}
	return r.at - r.count / 8;
}

#endif
