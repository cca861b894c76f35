#include "rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <linux/netfilter.h>

#include "../base/intervals.h"
#include "../rule/expand.h"
#include "limit.h"
#include "logging.h"

/* What is being compiled: a rule, as one of its plain matches. */
struct part {
	const struct policy *policy;
	const struct rule *rule;
	const struct match *match;
	enum family family; /* FAMILY_ANY: both; an @FILE's set has one */
	bool past_nat;
};

/* Sets that a rule's statements point to, until it is emitted. */
struct sets {
	struct set sport, dport, saddr, daddr;
	uint16_t sport_keys[2 * RULE_PORTS], dport_keys[2 * RULE_PORTS];
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
			struct set *set, uint16_t *keys)
{
	bool ranges = false;
	size_t i;

	if (p->n == 1)
		build_port_range(b, f, p->range[0].lo, p->range[0].hi);
	if (p->n <= 1)
		return;
	for (i = 0; i < p->n; i++)
		ranges |= p->range[i].lo != p->range[i].hi;
	for (i = 0; i < p->n; i++) {
		keys[ranges ? 2 * i : i] = htons(p->range[i].lo);
		if (ranges)
			keys[2 * i + 1] = htons(p->range[i].hi);
	}
	*set = (struct set){
		.flags = ranges ? SET_INTERVAL : 0, .nfields = 1,
		.fields = {f}, .n = p->n, .keys = (const uint8_t *)keys,
	};
	if (ranges)
		set->n = intervals_merge((uint8_t *)keys, p->n, 2);
	build_lookup(b, set);
}

static void match_side(struct build *b, const struct part *p,
		       const struct side *side, enum field f4, enum field f6,
		       struct set *set)
{
	bool v4 = p->family == FAMILY_4;
	const struct netfile *file;

	if (side->net.len)
		build_prefix(b, v4 ? f4 : f6, side->net.bytes, side->net.len);
	if (!side->file)
		return;
	file = policy_netfile(p->policy, side->file);
	*set = (struct set){
		.flags = SET_INTERVAL, .nfields = 1, .fields = {v4 ? f4 : f6},
		.n = v4 ? file->n4 : file->n6,
		.keys = v4 ? file->keys4 : file->keys6,
	};
	build_lookup(b, set);
}

/* An address in the packet itself tells the family with it. */
static void match_addresses(struct build *b, const struct part *p,
			    struct sets *sets)
{
	const struct rule *r = p->rule;
	bool src = r->src.net.len || r->src.file;
	bool dst = r->dst.net.len || r->dst.file;

	if (p->family != FAMILY_ANY && !src && (p->past_nat || !dst))
		build_u8(b, F_NFPROTO, p->family == FAMILY_4 ? NFPROTO_IPV4
							     : NFPROTO_IPV6);
	match_side(b, p, &r->src, F_IP_SADDR, F_IP6_SADDR, &sets->saddr);
	if (p->past_nat)
		match_side(b, p, &r->dst, F_CT_DADDR4, F_CT_DADDR6,
			   &sets->daddr);
	else
		match_side(b, p, &r->dst, F_IP_DADDR, F_IP6_DADDR,
			   &sets->daddr);
}

/* A port's field often tells the protocol with it. */
static void match_protocol(struct build *b, const struct match *m,
			   bool past_nat)
{
	if (!m->proto && (m->sport.n || m->dport.n))
		build_lookup(b, &build_tcp_udp);
	else if (m->proto && !m->sport.n && (!m->dport.n || past_nat))
		build_u8(b, F_L4PROTO, m->proto);
}

static void match_packet(struct build *b, const struct part *p,
			 struct sets *sets)
{
	const struct rule *r = p->rule;
	const struct match *m = p->match;

	if (r->iif[0])
		build_iface(b, F_IIFNAME, r->iif, false);
	if (r->oif[0])
		build_iface(b, F_OIFNAME, r->oif, false);
	match_addresses(b, p, sets);
	match_protocol(b, m, p->past_nat);
	match_ports(b, &m->sport, port_field(false, m->proto, false),
		    &sets->sport, sets->sport_keys);
	match_ports(b, &m->dport, port_field(true, m->proto, p->past_nat),
		    &sets->dport, sets->dport_keys);
}

/* What ufw's reject sends: a reset where ports of tcp are named, else
 * port-unreachable, to tcp as well. */
static void end_reject(struct build *b, const struct part *p,
		       struct sets *sets)
{
	const struct match *m = p->match;

	if (!m->proto && (m->sport.n || m->dport.n)) {
		build_u8(b, F_L4PROTO, IPPROTO_TCP);
		build_reject(b, REJECT_TCP_RESET);
		match_packet(b, p, sets);
	}
	build_reject(b, m->proto == IPPROTO_TCP ? REJECT_TCP_RESET
						: REJECT_PORT_UNREACH);
}

static void end(struct build *b, const struct part *p, struct sets *sets)
{
	switch (p->rule->action) {
	case ACT_REJECT:
		end_reject(b, p, sets);
		return;
	case ACT_LIMIT:
		build_flags(b, F_CT_STATE, CT_NEW);
		build_jump(b, LIMIT_CHAIN);
		match_packet(b, p, sets);
		break;
	default:
		break;
	}
	build_verdict(b, p->rule->action == ACT_DENY ? V_DROP : V_ACCEPT);
}

static void compile_part(struct build *b, const struct part *p)
{
	static const char *const what[] = {
		[ACT_ALLOW] = LOG_ALLOW, [ACT_DENY] = LOG_BLOCK,
		[ACT_REJECT] = LOG_BLOCK, [ACT_LIMIT] = LOG_LIMIT,
	};
	const struct rule *r = p->rule;
	struct sets sets;

	if (r->log != LOG_NONE && p->policy->logging != LOG_OFF) {
		match_packet(b, p, &sets);
		if (r->log == LOG_NEW)
			build_flags(b, F_CT_STATE, CT_NEW);
		logging_put(b, what[r->action], true);
	}
	match_packet(b, p, &sets);
	end(b, p, &sets);
}

static bool has_family(const struct part *p, const struct side *side)
{
	const struct netfile *f;

	if (!side->file)
		return true;
	f = policy_netfile(p->policy, side->file);
	return p->family == FAMILY_4 ? f->n4 : f->n6;
}

/* A file of addresses makes the rule two, of a family each. */
static void compile_families(struct build *b, struct part *p)
{
	enum family only = p->rule->family;

	p->family = only;
	if (!p->rule->src.file && !p->rule->dst.file) {
		compile_part(b, p);
		return;
	}
	for (p->family = FAMILY_4; p->family <= FAMILY_6; p->family++)
		if ((only == FAMILY_ANY || only == p->family) &&
		    has_family(p, &p->rule->src) &&
		    has_family(p, &p->rule->dst))
			compile_part(b, p);
}

void rules_compile(struct build *b, const struct policy *policy,
		   const struct rule *r, bool past_nat)
{
	struct part p = {.policy = policy, .rule = r, .past_nat = past_nat};
	struct expansion x = expand_start(r);
	struct match m;

	p.match = &m;
	while (expand_next(&x, &m))
		compile_families(b, &p);
}
