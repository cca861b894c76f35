#include "expr.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

/* What the rule has matched so far, so that nothing is matched twice. */
struct known {
	bool nfproto_given; /* the table's family says it */
	bool iptables;
	uint8_t nfproto, l4proto;
	uint32_t set_id;
};

static struct nlattr *expr_open(struct msg *m, const char *name,
				struct nlattr **data)
{
	struct nlattr *elem = msg_open(m, NFTA_LIST_ELEM);

	msg_str(m, NFTA_EXPR_NAME, name);
	*data = msg_open(m, NFTA_EXPR_DATA);
	return elem;
}

static void expr_close(struct msg *m, struct nlattr *elem, struct nlattr *data)
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
	struct nlattr *data, *elem = expr_open(m, "payload", &data);

	msg_u32(m, NFTA_PAYLOAD_DREG, reg);
	msg_u32(m, NFTA_PAYLOAD_BASE,
		f->load == LOAD_NETWORK ? NFT_PAYLOAD_NETWORK_HEADER
					: NFT_PAYLOAD_TRANSPORT_HEADER);
	msg_u32(m, NFTA_PAYLOAD_OFFSET, f->key);
	msg_u32(m, NFTA_PAYLOAD_LEN, len);
	expr_close(m, elem, data);
}

static void put_ct(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = expr_open(m, "ct", &data);

	msg_u32(m, NFTA_CT_KEY, f->key);
	msg_u32(m, NFTA_CT_DREG, reg);
	if (f->key != NFT_CT_STATE && f->key != NFT_CT_STATUS)
		msg_u8(m, NFTA_CT_DIRECTION, 0); /* IP_CT_DIR_ORIGINAL */
	expr_close(m, elem, data);
}

static void put_fib(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = expr_open(m, "fib", &data);

	msg_u32(m, NFTA_FIB_DREG, reg);
	msg_u32(m, NFTA_FIB_RESULT, f->key);
	msg_u32(m, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
	expr_close(m, elem, data);
}

static void put_routing_header(struct msg *m, const struct field_info *f,
			       uint32_t reg)
{
	struct nlattr *data, *elem = expr_open(m, "exthdr", &data);

	msg_u32(m, NFTA_EXTHDR_DREG, reg);
	msg_u8(m, NFTA_EXTHDR_TYPE, IPPROTO_ROUTING);
	msg_u32(m, NFTA_EXTHDR_OFFSET, f->key);
	msg_u32(m, NFTA_EXTHDR_LEN, f->len);
	expr_close(m, elem, data);
}

static void put_meta(struct msg *m, const struct field_info *f, uint32_t reg)
{
	struct nlattr *data, *elem = expr_open(m, "meta", &data);

	msg_u32(m, NFTA_META_KEY, f->key);
	msg_u32(m, NFTA_META_DREG, reg);
	expr_close(m, elem, data);
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
	struct nlattr *data, *elem = expr_open(m, "cmp", &data);

	msg_u32(m, NFTA_CMP_SREG, NFT_REG_1);
	msg_u32(m, NFTA_CMP_OP, op);
	put_value(m, NFTA_CMP_DATA, value, len);
	expr_close(m, elem, data);
}

static void put_mask(struct msg *m, const uint8_t *mask, uint32_t len)
{
	static const uint8_t zero[VALUE_MAX];
	struct nlattr *data, *elem = expr_open(m, "bitwise", &data);

	msg_u32(m, NFTA_BITWISE_SREG, NFT_REG_1);
	msg_u32(m, NFTA_BITWISE_DREG, NFT_REG_1);
	msg_u32(m, NFTA_BITWISE_LEN, len);
	put_value(m, NFTA_BITWISE_MASK, mask, len);
	put_value(m, NFTA_BITWISE_XOR, zero, len);
	expr_close(m, elem, data);
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
	elem = expr_open(m, "range", &data);
	msg_u32(m, NFTA_RANGE_SREG, NFT_REG_1);
	msg_u32(m, NFTA_RANGE_OP, NFT_RANGE_NEQ);
	put_value(m, NFTA_RANGE_FROM_DATA, x->a, len);
	put_value(m, NFTA_RANGE_TO_DATA, x->b, len);
	expr_close(m, elem, data);
}

/* iptables-nft compares an interface's name with its one NUL byte. */
static size_t equal_len(const struct known *k, const struct comparison *x,
			const struct field_info *f)
{
	if (k->iptables && f->type == TYPE_IFNAME)
		return strnlen((const char *)x->a, VALUE_MAX - 1) + 1;
	return f->len;
}

static void put_match(struct msg *m, struct known *k, const struct comparison *x)
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
static void put_key(struct msg *m, struct known *k, const struct set *s)
{
	uint32_t word = 0, i;

	for (i = 0; i < s->nfields; i++)
		put_dependencies(m, k, field_info(s->fields[i]));
	for (i = 0; i < s->nfields; i++) {
		const struct field_info *f = field_info(s->fields[i]);

		put_load(m, f, word ? NFT_REG32_00 + word : NFT_REG_1, f->len);
		word += (f->len + 3u) / 4;
	}
}

/* The kernel knows a set by its name, within one batch also by its id. */
static const char *set_ref(struct msg *m, struct known *k, const struct set *s,
			   uint16_t id_type)
{
	if (s->name)
		return s->name;
	msg_u32(m, id_type, k->set_id++);
	return "__set%d";
}

static void put_lookup(struct msg *m, struct known *k, const struct lookup *l)
{
	struct nlattr *data, *elem;

	put_key(m, k, l->set);
	elem = expr_open(m, "lookup", &data);
	msg_u32(m, NFTA_LOOKUP_SREG, NFT_REG_1);
	if (l->set->verdicts)
		msg_u32(m, NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	msg_str(m, NFTA_LOOKUP_SET,
		set_ref(m, k, l->set, NFTA_LOOKUP_SET_ID));
	if (l->negate)
		msg_u32(m, NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
	expr_close(m, elem, data);
}

static void put_limit_data(struct msg *m, const struct limit *l)
{
	msg_u64(m, NFTA_LIMIT_RATE, l->rate);
	msg_u64(m, NFTA_LIMIT_UNIT, l->unit);
	msg_u32(m, NFTA_LIMIT_BURST, l->burst);
	msg_u32(m, NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS);
	msg_u32(m, NFTA_LIMIT_FLAGS, l->over ? NFT_LIMIT_F_INV : 0);
}

static void put_limit(struct msg *m, const struct limit *l)
{
	struct nlattr *data, *elem = expr_open(m, "limit", &data);

	put_limit_data(m, l);
	expr_close(m, elem, data);
}

static void put_meter(struct msg *m, struct known *k, const struct meter *x)
{
	struct nlattr *data, *elem, *inner, *inner_data;

	put_key(m, k, x->set);
	elem = expr_open(m, "dynset", &data);
	msg_u32(m, NFTA_DYNSET_SREG_KEY, NFT_REG_1);
	msg_u32(m, NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
	msg_str(m, NFTA_DYNSET_SET_NAME,
		set_ref(m, k, x->set, NFTA_DYNSET_SET_ID));
	inner = msg_open(m, NFTA_DYNSET_EXPR);
	msg_str(m, NFTA_EXPR_NAME, "limit");
	inner_data = msg_open(m, NFTA_EXPR_DATA);
	put_limit_data(m, &x->limit);
	msg_close(m, inner_data);
	msg_close(m, inner);
	expr_close(m, elem, data);
}

static void put_log(struct msg *m, const char *prefix)
{
	struct nlattr *data, *elem = expr_open(m, "log", &data);

	msg_str(m, NFTA_LOG_PREFIX, prefix);
	expr_close(m, elem, data);
}

static void put_reject(struct msg *m, enum reject_kind kind)
{
	bool reset = kind == REJECT_TCP_RESET;
	struct nlattr *data, *elem = expr_open(m, "reject", &data);

	msg_u32(m, NFTA_REJECT_TYPE,
		reset ? NFT_REJECT_TCP_RST : NFT_REJECT_ICMPX_UNREACH);
	if (!reset)
		msg_u8(m, NFTA_REJECT_ICMP_CODE,
		       NFT_REJECT_ICMPX_PORT_UNREACH);
	expr_close(m, elem, data);
}

static void put_counter(struct msg *m)
{
	struct nlattr *data, *elem = expr_open(m, "counter", &data);

	msg_u64(m, NFTA_COUNTER_BYTES, 0);
	msg_u64(m, NFTA_COUNTER_PACKETS, 0);
	expr_close(m, elem, data);
}

static void put_verdict_stmt(struct msg *m, const struct verdict *v)
{
	struct nlattr *data, *elem = expr_open(m, "immediate", &data);

	msg_u32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	expr_put_verdict(m, NFTA_IMMEDIATE_DATA, v);
	expr_close(m, elem, data);
}

static void put_xt(struct msg *m, enum stmt_kind kind, const struct xt *x)
{
	/* NFTA_MATCH_* and NFTA_TARGET_* have the same numbers. */
	struct nlattr *data, *elem;

	elem = expr_open(m, kind == S_XT_MATCH ? "match" : "target", &data);
	msg_str(m, NFTA_MATCH_NAME, x->name);
	msg_u32(m, NFTA_MATCH_REV, x->rev);
	msg_bytes(m, NFTA_MATCH_INFO, x->info, x->len);
	expr_close(m, elem, data);
}

static void put_masquerade(struct msg *m)
{
	struct nlattr *data, *elem = expr_open(m, "masq", &data);

	expr_close(m, elem, data);
}

static void put_stmt(struct msg *m, struct known *k, const struct stmt *s)
{
	switch (s->kind) {
	case S_MATCH:
		put_match(m, k, &s->match);
		break;
	case S_LOOKUP:
		put_lookup(m, k, &s->lookup);
		break;
	case S_COUNTER:
		put_counter(m);
		break;
	case S_LIMIT:
		put_limit(m, &s->limit);
		break;
	case S_LOG:
		put_log(m, s->log);
		break;
	case S_METER:
		put_meter(m, k, &s->meter);
		break;
	case S_REJECT:
		put_reject(m, s->reject);
		break;
	case S_VERDICT:
		put_verdict_stmt(m, &s->verdict);
		break;
	case S_MASQUERADE:
		put_masquerade(m);
		break;
	case S_XT_MATCH:
	case S_XT_TARGET:
		put_xt(m, s->kind, &s->xt);
		break;
	}
}

void expr_put_verdict(struct msg *m, uint16_t type, const struct verdict *v)
{
	static const int code[] = {
		[V_ACCEPT] = NF_ACCEPT, [V_DROP] = NF_DROP,
		[V_RETURN] = NFT_RETURN, [V_JUMP] = NFT_JUMP,
		[V_GOTO] = NFT_GOTO,
	};
	struct nlattr *nest = msg_open(m, type);
	struct nlattr *verdict = msg_open(m, NFTA_DATA_VERDICT);

	msg_u32(m, NFTA_VERDICT_CODE, (uint32_t)code[v->code]);
	if (v->code == V_JUMP || v->code == V_GOTO)
		msg_str(m, NFTA_VERDICT_CHAIN, v->chain);
	msg_close(m, verdict);
	msg_close(m, nest);
}

void expr_put_all(struct msg *m, const struct cmd *rule, uint32_t first_set_id)
{
	struct known k = {
		.nfproto_given = rule->family != TABLE_INET,
		.iptables = rule->iptables,
		.set_id = first_set_id,
	};
	struct nlattr *list = msg_open(m, NFTA_RULE_EXPRESSIONS);
	size_t i;

	for (i = 0; i < rule->nstmts; i++)
		put_stmt(m, &k, &rule->stmts[i]);
	msg_close(m, list);
}
