#include "field.h"

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

static const struct field_info fields[FIELD_COUNT] = {
	[F_NFPROTO] = {"meta nfproto", LOAD_META, NFT_META_NFPROTO, 1,
		       TYPE_NFPROTO, 0, 0},
	[F_L4PROTO] = {"meta l4proto", LOAD_META, NFT_META_L4PROTO, 1,
		       TYPE_L4PROTO, 0, 0},
	[F_IIFNAME] = {"iifname", LOAD_META, NFT_META_IIFNAME, 16,
		       TYPE_IFNAME, 0, 0},
	[F_OIFNAME] = {"oifname", LOAD_META, NFT_META_OIFNAME, 16,
		       TYPE_IFNAME, 0, 0},
	[F_PKTTYPE] = {"meta pkttype", LOAD_META, NFT_META_PKTTYPE, 1,
		       TYPE_PKTTYPE, 0, 0},
	[F_CT_STATE] = {"ct state", LOAD_CT, NFT_CT_STATE, 4,
			TYPE_CT_STATE, 0, 0},
	[F_CT_STATUS] = {"ct status", LOAD_CT, NFT_CT_STATUS, 4,
			 TYPE_CT_STATUS, 0, 0},
	[F_CT_DPORT] = {"ct original proto-dst", LOAD_CT_ORIGINAL,
			NFT_CT_PROTO_DST, 2,
			TYPE_PORT, 0, 0},
	[F_CT_DADDR4] = {"ct original ip daddr", LOAD_CT_ORIGINAL,
			NFT_CT_DST_IP, 4,
			 TYPE_IP, 0, 0},
	[F_CT_DADDR6] = {"ct original ip6 daddr", LOAD_CT_ORIGINAL,
			NFT_CT_DST_IP6, 16,
			 TYPE_IP6, 0, 0},
	[F_DADDR_TYPE] = {"fib daddr type", LOAD_FIB, NFT_FIB_RESULT_ADDRTYPE,
			  4, TYPE_RTN, 0, 0},
	[F_IP_SADDR] = {"ip saddr", LOAD_NETWORK, 12, 4,
			TYPE_IP, NFPROTO_IPV4, 0},
	[F_IP_DADDR] = {"ip daddr", LOAD_NETWORK, 16, 4,
			TYPE_IP, NFPROTO_IPV4, 0},
	[F_IP6_SADDR] = {"ip6 saddr", LOAD_NETWORK, 8, 16,
			 TYPE_IP6, NFPROTO_IPV6, 0},
	[F_IP6_DADDR] = {"ip6 daddr", LOAD_NETWORK, 24, 16,
			 TYPE_IP6, NFPROTO_IPV6, 0},
	[F_IP6_HOPLIMIT] = {"ip6 hoplimit", LOAD_NETWORK, 7, 1,
			    TYPE_NUMBER8, NFPROTO_IPV6, 0},
	[F_ICMP_TYPE] = {"icmp type", LOAD_TRANSPORT, 0, 1,
			 TYPE_ICMP_TYPE, NFPROTO_IPV4, IPPROTO_ICMP},
	[F_ICMP6_TYPE] = {"icmpv6 type", LOAD_TRANSPORT, 0, 1,
			  TYPE_ICMP6_TYPE, NFPROTO_IPV6, IPPROTO_ICMPV6},
	[F_RT_TYPE] = {"rt type", LOAD_ROUTING_HEADER, 2, 1,
		       TYPE_NUMBER8, NFPROTO_IPV6, 0},
	[F_TCP_SPORT] = {"tcp sport", LOAD_TRANSPORT, 0, 2,
			 TYPE_PORT, 0, IPPROTO_TCP},
	[F_TCP_DPORT] = {"tcp dport", LOAD_TRANSPORT, 2, 2,
			 TYPE_PORT, 0, IPPROTO_TCP},
	[F_UDP_SPORT] = {"udp sport", LOAD_TRANSPORT, 0, 2,
			 TYPE_PORT, 0, IPPROTO_UDP},
	[F_UDP_DPORT] = {"udp dport", LOAD_TRANSPORT, 2, 2,
			 TYPE_PORT, 0, IPPROTO_UDP},
	[F_TH_SPORT] = {"th sport", LOAD_TRANSPORT, 0, 2, TYPE_PORT, 0, 0},
	[F_TH_DPORT] = {"th dport", LOAD_TRANSPORT, 2, 2, TYPE_PORT, 0, 0},
};

const struct field_info *field_info(enum field f)
{
	return &fields[f];
}

/* nft keeps these in userspace (its enum datatypes); the kernel only stores
 * the numbers, so that nft can print what a set holds. */
static const struct {
	uint8_t number;
	char name[13];
} datatypes[] = {
	[TYPE_NFPROTO] = {2, "nf_proto"},
	[TYPE_L4PROTO] = {12, "inet_proto"},
	[TYPE_IFNAME] = {41, "ifname"},
	[TYPE_CT_STATE] = {26, "ct_state"},
	[TYPE_CT_STATUS] = {28, "ct_status"},
	[TYPE_RTN] = {36, "fib_addrtype"},
	[TYPE_PKTTYPE] = {23, "pkt_type"},
	[TYPE_IP] = {7, "ipv4_addr"},
	[TYPE_IP6] = {8, "ipv6_addr"},
	[TYPE_NUMBER8] = {4, "integer"},
	[TYPE_ICMP_TYPE] = {14, "icmp_type"},
	[TYPE_ICMP6_TYPE] = {29, "icmpv6_type"},
	[TYPE_PORT] = {13, "inet_service"},
};

uint32_t field_datatype(enum field f)
{
	return datatypes[fields[f].type].number;
}

const char *field_type_name(enum field f)
{
	return datatypes[fields[f].type].name;
}

uint32_t field_byteorder(enum field f)
{
	switch (fields[f].type) {
	case TYPE_IFNAME:
	case TYPE_CT_STATE:
	case TYPE_CT_STATUS:
	case TYPE_RTN:
		return 1;
	default:
		return 2;
	}
}
