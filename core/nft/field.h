/* The packet fields a rule can match: one table says how each is loaded, what
 * must be known about the packet first, and how nft spells it. */
#ifndef NFT_FIELD_H
#define NFT_FIELD_H

#include <stddef.h>
#include <stdint.h>

enum __attribute__((packed)) field {
	F_NFPROTO,     /* meta nfproto */
	F_L4PROTO,     /* meta l4proto */
	F_IIFNAME,     /* meta iifname */
	F_OIFNAME,     /* meta oifname */
	F_PKTTYPE,     /* meta pkttype, PACKET_* */
	F_CT_STATE,    /* ct state, a mask of CT_STATE_* in host order */
	F_CT_STATUS,   /* ct status, a mask of CT_STATUS_* in host order */
	F_CT_DPORT,    /* destination port before any NAT */
	F_CT_DADDR4,   /* destination address before any NAT */
	F_CT_DADDR6,
	F_DADDR_TYPE,  /* fib daddr type, RTN_* in host order */
	F_IP_SADDR,
	F_IP_DADDR,
	F_IP6_SADDR,
	F_IP6_DADDR,
	F_IP6_HOPLIMIT,
	F_ICMP_TYPE,
	F_ICMP6_TYPE,
	F_RT_TYPE,     /* type of IPv6's routing header */
	F_TCP_SPORT,
	F_TCP_DPORT,
	F_UDP_SPORT,
	F_UDP_DPORT,
	F_TH_SPORT,    /* of tcp or udp, where l4proto is matched before */
	F_TH_DPORT,
	FIELD_COUNT
};

enum __attribute__((packed)) load {
	LOAD_META,
	LOAD_CT,
	LOAD_CT_ORIGINAL, /* of the connection's first direction */
	LOAD_FIB,
	LOAD_NETWORK,
	LOAD_TRANSPORT,
	LOAD_ROUTING_HEADER,
};

/* How a value is written, which is also its nft datatype. */
enum __attribute__((packed)) value_type {
	TYPE_NFPROTO,
	TYPE_L4PROTO,
	TYPE_IFNAME,
	TYPE_CT_STATE,
	TYPE_CT_STATUS,
	TYPE_RTN,
	TYPE_PKTTYPE,
	TYPE_IP,
	TYPE_IP6,
	TYPE_NUMBER8,
	TYPE_ICMP_TYPE,
	TYPE_ICMP6_TYPE,
	TYPE_PORT,
};

struct field_info {
	const char *name;    /* nft's words */
	enum load load;
	uint8_t key;         /* NFT_META_*, NFT_CT_*, or the payload's offset */
	uint8_t len;         /* bytes of the value */
	enum value_type type;
	uint8_t nfproto;     /* NFPROTO_* that must be matched first; 0: none */
	uint8_t l4proto;     /* IPPROTO_* likewise; 0: none */
};

enum { VALUE_MAX = 16 };

const struct field_info *field_info(enum field f);

/* nft's datatype of a field: its number, as sets carry it, and its name. */
uint32_t field_datatype(enum field f);
const char *field_type_name(enum field f);
/* 1: the value is in host byte order, 2: network byte order (nft's numbers). */
uint32_t field_byteorder(enum field f);

#endif
