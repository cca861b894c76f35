#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "../rule/addr.h"

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

void network_init(struct network *n, const char *bridge)
{
	*n = (struct network){.icc = true, .masquerade = true};
	memcpy(n->bridge, bridge, strnlen(bridge, sizeof(n->bridge) - 1));
	/* Swarm's leads out, and nowhere else. */
	n->icc = strcmp(bridge, "docker_gwbridge") != 0;
}

bool network_add_subnet(struct network *n, const struct subnet *s)
{
	struct subnet net = *s;
	size_t i;

	for (i = s->bits; i < sizeof(net.bytes) * 8; i++)
		net.bytes[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	for (i = 0; i < n->nsubnets; i++)
		if (!memcmp(&n->subnets[i], &net, sizeof(net)))
			return true;
	if (n->nsubnets == SUBNETS_MAX)
		return false;
	n->subnets[n->nsubnets++] = net;
	return true;
}

bool bridge_name_ok(const char *name)
{
	const char *s = name;

	while (*s > ' ' && *s < 0x7f && !strchr("/*+\"\\:", *s))
		s++;
	return s > name && !*s && s - name < 16 && strcmp(name, "lo") != 0 &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int subnet_parse(struct subnet *out, const char *text, struct err *e)
{
	enum family family;
	struct net net;

	if (net_parse(&net, &family, text, e))
		return -1;
	*out = (struct subnet){.bits = net.len, .six = family == FAMILY_6};
	memcpy(out->bytes, net.bytes, sizeof(out->bytes));
	return 0;
}

struct network *networks_find(const struct networks *n, const char *bridge)
{
	size_t i;

	for (i = 0; i < n->nnetworks; i++)
		if (!strcmp(n->networks[i].bridge, bridge))
			return &n->networks[i];
	return NULL;
}

/* Two arrays of n things; they are all 0 where nothing is. */
static bool same(const void *a, const void *b, size_t n, size_t size)
{
	return !n || !memcmp(a, b, n * size);
}

bool networks_same(const struct networks *a, const struct networks *b)
{
	return a->nnetworks == b->nnetworks && a->nports == b->nports &&
	       same(a->networks, b->networks, a->nnetworks,
		    sizeof(*a->networks)) &&
	       same(a->ports, b->ports, a->nports, sizeof(*a->ports));
}
