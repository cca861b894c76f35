#include "runs.h"

#include <netinet/in.h>
#include <string.h>

#include "group.h"

/* A rule may join a group if it may go before those that came in between:
 * where no packet fits both, or both do the same.  So many groups are open at
 * a time. */
enum { GROUPS = 16 };

struct run {
	struct build *b;
	bool boxes; /* the kernel has them */
	size_t n;
	struct group groups[GROUPS];
};

/* Into one of the open groups, boxes only where nothing is cheaper. */
static bool add_to_group(struct run *r, const struct part *p, unsigned dims)
{
	struct group *g = r->groups + r->n, *boxes = NULL;

	while (g-- > r->groups) {
		if (group_asks_same(g, p, dims)) {
			if (group_join(g, p))
				return true;
			if (!boxes && r->boxes && group_fits_boxes(g, p))
				boxes = g;
		}
		if (!group_commutes(g, p))
			break;
	}
	return boxes && group_join_boxes(boxes, p);
}

static void close_first(struct run *r);

static void add(struct run *r, const struct part *p, unsigned dims)
{
	if (dims && add_to_group(r, p, dims))
		return;
	if (r->n == GROUPS)
		close_first(r);
	group_start(&r->groups[r->n++], p, dims);
}

/* The rules of a group of boxes that are too few for it. */
static void close_few(struct build *b, const struct group *g)
{
	const struct part *p = (const struct part *)(void *)g->few.data;
	struct run r;
	uint32_t i;

	r.b = b;
	r.boxes = false;
	r.n = 0;
	for (i = 0; i < g->n; i++)
		add(&r, &p[i], g->dims);
	while (r.n)
		close_first(&r);
}

static void close_first(struct run *r)
{
	struct group *g = r->groups;
	size_t n = r->n > 1 && group_join_udp(g, g + 1) ? 2 : 1, i;

	if (g->boxes && g->n < BOXES_LEAST && !g->few.failed)
		close_few(r->b, g);
	else
		group_compile(r->b, g);
	for (i = 0; i < n; i++)
		group_free(&g[i]);
	r->n -= n;
	memmove(g, g + n, r->n * sizeof(*g));
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
		  enum chain_dir dir, bool past_nat, bool boxes)
{
	struct part p = {.policy = policy, .past_nat = past_nat};
	struct run run;
	const struct listed_rule *l;

	run.b = b;
	run.boxes = boxes;
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
