#include "chains.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

#include "../base/intervals.h"
#include "../compile/build.h"

enum { PRIORITY_DSTNAT = -100, PRIORITY_FILTER = 0, PRIORITY_SRCNAT = 100 };

#define USER "DOCKER-USER"
#define STAGE1 "DOCKER-ISOLATION-STAGE-1"
#define STAGE2 "DOCKER-ISOLATION-STAGE-2"
#define PORTS "DOCKER"
#define FORWARD "docker-forward"
#define MASQUERADE "docker-postrouting"
#define PREROUTING "docker-prerouting"
#define OUTPUT "docker-output"
#define DNAT "docker-dnat"

/* What a network may be, as bits; of two families the one of IPv6 is the next
 * higher one. */
enum {
	ALL = 1,
	OUTWARD = 2, /* it may reach the outside */
	INTERNAL = 4,
	MASQUERADED = 8,
	OPEN = 32,   /* all its containers' ports are open from outside */
	ROUTED = 128,
};

static unsigned kinds_of(const struct network *n)
{
	static const uint8_t of_mode[] = {
		[MODE_NAT] = MASQUERADED,
		[MODE_NAT_UNPROTECTED] = MASQUERADED | OPEN,
		[MODE_ROUTED] = ROUTED, [MODE_ISOLATED] = 0,
	};
	unsigned kinds = of_mode[n->mode[0]] | of_mode[n->mode[1]] * 2u;

	if (n->internal)
		return ALL | INTERNAL;
	if (!n->masquerade)
		kinds &= ~(MASQUERADED * 3u);
	return kinds | ALL | OUTWARD;
}

/* The networks, and room for the sets of a rule. */
struct plan {
	struct build b;
	const struct chains *chains;
	const struct network *first, *end;
	uint8_t *keys[2]; /* of what comes in, or sources; of what goes out */
	struct set sets[2];
};

/* Looks the field up in what is in its set, or if that is one compares; with
 * nothing in it the rule is given up: false. */
static bool look_up(struct plan *p, int at, enum field f, bool negate)
{
	struct set *s = &p->sets[at];
	struct comparison *m;

	s->nfields = 1;
	s->fields[0] = f;
	s->keys = p->keys[at];
	if (s->n == 1 && !s->flags) { /* not one that was two */
		m = build_match(&p->b, f, s->keys);
		m->negate = negate;
	} else if (s->n) {
		build_lookup(&p->b, s)->negate = negate;
	} else {
		p->b.n = 0;
	}
	return s->n;
}

/* The interface is of a network that is of one of the kinds. */
static bool among(struct plan *p, enum field f, unsigned kinds, bool negate)
{
	const struct network *n;
	int at = f == F_OIFNAME;
	uint8_t *key = p->keys[at];

	p->sets[at] = (struct set){0};
	for (n = p->first; n < p->end; n++)
		if (kinds_of(n) & kinds) {
			memcpy(key, n->bridge, sizeof(n->bridge));
			key += sizeof(n->bridge);
			p->sets[at].n++;
		}
	return look_up(p, at, f, negate);
}

static bool in_from(struct plan *p, unsigned kinds)
{
	return among(p, F_IIFNAME, kinds, false);
}

static bool out_to(struct plan *p, unsigned kinds)
{
	return among(p, F_OIFNAME, kinds, false);
}

/* From one of a network to another of the same; icc: it accepts that, or
 * drops it, else just returns. */
static void within(struct plan *p, bool icc)
{
	struct verdict *verdicts;
	struct set s = {.nfields = 2, .fields = {F_IIFNAME, F_OIFNAME}};
	uint8_t *key = p->keys[0];
	const struct network *n;

	s.n = (size_t)(p->end - p->first);
	s.keys = key;
	s.verdicts = verdicts = (void *)p->keys[1];
	if (!s.n)
		return;
	for (n = p->first; n < p->end; n++, key += 2 * sizeof(n->bridge)) {
		memcpy(key, n->bridge, sizeof(n->bridge));
		memcpy(key + sizeof(n->bridge), n->bridge, sizeof(n->bridge));
		*verdicts++ = (struct verdict){
			!icc ? V_RETURN : n->icc ? V_ACCEPT : V_DROP, NULL,
		};
	}
	build_lookup(&p->b, &s);
	build_emit(&p->b);
}

/* What goes from a network to another, or in to an internal one or out of it,
 * is dropped. */
static void isolation_chains(struct plan *p)
{
	struct build *b = &p->b;

	build_chain(b, STAGE2, NULL);
	if (out_to(p, ALL))
		build_verdict(b, V_DROP);
	if (in_from(p, INTERNAL))
		build_verdict(b, V_DROP);
	build_chain(b, STAGE1, NULL);
	within(p, false);
	if (in_from(p, ALL))
		build_jump(b, STAGE2);
	if (out_to(p, INTERNAL))
		build_verdict(b, V_DROP);
}

static void proto_and_port(struct build *b, const struct published *port,
			   uint16_t number)
{
	build_u8(b, F_L4PROTO, port->proto);
	build_port(b, F_TH_DPORT, number);
}

static void address(struct build *b, const struct subnet *a)
{
	build_match(b, a->six ? F_IP6_DADDR : F_IP_DADDR, a->bytes);
}

static bool is_routed(const struct plan *p, const struct published *port)
{
	const struct network *n = networks_find(p->chains->networks,
						port->bridge);

	return n && kinds_of(n) & ROUTED << port->container.six;
}

/* What comes from outside to a network is let in by these. */
static void ports_chain(struct plan *p)
{
	static const uint8_t icmp[] = {IPPROTO_ICMP, IPPROTO_ICMPV6};
	const struct networks *all = p->chains->networks;
	const struct published *port = all->ports;
	struct build *b = &p->b;
	int six;

	build_chain(b, PORTS, NULL);
	if (p->chains->publish) {
		build_flags(b, F_CT_STATUS, CT_STATUS_DNAT);
		build_verdict(b, V_ACCEPT);
	}
	for (; port < all->ports + all->nports; port++)
		if (port->port && is_routed(p, port)) {
			build_match(b, F_OIFNAME, port->bridge);
			address(b, &port->container);
			proto_and_port(b, port, port->port);
			build_verdict(b, V_ACCEPT);
		}
	for (six = 0; six < 2; six++)
		if (out_to(p, ROUTED << six)) {
			build_u8(b, F_L4PROTO, icmp[six]);
			build_verdict(b, V_ACCEPT);
		}
}

static void forward_chain(struct plan *p)
{
	static const struct base base = {
		"filter", NF_INET_FORWARD, PRIORITY_FILTER, false,
	};
	static const uint8_t families[] = {NFPROTO_IPV4, NFPROTO_IPV6};
	struct build *b = &p->b;
	int six;

	build_chain(b, FORWARD, &base);
	build_jump(b, USER);
	build_jump(b, STAGE1);
	if (out_to(p, ALL)) {
		build_flags(b, F_CT_STATE, CT_ESTABLISHED | CT_RELATED);
		build_verdict(b, V_ACCEPT);
	}
	if (out_to(p, ALL))
		build_jump(b, PORTS);
	within(p, true);
	if (in_from(p, OUTWARD))
		build_verdict(b, V_ACCEPT);
	for (six = 0; six < 2; six++)
		if (out_to(p, OPEN << six)) {
			build_u8(b, F_NFPROTO, families[six]);
			build_verdict(b, V_ACCEPT);
		}
	/* Nobody from outside reaches a container's own address. */
	if (out_to(p, ALL))
		build_verdict(b, V_DROP);
}

/* Sources in the networks' subnets of the family. */
static bool from_subnets(struct plan *p, int six)
{
	enum field f = six ? F_IP6_SADDR : F_IP_SADDR;
	size_t len = six ? 16 : 4, i, j;
	const struct network *n;
	struct set *set = &p->sets[0];
	uint8_t *key = p->keys[0], bits = 0;

	for (n = p->first; n < p->end; n++)
		for (i = 0; i < n->nsubnets; i++) {
			const struct subnet *s = &n->subnets[i];

			if (s->six != six ||
			    !(kinds_of(n) & MASQUERADED << six))
				continue;
			memcpy(key, s->bytes, len);
			memcpy(key + len, s->bytes, len);
			for (j = s->bits; j < len * 8; j++) {
				key[j / 8] &= (uint8_t)~(0x80 >> j % 8);
				key[len + j / 8] |= (uint8_t)(0x80 >> j % 8);
			}
			key += 2 * len;
			bits = s->bits;
		}
	*set = (struct set){.n = (size_t)(key - p->keys[0]) / (2 * len)};
	if (set->n == 1) {
		build_prefix(&p->b, f, p->keys[0], bits);
		return true;
	}
	set->flags = SET_INTERVAL;
	set->n = intervals_merge(p->keys[0], set->n, len);
	return look_up(p, 0, f, false);
}

static void masquerade_chain(struct plan *p)
{
	static const struct base base = {
		"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT, false,
	};
	struct build *b = &p->b;
	int six;

	build_chain(b, MASQUERADE, &base);
	for (six = 0; six < 2; six++) {
		among(p, F_OIFNAME, ALL, true);
		if (from_subnets(p, six)) {
			build_stmt(b, S_MASQUERADE);
			build_emit(b);
		}
		/* To a published port of the own network: the answer must
		 * come back through here. */
		if (p->chains->publish && p->chains->containers &&
		    from_subnets(p, six)) {
			build_flags(b, F_CT_STATUS, CT_STATUS_DNAT);
			build_stmt(b, S_MASQUERADE);
			build_emit(b);
		}
	}
}

static bool is_any(const struct subnet *a)
{
	static const uint8_t zero[16];

	return !memcmp(a->bytes, zero, sizeof(zero));
}

static bool is_loopback(const struct subnet *a)
{
	return a->six ? !memcmp(a->bytes, &in6addr_loopback, 16)
		      : a->bytes[0] == 127;
}

static void dnat_rule(struct plan *p, const struct published *port)
{
	struct build *b = &p->b;

	/* That is for the proxy, or for nobody.  To the loopback network also:
	 * others must not get there by its address. */
	if (!port->host_port || is_routed(p, port) ||
	    is_loopback(&port->host))
		return;
	if (is_any(&port->host))
		build_u8(b, F_NFPROTO, port->host.six ? NFPROTO_IPV6
						      : NFPROTO_IPV4);
	else
		address(b, &port->host);
	proto_and_port(b, port, port->host_port);
	build_stmt(b, S_DNAT)->dnat = (struct dnat){
		port->container.bytes, port->container.six, port->port,
	};
	build_emit(b);
}

static void to_this_host(struct build *b)
{
	static const uint32_t local = RTN_LOCAL;

	build_match(b, F_DADDR_TYPE, &local);
	build_jump(b, DNAT);
}

static void publishing_chains(struct plan *p)
{
	static const struct base prerouting = {
		"nat", NF_INET_PRE_ROUTING, PRIORITY_DSTNAT, false,
	};
	static const struct base output = {
		"nat", NF_INET_LOCAL_OUT, PRIORITY_DSTNAT, false,
	};
	static const uint8_t loopback4[4] = {127};
	const struct networks *all = p->chains->networks;
	struct build *b = &p->b;
	size_t i;

	build_chain(b, DNAT, NULL);
	/* Containers are served by the proxy; internal ones by nobody. */
	if (!p->chains->containers && in_from(p, OUTWARD))
		build_verdict(b, V_RETURN);
	for (i = 0; i < all->nports; i++)
		dnat_rule(p, &all->ports[i]);
	build_chain(b, PREROUTING, &prerouting);
	to_this_host(b);
	build_chain(b, OUTPUT, &output);
	build_prefix(b, F_IP_DADDR, loopback4, 8);
	build_verdict(b, V_RETURN);
	build_match(b, F_IP6_DADDR, &in6addr_loopback);
	build_verdict(b, V_RETURN);
	to_this_host(b);
}

static void make(struct plan *p)
{
	struct build *b = &p->b;

	build_table(b);
	ports_chain(p);
	isolation_chains(p);
	build_keep_chain(b, USER, NULL);
	forward_chain(p);
	masquerade_chain(p);
	if (p->chains->publish)
		publishing_chains(p);
	else
		build_drop_chains(b, PREROUTING "\0" OUTPUT "\0" DNAT "\0");
}

int chains_native(const struct chains *c, struct sink *s, struct err *e)
{
	struct plan p = {.chains = c, .first = c->networks->networks};
	size_t n = c->networks->nnetworks;
	/* Each subnet has two addresses. */
	size_t room = (n + 1) * SUBNETS_MAX * 2 * 16;

	p.end = p.first + n;
	p.keys[0] = malloc(2 * room);
	if (!p.keys[0])
		return err_set(e, "out of memory");
	p.keys[1] = p.keys[0] + room;
	build_start(&p.b, s, e);
	make(&p);
	free(p.keys[0]);
	return p.b.failed;
}

int chains_native_remove(bool with_user, struct sink *s, struct err *e)
{
	struct build room, *b = build_start(&room, s, e);

	build_table(b);
	build_drop_chains(b, FORWARD "\0" MASQUERADE "\0" PORTS "\0"
			     STAGE1 "\0" STAGE2 "\0" PREROUTING "\0"
			     OUTPUT "\0" DNAT "\0");
	if (with_user)
		build_drop_chain(b, USER);
	return b->failed;
}
