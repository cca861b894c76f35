#include "boxes.h"

#include <arpa/inet.h>
#include <string.h>

#include "../base/intervals.h"
#include "../rule/addr.h"
#include "../rule/ports.h"

/* Each is held against all that are there. */
enum { BOXES_MAX = 1024 };

struct box {
	uint8_t first[FOLD_KEY], last[FOLD_KEY]; /* as a set's keys */
	uint8_t verdict;                         /* of rules_verdicts */
};

const unsigned boxes_order[] = {DIM_SPORT, DIM_DPORT, DIM_SADDR, DIM_DADDR, 0};

bool boxes_can_be(unsigned dims)
{
	const unsigned ports = DIM_SPORT | DIM_DPORT;

	return dims & (dims - 1) && (dims & ports) != ports;
}

/* A dimension's bytes in the key. */
static size_t dim_len(const struct part *p, unsigned dim)
{
	return dim == DIM_SPORT || dim == DIM_DPORT || p->family == FAMILY_4
	       ? 4 : 16;
}

enum relation { APART, MEET, WITHIN };

/* How a is to b, which part p has: in all dimensions they must meet. */
static enum relation relation(const struct box *a, const struct box *b,
			      const struct part *p, unsigned dims)
{
	enum relation found = WITHIN;
	const unsigned *dim;
	size_t at = 0, len;

	for (dim = boxes_order; *dim; dim++) {
		if (!(dims & *dim))
			continue;
		len = dim_len(p, *dim);
		if (memcmp(a->first + at, b->last + at, len) > 0 ||
		    memcmp(b->first + at, a->last + at, len) > 0)
			return APART;
		if (memcmp(a->first + at, b->first + at, len) < 0 ||
		    memcmp(a->last + at, b->last + at, len) > 0)
			found = MEET;
		at += len;
	}
	return found;
}

static bool add_box(struct buf *boxes, const struct box *box,
		    const struct part *p, unsigned dims)
{
	const struct box *b = (const struct box *)(void *)boxes->data;
	size_t n = boxes->len / sizeof(*b);
	enum relation to = APART;

	if (boxes->failed)
		return true;
	while (to == APART && n-- > 0)
		to = relation(box, b++, p, dims);
	if (to == APART && boxes->len >= BOXES_MAX * sizeof(*b))
		return false;
	if (to == APART)
		buf_add(boxes, box, sizeof(*box));
	return to != MEET;
}

static size_t put_net(struct box *box, const struct net *net, size_t at,
		      const struct part *p)
{
	size_t len = dim_len(p, DIM_SADDR);

	memcpy(box->first + at, net->bytes, len);
	net_last(net, box->last + at, len);
	return at + len;
}

/* Port ranges, sorted and apart: pairs in network byte order. */
struct ranges {
	uint16_t keys[RULE_PORTS][2];
	size_t n;
};

static void get_ranges(struct ranges *r, const struct ports *p)
{
	for (r->n = 0; r->n < p->n; r->n++) {
		r->keys[r->n][0] = htons(p->range[r->n].lo);
		r->keys[r->n][1] = htons(p->range[r->n].hi);
	}
	r->n = intervals_merge((uint8_t *)r->keys, r->n, 2);
}

bool boxes_add(struct buf *boxes, const struct part *p, unsigned dims)
{
	struct box box = {.verdict = (uint8_t)rules_verdict(p)};
	size_t port_len = dims & (DIM_SPORT | DIM_DPORT) ? 2 : 0;
	size_t begun = boxes->len, at = 2 * port_len, i;
	struct ranges ports = {.n = 1};

	if (port_len)
		get_ranges(&ports, dims & DIM_SPORT ? &p->match.sport
						    : &p->match.dport);
	if (dims & DIM_SADDR)
		at = put_net(&box, &p->rule->src.net, at, p);
	if (dims & DIM_DADDR)
		put_net(&box, &p->rule->dst.net, at, p);
	for (i = 0; i < ports.n; i++) {
		memcpy(box.first, &ports.keys[i][0], port_len);
		memcpy(box.last, &ports.keys[i][1], port_len);
		if (!add_box(boxes, &box, p, dims)) {
			boxes->len = begun;
			return false;
		}
	}
	return true;
}

void boxes_fold(struct fold *f, const struct buf *boxes)
{
	const struct box *b = (const struct box *)(void *)boxes->data;

	f->n = boxes->len / sizeof(*b);
	for (; b < (const struct box *)(void *)boxes->data + f->n; b++) {
		buf_add(&f->keys, b->first, f->key_len);
		buf_add(&f->keys, b->last, f->key_len);
		buf_add(&f->verdicts, &rules_verdicts[b->verdict],
			sizeof(struct verdict));
	}
}
