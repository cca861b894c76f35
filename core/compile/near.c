#include "near.h"

#include <endian.h>
#include <string.h>

#include "../base/intervals.h"

/* So many networks at least.  So many prefixes are loaded in no time that
 * anybody could tell; and those of some wide networks among others may be so
 * many more than the networks. */
enum { NEAR_LEAST = 16, NEAR_FEW = 256, NEAR_MORE = 1024 };

/* Pairs of addresses, sorted and apart. */
struct spans {
	const uint8_t *keys;
	size_t n, len;
};

/* The first bits of an address. */
static uint64_t prefix(const uint8_t *key, size_t len, unsigned bits)
{
	uint64_t first = 0;

	memcpy(&first, key, len < sizeof(first) ? len : sizeof(first));
	return be64toh(first) >> (64 - bits);
}

static void put_prefix(struct buf *keys, uint64_t prefix, size_t len,
		       unsigned bits)
{
	uint8_t key[VALUE_MAX] = {0};

	prefix = htobe64(prefix << (64 - bits));
	memcpy(key, &prefix, sizeof(prefix));
	buf_add(keys, key, len);
}

/* In how many prefixes there is something, or most + 1 if in more; keys: NULL,
 * or they are added to it. */
static size_t touched(const struct spans *s, unsigned bits, size_t most,
		      struct buf *keys)
{
	const uint8_t *key = s->keys;
	uint64_t at = 0, first, last;
	size_t n = 0, i;

	for (i = 0; i < s->n && n <= most; i++, key += 2 * s->len) {
		first = prefix(key, s->len, bits);
		last = prefix(key + s->len, s->len, bits);
		for (at = at < first ? first : at; at <= last; at++) {
			if (keys)
				put_prefix(keys, at, s->len, bits);
			if (++n > most)
				break;
		}
	}
	return n;
}

/* How many bits of an address tell best: the more, the fewer packets are near,
 * but each prefix is an element to load.  0: none tell anything, or they would
 * be too many. */
static unsigned best_bits(const struct spans *s)
{
	size_t most = s->n + NEAR_MORE, n;
	unsigned bits = s->len == 4 ? 24 : 56, least = s->len == 4 ? 8 : 32;
	unsigned best = 0;

	for (; bits >= least; bits -= 8) {
		n = touched(s, bits, most, NULL);
		if (n > most)
			continue;
		if (bits < 32 && n > (UINT32_C(1) << bits) / 8)
			break; /* they are everywhere */
		best = bits;
		if (n <= NEAR_FEW || n <= s->n / 4)
			break;
	}
	return best;
}

static bool is_address(enum field f)
{
	enum value_type type = field_info(f)->type;

	return type == TYPE_IP || type == TYPE_IP6;
}

/* The addresses of boxes, which are in the order of other fields. */
static void gather(struct spans *to, struct buf *room, const struct set *s,
		   size_t at)
{
	size_t stride = set_key_len(s), i;

	for (i = 0; i < 2 * s->n; i++)
		buf_add(room, s->keys + i * stride + at, to->len);
	to->n = 0;
	if (room->failed || !room->data)
		return;
	to->keys = (uint8_t *)room->data;
	to->n = intervals_merge((uint8_t *)room->data, s->n, to->len);
}

void near_lookup(struct build *b, struct near *n, const struct set *s)
{
	struct spans spans = {.keys = s->keys, .n = s->n};
	struct buf room = {0};
	size_t at = 0;
	int f = 0;

	if (!(s->flags & SET_INTERVAL) || s->n < NEAR_LEAST)
		return;
	while (f < s->nfields && !is_address(s->fields[f]))
		at += 4, f++;
	if (f == s->nfields)
		return;
	spans.len = field_info(s->fields[f])->len;
	if (s->nfields > 1)
		gather(&spans, &room, s, at);
	n->keys.len = 0;
	n->set = (struct set){.nfields = 1, .fields = {s->fields[f]},
			      .bits = (uint8_t)best_bits(&spans)};
	if (n->set.bits) {
		n->set.n = touched(&spans, n->set.bits, SIZE_MAX - 1,
				   &n->keys);
		n->set.keys = (const uint8_t *)n->keys.data;
		build_lookup(b, &n->set);
	}
	if ((room.failed || n->keys.failed) && !b->failed)
		b->failed = err_set(b->e, "out of memory");
	buf_free(&room);
}
