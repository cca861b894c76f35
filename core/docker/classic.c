#include "classic.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>

#include "../compile/build.h"

enum { PRIORITY_DSTNAT = -100, PRIORITY_FILTER = 0, PRIORITY_SRCNAT = 100 };

#define USER "DOCKER-USER"
#define STAGE1 "DOCKER-ISOLATION-STAGE-1"
#define STAGE2 "DOCKER-ISOLATION-STAGE-2"
#define PORTS "DOCKER"

struct classic {
	struct build b;
	const struct networks *all;
	const struct network *first, *end;
	bool six, publish, containers;
};

static void match(struct classic *c, const char *name, uint8_t rev,
		  const void *info, uint16_t len)
{
	build_stmt(&c->b, S_XT_MATCH)->xt = (struct xt){name, rev, info, len};
}

static void target(struct classic *c, const char *name, uint8_t rev,
		   const void *info, uint16_t len)
{
	build_stmt(&c->b, S_COUNTER);
	build_stmt(&c->b, S_XT_TARGET)->xt = (struct xt){name, rev, info, len};
	build_emit(&c->b);
}

static void masquerade(struct classic *c)
{
	static const struct nf_nat_ipv4_multi_range_compat four = {
		.rangesize = 1,
	};
	static const struct nf_nat_range six;

	if (c->six)
		target(c, "MASQUERADE", 0, &six, sizeof(six));
	else
		target(c, "MASQUERADE", 0, &four, sizeof(four));
}

/* -i and -o; negated with !. */
static void iface(struct classic *c, enum field f, const struct network *n,
		  bool negate)
{
	build_match(&c->b, f, n->bridge)->negate = negate;
}

/* -s and -d. */
static void prefix(struct classic *c, bool source, const struct subnet *s,
		   bool negate)
{
	enum field f = source ? s->six ? F_IP6_SADDR : F_IP_SADDR
			      : s->six ? F_IP6_DADDR : F_IP_DADDR;
	struct comparison *m = build_match(&c->b, f, s->bytes);

	m->op = OP_PREFIX;
	m->bits = s->bits;
	m->negate = negate;
}

static void proto_and_port(struct classic *c, uint8_t proto, uint16_t port)
{
	build_u8(&c->b, F_L4PROTO, proto);
	build_port(&c->b, F_TH_DPORT, port);
}

/* The next network of the family behind n, or with NULL the first. */
static const struct network *next(const struct classic *c,
				  const struct network *n)
{
	size_t i;

	for (n = n ? n + 1 : c->first; n < c->end; n++) {
		if (!c->six && !n->nsubnets)
			return n;
		for (i = 0; i < n->nsubnets; i++)
			if (n->subnets[i].six == c->six)
				return n;
	}
	return NULL;
}

/* The same of its subnets. */
static const struct subnet *next_subnet(const struct classic *c,
					const struct network *n,
					const struct subnet *s)
{
	for (s = s ? s + 1 : n->subnets; s < n->subnets + n->nsubnets; s++)
		if (s->six == c->six)
			return s;
	return NULL;
}

static void isolation_chains(struct classic *c)
{
	const struct network *n;
	const struct subnet *s;
	struct build *b = &c->b;
	int source;

	/* For each family those of both. */
	build_keep_chain(b, STAGE2, NULL);
	for (n = c->first; n < c->end; n++)
		if (!n->internal) {
			iface(c, F_OIFNAME, n, false);
			build_verdict(b, V_DROP);
		}
	build_verdict(b, V_RETURN);
	build_keep_chain(b, STAGE1, NULL);
	for (n = c->first; n < c->end; n++) {
		if (!n->internal) {
			iface(c, F_IIFNAME, n, false);
			iface(c, F_OIFNAME, n, true);
			build_jump(b, STAGE2);
			continue;
		}
		for (s = NULL; (s = next_subnet(c, n, s));)
			for (source = 1; source >= 0; source--) {
				iface(c, source ? F_OIFNAME : F_IIFNAME, n,
				      false);
				prefix(c, source, s, true);
				build_verdict(b, V_DROP);
			}
	}
	build_verdict(b, V_RETURN);
}

static void forward_rules_of(struct classic *c, const struct network *n)
{
	/* iptables -m conntrack --ctstate RELATED,ESTABLISHED */
	static const struct xt_conntrack_mtinfo3 known = {
		.match_flags = XT_CONNTRACK_STATE,
		.state_mask = CT_ESTABLISHED | CT_RELATED,
	};
	struct build *b = &c->b;

	if (!n->internal) {
		iface(c, F_OIFNAME, n, false);
		match(c, "conntrack", 3, &known, sizeof(known));
		build_verdict(b, V_ACCEPT);
		iface(c, F_OIFNAME, n, false);
		build_jump(b, PORTS);
		iface(c, F_IIFNAME, n, false);
		iface(c, F_OIFNAME, n, true);
		build_verdict(b, V_ACCEPT);
	}
	if (n->icc) {
		iface(c, F_IIFNAME, n, false);
		iface(c, F_OIFNAME, n, false);
		build_verdict(b, V_ACCEPT);
	}
}

static void forward_chain(struct classic *c)
{
	static const struct base base = {
		"filter", NF_INET_FORWARD, PRIORITY_FILTER, false,
	};
	const struct network *n = NULL;
	struct build *b = &c->b;

	build_keep_chain(b, "FORWARD", &base);
	build_jump(b, USER);
	build_jump(b, STAGE1);
	while ((n = next(c, n)))
		forward_rules_of(c, n);
	/* These the engine puts behind the others. */
	for (n = c->end; n-- > c->first;)
		if (!n->icc && next(c, n == c->first ? NULL : n - 1) == n) {
			iface(c, F_IIFNAME, n, false);
			iface(c, F_OIFNAME, n, false);
			build_verdict(b, V_DROP);
		}
}

/* The network of a port that the engine would publish, or NULL. */
static const struct network *published(const struct classic *c,
				       const struct published *p)
{
	const struct network *n = networks_find(c->all, p->bridge);

	return p->host.six == c->six && p->container.six == c->six && n &&
	       !n->internal && n->mode[c->six] != MODE_ROUTED ? n : NULL;
}

static void accept_ports(struct classic *c)
{
	const struct published *p = c->all->ports;
	const struct network *n;

	build_keep_chain(&c->b, PORTS, NULL);
	for (; c->publish && p < c->all->ports + c->all->nports; p++) {
		n = published(c, p);
		if (!n)
			continue;
		prefix(c, false, &p->container, false);
		iface(c, F_IIFNAME, n, true);
		iface(c, F_OIFNAME, n, false);
		proto_and_port(c, p->proto, p->port);
		build_verdict(&c->b, V_ACCEPT);
	}
}

static void masquerade_chain(struct classic *c)
{
	static const struct base base = {
		"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT, false,
	};
	const struct published *p = c->all->ports;
	const struct network *n = NULL;
	const struct subnet *s;

	build_keep_chain(&c->b, "POSTROUTING", &base);
	while ((n = next(c, n))) {
		if (n->internal || !n->masquerade ||
		    n->mode[c->six] == MODE_ROUTED)
			continue;
		for (s = NULL; (s = next_subnet(c, n, s));) {
			iface(c, F_OIFNAME, n, true);
			prefix(c, true, s, false);
			masquerade(c);
		}
	}
	for (; c->publish && p < c->all->ports + c->all->nports; p++)
		if (published(c, p)) {
			prefix(c, true, &p->container, false);
			prefix(c, false, &p->container, false);
			proto_and_port(c, p->proto, p->port);
			masquerade(c);
		}
}

static void dnat_rule(struct classic *c, const struct published *p,
		      const struct network *n)
{
	struct nf_nat_range2 to = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
	};
	static const uint8_t any[16];

	if (memcmp(p->host.bytes, any, sizeof(any)))
		prefix(c, false, &p->host, false);
	if (!c->containers)
		iface(c, F_IIFNAME, n, true);
	proto_and_port(c, p->proto, p->host_port);
	memcpy(&to.min_addr, p->container.bytes, sizeof(to.min_addr));
	to.max_addr = to.min_addr;
	to.min_proto.all = to.max_proto.all = htons(p->port);
	target(c, "DNAT", 2, &to, sizeof(to));
}

static void local_to_ports(struct classic *c)
{
	static const struct xt_addrtype_info_v1 local = {
		.dest = XT_ADDRTYPE_LOCAL,
	};

	match(c, "addrtype", 1, &local, sizeof(local));
	build_jump(&c->b, PORTS);
}

static void publishing_chains(struct classic *c)
{
	static const struct base prerouting = {
		"nat", NF_INET_PRE_ROUTING, PRIORITY_DSTNAT, false,
	};
	static const struct base output = {
		"nat", NF_INET_LOCAL_OUT, PRIORITY_DSTNAT, false,
	};
	static const struct subnet loopback[] = {
		{{127}, 8, false},
		{{[15] = 1}, 128, true},
	};
	const struct published *p = c->all->ports;
	const struct network *n = NULL;

	build_keep_chain(&c->b, PORTS, NULL);
	while (!c->containers && (n = next(c, n)))
		if (!n->internal) {
			iface(c, F_IIFNAME, n, false);
			build_verdict(&c->b, V_RETURN);
		}
	for (; p < c->all->ports + c->all->nports; p++) {
		n = published(c, p);
		if (n)
			dnat_rule(c, p, n);
	}
	build_keep_chain(&c->b, "PREROUTING", &prerouting);
	local_to_ports(c);
	build_keep_chain(&c->b, "OUTPUT", &output);
	if (!c->containers)
		prefix(c, false, &loopback[c->six], true);
	local_to_ports(c);
}

int chains_iptables(const struct chains *chains, bool six, struct sink *s,
		    struct err *e)
{
	struct classic c = {
		.all = chains->networks, .six = six,
		.first = chains->networks->networks,
		.publish = chains->publish, .containers = chains->containers,
	};
	struct build *b = build_start(&c.b, s, e);

	c.end = c.first + c.all->nnetworks;
	b->family = six ? TABLE_IP6 : TABLE_IP;
	b->iptables = true;
	b->table = "filter";
	build_table(b);
	accept_ports(&c);
	isolation_chains(&c);
	build_keep_chain(b, USER, NULL);
	build_verdict(b, V_RETURN);
	forward_chain(&c);
	b->table = "nat";
	build_table(b);
	if (c.publish)
		publishing_chains(&c);
	masquerade_chain(&c);
	return b->failed;
}

bool chains_six(const struct chains *chains)
{
	struct classic c = {
		.six = true, .first = chains->networks->networks,
		.end = chains->networks->networks +
		       chains->networks->nnetworks,
	};

	return next(&c, NULL);
}
