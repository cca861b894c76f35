/* What the kernel tells of routes, interfaces, addresses and sockets: the
 * first byte says who listens, the rest is what they hear. */
#include "fuzz.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "core/docker/discover.h"
#include "core/link/listening.h"
#include "core/link/route.h"

/* The source itself: what hears of changes is no function of its own. */
#define recv kernel_recv
#define watch watch_again
#include "core/docker/watch.c"
#undef recv

static void check_bridge(const struct network *net)
{
	size_t i;

	demand(memchr(net->bridge, '\0', sizeof(net->bridge)) &&
	       bridge_name_ok(net->bridge) && net->nsubnets <= SUBNETS_MAX);
	for (i = 0; i < net->nsubnets; i++)
		demand(net->subnets[i].bits <= (net->subnets[i].six ? 128
								    : 32));
}

static void hear_networks(void)
{
	static const struct docker_settings s = {.bridge = "docker0"};
	struct networks n = {0};
	struct err e = {0};
	size_t i;

	if (discover(&n, &s, &e))
		demand(*e.text);
	for (i = 0; i < n.nnetworks; i++)
		check_bridge(&n.networks[i]);
	networks_free(&n);
}

static void hear_subnets(void)
{
	struct network net;
	struct err e = {0};

	network_init(&net, "br0");
	if (discover_subnets(&net, &e))
		demand(*e.text);
	check_bridge(&net);
}

static void hear_route(bool six)
{
	static const uint8_t addr[16] = {192, 0, 2, 1};
	struct route r;

	if (route_find(six, addr, &r))
		demand(*r.iface && memchr(r.iface, '\0', sizeof(r.iface)));
}

static void sum(const struct listening *l, void *ctx)
{
	size_t i;

	*(unsigned *)ctx += l->port + l->inode;
	for (i = 0; i < (l->ipv6 ? 16 : 4); i++)
		*(unsigned *)ctx += l->address[i];
}

static void hear_listeners(bool six)
{
	unsigned all = 0;

	listening_ask(six, sum, &all);
}

static void hear_changes(int source)
{
	static const struct watch w = {.tables = "fwbox\0filter\0nat\0"};
	struct loop l = {.w = &w, .due = NEVER};
	struct err e;

	demand(!link_open(&l.link, &e));
	take_messages(&l, source);
	demand(l.due == NEVER || l.due <= clock_ms() + SETTLE);
	link_close(&l.link);
}

void fuzz_rtnetlink(const uint8_t *data, size_t size)
{
	if (!size)
		return;
	kernel_says(data + 1, size - 1);
	switch (*data % 8) {
	case 0:
		hear_networks();
		break;
	case 1:
		hear_subnets();
		break;
	case 2:
	case 3:
		hear_route(*data & 1);
		break;
	case 4:
	case 5:
		hear_listeners(*data & 1);
		break;
	default:
		hear_changes(*data & 1 ? LINKS : RULES);
	}
	kernel_says(NULL, 0);
}
