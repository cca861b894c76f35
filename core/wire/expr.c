#include "expr.h"

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

#include "match.h"

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

	match_put_key(m, k, l->set);
	elem = match_open(m, "lookup", &data);
	msg_u32(m, NFTA_LOOKUP_SREG, NFT_REG_1);
	if (l->set->verdicts)
		msg_u32(m, NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	msg_str(m, NFTA_LOOKUP_SET,
		set_ref(m, k, l->set, NFTA_LOOKUP_SET_ID));
	if (l->negate)
		msg_u32(m, NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
	match_close(m, elem, data);
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
	struct nlattr *data, *elem = match_open(m, "limit", &data);

	put_limit_data(m, l);
	match_close(m, elem, data);
}

static void put_meter(struct msg *m, struct known *k, const struct meter *x)
{
	struct nlattr *data, *elem, *inner, *inner_data;

	match_put_key(m, k, x->set);
	elem = match_open(m, "dynset", &data);
	msg_u32(m, NFTA_DYNSET_SREG_KEY, NFT_REG_1);
	msg_u32(m, NFTA_DYNSET_OP,
		x->renew ? NFT_DYNSET_OP_UPDATE : NFT_DYNSET_OP_ADD);
	msg_str(m, NFTA_DYNSET_SET_NAME,
		set_ref(m, k, x->set, NFTA_DYNSET_SET_ID));
	if (x->limit.rate) {
		inner = msg_open(m, NFTA_DYNSET_EXPR);
		msg_str(m, NFTA_EXPR_NAME, "limit");
		inner_data = msg_open(m, NFTA_EXPR_DATA);
		put_limit_data(m, &x->limit);
		msg_close(m, inner_data);
		msg_close(m, inner);
	}
	match_close(m, elem, data);
}

static void put_log(struct msg *m, const char *prefix)
{
	struct nlattr *data, *elem = match_open(m, "log", &data);

	msg_str(m, NFTA_LOG_PREFIX, prefix);
	match_close(m, elem, data);
}

static void put_reject(struct msg *m, enum reject_kind kind)
{
	bool reset = kind == REJECT_TCP_RESET;
	struct nlattr *data, *elem = match_open(m, "reject", &data);

	msg_u32(m, NFTA_REJECT_TYPE,
		reset ? NFT_REJECT_TCP_RST : NFT_REJECT_ICMPX_UNREACH);
	if (!reset)
		msg_u8(m, NFTA_REJECT_ICMP_CODE,
		       NFT_REJECT_ICMPX_PORT_UNREACH);
	match_close(m, elem, data);
}

static void put_counter(struct msg *m)
{
	struct nlattr *data, *elem = match_open(m, "counter", &data);

	msg_u64(m, NFTA_COUNTER_BYTES, 0);
	msg_u64(m, NFTA_COUNTER_PACKETS, 0);
	match_close(m, elem, data);
}

static void put_verdict_stmt(struct msg *m, const struct verdict *v)
{
	struct nlattr *data, *elem = match_open(m, "immediate", &data);

	msg_u32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	expr_put_verdict(m, NFTA_IMMEDIATE_DATA, v);
	match_close(m, elem, data);
}

static void put_xt(struct msg *m, enum stmt_kind kind, const struct xt *x)
{
	/* NFTA_MATCH_* and NFTA_TARGET_* have the same numbers. */
	struct nlattr *data, *elem;

	elem = match_open(m, kind == S_XT_MATCH ? "match" : "target", &data);
	msg_str(m, NFTA_MATCH_NAME, x->name);
	msg_u32(m, NFTA_MATCH_REV, x->rev);
	msg_bytes(m, NFTA_MATCH_INFO, x->info, x->len);
	match_close(m, elem, data);
}

static void put_masquerade(struct msg *m)
{
	struct nlattr *data, *elem = match_open(m, "masq", &data);

	match_close(m, elem, data);
}

static void put_stmt(struct msg *m, struct known *k, const struct stmt *s)
{
	switch (s->kind) {
	case S_MATCH:
		match_put(m, k, &s->match);
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
