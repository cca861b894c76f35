#include "builtin.h"

#include <netinet/in.h>

#include <linux/netfilter.h>

#include "logging.h"

/* Every fe80::/10 address; ff02::fb and ff02::f are mDNS and UPnP. */
static const uint8_t link_local[16] = {0xfe, 0x80};
static const uint8_t mdns6[16] = {0xff, 0x02, [15] = 0xfb};
static const uint8_t upnp6[16] = {0xff, 0x02, [15] = 0x0f};
static const uint8_t mdns4[4] = {224, 0, 0, 251};
static const uint8_t upnp4[4] = {239, 255, 255, 250};

enum { LINK_LOCAL_BITS = 10, ECHO_REPLY6 = 129 };
enum { MDNS = 5353, UPNP = 1900 };

/* icmp or icmpv6 of these types; hop limit and source as given. */
struct icmp {
	enum field field;
	uint8_t types[8];
	uint8_t n;
	uint8_t hoplimit;     /* 0: any */
	bool from_link_local;
};

static const struct icmp incoming4 = {F_ICMP_TYPE, {3, 8, 11, 12}, 4, 0, 0};
static const struct icmp routed6 =
	{F_ICMP6_TYPE, {1, 2, 3, 4, 128, 129}, 6, 0, 0};
static const struct icmp incoming6[] = {
	/* errors, echo; neighbour discovery and its inverse; multicast
	 * listeners; home agents' addresses; certification paths; multicast
	 * routers. */
	{F_ICMP6_TYPE, {1, 2, 3, 4, 128, ECHO_REPLY6}, 6, 0, false},
	{F_ICMP6_TYPE, {133, 134, 135, 136, 141, 142}, 6, 255, false},
	{F_ICMP6_TYPE, {130, 131, 132, 143}, 4, 0, true},
	{F_ICMP6_TYPE, {144, 145, 146, 147}, 4, 0, false},
	{F_ICMP6_TYPE, {148, 149}, 2, 255, false},
	{F_ICMP6_TYPE, {151, 152, 153}, 3, 1, true},
};

static void accept_icmp(struct build *b, const struct icmp *x)
{
	struct set types = {.nfields = 1, .fields = {x->field}, .n = x->n,
			    .keys = x->types};

	build_lookup(b, &types);
	if (x->hoplimit)
		build_u8(b, F_IP6_HOPLIMIT, x->hoplimit);
	if (x->from_link_local)
		build_prefix(b, F_IP6_SADDR, link_local, LINK_LOCAL_BITS);
	build_verdict(b, V_ACCEPT);
}

static void icmp6_chain(struct build *b)
{
	size_t i;

	build_chain(b, "accept-icmp6", NULL);
	for (i = 0; i < sizeof(incoming6) / sizeof(incoming6[0]); i++)
		accept_icmp(b, &incoming6[i]);
}

static void accept_udp(struct build *b, uint16_t port)
{
	build_port(b, F_UDP_DPORT, port);
	build_verdict(b, V_ACCEPT);
}

/* Answers of DHCP servers, and multicast DNS and service discovery. */
static void udp_chain(struct build *b)
{
	build_chain(b, "accept-udp", NULL);
	build_u8(b, F_NFPROTO, NFPROTO_IPV4);
	build_port(b, F_UDP_SPORT, 67);
	accept_udp(b, 68);
	build_prefix(b, F_IP6_SADDR, link_local, LINK_LOCAL_BITS);
	build_prefix(b, F_IP6_DADDR, link_local, LINK_LOCAL_BITS);
	build_port(b, F_UDP_SPORT, 547);
	accept_udp(b, 546);
	build_match(b, F_IP_DADDR, mdns4);
	accept_udp(b, MDNS);
	build_match(b, F_IP_DADDR, upnp4);
	accept_udp(b, UPNP);
	build_match(b, F_IP6_DADDR, mdns6);
	accept_udp(b, MDNS);
	build_match(b, F_IP6_DADDR, upnp6);
	accept_udp(b, UPNP);
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
	build_chain(b, "accept-icmp", NULL);
	accept_icmp(b, &incoming4);
	icmp6_chain(b);
	udp_chain(b);
	invalid_chain(b, level);
}

void builtin_remove(struct build *b)
{
	build_drop_chains(b, "accept-icmp\0accept-icmp6\0accept-udp\0"
			     "drop-invalid\0");
}

void builtin_incoming_call(struct build *b)
{
	static const uint8_t protos[] = {IPPROTO_ICMP, IPPROTO_UDP,
					 IPPROTO_ICMPV6};
	static const struct verdict jumps[] = {
		{V_JUMP, "accept-icmp"}, {V_JUMP, "accept-udp"},
		{V_JUMP, "accept-icmp6"},
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
	accept_icmp(b, &incoming4);
	accept_icmp(b, &routed6);
}
