/* The inverse of squeeze.c: LZ77 with Huffman codes, bits from the high end of
 * a byte.  A symbol below LITERALS is the next byte.  Any other is the slot of
 * a length less 1, behind it come the length's further bits and the distance,
 * as its slot, by a code of its own for each kind of length, and its further
 * bits: so many bytes again, from so far back.  The slot AGAIN is the distance
 * of the last time.
 *
 * All is preceded by the codes' lengths, 4 bits each, the low ones first; then
 * each group by two numbers of 4 bytes, the low one first: how many bytes it
 * becomes, and of how many.  The last group is followed by a 0, and by more,
 * because up to 15 bytes behind a group are read with it. */
#ifndef PACK_TABLES_H
#define PACK_TABLES_H

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
	SLOT_BITS = 8,
	CODES_SIZE = CODES / 2,
	NUMBER = 4,
	HEAD = 2 * NUMBER,
	TAIL = 16,
	CHUNK = 8
};

/* By the next bits: the symbol they begin with * 16 + its code's length. */
struct tables {
	uint16_t symbol[1 << SYMBOL_BITS];
	uint16_t slot[KINDS][1 << SLOT_BITS];
};

static unsigned code_length(const unsigned char *codes, unsigned i)
{
	return codes[i / 2] >> i % 2 * 4 & 15;
}

static void fill_table(uint16_t *table, unsigned bits,
		       const unsigned char *codes, unsigned from, unsigned n)
{
	uint16_t *next[16]; /* of each length, where its next code goes */
	unsigned count[16] = {0}, length, i, k;

	for (i = 0; i < n; i++)
		count[code_length(codes, from + i)]++;
	for (length = 1; length <= bits; length++) {
		next[length] = table;
		table += count[length] << (bits - length);
	}
	for (i = 0; i < n; i++) {
		length = code_length(codes, from + i);
		for (k = length ? 1U << (bits - length) : 0; k--;)
			*next[length]++ = (uint16_t)(i << 4 | length);
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

static size_t read_number(const unsigned char *at)
{
	size_t n = 0;
	unsigned i;

	for (i = NUMBER; i--;)
		n = n << 8 | at[i];
	return n;
}

#endif
