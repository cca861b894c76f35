#include "rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/netfilter.h>

#include "../base/intervals.h"
#include "limit.h"
#include "logging.h"
#include "near.h"

/* Sets that a rule's statements point to, until it is emitted. */
struct sets {
	struct set sport, dport, saddr, daddr;
	uint16_t sport_keys[2 * RULE_PORTS], dport_keys[2 * RULE_PORTS];
	struct near near[2]; /* to the source, and to the other or p->set */
};

enum field rules_field(const struct part *p, unsigned dim)
{
	static const enum field ports[2][3] = {
		{F_TH_SPORT, F_TCP_SPORT, F_UDP_SPORT},
		{F_TH_DPORT, F_TCP_DPORT, F_UDP_DPORT},
	};
	bool v4 = p->family == FAMILY_4;

	if (dim == DIM_SADDR)
		return v4 ? F_IP_SADDR : F_IP6_SADDR;
	if (dim == DIM_DADDR && p->past_nat)
		return v4 ? F_CT_DADDR4 : F_CT_DADDR6;
	if (dim == DIM_DADDR)
		return v4 ? F_IP_DADDR : F_IP6_DADDR;
	if (dim == DIM_DPORT && p->past_nat)
		return F_CT_DPORT;
	return ports[dim == DIM_DPORT][p->match.proto == IPPROTO_TCP   ? 1
				       : p->match.proto == IPPROTO_UDP ? 2 : 0];
}

unsigned rules_dims(const struct part *p)
{
	const struct side *src = &p->rule->src, *dst = &p->rule->dst;

	return (src->net.len || src->file ? DIM_SADDR : 0) |
	       (dst->net.len || dst->file ? DIM_DADDR : 0) |
	       (p->match.sport.n ? DIM_SPORT : 0) |
	       (p->match.dport.n ? DIM_DPORT : 0);
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
		       const struct side *side, unsigned dim, struct set *set,
		       struct near *near)
{
	bool v4 = p->family == FAMILY_4;
	enum field f = rules_field(p, dim);
	const struct netfile *file;

	if (side->net.len)
		build_prefix(b, f, side->net.bytes, side->net.len);
	if (!side->file)
		return;
	file = policy_netfile(p->policy, side->file);
	*set = (struct set){
		.flags = SET_INTERVAL, .nfields = 1, .fields = {f},
		.n = v4 ? file->n4 : file->n6,
		.keys = v4 ? file->keys4 : file->keys6,
	};
	near_lookup(b, near, set);
	build_lookup(b, set);
}

/* An address in the packet itself tells the family with it. */
static void match_family(struct build *b, const struct part *p, unsigned dims)
{
	if (p->family != FAMILY_ANY && !(dims & DIM_SADDR) &&
	    (p->past_nat || !(dims & DIM_DADDR)))
		build_u8(b, F_NFPROTO, p->family == FAMILY_4 ? NFPROTO_IPV4
							     : NFPROTO_IPV6);
}

/* A port's field often tells the protocol with it. */
static void match_protocol(struct build *b, const struct part *p,
			   unsigned dims)
{
	uint8_t proto = p->match.proto;

	if (!proto && dims & (DIM_SPORT | DIM_DPORT))
		build_lookup(b, &build_tcp_udp);
	else if (proto && !(dims & DIM_SPORT) &&
		 (!(dims & DIM_DPORT) || p->past_nat))
		build_u8(b, F_L4PROTO, proto);
}

static void match_packet(struct build *b, const struct part *p,
			 struct sets *sets)
{
	const struct rule *r = p->rule;
	unsigned dims = rules_dims(p), own = p->set ? ~p->set_dims : ~0u;

	if (r->iif[0])
		build_iface(b, F_IIFNAME, r->iif, false);
	if (r->oif[0])
		build_iface(b, F_OIFNAME, r->oif, false);
	match_family(b, p, dims);
	if (own & DIM_SADDR)
		match_side(b, p, &r->src, DIM_SADDR, &sets->saddr,
			   &sets->near[0]);
	if (own & DIM_DADDR)
		match_side(b, p, &r->dst, DIM_DADDR, &sets->daddr,
			   &sets->near[1]);
	match_protocol(b, p, dims);
	if (own & DIM_SPORT)
		match_ports(b, &p->match.sport, rules_field(p, DIM_SPORT),
			    &sets->sport, sets->sport_keys);
	if (own & DIM_DPORT)
		match_ports(b, &p->match.dport, rules_field(p, DIM_DPORT),
			    &sets->dport, sets->dport_keys);
	if (p->set) {
		near_lookup(b, &sets->near[1], p->set);
		build_lookup(b, p->set);
	}
}

/* Where it is asked for: what a rule decides is counted as it does. */
static void count(struct build *b, const struct part *p)
{
	if (p->number && p->policy->counters)
		build_stmt(b, S_COUNTER);
}

#define REJECT_CHAIN "rejected"
#define UNREACHABLE_CHAIN "unreachable"

enum { ACCEPT, DROP, REJECT, UNREACHABLE };

const struct verdict rules_verdicts[] = {
	[ACCEPT] = {V_ACCEPT, NULL},
	[DROP] = {V_DROP, NULL},
	[REJECT] = {V_GOTO, REJECT_CHAIN},
	[UNREACHABLE] = {V_GOTO, UNREACHABLE_CHAIN},
};

/* What ufw's reject sends: a reset where ports of tcp are named, else
 * port-unreachable, to tcp as well. */
unsigned rules_verdict(const struct part *p)
{
	const struct match *m = &p->match;

	switch (p->rule->action) {
	case ACT_DENY:
		return DROP;
	case ACT_REJECT:
		return m->proto == IPPROTO_TCP || m->sport.n || m->dport.n
			       ? REJECT : UNREACHABLE;
	default:
		return ACCEPT;
	}
}

void rules_reject_chains(struct build *b)
{
	static const uint8_t host = PACKET_HOST;

	build_chain(b, REJECT_CHAIN, NULL);
	/* Before routing the kernel would send a reset about a packet to a
	 * group or all, from their address. */
	build_match(b, F_PKTTYPE, &host)->negate = true;
	build_verdict(b, V_DROP);
	build_u8(b, F_L4PROTO, IPPROTO_TCP);
	build_reject(b, REJECT_TCP_RESET);
	build_reject(b, REJECT_PORT_UNREACH);
	build_chain(b, UNREACHABLE_CHAIN, NULL);
	build_reject(b, REJECT_PORT_UNREACH);
}

void rules_reject_remove(struct build *b)
{
	build_drop_chains(b, REJECT_CHAIN "\0" UNREACHABLE_CHAIN "\0");
}

static void end(struct build *b, const struct part *p, struct sets *sets)
{
	if (p->rule->action == ACT_LIMIT) {
		build_flags(b, F_CT_STATE, CT_NEW);
		build_jump(b, LIMIT_CHAIN);
		match_packet(b, p, sets);
	}
	count(b, p);
	if (!p->set || !p->set->verdicts)
		build_stmt(b, S_VERDICT)->verdict =
			rules_verdicts[rules_verdict(p)];
	build_emit(b);
}

static bool logged(const struct part *p)
{
	return p->rule->log != LOG_NONE && p->policy->logging != LOG_OFF;
}

bool rules_plain(const struct part *p)
{
	return p->rule->action != ACT_LIMIT && !logged(p);
}

void rules_compile(struct build *b, const struct part *p)
{
	static const char *const what[] = {
		[ACT_ALLOW] = LOG_ALLOW, [ACT_DENY] = LOG_BLOCK,
		[ACT_REJECT] = LOG_BLOCK, [ACT_LIMIT] = LOG_LIMIT,
	};
	struct sets sets;

	memset(sets.near, 0, sizeof(sets.near));
	b->line = p->line;
	b->rule = p->number;
	if (logged(p)) {
		match_packet(b, p, &sets);
		if (p->rule->log == LOG_NEW)
			build_flags(b, F_CT_STATE, CT_NEW);
		logging_put(b, what[p->rule->action], true);
	}
	match_packet(b, p, &sets);
	end(b, p, &sets);
	b->line = 0;
	b->rule = 0;
	buf_free(&sets.near[0].keys);
	buf_free(&sets.near[1].keys);
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
static void each_family(struct part *p,
			void (*each)(void *ctx, const struct part *p),
			void *ctx)
{
	const struct rule *r = p->rule;

	p->family = r->family;
	if (!r->src.file && !r->dst.file) {
		each(ctx, p);
		return;
	}
	for (p->family = FAMILY_4; p->family <= FAMILY_6; p->family++)
		if ((r->family == FAMILY_ANY || r->family == p->family) &&
		    has_family(p, &r->src) && has_family(p, &r->dst))
			each(ctx, p);
}

void rules_each_part(struct part *p,
		     void (*each)(void *ctx, const struct part *p), void *ctx)
{
	struct expansion x = expand_start(p->rule);

	while (expand_next(&x, &p->match))
		each_family(p, each, ctx);
}
