#include "value.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

void value_mask(uint8_t mask[VALUE_MAX], unsigned bits)
{
	unsigned i;

	memset(mask, 0, VALUE_MAX);
	for (i = 0; i < bits; i++)
		mask[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static uint32_t number(const struct field_info *f, const uint8_t *v)
{
	uint32_t host;

	if (f->len < sizeof(host))
		return f->len == 1 ? v[0] : (uint32_t)(v[0] << 8 | v[1]);
	memcpy(&host, v, sizeof(host));
	return host;
}

/* Those of a type's values that have one; of masks, each bit's. */
static void print_name(struct buf *out, enum value_type type, uint32_t value)
{
	static const struct {
		enum value_type type;
		uint8_t value;
		char name[12];
	} names[] = {
		{TYPE_NFPROTO, NFPROTO_IPV4, "ipv4"},
		{TYPE_NFPROTO, NFPROTO_IPV6, "ipv6"},
		{TYPE_PKTTYPE, PACKET_BROADCAST, "broadcast"},
		{TYPE_RTN, RTN_UNICAST, "unicast"},
		{TYPE_RTN, RTN_LOCAL, "local"},
		{TYPE_CT_STATE, 1, "invalid"},
		{TYPE_CT_STATE, 2, "established"},
		{TYPE_CT_STATE, 4, "related"},
		{TYPE_CT_STATE, 8, "new"},
		{TYPE_CT_STATUS, 1 << 5, "dnat"},
	};
	bool mask = type == TYPE_CT_STATE || type == TYPE_CT_STATUS;
	bool found = false;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type &&
		    (mask ? value & names[i].value : value == names[i].value)) {
			buf_fmt(out, "%s%s", found ? "," : "", names[i].name);
			found = true;
		}
	if (!found)
		buf_fmt(out, "%u", value);
}

void value_print(struct buf *out, const struct field_info *f, const uint8_t *v)
{
	char text[INET6_ADDRSTRLEN];

	if (f->type == TYPE_IFNAME)
		buf_fmt(out, "\"%.16s\"", (const char *)v);
	else if (f->type == TYPE_IP || f->type == TYPE_IP6)
		buf_str(out, inet_ntop(f->type == TYPE_IP ? AF_INET : AF_INET6,
				       v, text, sizeof(text)));
	else
		print_name(out, f->type, number(f, v));
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
	if (f->type == TYPE_IFNAME && bits < f->len * 8u) {
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

	if (bits == f->len * 8 || (bits >= 0 && whole_prefix)) {
		value_print_prefix(out, f, first, (unsigned)bits);
		return;
	}
	value_print(out, f, first);
	buf_str(out, "-");
	value_print(out, f, last);
}
