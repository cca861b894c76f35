#include "known.h"

#include "discover.h"
#include "engine.h"

static int no_memory(struct err *e)
{
	return err_set(e, "out of memory");
}

static int add_all(struct networks *to, const struct networks *from,
		   struct err *e)
{
	struct network *net;
	size_t i;

	for (i = 0; i < from->nnetworks; i++) {
		net = networks_add(to);
		if (!net)
			return no_memory(e);
		*net = from->networks[i];
	}
	return 0;
}

/* The interfaces, with what was told of them. */
static int add_interfaces(struct networks *to, struct known *k, struct err *e)
{
	const struct network *told;
	size_t i;

	if (discover(to, &k->settings, e))
		return -1;
	for (i = 0; i < to->nnetworks; i++) {
		told = networks_find(&k->told, to->networks[i].bridge);
		if (told)
			to->networks[i] = *told;
	}
	return 0;
}

static int add_ports(struct networks *to, const struct networks *from,
		     struct err *e)
{
	struct published *port;
	size_t i;

	for (i = 0; i < from->nports; i++) {
		if (!networks_find(to, from->ports[i].bridge))
			continue;
		port = networks_add_port(to);
		if (!port)
			return no_memory(e);
		*port = from->ports[i];
	}
	return 0;
}

/* 0, or -1: a network by hand stays without. */
static int add_subnets(struct networks *n, bool by_hand, struct err *e)
{
	struct network *net = n->networks;

	for (; net < n->networks + n->nnetworks; net++) {
		if (!net->nsubnets && discover_subnets(net, e))
			return -1;
		if (!net->nsubnets && by_hand)
			return err_set(e, "bridge '%s' has no address: give "
				       "its subnet with -s", net->bridge);
	}
	return 0;
}

/* Without iptables the engine masquerades nothing of its default network, and
 * says so: what it was told to do is in its settings. */
static void take_settings(struct known *k)
{
	struct network *net = networks_find(&k->told, k->settings.bridge);

	if (!net)
		return;
	net->icc = k->settings.icc;
	net->masquerade = k->settings.masquerade;
}

static int read_all(struct known *k, bool ask, struct networks *out,
		    struct err *e)
{
	bool by_hand = k->by_hand.nnetworks;
	struct networks told;
	int answered = 0, status;

	if (docker_settings(&k->settings, k->file, k->standard, e))
		return -1;
	if (ask)
		answered = engine_read(k->socket, &told, e);
	if (answered < 0)
		return -1;
	if (answered) {
		networks_free(&k->told);
		k->told = told;
		take_settings(k);
	}
	if (by_hand)
		status = add_all(out, &k->by_hand, e);
	else if (answered)
		status = add_all(out, &k->told, e);
	else
		status = add_interfaces(out, k, e);
	return status || add_ports(out, &k->told, e) ||
	       add_subnets(out, by_hand, e) ? -1 : 0;
}

int known_read(struct known *k, bool ask, struct networks *out, struct err *e)
{
	*out = (struct networks){0};
	if (!read_all(k, ask, out, e))
		return 0;
	networks_free(out);
	return -1;
}

void known_free(struct known *k)
{
	networks_free(&k->by_hand);
	networks_free(&k->told);
}
