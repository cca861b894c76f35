#include "shadow.h"

#include <string.h>

#include "../rule/addr.h"
#include "../rule/expand.h"

/* Each of these: does a hold for every packet that b holds for? */

static bool iface_covers(const char *a, const char *b)
{
	size_t len = strlen(a);

	/* A prefix is that of a longer one, too. */
	return !len || (a[len - 1] == '+' ? *b && !strncmp(a, b, len - 1)
					  : !strcmp(a, b));
}

static bool side_covers(const struct side *a, const struct side *b)
{
	if (a->file)
		return b->file && !strcmp(a->file, b->file);
	return !a->net.len || (!b->file && a->net.len <= b->net.len &&
			       net_has(&a->net, b->net.bytes));
}

static bool ports_cover(const struct ports *a, const struct ports *b)
{
	size_t i, j;

	for (i = 0; a->n && i < b->n; i++) {
		for (j = 0; j < a->n; j++)
			if (a->range[j].lo <= b->range[i].lo &&
			    b->range[i].hi <= a->range[j].hi)
				break;
		if (j == a->n)
			return false;
	}
	return !a->n || b->n;
}

static bool match_covers(const struct match *a, const struct match *b)
{
	return (!a->proto || a->proto == b->proto) &&
	       ports_cover(&a->sport, &b->sport) &&
	       ports_cover(&a->dport, &b->dport);
}

static bool parts_cover(const struct rule *a, const struct rule *b)
{
	struct expansion of_b = expand_start(b), of_a;
	struct match x, y;
	bool found = true;

	while (found && expand_next(&of_b, &y)) {
		found = false;
		of_a = expand_start(a);
		while (!found && expand_next(&of_a, &x))
			found = match_covers(&x, &y);
	}
	return found;
}

static bool covers(const struct rule *a, const struct rule *b)
{
	return a->dir == b->dir && (!a->family || a->family == b->family) &&
	       side_covers(&a->src, &b->src) && side_covers(&a->dst, &b->dst) &&
	       iface_covers(a->iif, b->iif) && iface_covers(a->oif, b->oif) &&
	       parts_cover(a, b);
}

ptrdiff_t shadow_find(const struct policy *p, size_t i)
{
	const struct listed_rule *l = p->rules;
	size_t before;

	for (before = 0; before < i && p->n <= SHADOW_MOST; before++)
		if (covers(&l[before].rule, &l[i].rule))
			return (ptrdiff_t)before;
	return -1;
}
