#include "runs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "../../config.h"
#include "../rule/ports.h"
#include "fold.h"

/* Rules that ask the same of a packet but for the values are a group, which
 * becomes one rule with a set, or a map of what each value comes to.  A rule
 * may join a group if it may go before those that came in between: where no
 * packet fits both, or both do the same.  So many groups are open at a time. */
enum { GROUPS = 16 };

/* The kernel puts single ports into a bitmap, and looks through all that are
 * there for each that it adds: more of them go into an interval set. */
enum { BITMAP_MOST = 2048 };

struct group {
	unsigned dims;     /* 0: none goes with it */
	/* Those that are not the same for all, which the set is about; until
	 * there are two rules 0. */
	unsigned varying;
	bool single;       /* no item of one dimension is an interval */
	bool mixed;        /* what they do is not the same for all */
	uint32_t n;        /* rules so far */
	struct buf items;  /* struct fold_item */
	struct part first; /* with all that they have in common */
};

struct run {
	struct build *b;
	size_t n;
	struct group groups[GROUPS];
};

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

/* The dimensions by which it can be one of a group, or 0.  A file's addresses
 * are a set already, and with counters each rule has one of its own. */
static unsigned group_dims(const struct part *p)
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

/* As varying_with, of rules that are the same otherwise. */
static unsigned goes_with(const struct group *g, const struct part *p,
			  unsigned dims)
{
	const struct part *first = &g->first;

	return g->dims == dims && first->family == p->family &&
	       first->match.proto == p->match.proto &&
	       !strcmp(first->rule->iif, p->rule->iif) &&
	       !strcmp(first->rule->oif, p->rule->oif)
	       ? varying_with(g, p) : 0;
}

/* Two names, neither of them a prefix? */
static bool other_iface(const char *a, const char *b)
{
	return *a && *b && !strchr(a, '+') && !strchr(b, '+') && strcmp(a, b);
}

static bool commutes(const struct group *g, const struct part *p)
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
	size_t len = g->first.family == FAMILY_4 ? 4 : 16, i;
	uint8_t *last = item->key + FOLD_LAST;

	memcpy(item->key + at, net->bytes, len);
	if (is_one(g->varying)) {
		memcpy(last, net->bytes, len);
		for (i = net->len; i < 8 * len; i++)
			last[i / 8] |= (uint8_t)(0x80 >> i % 8);
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

/* Is the first rule all that is left of them? */
static bool only_first(const struct fold_item *items, size_t n)
{
	static const uint8_t first[sizeof(items->order)];

	for (; n-- > 0; items++)
		if (items->lives && memcmp(items->order, first, sizeof(first)))
			return false;
	return true;
}

static void emit_set(struct build *b, struct group *g)
{
	struct fold_item *items = (struct fold_item *)(void *)g->items.data;
	size_t i, n = g->items.len / sizeof(*items);
	struct fold f = {.n = 0};
	struct set set = {.n = 0};
	unsigned dim;

	for (dim = DIM_SADDR; dim <= DIM_DPORT; dim <<= 1)
		if (g->varying & dim)
			set.fields[set.nfields++] =
				rules_field(&g->first, dim);
	f.key_len = set_key_len(&set);
	f.interval = is_one(g->varying) &&
		     !(g->single && (f.key_len > 2 || g->mixed ||
				     n <= BITMAP_MOST));
	fold(&f, items, n);
	if (f.keys.failed || f.verdicts.failed)
		b->failed = err_set(b->e, "out of memory");
	set.flags = f.interval ? SET_INTERVAL : 0;
	set.n = f.n;
	set.keys = (const uint8_t *)f.keys.data;
	for (i = 0; i < n; i++)
		if (items[i].lives &&
		    items[i].verdict != rules_verdict(&g->first))
			set.verdicts = (const struct verdict *)(void *)
				f.verdicts.data;
	if (!only_first(items, n))
		g->first.set = &set;
	g->first.set_dims = g->varying;
	if (!b->failed)
		rules_compile(b, &g->first);
	buf_free(&f.keys);
	buf_free(&f.verdicts);
}

/* The same for tcp and for udp is one for both. */
static bool are_both(const struct group *tcp, const struct group *udp)
{
	return tcp->dims && tcp->n == udp->n && tcp->dims == udp->dims &&
	       tcp->varying == udp->varying &&
	       tcp->first.match.proto == IPPROTO_TCP &&
	       udp->first.match.proto == IPPROTO_UDP &&
	       tcp->first.number == udp->first.number &&
	       !differing(&tcp->first, &udp->first) &&
	       buf_same(&tcp->items, &udp->items);
}

static void close_first(struct run *r)
{
	struct group *g = r->groups;
	struct build *b = r->b;
	size_t n = 1;

	if (g->items.failed && !b->failed)
		b->failed = err_set(b->e, "out of memory");
	if (r->n > 1 && are_both(g, g + 1)) {
		g->first.match.proto = 0;
		buf_free(&g[1].items);
		n = 2;
	}
	if (b->failed)
		; /* only what is left is to be freed */
	else if (g->n)
		emit_set(b, g);
	else
		rules_compile(b, &g->first);
	buf_free(&g->items);
	r->n -= n;
	memmove(g, g + n, r->n * sizeof(*g));
}

static void add(struct run *r, const struct part *p, unsigned dims)
{
	struct group *g = r->groups + r->n;
	unsigned varying;

	while (dims && g-- > r->groups) {
		varying = goes_with(g, p, dims);
		if (varying) {
			if (!g->varying) {
				g->varying = varying;
				add_items(g, &g->first);
			}
			add_items(g, p);
			return;
		}
		if (!commutes(g, p))
			break;
	}
	if (r->n == GROUPS)
		close_first(r);
	g = r->groups + r->n++;
	*g = (struct group){.first = *p, .dims = dims, .single = true};
}

/* Both protocols' ports go with either's. */
static void add_part(void *ctx, const struct part *p)
{
	struct part half = *p;
	unsigned dims = group_dims(p);

	if (dims & (DIM_SPORT | DIM_DPORT) && !p->match.proto) {
		half.match.proto = IPPROTO_TCP;
		add(ctx, &half, dims);
		half.match.proto = IPPROTO_UDP;
	}
	add(ctx, &half, dims);
}

void runs_compile(struct build *b, const struct policy *policy,
		  enum chain_dir dir, bool past_nat)
{
	struct part p = {.policy = policy, .past_nat = past_nat};
	struct run run;
	const struct listed_rule *l;

	run.b = b;
	run.n = 0;
	for (l = policy->rules; l < policy->rules + policy->n; l++) {
		p.rule = &l->rule;
		p.line = l->line;
		p.number = (uint32_t)(l - policy->rules) + 1;
		if (l->rule.dir == dir && !b->failed)
			rules_each_part(&p, add_part, &run);
	}
	while (run.n)
		close_first(&run);
}
