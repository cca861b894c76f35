#include "builtin.h"

#include <netinet/in.h>

#include <linux/netfilter.h>

#include "../list/builtin.h"
#include "logging.h"
#include "rules.h"

#define ICMP6_BOTH "accept-icmp6"
#define ICMP6_IN "accept-icmp6-in"

enum { LINK_LOCAL_BITS = 10, ECHO_REPLY6 = 129 };

static void accept_icmp(struct build *b, const struct builtin_icmp *x)
{
	static const uint8_t link_local[16] = {0xfe, 0x80};
	struct set types = {
		.nfields = 1, .fields = {x->v6 ? F_ICMP6_TYPE : F_ICMP_TYPE},
		.n = x->n, .keys = x->types,
	};

	build_lookup(b, &types);
	if (x->hoplimit)
		build_u8(b, F_IP6_HOPLIMIT, x->hoplimit);
	if (x->from_link_local)
		build_prefix(b, F_IP6_SADDR, link_local, LINK_LOCAL_BITS);
	build_verdict(b, V_ACCEPT);
}

static void udp_chain(struct build *b)
{
	struct expansion x;
	struct part p = {0};

	build_chain(b, "accept-udp", NULL);
	for (p.rule = builtin_udp; p.rule < builtin_udp + BUILTIN_UDP;
	     p.rule++) {
		x = expand_start(p.rule);
		expand_next(&x, &p.match);
		p.family = p.rule->family;
		rules_compile(b, &p);
	}
}

/* Answers to a multicast ping come from addresses that were not asked, which
 * is invalid to conntrack. */
static void invalid_chain(struct build *b, enum log_level level)
{
	build_chain(b, "drop-invalid", NULL);
	build_u8(b, F_ICMP6_TYPE, ECHO_REPLY6);
	build_verdict(b, V_ACCEPT);
	logging_invalid(b, level);
	build_verdict(b, V_DROP);
}

void builtin_incoming(struct build *b, enum log_level level)
{
	int i;

	build_chain(b, "accept-icmp", NULL);
	for (i = ICMP_IN; i < BUILTIN_ICMP; i++) {
		if (i == ICMP_OUT)
			build_chain(b, ICMP6_BOTH, NULL);
		if (i == ICMP_OUT_END)
			build_chain(b, ICMP6_IN, NULL);
		accept_icmp(b, &builtin_icmp[i]);
	}
	build_jump(b, ICMP6_BOTH);
	udp_chain(b);
	invalid_chain(b, level);
}

void builtin_remove(struct build *b)
{
	build_drop_chains(b, "accept-icmp\0" ICMP6_IN "\0" ICMP6_BOTH "\0"
			     "accept-udp\0drop-invalid\0");
}

void builtin_incoming_call(struct build *b)
{
	static const uint8_t protos[] = {IPPROTO_ICMP, IPPROTO_UDP,
					 IPPROTO_ICMPV6};
	static const struct verdict jumps[] = {
		{V_JUMP, "accept-icmp"}, {V_JUMP, "accept-udp"},
		{V_JUMP, ICMP6_IN},
	};
	static const struct set by_proto = {
		.nfields = 1, .fields = {F_L4PROTO}, .n = 3, .keys = protos,
		.verdicts = jumps,
	};

	build_flags(b, F_CT_STATE, CT_INVALID);
	build_jump(b, "drop-invalid");
	build_lookup(b, &by_proto);
	build_emit(b);
}

void builtin_routed(struct build *b)
{
	int i;

	for (i = ICMP_ROUTED_END - 1; i >= 0; i--)
		accept_icmp(b, &builtin_icmp[i]);
}

void builtin_outgoing(struct build *b)
{
	build_u8(b, F_L4PROTO, IPPROTO_ICMPV6);
	build_jump(b, ICMP6_BOTH);
}
