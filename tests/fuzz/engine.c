/* Two whole answers of Docker's engine, of its networks and its
 * containers, with a byte of 1 between them.  Properties: what is refused is
 * refused with a reason; what is taken has names that may go into a rule, and
 * addresses and ports that are some. */
#include "fuzz.h"

#include <string.h>

#include "core/docker/engine.h"

static void check_subnet(const struct subnet *s, bool host)
{
	unsigned most = s->six ? 128 : 32, i;

	demand(s->bits <= most && (!host || s->bits == most));
	for (i = s->bits; i < 128; i++)
		demand(!(s->bytes[i / 8] & 0x80 >> i % 8));
}

static void check_bridge(const char bridge[16])
{
	size_t i;

	demand(memchr(bridge, 0, 16) && *bridge);
	for (i = 0; i < strlen(bridge); i++)
		demand((unsigned char)bridge[i] > ' ' && bridge[i] != '/' &&
		       bridge[i] != '"' && bridge[i] != '*');
}

static void check(const struct networks *n)
{
	size_t i, k;

	for (i = 0; i < n->nnetworks; i++) {
		const struct network *net = &n->networks[i];

		check_bridge(net->bridge);
		demand(memchr(net->name, 0, sizeof(net->name)));
		demand(net->nsubnets <= SUBNETS_MAX && net->mode[0] <= 3 &&
		       net->mode[1] <= 3);
		for (k = 0; k < net->nsubnets; k++)
			check_subnet(&net->subnets[k], false);
		check_subnet(&net->host_binding, net->host_binding.bits);
		demand(!i || net[-1].created >= net->created);
		demand(networks_find(n, net->bridge) == net);
	}
	for (i = 0; i < n->nports; i++) {
		const struct published *p = &n->ports[i];

		demand(networks_find(n, p->bridge));
		check_subnet(&p->container, true);
		if (!p->port) { /* the container's address alone */
			demand(!p->host_port && !p->host.bits && !p->proto);
			continue;
		}
		demand(p->proto && p->container.six == p->host.six);
		check_subnet(&p->host, true);
	}
}

static int take(int question, const uint8_t *data, size_t size,
		struct networks *n)
{
	struct buf answer = {0};
	struct err e = {0};
	int status;

	buf_add(&answer, data, size);
	status = engine_take(question, &answer, n, &e);
	demand(!status || *e.text);
	buf_free(&answer);
	return status;
}

void fuzz_engine(const uint8_t *data, size_t size)
{
	const uint8_t *between = size ? memchr(data, 1, size) : NULL;
	size_t first = between ? (size_t)(between - data) : size;
	struct networks n = {0};

	if (!take(ENGINE_NETWORKS, data, first, &n)) {
		check(&n);
		if (between && !take(ENGINE_CONTAINERS, between + 1,
				     size - first - 1, &n))
			check(&n);
	}
	networks_free(&n);
}
