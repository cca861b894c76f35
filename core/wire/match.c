#include "match.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "../nft/value.h"

/* The field's first len bytes into a register. */
static void put_load(struct msg *m, const struct field_info *f, unsigned reg,
		     unsigned len)
{
	switch (f->load) {
	case LOAD_META:
		msg_expr(m, "meta", NFTA_META_KEY, f->key, NFTA_META_DREG,
			 reg, 0);
		break;
	case LOAD_CT_ORIGINAL:
	case LOAD_CT:
		msg_expr(m, "ct", NFTA_CT_KEY, f->key, NFTA_CT_DREG, reg,
			 f->load == LOAD_CT ? 0 : MSG_U8(NFTA_CT_DIRECTION),
			 0, /* IP_CT_DIR_ORIGINAL */ 0);
		break;
	case LOAD_FIB:
		msg_expr(m, "fib", NFTA_FIB_DREG, reg, NFTA_FIB_RESULT,
			 f->key, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR, 0);
		break;
	case LOAD_ROUTING_HEADER:
		msg_expr(m, "exthdr", NFTA_EXTHDR_DREG, reg,
			 MSG_U8(NFTA_EXTHDR_TYPE), IPPROTO_ROUTING,
			 NFTA_EXTHDR_OFFSET, f->key, NFTA_EXTHDR_LEN, len, 0);
		break;
	default:
		msg_expr(m, "payload", NFTA_PAYLOAD_DREG, reg,
			 NFTA_PAYLOAD_BASE, f->load == LOAD_NETWORK
				 ? NFT_PAYLOAD_NETWORK_HEADER
				 : NFT_PAYLOAD_TRANSPORT_HEADER,
			 NFTA_PAYLOAD_OFFSET, f->key, NFTA_PAYLOAD_LEN, len,
			 0);
	}
}

static void put_cmp(struct msg *m, unsigned op, const void *value,
		    unsigned len)
{
	msg_expr(m, "cmp", NFTA_CMP_SREG, NFT_REG_1, NFTA_CMP_OP, op,
		 MSG_DATA(NFTA_CMP_DATA), value, len, 0);
}

static const uint8_t zero[VALUE_MAX];

/* In the first register: a masked field is alone, or the first of a key. */
static void put_mask(struct msg *m, const uint8_t *mask, unsigned len)
{
	msg_expr(m, "bitwise", NFTA_BITWISE_SREG, NFT_REG_1,
		 NFTA_BITWISE_DREG, NFT_REG_1, NFTA_BITWISE_LEN, len,
		 MSG_DATA(NFTA_BITWISE_MASK), mask, len,
		 MSG_DATA(NFTA_BITWISE_XOR), zero, len, 0);
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
	uint8_t mask[VALUE_MAX];

	if (x->bits % 8 == 0) {
		put_load(m, f, NFT_REG_1, bytes);
		put_cmp(m, op, x->a, bytes);
		return;
	}
	value_mask(mask, x->bits);
	put_load(m, f, NFT_REG_1, f->len);
	put_mask(m, mask, f->len);
	put_cmp(m, op, x->a, f->len);
}

static void put_range(struct msg *m, const struct comparison *x, unsigned len)
{
	if (x->negate) {
		msg_expr(m, "range", NFTA_RANGE_SREG, NFT_REG_1,
			 NFTA_RANGE_OP, NFT_RANGE_NEQ,
			 MSG_DATA(NFTA_RANGE_FROM_DATA), x->a, len,
			 MSG_DATA(NFTA_RANGE_TO_DATA), x->b, len, 0);
		return;
	}
	put_cmp(m, NFT_CMP_GTE, x->a, len);
	put_cmp(m, NFT_CMP_LTE, x->b, len);
}

/* iptables-nft compares an interface's name with its one NUL byte. */
static unsigned equal_len(const struct known *k, const struct comparison *x,
			const struct field_info *f)
{
	if (k->iptables && f->type == TYPE_IFNAME)
		return (unsigned)strnlen((const char *)x->a, VALUE_MAX - 1) + 1;
	return f->len;
}

void match_put(struct msg *m, struct known *k, const struct comparison *x)
{
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

/* Registers of a key are of four bytes. */
void match_put_key(struct msg *m, struct known *k, const struct set *s)
{
	uint8_t mask[VALUE_MAX];
	uint32_t word = 0, i;

	for (i = 0; i < s->nfields; i++)
		put_dependencies(m, k, field_info(s->fields[i]));
	for (i = 0; i < s->nfields; i++) {
		const struct field_info *f = field_info(s->fields[i]);

		put_load(m, f, word ? NFT_REG32_00 + word : NFT_REG_1, f->len);
		if (s->bits && !i) {
			value_mask(mask, s->bits);
			put_mask(m, mask, f->len);
		}
		word += (f->len + 3u) / 4;
	}
}
