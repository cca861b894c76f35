#include "value.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

struct name {
	uint32_t bit;
	const char *name;
};

static void print_flags(struct buf *out, const struct name *names,
			const uint8_t *v)
{
	uint32_t mask;
	bool first = true;

	memcpy(&mask, v, sizeof(mask));
	for (; names->name; names++)
		if (mask & names->bit) {
			buf_fmt(out, "%s%s", first ? "" : ",", names->name);
			first = false;
		}
}

static void print_rtn(struct buf *out, const uint8_t *v)
{
	static const char *const name[] = {
		[RTN_UNSPEC] = "unspec",       [RTN_UNICAST] = "unicast",
		[RTN_LOCAL] = "local",         [RTN_BROADCAST] = "broadcast",
		[RTN_ANYCAST] = "anycast",     [RTN_MULTICAST] = "multicast",
		[RTN_BLACKHOLE] = "blackhole",
	};
	uint32_t type;

	memcpy(&type, v, sizeof(type));
	buf_str(out, name[type <= RTN_BLACKHOLE ? type : RTN_UNSPEC]);
}

static void print_addr(struct buf *out, int family, const uint8_t *v)
{
	char text[INET6_ADDRSTRLEN];

	buf_str(out, inet_ntop(family, v, text, sizeof(text)));
}

void value_print(struct buf *out, const struct field_info *f, const uint8_t *v)
{
	static const struct name states[] = {
		{1, "invalid"}, {2, "established"}, {4, "related"},
		{8, "new"}, {0, NULL},
	};
	static const struct name status[] = {{1 << 5, "dnat"}, {0, NULL}};

	switch (f->type) {
	case TYPE_NFPROTO:
		buf_str(out, *v == NFPROTO_IPV4 ? "ipv4" : "ipv6");
		break;
	case TYPE_L4PROTO:
	case TYPE_NUMBER8:
	case TYPE_ICMP_TYPE:
	case TYPE_ICMP6_TYPE:
		buf_fmt(out, "%u", *v);
		break;
	case TYPE_PKTTYPE:
		buf_str(out, *v == PACKET_BROADCAST ? "broadcast" : "host");
		break;
	case TYPE_IFNAME:
		buf_fmt(out, "\"%.16s\"", (const char *)v);
		break;
	case TYPE_CT_STATE:
		print_flags(out, states, v);
		break;
	case TYPE_CT_STATUS:
		print_flags(out, status, v);
		break;
	case TYPE_RTN:
		print_rtn(out, v);
		break;
	case TYPE_IP:
		print_addr(out, AF_INET, v);
		break;
	case TYPE_IP6:
		print_addr(out, AF_INET6, v);
		break;
	case TYPE_PORT:
		buf_fmt(out, "%u", (unsigned)(v[0] << 8 | v[1]));
		break;
	}
}

/* Is first..last all the values with the same leading bits: how many bits, or
 * -1. */
static int common_prefix(const uint8_t *first, const uint8_t *last, size_t len)
{
	unsigned bits = 0, i, n = (unsigned)len * 8;

	while (bits < n && !((first[bits / 8] ^ last[bits / 8]) &
			     0x80 >> bits % 8))
		bits++;
	for (i = bits; i < n; i++)
		if (first[i / 8] & 0x80 >> i % 8 ||
		    !(last[i / 8] & 0x80 >> i % 8))
			return -1;
	return (int)bits;
}

void value_print_prefix(struct buf *out, const struct field_info *f,
			const uint8_t *v, unsigned bits)
{
	if (f->type == TYPE_IFNAME) {
		buf_fmt(out, "\"%.*s*\"", (int)(bits / 8), (const char *)v);
		return;
	}
	value_print(out, f, v);
	if (bits < f->len * 8u)
		buf_fmt(out, "/%u", bits);
}

void value_print_range(struct buf *out, const struct field_info *f,
		       const uint8_t *first, const uint8_t *last)
{
	bool whole_prefix = f->type == TYPE_IP || f->type == TYPE_IP6 ||
			    f->type == TYPE_IFNAME;
	int bits = common_prefix(first, last, f->len);

	if (bits >= 0 && (whole_prefix || bits == f->len * 8)) {
		if (bits == f->len * 8)
			value_print(out, f, first);
		else
			value_print_prefix(out, f, first, (unsigned)bits);
		return;
	}
	value_print(out, f, first);
	buf_str(out, "-");
	value_print(out, f, last);
}
