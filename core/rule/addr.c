#include "addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "../base/num.h"

/* The longest texts that ufw looks at. */
enum { TEXT4_MAX = 31, TEXT6_MAX = 43 };

/* 255.255.0.0 to 16; false when it is no mask or has holes. */
static bool mask_parse(const char *s, unsigned *len)
{
	uint32_t mask = 0;
	unsigned byte, i, ones = 0;

	for (i = 0; i < 4; i++) {
		size_t n = strcspn(s, ".");

		if (!num_parse(s, n, 255, &byte) || (s[n] == '.') != (i < 3))
			return false;
		mask = mask << 8 | byte;
		s += n + 1;
	}
	while (ones < 32 && mask & UINT32_C(1) << (31 - ones))
		ones++;
	*len = ones;
	return ones == 32 || !(mask << ones);
}

static void clear_host(struct net *net)
{
	unsigned i = net->len / 8;

	if (net->len % 8) {
		net->bytes[i] &= (uint8_t)(0xff00 >> (net->len % 8));
		i++;
	}
	for (; i < sizeof(net->bytes); i++)
		net->bytes[i] = 0;
}

static int net_bad(const char *s, struct err *e)
{
	return err_usage(e, "bad address '%s': must be an IPv4 or IPv6 address "
			    "or network, or 'any'", s);
}

int net_parse(struct net *out, enum family *family, const char *s,
	      struct err *e)
{
	const char *slash = NULL, *end;
	char host[TEXT6_MAX + 1];
	bool v6 = false;
	unsigned len;
	size_t n;

	for (end = s; *end; end++) {
		if (*end == '/' && !slash)
			slash = end;
		v6 |= *end == ':' && !slash;
	}
	if (end - s > (v6 ? TEXT6_MAX : TEXT4_MAX))
		return net_bad(s, e);
	n = (size_t)((slash ? slash : end) - s);
	len = v6 ? 128 : 32;
	memcpy(host, s, n);
	host[n] = '\0';
	*out = (struct net){0};
	if (inet_pton(v6 ? AF_INET6 : AF_INET, host, out->bytes) != 1)
		return net_bad(s, e);
	if (slash &&
	    !num_parse(slash + 1, (size_t)(end - slash) - 1, len, &len) &&
	    (v6 || !mask_parse(slash + 1, &len)))
		return err_usage(e, "bad network '%s': its length must be 0 "
				    "to %s", s, v6 ? "128" :
				 "32, or a mask like 255.255.0.0");
	out->len = (uint8_t)len;
	if (slash)
		clear_host(out);
	*family = v6 ? FAMILY_6 : FAMILY_4;
	return 0;
}

void net_print(struct buf *out, const struct net *net, enum family family)
{
	bool v6 = family == FAMILY_6;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(v6 ? AF_INET6 : AF_INET, net->bytes, text, sizeof(text));
	buf_str(out, text);
	if (net->len < (v6 ? 128 : 32))
		buf_fmt(out, "/%u", net->len);
}

bool net_same(const struct net *a, const struct net *b)
{
	return a->len == b->len &&
	       !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

void net_last(const struct net *net, uint8_t *last, size_t len)
{
	size_t i;

	memcpy(last, net->bytes, len);
	for (i = net->len; i < 8 * len; i++)
		last[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

bool net_has(const struct net *net, const uint8_t *addr)
{
	unsigned whole = net->len / 8, rest = net->len % 8;

	if (memcmp(net->bytes, addr, whole))
		return false;
	return !rest ||
	       !((net->bytes[whole] ^ addr[whole]) & (0xff00 >> rest) & 0xff);
}
