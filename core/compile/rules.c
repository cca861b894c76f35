#include "rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>

#include "../rule/expand.h"
#include "intervals.h"

/* A rule's ports as a set; it lives until the rule is emitted. */
struct port_set {
	struct set set;
	uint16_t keys[2 * RULE_PORTS]; /* network byte order */
};

static const enum field port_fields[2][3] = {
	{F_TH_SPORT, F_TCP_SPORT, F_UDP_SPORT},
	{F_TH_DPORT, F_TCP_DPORT, F_UDP_DPORT},
};

/* Which field holds the port, under a protocol known or not. */
static enum field port_field(bool dst, uint8_t proto, bool past_nat)
{
	if (dst && past_nat)
		return F_CT_DPORT;
	return port_fields[dst][proto == IPPROTO_TCP   ? 1
				: proto == IPPROTO_UDP ? 2 : 0];
}

/* Single ports make a plain set, with a range among them an interval set. */
static void match_ports(struct build *b, const struct ports *p, enum field f,
			struct port_set *ps)
{
	bool ranges = false;
	size_t i;

	if (p->n == 1) {
		build_port_range(b, f, p->range[0].lo, p->range[0].hi);
		return;
	}
	for (i = 0; i < p->n; i++)
		ranges |= p->range[i].lo != p->range[i].hi;
	for (i = 0; i < p->n; i++) {
		ps->keys[ranges ? 2 * i : i] = htons(p->range[i].lo);
		if (ranges)
			ps->keys[2 * i + 1] = htons(p->range[i].hi);
	}
	ps->set = (struct set){
		.flags = ranges ? SET_INTERVAL : 0, .nfields = 1,
		.fields = {f}, .n = p->n, .keys = (const uint8_t *)ps->keys,
	};
	if (ranges)
		ps->set.n = intervals_merge((uint8_t *)ps->keys, p->n, 2);
	if (p->n)
		build_lookup(b, &ps->set);
}

static void match_net(struct build *b, const struct rule *r,
		      const struct net *net, enum field f4, enum field f6)
{
	if (net->len)
		build_prefix(b, r->family == FAMILY_4 ? f4 : f6, net->bytes,
			     net->len);
}

static void match_addresses(struct build *b, const struct rule *r,
			    bool past_nat)
{
	if (r->family != FAMILY_ANY && !r->src.net.len &&
	    (past_nat || !r->dst.net.len))
		build_u8(b, F_NFPROTO, r->family == FAMILY_4 ? NFPROTO_IPV4
							     : NFPROTO_IPV6);
	match_net(b, r, &r->src.net, F_IP_SADDR, F_IP6_SADDR);
	if (past_nat)
		match_net(b, r, &r->dst.net, F_CT_DADDR4, F_CT_DADDR6);
	else
		match_net(b, r, &r->dst.net, F_IP_DADDR, F_IP6_DADDR);
}

/* A port's field often tells the protocol with it. */
static void match_protocol(struct build *b, const struct match *m,
			   bool past_nat)
{
	static const uint8_t both[] = {IPPROTO_TCP, IPPROTO_UDP};
	static const struct set tcp_udp = {
		.nfields = 1, .fields = {F_L4PROTO}, .n = 2, .keys = both,
	};

	if (!m->proto && (m->sport.n || m->dport.n))
		build_lookup(b, &tcp_udp);
	else if (m->proto && !m->sport.n && (!m->dport.n || past_nat))
		build_u8(b, F_L4PROTO, m->proto);
}

static int end(struct build *b, enum action action, uint8_t proto,
	       struct err *e)
{
	if (action == ACT_REJECT)
		return build_reject(b, proto, e);
	return build_verdict(b, action == ACT_DENY ? V_DROP : V_ACCEPT, e);
}

static int compile_match(struct build *b, const struct rule *r,
			 const struct match *m, bool past_nat, struct err *e)
{
	struct port_set sport, dport;

	if (r->iif[0])
		build_iface(b, F_IIFNAME, r->iif, false);
	if (r->oif[0])
		build_iface(b, F_OIFNAME, r->oif, false);
	match_addresses(b, r, past_nat);
	match_protocol(b, m, past_nat);
	match_ports(b, &m->sport, port_field(false, m->proto, false), &sport);
	match_ports(b, &m->dport, port_field(true, m->proto, past_nat),
		    &dport);
	return end(b, r->action, m->proto, e);
}

int rules_compile(struct build *b, const struct rule *r, bool past_nat,
		  struct err *e)
{
	struct expansion x = expand_start(r);
	struct match m;

	while (expand_next(&x, &m))
		if (compile_match(b, r, &m, past_nat, e))
			return -1;
	return 0;
}
