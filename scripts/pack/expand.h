#ifndef PACK_EXPAND_H
#define PACK_EXPAND_H

#include "tables.h"

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

/* Writes a group; it may go back to what is before out.  Not to be used on
 * anything but what squeeze.c made, nothing is checked.  Reads up to 15 bytes
 * too far. */
static void expand(unsigned char *out, const struct tables *t,
		   const unsigned char *packed)
{
	const unsigned char *end = out + read_number(packed);
	struct bit_reader r = {.at = packed + HEAD};
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
}

#endif
