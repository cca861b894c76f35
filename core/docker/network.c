#include "network.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more behind n things of that size, all 0. */
static void *one_more(void **things, size_t *n, size_t size)
{
	char *more = *things;

	/* Full at each power of two. */
	if (!(*n & (*n - 1)))
		more = realloc(more, (*n ? *n * 2 : 1) * size);
	if (!more)
		return NULL;
	*things = more;
	return memset(more + (*n)++ * size, 0, size);
}

struct network *networks_add(struct networks *n)
{
	void *things = n->networks;
	struct network *added = one_more(&things, &n->nnetworks,
					 sizeof(*added));

	n->networks = things;
	return added;
}

struct published *networks_add_port(struct networks *n)
{
	void *things = n->ports;
	struct published *added = one_more(&things, &n->nports,
					   sizeof(*added));

	n->ports = things;
	return added;
}

void networks_free(struct networks *n)
{
	free(n->networks);
	free(n->ports);
	*n = (struct networks){0};
}

struct network *networks_find(const struct networks *n, const char *bridge)
{
	size_t i;

	for (i = 0; i < n->nnetworks; i++)
		if (!strcmp(n->networks[i].bridge, bridge))
			return &n->networks[i];
	return NULL;
}

/* They are all 0 where nothing is, also between their members. */
bool networks_same(const struct networks *a, const struct networks *b)
{
	return a->nnetworks == b->nnetworks && a->nports == b->nports &&
	       (!a->nnetworks || !memcmp(a->networks, b->networks,
					 a->nnetworks * sizeof(*a->networks))) &&
	       (!a->nports || !memcmp(a->ports, b->ports,
				      a->nports * sizeof(*a->ports)));
}
