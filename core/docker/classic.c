#include "classic.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>

#include "../compile/build.h"

enum {
	PRIORITY_RAW = -300, PRIORITY_DSTNAT = -100, PRIORITY_FILTER = 0,
	PRIORITY_SRCNAT = 100,
};

/* What a rule may need of all of it, of its network and of its port. */
enum {
	OLD = LAYOUT_20, NEW = LAYOUT_28,
	PUBLISH = 4,
	PROXY = 8, NO_PROXY = 16, /* serves the containers themselves */
	FOUR = 32, SIX = 64,
	OUTWARD = 128, INTERNAL = 256,
	ICC = 512, NO_ICC = 1024,
	MASQUERADE = 2048,
	/* By the mode: it has addresses of its own; all ports are open. */
	NAT = 4096, ROUTED = 8192, OPEN = 16384, CLOSED = 32768,
	/* It is a container's address; or a port, and one of the host. */
	ADDRESS = 1 << 16, PORT = 1 << 17, HOST = 1 << 18,
	LOOPBACK = 1 << 19, /* of 127.0.0.1 only */
};

/* In the order in which they can be made: each one after those that it calls,
 * the tables one after the other. */
enum {
	PORTS, STAGE2, STAGE1, CT, BRIDGE, DOCKERS_FORWARD, USER, FORWARD,
	DNAT, PREROUTING, OUTPUT, POSTROUTING, RAW, CHAINS
};

static const struct {
	const char *table, *name;
	uint8_t needs;
	struct base base;
} chains[CHAINS] = {
	[PORTS] = {"filter", "DOCKER", 0, {0}},
	[STAGE2] = {"filter", "DOCKER-ISOLATION-STAGE-2", 0, {0}},
	[STAGE1] = {"filter", "DOCKER-ISOLATION-STAGE-1", 0, {0}},
	[CT] = {"filter", "DOCKER-CT", NEW, {0}},
	[BRIDGE] = {"filter", "DOCKER-BRIDGE", NEW, {0}},
	[DOCKERS_FORWARD] = {"filter", "DOCKER-FORWARD", NEW, {0}},
	[USER] = {"filter", "DOCKER-USER", 0, {0}},
	[FORWARD] = {"filter", "FORWARD", 0,
		     {"filter", NF_INET_FORWARD, PRIORITY_FILTER, false}},
	[DNAT] = {"nat", "DOCKER", PUBLISH, {0}},
	[PREROUTING] = {"nat", "PREROUTING", PUBLISH,
			{"nat", NF_INET_PRE_ROUTING, PRIORITY_DSTNAT, false}},
	[OUTPUT] = {"nat", "OUTPUT", PUBLISH,
		    {"nat", NF_INET_LOCAL_OUT, PRIORITY_DSTNAT, false}},
	[POSTROUTING] = {"nat", "POSTROUTING", 0,
			 {"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT,
			  false}},
	[RAW] = {"raw", "PREROUTING", NEW,
		 {"filter", NF_INET_PRE_ROUTING, PRIORITY_RAW, false}},
};

/* What a rule is made for. */
enum {
	ONCE,
	NEWEST, OLDEST, /* the networks of the family, these first */
	ALL,            /* those of both families, the newest first */
	FORTH, BACK,    /* ports, and containers' addresses */
};

/* What a rule ends with, beside the verdicts that come first. */
enum { TO_MASQUERADE = V_JUMP, TO_CONTAINER, JUMP };

/* The rules: of what stands together all for one network or port, then all
 * for the next.  What a rule matches is a word of letters, see letter(). */
static const struct line {
	uint32_t needs;
	uint8_t chain, each;
	char match[5];
	uint8_t verdict;
} lines[] = {
	/* Inserted at the top, so that the last is the first. */
	{OLD | HOST | PUBLISH | NAT, PORTS, FORTH, "dIop", V_ACCEPT},
	{NEW | HOST | PUBLISH | NAT | CLOSED, PORTS, BACK, "dIop",
	 V_ACCEPT},
	{NEW | PORT | ROUTED, PORTS, BACK, "dIop", V_ACCEPT},
	{NEW | ROUTED, PORTS, OLDEST, "om", V_ACCEPT},
	{NEW | CLOSED, PORTS, OLDEST, "Io", V_DROP},
	{NEW | OPEN, PORTS, OLDEST, "Io", V_ACCEPT},

	{OLD | OUTWARD, STAGE2, ALL, "o", V_DROP},
	{OLD, STAGE2, ONCE, "", V_RETURN},
	{NEW | OUTWARD, STAGE2, NEWEST, "o", V_DROP},

	{OLD | OUTWARD, STAGE1, ALL, "iO", JUMP + STAGE2},
	{OLD | INTERNAL, STAGE1, ALL, "oS", V_DROP},
	{OLD | INTERNAL, STAGE1, ALL, "iD", V_DROP},
	{OLD, STAGE1, ONCE, "", V_RETURN},
	{NEW | FOUR | INTERNAL, STAGE1, NEWEST, "oS", V_DROP},
	{NEW | FOUR | INTERNAL, STAGE1, NEWEST, "iD", V_DROP},
	{NEW | SIX | INTERNAL, STAGE1, NEWEST, "IoS", V_DROP},
	{NEW | SIX | INTERNAL, STAGE1, NEWEST, "iOD", V_DROP},
	{NEW | ROUTED, STAGE1, NEWEST, "iK", V_ACCEPT},
	{NEW | ROUTED, STAGE1, NEWEST, "o", V_RETURN},
	{NEW | OUTWARD, STAGE1, OLDEST, "iO", JUMP + STAGE2},

	{NEW | OUTWARD, CT, OLDEST, "oK", V_ACCEPT},
	{NEW | OUTWARD, BRIDGE, OLDEST, "o", JUMP + PORTS},

	{NEW, DOCKERS_FORWARD, ONCE, "", JUMP + CT},
	{NEW, DOCKERS_FORWARD, ONCE, "", JUMP + STAGE1},
	{NEW, DOCKERS_FORWARD, ONCE, "", JUMP + BRIDGE},
	{NEW | OUTWARD | ICC, DOCKERS_FORWARD, OLDEST, "i", V_ACCEPT},
	{NEW | INTERNAL | ICC, DOCKERS_FORWARD, OLDEST, "io", V_ACCEPT},
	{NEW | NO_ICC, DOCKERS_FORWARD, OLDEST, "io", V_DROP},
	{NEW | OUTWARD | NO_ICC, DOCKERS_FORWARD, OLDEST, "iO", V_ACCEPT},

	{OLD, USER, ONCE, "", V_RETURN},

	{0, FORWARD, ONCE, "", JUMP + USER},
	{OLD, FORWARD, ONCE, "", JUMP + STAGE1},
	{NEW, FORWARD, ONCE, "", JUMP + DOCKERS_FORWARD},
	{OLD | OUTWARD, FORWARD, NEWEST, "oK", V_ACCEPT},
	{OLD | OUTWARD, FORWARD, NEWEST, "o", JUMP + PORTS},
	{OLD | OUTWARD, FORWARD, NEWEST, "iO", V_ACCEPT},
	{OLD | ICC, FORWARD, NEWEST, "io", V_ACCEPT},
	/* These the engine puts behind the others. */
	{OLD | NO_ICC, FORWARD, OLDEST, "io", V_DROP},

	{PROXY | MASQUERADE, DNAT, NEWEST, "i", V_RETURN},
	{PROXY | HOST | NAT, DNAT, FORTH, "fhIP", TO_CONTAINER},
	{NO_PROXY | HOST | NAT, DNAT, FORTH, "fhP", TO_CONTAINER},
	{0, PREROUTING, ONCE, "l", JUMP + DNAT},
	{PROXY, OUTPUT, ONCE, "nl", JUMP + DNAT},
	{NO_PROXY, OUTPUT, ONCE, "l", JUMP + DNAT},
	{NO_PROXY | PUBLISH | OUTWARD, POSTROUTING, NEWEST, "oL",
	 TO_MASQUERADE},
	{MASQUERADE | NAT, POSTROUTING, NEWEST, "Os", TO_MASQUERADE},
	{OLD | HOST | PUBLISH | NAT, POSTROUTING, FORTH, "sdp", TO_MASQUERADE},
	{NEW | NO_PROXY | HOST | PUBLISH | NAT,
	 POSTROUTING, FORTH, "sdp", TO_MASQUERADE},

	{NEW | ADDRESS | NAT | CLOSED, RAW, FORTH, "dI", V_DROP},
	{NEW | HOST | LOOPBACK, RAW, FORTH, "hxP", V_DROP},
	{0, CHAINS, 0, "", 0},
};

/* What a line is being written out for. */
struct classic {
	struct build b;
	const struct networks *all;
	uint32_t has; /* whatever the network */
	bool six;
	const struct network *net;
	const struct subnet *subnet; /* the network's, or the container */
	const struct published *port; /* all 0 where there is none */
};

/* iptables' own matches and targets, as it writes them. */
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

static void known(struct classic *c)
{
	/* -m conntrack --ctstate RELATED,ESTABLISHED */
	static const struct xt_conntrack_mtinfo3 info = {
		.match_flags = XT_CONNTRACK_STATE,
		.state_mask = CT_ESTABLISHED | CT_RELATED,
	};

	match(c, "conntrack", 3, &info, sizeof(info));
}

/* -m addrtype --dst-type LOCAL, or --src-type */
static void local(struct classic *c, bool source)
{
	static const struct xt_addrtype_info_v1 infos[] = {
		{.dest = XT_ADDRTYPE_LOCAL}, {.source = XT_ADDRTYPE_LOCAL},
	};

	match(c, "addrtype", 1, &infos[source], sizeof(infos[0]));
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

static void dnat(struct classic *c)
{
	struct nf_nat_range2 to = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
	};

	memcpy(&to.min_addr, c->port->container.bytes, sizeof(to.min_addr));
	to.max_addr = to.min_addr;
	to.min_proto.all = to.max_proto.all = htons(c->port->port);
	target(c, "DNAT", 2, &to, sizeof(to));
}

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

/* A capital is the negation of the small letter, or its other kind. */
static void letter(struct classic *c, char l)
{
	static const struct subnet loopback[] = {
		{{127}, 8, false},
		{{[15] = 1}, 128, true},
	}, link_local = {{0xfe, 0x80}, 10, true};
	static const char lo[16] = "lo";
	static const uint8_t any[16];
	char small = (char)(l | 0x20);
	bool capital = l != small;

	switch (small) {
	case 'i': /* -i and -o of the network's bridge */
	case 'o':
		build_match(&c->b, small == 'i' ? F_IIFNAME : F_OIFNAME,
			    c->net->bridge)->negate = capital;
		break;
	case 's': /* -s and -d of its subnet, or of the container */
	case 'd':
		prefix(c, small == 's', c->subnet, capital);
		break;
	case 'p': /* the port, or the host's */
		build_u8(&c->b, F_L4PROTO, c->port->proto);
		build_port(&c->b, F_TH_DPORT, capital ? c->port->host_port
						      : c->port->port);
		break;
	case 'h': /* the host's address */
		if (memcmp(c->port->host.bytes, any, sizeof(any)))
			prefix(c, false, &c->port->host, false);
		break;
	case 'l': /* to one of its addresses, or from one */
		local(c, capital);
		break;
	case 'k':
		known(c);
		break;
	case 'm':
		build_u8(&c->b, F_L4PROTO, c->six ? IPPROTO_ICMPV6
						  : IPPROTO_ICMP);
		break;
	case 'n':
		prefix(c, false, &loopback[c->six], true);
		break;
	case 'x':
		build_match(&c->b, F_IIFNAME, lo)->negate = true;
		break;
	default: /* f: not from the link, which 28 and IPv6 leave out */
		if (c->six && c->has & NEW)
			prefix(c, true, &link_local, true);
	}
}

static void rule(struct classic *c, const struct line *l)
{
	const char *s;

	for (s = l->match; *s; s++)
		letter(c, *s);
	if (l->verdict >= JUMP) {
		build_jump(&c->b, chains[l->verdict - JUMP].name);
	} else if (l->verdict < TO_MASQUERADE) {
		build_verdict(&c->b, (enum verdict_code)l->verdict);
	} else {
		(l->verdict == TO_CONTAINER ? dnat : masquerade)(c);
	}
}

static bool of_family(const struct classic *c, const struct network *n)
{
	size_t i;

	for (i = 0; i < n->nsubnets; i++)
		if (n->subnets[i].six == c->six)
			return true;
	return !c->six && !n->nsubnets;
}

/* What there is for a rule of that network, and port. */
static uint32_t has(const struct classic *c)
{
	static const uint16_t of_mode[] = {
		[MODE_NAT] = NAT | CLOSED, [MODE_NAT_UNPROTECTED] = NAT | OPEN,
		[MODE_ROUTED] = ROUTED | CLOSED, [MODE_ISOLATED] = CLOSED,
	};
	const struct network *n = c->net;
	uint32_t bits = c->has | (n->icc ? ICC : NO_ICC);

	if (n->internal)
		return bits | INTERNAL;
	bits |= OUTWARD | of_mode[n->mode[c->six]];
	if (n->masquerade)
		bits |= MASQUERADE;
	bits |= c->port->port ? PORT : ADDRESS;
	if (c->port->host_port)
		bits |= HOST;
	if (!c->six && c->port->host.bytes[0] == 127)
		bits |= LOOPBACK;
	return bits;
}

/* The line for a network, or port, if it is for that one. */
static void line(struct classic *c, const struct line *l)
{
	const struct network *n = c->net;
	size_t i;

	if (l->needs & ~has(c))
		return;
	c->subnet = &c->port->container;
	if (l->each >= FORTH || !strpbrk(l->match, "sSdD")) {
		rule(c, l);
		return;
	}
	for (i = 0; i < n->nsubnets; i++) {
		c->subnet = &n->subnets[i];
		if (c->subnet->six == c->six)
			rule(c, l);
	}
}

/* Lines that stand together, from one on, for all that they are for. */
static void group(struct classic *c, const struct line *first,
		  const struct line *end)
{
	static const struct published none;
	uint8_t each = first->each;
	bool ports = each >= FORTH;
	size_t n = each == ONCE ? 1 : ports ? c->all->nports
					    : c->all->nnetworks;
	const struct line *l;
	size_t i, at;

	for (i = 0; i < n; i++) {
		at = each == OLDEST || each == BACK ? n - 1 - i : i;
		c->port = &none;
		if (ports) {
			c->port = &c->all->ports[at];
			c->net = networks_find(c->all, c->port->bridge);
			if (!c->net || c->port->container.six != c->six)
				continue;
		} else if (each != ONCE) {
			c->net = &c->all->networks[at];
			if (each != ALL && !of_family(c, c->net))
				continue;
		}
		for (l = first; l < end; l++)
			if (each != ONCE)
				line(c, l);
			else if (!(l->needs & ~c->has))
				rule(c, l);
	}
}

int chains_iptables(const struct chains *ch, bool six, struct sink *s,
		    struct err *e)
{
	struct classic c = {.all = ch->networks, .six = six};
	const struct line *l = lines, *end;
	struct build *b = build_start(&c.b, s, e);
	size_t i;

	c.has = (uint32_t)ch->layouts | (six ? SIX : FOUR) |
		(ch->containers ? NO_PROXY : PROXY);
	if (ch->publish)
		c.has |= PUBLISH;
	b->family = six ? TABLE_IP6 : TABLE_IP;
	b->iptables = true;
	for (i = 0; i < CHAINS; i++) {
		bool made = !(chains[i].needs & ~c.has);

		if (made && (!i || strcmp(b->table, chains[i].table))) {
			b->table = chains[i].table;
			build_table(b);
		}
		if (made)
			build_keep_chain(b, chains[i].name,
					 chains[i].base.type ? &chains[i].base
							     : NULL);
		for (; l->chain == i; l = end) {
			for (end = l; end->chain == i && end->each == l->each;)
				end++;
			if (made)
				group(&c, l, end);
		}
	}
	return b->failed;
}

bool chains_six(const struct chains *ch)
{
	struct classic c = {.six = true};
	size_t i;

	for (i = 0; i < ch->networks->nnetworks; i++)
		if (of_family(&c, &ch->networks->networks[i]))
			return true;
	return false;
}
