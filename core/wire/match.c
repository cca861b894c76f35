#include "match.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

struct nlattr *match_open(struct msg *m, const char *name, struct nlattr **data)
{
	struct nlattr *elem = msg_open(m, NFTA_LIST_ELEM);

	msg_str(m, NFTA_EXPR_NAME, name);
	*data = msg_open(m, NFTA_EXPR_DATA);
	return elem;
}

void match_close(struct msg *m, struct nlattr *elem, struct nlattr *data)
{
	msg_close(m, data);
	msg_close(m, elem);
}

static void put_value(struct msg *m, uint16_t type, const void *value,
		      size_t len)
{
	struct nlattr *nest = msg_open(m, type);

	msg_bytes(m, NFTA_DATA_VALUE, value, len);
	msg_close(m, nest);
}

static void put_payload(struct msg *m, const struct field_info *f,
			uint32_t reg, uint32_t len)
{
	struct nlattr *data, *elem = match_open(m, "payload", &data);

	msg_u32(m, NFTA_PAYLOAD_DREG, reg);
	msg_u32(m, NFTA_PAYLOAD_BASE,
		f->load == LOAD_NETWORK ? NFT_PAYLOAD_NETWORK_HEADER
					: NFT_PAYLOAD_TRANSPORT_HEADER);
	msg_u32(m, NFTA_PAYLOAD_OFFSET, f->key);
	msg_u32(m, NFTA_PAYLOAD_LEN, len);
	match_close(m, elem, data);
}

static void put_ct(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = match_open(m, "ct", &data);

	msg_u32(m, NFTA_CT_KEY, f->key);
	msg_u32(m, NFTA_CT_DREG, reg);
	if (f->key != NFT_CT_STATE && f->key != NFT_CT_STATUS)
		msg_u8(m, NFTA_CT_DIRECTION, 0); /* IP_CT_DIR_ORIGINAL */
	match_close(m, elem, data);
}

static void put_fib(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = match_open(m, "fib", &data);

	msg_u32(m, NFTA_FIB_DREG, reg);
	msg_u32(m, NFTA_FIB_RESULT, f->key);
	msg_u32(m, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
	match_close(m, elem, data);
}

static void put_routing_header(struct msg *m, const struct field_info *f,
			       uint32_t reg)
{
	struct nlattr *data, *elem = match_open(m, "exthdr", &data);

	msg_u32(m, NFTA_EXTHDR_DREG, reg);
	msg_u8(m, NFTA_EXTHDR_TYPE, IPPROTO_ROUTING);
	msg_u32(m, NFTA_EXTHDR_OFFSET, f->key);
	msg_u32(m, NFTA_EXTHDR_LEN, f->len);
	match_close(m, elem, data);
}

static void put_meta(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = match_open(m, "meta", &data);

	msg_u32(m, NFTA_META_KEY, f->key);
	msg_u32(m, NFTA_META_DREG, reg);
	match_close(m, elem, data);
}

/* The field's first len bytes into a register. */
static void put_load(struct msg *m, const struct field_info *f, uint32_t reg,
		     uint32_t len)
{
	switch (f->load) {
	case LOAD_META:
		put_meta(m, f, reg);
		break;
	case LOAD_CT:
		put_ct(m, f, reg);
		break;
	case LOAD_FIB:
		put_fib(m, f, reg);
		break;
	case LOAD_ROUTING_HEADER:
		put_routing_header(m, f, reg);
		break;
	default:
		put_payload(m, f, reg, len);
	}
}

static void put_cmp(struct msg *m, uint32_t op, const void *value, size_t len)
{
	struct nlattr *data, *elem = match_open(m, "cmp", &data);

	msg_u32(m, NFTA_CMP_SREG, NFT_REG_1);
	msg_u32(m, NFTA_CMP_OP, op);
	put_value(m, NFTA_CMP_DATA, value, len);
	match_close(m, elem, data);
}

/* In the first register: a masked field is alone, or the first of a key. */
static void put_mask(struct msg *m, const uint8_t *mask, uint32_t len)
{
	static const uint8_t zero[VALUE_MAX];
	struct nlattr *data, *elem = match_open(m, "bitwise", &data);

	msg_u32(m, NFTA_BITWISE_SREG, NFT_REG_1);
	msg_u32(m, NFTA_BITWISE_DREG, NFT_REG_1);
	msg_u32(m, NFTA_BITWISE_LEN, len);
	put_value(m, NFTA_BITWISE_MASK, mask, len);
	put_value(m, NFTA_BITWISE_XOR, zero, len);
	match_close(m, elem, data);
}

static void require(struct msg *m, enum field field, uint8_t *have,
		    uint8_t want)
{
	const struct field_info *f = field_info(field);

	if (!want || *have == want)
		return;
	put_load(m, f, NFT_REG_1, f->len);
	put_cmp(m, NFT_CMP_EQ, &want, sizeof(want));
	*have = want;
}

/* A payload field has a meaning only under the right protocols. */
static void put_dependencies(struct msg *m, struct known *k,
			     const struct field_info *f)
{
	if (!k->nfproto_given)
		require(m, F_NFPROTO, &k->nfproto, f->nfproto);
	require(m, F_L4PROTO, &k->l4proto, f->l4proto);
}

static void put_prefix(struct msg *m, const struct comparison *x,
		       const struct field_info *f, uint32_t op)
{
	uint32_t bytes = x->bits / 8;
	uint8_t mask[VALUE_MAX] = {0};

	if (x->bits % 8 == 0) {
		put_load(m, f, NFT_REG_1, bytes);
		put_cmp(m, op, x->a, bytes);
		return;
	}
	memset(mask, 0xff, bytes);
	mask[bytes] = (uint8_t)(0xff << (8 - x->bits % 8));
	put_load(m, f, NFT_REG_1, f->len);
	put_mask(m, mask, f->len);
	put_cmp(m, op, x->a, f->len);
}

static void put_range(struct msg *m, const struct comparison *x, uint8_t len)
{
	struct nlattr *data, *elem;

	if (!x->negate) {
		put_cmp(m, NFT_CMP_GTE, x->a, len);
		put_cmp(m, NFT_CMP_LTE, x->b, len);
		return;
	}
	elem = match_open(m, "range", &data);
	msg_u32(m, NFTA_RANGE_SREG, NFT_REG_1);
	msg_u32(m, NFTA_RANGE_OP, NFT_RANGE_NEQ);
	put_value(m, NFTA_RANGE_FROM_DATA, x->a, len);
	put_value(m, NFTA_RANGE_TO_DATA, x->b, len);
	match_close(m, elem, data);
}

/* iptables-nft compares an interface's name with its one NUL byte. */
static size_t equal_len(const struct known *k, const struct comparison *x,
			const struct field_info *f)
{
	if (k->iptables && f->type == TYPE_IFNAME)
		return strnlen((const char *)x->a, VALUE_MAX - 1) + 1;
	return f->len;
}

void match_put(struct msg *m, struct known *k, const struct comparison *x)
{
	static const uint8_t zero[VALUE_MAX];
	const struct field_info *f = field_info(x->field);
	uint32_t op = x->negate ? NFT_CMP_NEQ : NFT_CMP_EQ;

	put_dependencies(m, k, f);
	if (x->op == OP_PREFIX && x->bits < f->len * 8) {
		put_prefix(m, x, f, op);
		return;
	}
	put_load(m, f, NFT_REG_1, f->len);
	switch (x->op) {
	case OP_RANGE:
		put_range(m, x, f->len);
		break;
	case OP_FLAGS:
		put_mask(m, x->a, f->len);
		put_cmp(m, x->negate ? NFT_CMP_EQ : NFT_CMP_NEQ, zero, f->len);
		break;
	default:
		put_cmp(m, op, x->a, equal_len(k, x, f));
		if (x->field == F_L4PROTO && !x->negate)
			k->l4proto = x->a[0];
		if (x->field == F_NFPROTO && !x->negate)
			k->nfproto = x->a[0];
	}
}

/* The fields of a key, side by side in registers of four bytes. */
void match_put_key(struct msg *m, struct known *k, const struct set *s)
{
	static const uint8_t first64[16] = {0xff, 0xff, 0xff, 0xff,
					    0xff, 0xff, 0xff, 0xff};
	uint32_t word = 0, i;

	for (i = 0; i < s->nfields; i++)
		put_dependencies(m, k, field_info(s->fields[i]));
	for (i = 0; i < s->nfields; i++) {
		const struct field_info *f = field_info(s->fields[i]);

		put_load(m, f, word ? NFT_REG32_00 + word : NFT_REG_1, f->len);
		if (s->fields[i] == F_IP6_SADDR64)
			put_mask(m, first64, f->len);
		word += (f->len + 3u) / 4;
	}
}
