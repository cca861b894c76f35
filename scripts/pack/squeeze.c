/* Packs: what is cheapest depends on the codes, and they on what is taken how
 * often; so both are made again and again, each from the other. */
#include "squeeze.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"

enum {
	SHORTEST = 2,
	LONGEST = 4095,
	FURTHEST = (1 << 18) - 1,
	ROUNDS = 12,
	LONG = 64, /* what is longer is taken whole or not at all */
	UNUSED_COST = 7 /* of a code that none has yet, in bits: to be tried */
};

/* Length bytes again from so far back; distance 0: the byte itself. */
struct step {
	unsigned length, distance;
	bool again; /* the distance is that of the step before */
};

/* A way to a byte: its cost in bits, and the last step on it. */
struct way {
	size_t cost;
	unsigned distance; /* the last one on it */
	struct step step;
};

/* What can be taken at each byte: first[at] to first[at + 1], longer ones
 * from further back. */
struct matches {
	struct step *all;
	size_t *first, count, room;
};

struct codes {
	size_t count[CODES];
	unsigned char length[CODES];
	unsigned code[CODES];
};

struct bit_writer {
	unsigned char *out; /* all 0 */
	size_t count;       /* of bits */
};

static unsigned slot_of(size_t n, unsigned *more)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(n);

	*more = bits ? bits - 1 : 0;
	return bits ? 2 * bits - 1 + (unsigned)(n >> (bits - 1) & 1) : 0;
}

static unsigned symbol_of(const struct step *s, unsigned char byte,
			  unsigned *more)
{
	*more = 0;
	return s->distance ? LITERALS + slot_of(s->length - 1, more) : byte;
}

/* The code of a distance, for its length. */
static unsigned code_of(const struct step *s, unsigned *more)
{
	unsigned kind = s->length < 4 ? s->length - 2 : 2, slot = AGAIN;

	*more = 0;
	if (!s->again)
		slot = slot_of(s->distance, more);
	return SYMBOLS + kind * SLOTS + slot;
}

static size_t cost_of(const struct codes *c, const struct step *s,
		      unsigned char byte)
{
	unsigned more, further;
	size_t cost = c->length[symbol_of(s, byte, &more)];

	cost += more;
	if (s->distance) {
		cost += c->length[code_of(s, &further)];
		cost += further;
	}
	return cost;
}

/* How far the bytes from there on are known. */
static size_t known_until(const struct group *g, size_t from)
{
	const struct range *r;

	for (r = g->unknown; r < g->unknown + GROUPS; r++)
		if (from < r->to)
			return from < r->from ? r->from : from;
	return g->len;
}

static unsigned count_same(const struct group *g, size_t at, size_t from)
{
	unsigned same = 0;
	size_t known = known_until(g, from) - from;

	while (same < LONGEST && same < known && at + same < g->len &&
	       g->bytes[from + same] == g->bytes[at + same])
		same++;
	return same;
}

static void add_match(struct matches *m, unsigned length, size_t distance)
{
	if (m->count == m->room) {
		m->room = m->room ? 2 * m->room : 1 << 16;
		m->all = realloc(m->all, m->room * sizeof(*m->all));
		if (!m->all)
			fail("out of memory");
	}
	m->all[m->count++] = (struct step){.length = length,
					   .distance = (unsigned)distance};
}

/* By where each byte and the one behind it were last before, and 1 more; 0:
 * not yet. */
static void find_matches(const struct group *g, struct matches *m)
{
	size_t *before = get_memory(g->len * sizeof(*before));
	size_t *last = get_memory((1 << 16) * sizeof(*last));
	size_t at, pair, from;
	unsigned longest, same;

	m->first = get_memory((g->len + 1) * sizeof(*m->first));
	for (at = 0; at + 1 < g->len; at++) {
		pair = (size_t)g->bytes[at] << 8 | g->bytes[at + 1];
		before[at] = last[pair];
		last[pair] = at + 1;
	}
	for (at = g->from; at < g->len; at++) {
		m->first[at] = m->count;
		longest = SHORTEST - 1;
		for (from = before[at]; from && longest < LONGEST &&
					at - (from - 1) <= FURTHEST;
		     from = before[from - 1]) {
			if (at + longest >= g->len)
				break;
			if (g->bytes[from - 1 + longest] !=
			    g->bytes[at + longest])
				continue;
			same = count_same(g, at, from - 1);
			if (same > longest)
				add_match(m, longest = same, at - (from - 1));
		}
	}
	m->first[at] = m->count;
	free(last);
	free(before);
}

static void try_step(const struct codes *c, struct way *ways, size_t at,
		     unsigned char byte, struct step s)
{
	size_t cost = ways[at].cost + cost_of(c, &s, byte);
	struct way *to = &ways[at + s.length];

	if (cost < to->cost)
		*to = (struct way){cost, s.distance ? s.distance
						    : ways[at].distance, s};
}

static unsigned next_length(unsigned length, unsigned most)
{
	return length >= LONG && length < most ? most : length + 1;
}

static void try_steps(const struct codes *c, const struct group *g,
		      const struct matches *m, struct way *ways, size_t at)
{
	unsigned char byte = g->bytes[at];
	unsigned last = ways[at].distance, length = SHORTEST, same, i;
	size_t k;

	try_step(c, ways, at, byte, (struct step){.length = 1});
	same = last ? count_same(g, at, at - last) : 0;
	for (i = SHORTEST; i <= same; i = next_length(i, same))
		try_step(c, ways, at, byte, (struct step){i, last, true});
	for (k = m->first[at]; k < m->first[at + 1]; k++)
		for (; length <= m->all[k].length;
		     length = next_length(length, m->all[k].length))
			try_step(c, ways, at, byte, (struct step){
				length, m->all[k].distance, false});
}

/* steps[at] for each byte that the cheapest way comes to. */
static void plan(const struct codes *c, const struct group *g,
		 const struct matches *m, struct step *steps)
{
	struct way *ways = get_memory((g->len + 1) * sizeof(*ways));
	size_t at;

	for (at = g->from + 1; at <= g->len; at++)
		ways[at].cost = SIZE_MAX;
	for (at = g->from; at < g->len; at++)
		try_steps(c, g, m, ways, at);
	for (at = g->len; at > g->from;) {
		struct step s = ways[at].step;

		at -= s.length;
		steps[at] = s;
	}
	free(ways);
}

static void count_codes(struct codes *c, const struct group *g,
			const struct step *steps)
{
	size_t at;
	unsigned more;

	for (at = g->from; at < g->len; at += steps[at].length) {
		c->count[symbol_of(&steps[at], g->bytes[at], &more)]++;
		if (steps[at].distance)
			c->count[code_of(&steps[at], &more)]++;
	}
}

/* Of the weights of n codes (0: not used), the lengths by Huffman; returns the
 * longest. */
static unsigned huffman(const size_t *weight, unsigned char *length,
			unsigned n)
{
	size_t tree[2 * CODES];
	unsigned parent[2 * CODES], nodes = n, longest = 0, i, k, least[2];

	memcpy(tree, weight, n * sizeof(*tree));
	for (;;) {
		least[0] = least[1] = nodes;
		for (i = 0; i < nodes; i++) {
			if (!tree[i])
				continue;
			if (least[0] == nodes || tree[i] < tree[least[0]]) {
				least[1] = least[0];
				least[0] = i;
			} else if (least[1] == nodes ||
				   tree[i] < tree[least[1]]) {
				least[1] = i;
			}
		}
		if (least[1] == nodes)
			break;
		tree[nodes] = tree[least[0]] + tree[least[1]];
		for (k = 0; k < 2; k++) {
			tree[least[k]] = 0;
			parent[least[k]] = nodes;
		}
		nodes++;
	}
	for (i = 0; i < n; i++) {
		length[i] = 0;
		for (k = i; weight[i] && k != nodes - 1; k = parent[k])
			length[i]++;
		if (length[i] > longest)
			longest = length[i];
	}
	return longest;
}

/* Lengths up to the most, and the codes in their order. */
static void make_code(struct codes *c, unsigned from, unsigned n,
		      unsigned most)
{
	size_t weight[CODES];
	unsigned i, length, next = 0;

	memcpy(weight, c->count + from, n * sizeof(*weight));
	while (huffman(weight, c->length + from, n) > most)
		for (i = 0; i < n; i++)
			weight[i] = (weight[i] + 1) / 2;
	for (length = 1; length <= most; length++, next <<= 1)
		for (i = 0; i < n; i++)
			if (c->length[from + i] == length)
				c->code[from + i] = next++;
}

static void make_codes(struct codes *c)
{
	unsigned kind;

	make_code(c, 0, SYMBOLS, SYMBOL_BITS);
	for (kind = 0; kind < KINDS; kind++)
		make_code(c, SYMBOLS + kind * SLOTS, SLOTS, SLOT_BITS);
}

static void put_bits(struct bit_writer *w, size_t bits, unsigned n)
{
	for (; n--; w->count++)
		w->out[w->count / 8] |= (unsigned char)(
			(bits >> n & 1) << (7 - w->count % 8));
}

static void put_code(struct bit_writer *w, const struct codes *c,
		     unsigned code, size_t n, unsigned more)
{
	put_bits(w, c->code[code], c->length[code]);
	put_bits(w, n, more);
}

static void put_number(struct bit_writer *w, size_t n)
{
	unsigned i;

	w->count = (w->count + 7) / 8 * 8;
	for (i = 0; i < NUMBER; i++, n >>= 8)
		put_bits(w, n & 0xff, 8);
}

static void put_steps(struct bit_writer *w, const struct codes *c,
		      const struct group *g, const struct step *steps)
{
	struct bit_writer head;
	unsigned code, more;
	size_t at, begin;

	put_number(w, g->len - g->from);
	head = *w;
	put_number(w, 0);
	begin = w->count / 8;
	for (at = g->from; at < g->len; at += steps[at].length) {
		const struct step *s = &steps[at];

		code = symbol_of(s, g->bytes[at], &more);
		put_code(w, c, code, s->length - 1, more);
		if (!s->distance)
			continue;
		code = code_of(s, &more);
		put_code(w, c, code, s->distance, more);
	}
	put_number(&head, (w->count + 7) / 8 - begin);
}

static void check(const struct group *groups, size_t n,
		  const unsigned char *packed, const unsigned char *end)
{
	struct tables t;
	unsigned char *again;
	const struct group *g;
	int i;

	fill_tables(&t, packed);
	packed += CODES_SIZE;
	for (g = groups; g < groups + n; g++) {
		again = get_memory(g->len);
		memcpy(again, g->bytes, g->from);
		for (i = 0; i < GROUPS; i++)
			memset(again + g->unknown[i].from, 0x55,
			       g->unknown[i].to - g->unknown[i].from);
		expand(again + g->from, &t, packed);
		packed += HEAD + read_number(packed + NUMBER);
		if (memcmp(again + g->from, g->bytes + g->from,
			   g->len - g->from))
			fail("does not expand to what it was");
		free(again);
	}
	if (packed + TAIL != end)
		fail("does not end where it ends");
}

/* No code used yet is a code that could be. */
static void guess(struct codes *c)
{
	unsigned i;

	for (i = 0; i < CODES; i++)
		if (!c->length[i])
			c->length[i] = UNUSED_COST;
}

static void make_plans(struct codes *c, const struct group *groups, size_t n,
		       const struct matches *m, struct step **steps)
{
	unsigned round;
	size_t i;

	memset(c->length, 10, sizeof(c->length));
	for (round = 0; round < ROUNDS; round++) {
		guess(c);
		memset(c->count, 0, sizeof(c->count));
		for (i = 0; i < n; i++) {
			plan(c, &groups[i], &m[i], steps[i]);
			count_codes(c, &groups[i], steps[i]);
		}
		make_codes(c);
	}
}

unsigned char *squeeze(const struct group *groups, size_t n, size_t *len)
{
	struct matches *m = get_memory(n * sizeof(*m));
	struct step **steps = get_memory(n * sizeof(*steps));
	struct codes c = {.length = {0}};
	struct bit_writer w = {NULL, (size_t)CODES_SIZE * 8};
	size_t i, room = CODES_SIZE + TAIL;

	for (i = 0; i < n; i++) {
		find_matches(&groups[i], &m[i]);
		steps[i] = get_memory(groups[i].len * sizeof(**steps));
		room += HEAD + 8 * groups[i].len;
	}
	make_plans(&c, groups, n, m, steps);
	w.out = get_memory(room);
	for (i = 0; i < CODES; i++)
		w.out[i / 2] |= (unsigned char)(c.length[i] << i % 2 * 4);
	for (i = 0; i < n; i++) {
		put_steps(&w, &c, &groups[i], steps[i]);
		free(m[i].all);
		free(m[i].first);
		free(steps[i]);
	}
	for (i = 0; i < TAIL; i += NUMBER)
		put_number(&w, 0);
	*len = w.count / 8;
	check(groups, n, w.out, w.out + *len);
	free(m);
	free(steps);
	return w.out;
}
