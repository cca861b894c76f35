#include "runs.h"

#include <arpa/inet.h>
#include <string.h>

#include "../../config.h"
#include "../base/intervals.h"

/* Rules one behind the other with the same verdict and no log are a run: their
 * order does not matter.  Those of a run that ask the same of a packet but for
 * the values are a group, which becomes one rule with a set. */
enum { GROUPS = 16 };

/* The kernel puts single ports into a bitmap, and looks through all that are
 * there for each that it adds: more of them go into an interval set. */
enum { BITMAP_MOST = 2048 };

struct group {
	unsigned dims;     /* 0: none goes with it */
	bool single;       /* each pair is of the same key twice */
	size_t n;          /* keys, or where dims is one pairs of them */
	struct buf keys;   /* as struct set has them */
	struct part first; /* with all that they have in common */
};

struct run {
	struct build *b;
	size_t n;
	struct group groups[GROUPS];
};

static size_t address_len(const struct part *p)
{
	return p->family == FAMILY_4 ? 4 : 16;
}

static bool one_port(const struct ports *p)
{
	return p->n == 1 && p->range[0].lo == p->range[0].hi;
}

/* One value in each of its dimensions? */
static bool is_exact(const struct part *p, unsigned dims)
{
	unsigned whole = 8 * (unsigned)address_len(p);

	return (!(dims & DIM_SADDR) || p->rule->src.net.len == whole) &&
	       (!(dims & DIM_DADDR) || p->rule->dst.net.len == whole) &&
	       (!(dims & DIM_SPORT) || one_port(&p->match.sport)) &&
	       (!(dims & DIM_DPORT) || one_port(&p->match.dport));
}

/* The dimensions by which it can be one of a group, or 0: any values in one,
 * or single ones in several.  A file's addresses are a set already, and with
 * counters each rule has one of its own. */
static unsigned group_dims(const struct part *p)
{
	unsigned dims = rules_dims(p);
	bool one = dims && !(dims & (dims - 1));

	if (!MERGE_RULES || p->policy->counters || p->rule->src.file ||
	    p->rule->dst.file || rules_logged(p) ||
	    p->rule->action == ACT_LIMIT)
		return 0;
	return one || is_exact(p, dims) ? dims : 0;
}

static bool goes_with(const struct group *g, const struct part *p,
		      unsigned dims)
{
	const struct part *first = &g->first;

	return dims && g->dims == dims && first->family == p->family &&
	       first->match.proto == p->match.proto &&
	       !strcmp(first->rule->iif, p->rule->iif) &&
	       !strcmp(first->rule->oif, p->rule->oif);
}

static void add_net(struct group *g, const struct part *p,
		    const struct net *net)
{
	size_t len = address_len(p), i;
	uint8_t last[16];

	buf_add(&g->keys, net->bytes, len);
	if (g->dims & (g->dims - 1))
		return;
	memcpy(last, net->bytes, len);
	for (i = net->len; i < 8 * len; i++) {
		last[i / 8] |= (uint8_t)(0x80 >> i % 8);
		g->single = false;
	}
	buf_add(&g->keys, last, len);
	g->n++;
}

static void add_ports(struct group *g, const struct ports *ports)
{
	uint16_t pair[2] = {0, 0};
	size_t i;

	for (i = 0; i < ports->n; i++) {
		pair[0] = htons(ports->range[i].lo);
		if (!(g->dims & (g->dims - 1))) {
			pair[1] = htons(ports->range[i].hi);
			g->single &= pair[0] == pair[1];
			g->n++;
		} /* else what fills the key up to four bytes */
		buf_add(&g->keys, pair, sizeof(pair));
	}
}

static void add_keys(struct group *g, const struct part *p)
{
	if (g->dims & DIM_SADDR)
		add_net(g, p, &p->rule->src.net);
	if (g->dims & DIM_DADDR)
		add_net(g, p, &p->rule->dst.net);
	add_ports(g, &p->match.sport);
	add_ports(g, &p->match.dport);
	g->n += (g->dims & (g->dims - 1)) != 0;
}

/* Pairs of the same key twice become that key once. */
static void halve(uint8_t *keys, size_t n, size_t len)
{
	size_t i;

	for (i = 1; i < n; i++)
		memcpy(keys + i * len, keys + 2 * i * len, len);
}

static void emit_set(struct build *b, struct group *g)
{
	uint8_t *keys = (uint8_t *)g->keys.data;
	struct set set = {.keys = keys, .n = g->n};
	unsigned dim;
	size_t len;

	for (dim = DIM_SADDR; dim <= DIM_DPORT; dim <<= 1)
		if (g->dims & dim)
			set.fields[set.nfields++] =
				rules_field(&g->first, dim);
	if (set.nfields == 1) {
		len = set_key_len(&set);
		if (g->single && (len > 2 || g->n <= BITMAP_MOST)) {
			halve(keys, g->n, len);
		} else {
			set.flags = SET_INTERVAL;
			set.n = intervals_merge(keys, g->n, len);
		}
	}
	g->first.set = &set;
	rules_compile(b, &g->first);
}

static void end_run(struct run *r)
{
	struct group *g;

	for (g = r->groups; g < r->groups + r->n; g++) {
		if (g->keys.failed && !r->b->failed)
			r->b->failed = err_set(r->b->e, "out of memory");
		if (r->b->failed)
			; /* only what is left is to be freed */
		else if (g->keys.len)
			emit_set(r->b, g);
		else
			rules_compile(r->b, &g->first);
		buf_free(&g->keys);
	}
	r->n = 0;
}

/* May it be one of the run?  Two ways to reject could be told apart, and a
 * log comes before what follows it. */
static bool fits_run(const struct run *r, const struct part *p, unsigned dims)
{
	const struct part *first = &r->groups->first;
	enum action action = p->rule->action;

	if (!r->n || first->rule->action != action)
		return false;
	if (r->n == 1 && goes_with(r->groups, p, dims))
		return true;
	return (action == ACT_ALLOW || action == ACT_DENY) &&
	       !rules_logged(p) && !rules_logged(first);
}

static void add_part(void *ctx, const struct part *p)
{
	struct run *r = ctx;
	struct group *g = r->groups;
	unsigned dims = group_dims(p);

	if (!fits_run(r, p, dims))
		end_run(r);
	while (g < r->groups + r->n && !goes_with(g, p, dims))
		g++;
	if (g == r->groups + GROUPS) {
		end_run(r);
		g = r->groups;
	}
	if (g == r->groups + r->n) {
		*g = (struct group){.first = *p, .dims = dims, .single = true};
		r->n++;
		return;
	}
	if (!g->n)
		add_keys(g, &g->first);
	add_keys(g, p);
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
	end_run(&run);
}
