#include "discover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "../wire/attrs.h"

enum { RECV_BYTES = 32768, TRIES = 16, BRIDGES_MAX = 4096 };

struct found {
	uint32_t index;
	struct network network;
};

struct discovery {
	const char *extra; /* a bridge of that name too */
	bool docker;       /* those that are named as Docker names them */
	struct found *found;
	size_t n;
	bool failed, full; /* no memory; too many subnets */
	const char *name;  /* of the interface at hand */
	const uint8_t *addr;
	size_t addr_len;
};

/* br- and 12 hex digits are the networks that users make. */
static bool is_dockers(const char *name)
{
	return !strcmp(name, DOCKER_BRIDGE) ||
	       !strcmp(name, "docker_gwbridge") ||
	       (!strncmp(name, "br-", 3) && strlen(name) == 15 &&
		strspn(name + 3, "0123456789abcdef") == 12);
}

static int link_attr(const struct nlattr *a, void *ctx)
{
	struct discovery *d = ctx;

	if (mnl_attr_get_type(a) == IFLA_IFNAME &&
	    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
		d->name = mnl_attr_get_str(a);
	return MNL_CB_OK;
}

static void read_link(struct discovery *d, const struct nlmsghdr *head)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(head);
	struct found *f;

	d->name = "";
	mnl_attr_parse(head, sizeof(*info), link_attr, d);
	if (!(d->docker && is_dockers(d->name)) && strcmp(d->name, d->extra))
		return;
	if (!bridge_name_ok(d->name))
		return;
	f = d->n < BRIDGES_MAX ? realloc(d->found, (d->n + 1) * sizeof(*f))
			       : NULL;
	if (!f) {
		d->failed = true;
		return;
	}
	d->found = f;
	f += d->n++;
	*f = (struct found){.index = (uint32_t)info->ifi_index};
	network_init(&f->network, d->name);
}

static int addr_attr(const struct nlattr *a, void *ctx)
{
	struct discovery *d = ctx;

	if (mnl_attr_get_type(a) == IFA_ADDRESS) {
		d->addr = mnl_attr_get_payload(a);
		d->addr_len = mnl_attr_get_payload_len(a);
	}
	return MNL_CB_OK;
}

static void read_addr(struct discovery *d, const struct nlmsghdr *head)
{
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(head);
	struct subnet s = {.six = info->ifa_family == AF_INET6,
			   .bits = info->ifa_prefixlen};
	size_t i, len = s.six ? 16 : 4;

	d->addr = NULL;
	mnl_attr_parse(head, sizeof(*info), addr_attr, d);
	if (!d->addr || d->addr_len != len || s.bits > len * 8 ||
	    info->ifa_scope == RT_SCOPE_LINK)
		return;
	memcpy(s.bytes, d->addr, len);
	for (i = 0; i < d->n; i++)
		if (d->found[i].index == info->ifa_index)
			d->full |= !network_add_subnet(&d->found[i].network,
						       &s);
}

/* 1: interrupted, ask again. */
static int dump(struct mnl_socket *s, uint16_t type, struct discovery *d)
{
	_Alignas(struct nlmsghdr) char bytes[RECV_BYTES];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	bool interrupted = false;
	size_t least = type == RTM_GETLINK ? sizeof(struct ifinfomsg)
					   : sizeof(struct ifaddrmsg);
	int left;

	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(head, least);
	if (mnl_socket_sendto(s, head, head->nlmsg_len) < 0)
		return -1;
	while ((left = (int)mnl_socket_recvfrom(s, bytes, sizeof(bytes))) > 0)
		for (head = (void *)bytes; message_ok(head, left);
		     head = mnl_nlmsg_next(head, &left)) {
			interrupted |= head->nlmsg_flags & NLM_F_DUMP_INTR;
			if (head->nlmsg_type == NLMSG_DONE) {
				errno = message_end(head);
				return errno ? -1 : interrupted;
			}
			if (mnl_nlmsg_get_payload_len(head) < least)
				continue;
			if (head->nlmsg_type == RTM_NEWLINK)
				read_link(d, head);
			if (head->nlmsg_type == RTM_NEWADDR)
				read_addr(d, head);
		}
	return -1;
}

static int ask(struct discovery *d, struct err *e)
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC |
						SOCK_NONBLOCK);
	int tries = 0, status = s ? 1 : -1;

	while (status == 1 && tries++ < TRIES) {
		d->n = 0;
		status = dump(s, RTM_GETLINK, d);
		if (!status && d->n)
			status = dump(s, RTM_GETADDR, d);
	}
	if (status)
		err_sys(e, "cannot read the interfaces");
	if (s)
		mnl_socket_close(s);
	if (d->failed)
		status = err_set(e, "out of memory");
	if (d->full)
		status = err_set(e, "a bridge has more than %d networks",
				 SUBNETS_MAX);
	return status ? -1 : 0;
}

/* The default network, as dockerd will make it if it is not there yet. */
static int add_default(struct networks *n, const struct docker_settings *s)
{
	static const struct subnet usual = {{172, 17}, 16, false};
	struct network *net = networks_find(n, s->bridge);
	int i;

	if (!net) {
		net = networks_add(n);
		if (!net)
			return -1;
		network_init(net, s->bridge);
	}
	if (!net->nsubnets) {
		for (i = 0; i < 2; i++)
			if (s->bip[i].bits)
				network_add_subnet(net, &s->bip[i]);
		if (!s->bip[0].bits)
			network_add_subnet(net, &usual);
	}
	net->icc = s->icc;
	net->masquerade = s->masquerade;
	return 0;
}

int discover(struct networks *n, const struct docker_settings *s,
	     struct err *e)
{
	struct discovery d = {.extra = s->bridge, .docker = true};
	int status = ask(&d, e);
	struct network *net;

	while (!status && d.n--) {
		net = networks_add(n);
		if (net)
			*net = d.found[d.n].network;
		else
			status = err_set(e, "out of memory");
	}
	free(d.found);
	if (!status && s->bridge[0] && add_default(n, s))
		status = err_set(e, "out of memory");
	return status;
}

int discover_subnets(struct network *n, struct err *e)
{
	struct discovery d = {.extra = n->bridge};
	int status = ask(&d, e);

	if (!status && d.n) {
		n->nsubnets = d.found->network.nsubnets;
		memcpy(n->subnets, d.found->network.subnets,
		       sizeof(n->subnets));
	}
	free(d.found);
	return status;
}
