#include "group.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "../../config.h"
#include "../rule/addr.h"
#include "../rule/ports.h"
#include "boxes.h"
#include "fold.h"

/* The kernel puts single ports into a bitmap, and looks through all that are
 * there for each that it adds: more of them go into a map, which is a hash. */
enum { BITMAP_MOST = 2048 };

static bool one_port(const struct ports *p)
{
	return p->n == 1 && p->range[0].lo == p->range[0].hi;
}

/* One value in each of its dimensions? */
static bool is_exact(const struct part *p, unsigned dims)
{
	unsigned whole = p->family == FAMILY_4 ? 32 : 128;

	return (!(dims & DIM_SADDR) || p->rule->src.net.len == whole) &&
	       (!(dims & DIM_DADDR) || p->rule->dst.net.len == whole) &&
	       (!(dims & DIM_SPORT) || one_port(&p->match.sport)) &&
	       (!(dims & DIM_DPORT) || one_port(&p->match.dport));
}

static bool is_one(unsigned dims)
{
	return !(dims & (dims - 1));
}

/* A file's addresses are a set already, and with counters each rule has one of
 * its own. */
unsigned group_dims(const struct part *p)
{
	if (!MERGE_RULES || p->policy->counters || p->rule->src.file ||
	    p->rule->dst.file || !rules_plain(p))
		return 0;
	return rules_dims(p);
}

/* The dimensions in which they are not the same. */
static unsigned differing(const struct part *a, const struct part *b)
{
	const struct rule *x = a->rule, *y = b->rule;

	return (memcmp(&x->src.net, &y->src.net, sizeof(x->src.net))
		? DIM_SADDR : 0) |
	       (memcmp(&x->dst.net, &y->dst.net, sizeof(x->dst.net))
		? DIM_DADDR : 0) |
	       (ports_same(&a->match.sport, &b->match.sport) ? 0 : DIM_SPORT) |
	       (ports_same(&a->match.dport, &b->match.dport) ? 0 : DIM_DPORT);
}

/* What the group would be about with p in it: single values in all dimensions,
 * or any in one; 0: p is not one of it. */
static unsigned varying_with(const struct group *g, const struct part *p)
{
	unsigned dims = g->dims, varying = g->varying;

	if (g->boxes)
		return 0;
	if (!is_one(dims) && (!varying || varying == dims) &&
	    is_exact(p, dims) && (varying || is_exact(&g->first, dims)))
		return dims;
	if (varying == dims && !is_one(dims))
		return 0;
	varying |= differing(&g->first, p);
	if (!varying)
		varying = dims & -dims;
	return is_one(varying) ? varying : 0;
}

bool group_asks_same(const struct group *g, const struct part *p,
		     unsigned dims)
{
	const struct part *first = &g->first;

	return g->dims == dims && first->family == p->family &&
	       first->match.proto == p->match.proto &&
	       !strcmp(first->rule->iif, p->rule->iif) &&
	       !strcmp(first->rule->oif, p->rule->oif);
}

/* Two names, neither of them a prefix? */
static bool other_iface(const char *a, const char *b)
{
	return *a && *b && !strchr(a, '+') && !strchr(b, '+') && strcmp(a, b);
}

bool group_commutes(const struct group *g, const struct part *p)
{
	const struct part *first = &g->first;
	int proto = first->match.proto;

	return (proto && p->match.proto && proto != p->match.proto) ||
	       (first->family && p->family && first->family != p->family) ||
	       other_iface(first->rule->iif, p->rule->iif) ||
	       other_iface(first->rule->oif, p->rule->oif) ||
	       (!g->mixed && rules_verdict(first) == rules_verdict(p) &&
		rules_plain(first) && rules_plain(p));
}

static void add_item(struct group *g, struct fold_item *item)
{
	g->single &= !memcmp(item->key, item->key + FOLD_LAST, FOLD_LAST);
	buf_add(&g->items, item, sizeof(*item));
}

static size_t put_net(struct group *g, struct fold_item *item,
		      const struct net *net, size_t at)
{
	size_t len = g->first.family == FAMILY_4 ? 4 : 16;

	memcpy(item->key + at, net->bytes, len);
	if (is_one(g->varying)) {
		net_last(net, item->key + FOLD_LAST, len);
		add_item(g, item);
	}
	return at + len;
}

static void put_port(uint8_t *key, uint16_t port)
{
	port = htons(port);
	memcpy(key, &port, sizeof(port));
}

static size_t put_ports(struct group *g, struct fold_item *item,
			const struct ports *ports, size_t at)
{
	size_t i;

	for (i = 0; i < ports->n; i++) {
		put_port(item->key + at, ports->range[i].lo);
		if (is_one(g->varying)) {
			put_port(item->key + FOLD_LAST, ports->range[i].hi);
			add_item(g, item);
		}
	}
	return at + 4;
}

/* The dimensions in the order of an item's key, then 0. */
static const unsigned items_order[] = {DIM_SADDR, DIM_DADDR, DIM_SPORT,
				       DIM_DPORT, 0};

static void add_items(struct group *g, const struct part *p)
{
	struct fold_item item = {.verdict = (uint8_t)rules_verdict(p)};
	uint32_t order = htonl(g->n++);
	size_t at = 0;

	g->mixed |= item.verdict != rules_verdict(&g->first);
	memcpy(item.order, &order, sizeof(order));
	if (g->varying & DIM_SADDR)
		at = put_net(g, &item, &p->rule->src.net, at);
	if (g->varying & DIM_DADDR)
		at = put_net(g, &item, &p->rule->dst.net, at);
	if (g->varying & DIM_SPORT)
		at = put_ports(g, &item, &p->match.sport, at);
	if (g->varying & DIM_DPORT)
		put_ports(g, &item, &p->match.dport, at);
	if (!is_one(g->varying))
		buf_add(&g->items, &item, sizeof(item));
}

void group_start(struct group *g, const struct part *p, unsigned dims)
{
	*g = (struct group){.first = *p, .dims = dims, .single = true};
}

void group_free(struct group *g)
{
	buf_free(&g->items);
	buf_free(&g->few);
}

bool group_join(struct group *g, const struct part *p)
{
	unsigned varying = varying_with(g, p);

	if (!varying)
		return false;
	if (!g->varying) {
		g->varying = varying;
		add_items(g, &g->first);
	}
	add_items(g, p);
	return true;
}

/* What has one value in each dimension is better off in a set of its like. */
bool group_fits_boxes(const struct group *g, const struct part *p)
{
	return boxes_can_be(g->dims) && (g->boxes || !g->varying) &&
	       !(is_exact(p, g->dims) && group_commutes(g, p));
}

static void add_boxed(struct group *g, const struct part *p)
{
	if (g->n++ < BOXES_LEAST)
		buf_add(&g->few, p, sizeof(*p));
	g->mixed |= rules_verdict(p) != rules_verdict(&g->first);
}

bool group_join_boxes(struct group *g, const struct part *p)
{
	if (!g->boxes && !boxes_add(&g->items, &g->first, g->dims))
		return false;
	if (!boxes_add(&g->items, p, g->dims)) {
		if (!g->boxes)
			g->items.len = 0;
		return false;
	}
	if (!g->boxes)
		add_boxed(g, &g->first);
	g->boxes = true;
	g->varying = g->dims;
	add_boxed(g, p);
	return true;
}

bool group_join_udp(struct group *tcp, struct group *udp)
{
	struct part *few = (struct part *)(void *)tcp->few.data;
	size_t i;

	if (!tcp->dims || tcp->n != udp->n || tcp->dims != udp->dims ||
	    tcp->varying != udp->varying || tcp->boxes != udp->boxes ||
	    tcp->first.match.proto != IPPROTO_TCP ||
	    udp->first.match.proto != IPPROTO_UDP ||
	    tcp->first.number != udp->first.number ||
	    differing(&tcp->first, &udp->first) ||
	    !buf_same(&tcp->items, &udp->items))
		return false;
	tcp->first.match.proto = 0;
	for (i = 0; i < tcp->few.len / sizeof(*few); i++)
		few[i].match.proto = 0;
	return true;
}

static struct fold_item *items_of(const struct group *g)
{
	return (struct fold_item *)(void *)g->items.data;
}

/* Is the first rule all that is left of them? */
static bool only_first(const struct group *g)
{
	const struct fold_item *items = items_of(g);
	static const uint8_t first[sizeof(items->order)];
	size_t n = g->items.len / sizeof(*items);

	for (; n-- > 0; items++)
		if (items->lives && memcmp(items->order, first, sizeof(first)))
			return false;
	return true;
}

/* The elements are sorted, and without what never decides. */
static void fold_group(struct group *g, struct fold *f)
{
	size_t n = g->items.len / sizeof(struct fold_item);

	f->interval = g->boxes || (is_one(g->varying) && !g->single);
	if (g->boxes)
		boxes_fold(f, &g->items);
	else
		fold(f, items_of(g), n);
}

/* Is it to be one: do not all of its elements do what the first rule does? */
static bool is_map(const struct group *g, const struct fold *f)
{
	const struct verdict *v = (const struct verdict *)(void *)
				  f->verdicts.data;
	const struct verdict *first = &rules_verdicts[rules_verdict(&g->first)];
	size_t i;

	if (!f->interval && f->key_len == 2 && f->n > BITMAP_MOST)
		return true;
	for (i = 0; i < f->n; i++)
		if (v[i].code != first->code || v[i].chain != first->chain)
			return true;
	return false;
}

static void compile_set(struct build *b, struct group *g)
{
	struct fold f = {.n = 0};
	struct set set = {.n = 0};
	const unsigned *dim = g->boxes ? boxes_order : items_order;

	for (; *dim; dim++)
		if (g->varying & *dim)
			set.fields[set.nfields++] =
				rules_field(&g->first, *dim);
	f.key_len = set_key_len(&set);
	fold_group(g, &f);
	if (f.keys.failed || f.verdicts.failed)
		b->failed = err_set(b->e, "out of memory");
	set.flags = f.interval ? SET_INTERVAL : 0;
	set.n = f.n;
	set.keys = (const uint8_t *)f.keys.data;
	if (is_map(g, &f))
		set.verdicts = (const struct verdict *)(void *)f.verdicts.data;
	if (g->boxes || !only_first(g))
		g->first.set = &set;
	g->first.set_dims = g->varying;
	if (!b->failed)
		rules_compile(b, &g->first);
	buf_free(&f.keys);
	buf_free(&f.verdicts);
}

void group_compile(struct build *b, struct group *g)
{
	if ((g->items.failed || g->few.failed) && !b->failed)
		b->failed = err_set(b->e, "out of memory");
	if (!b->failed && g->n)
		compile_set(b, g);
	else if (!b->failed)
		rules_compile(b, &g->first);
}
