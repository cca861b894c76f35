#include "expr.h"

#include <arpa/inet.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

#include "match.h"

/* The kernel knows a set by its name, within one batch also by its id. */
static void put_set_ref(struct msg *m, struct known *k, const struct set *s,
			unsigned id_type, unsigned name_type)
{
	msg_put(m, s->name ? MSG_SKIP : id_type, k->set_id,
		MSG_STR(name_type), s->name ? s->name : "__set%d", 0);
	k->set_id += !s->name;
}

static void put_lookup(struct msg *m, struct known *k, const struct lookup *l)
{
	match_put_key(m, k, l->set);
	msg_expr(m, "lookup", NFTA_LOOKUP_SREG, NFT_REG_1,
		 l->set->verdicts ? NFTA_LOOKUP_DREG : MSG_SKIP,
		 NFT_REG_VERDICT, 0);
	put_set_ref(m, k, l->set, NFTA_LOOKUP_SET_ID, NFTA_LOOKUP_SET);
	if (l->negate)
		msg_put(m, NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV, 0);
}

static void put_limit(struct msg *m, const struct limit *l)
{
	msg_put(m, MSG_U64(NFTA_LIMIT_RATE), l->rate,
		MSG_U64(NFTA_LIMIT_UNIT), l->unit,
		NFTA_LIMIT_BURST, l->burst, NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS,
		NFTA_LIMIT_FLAGS, l->over ? NFT_LIMIT_F_INV : 0, 0);
}

static void put_meter(struct msg *m, struct known *k, const struct meter *x)
{
	match_put_key(m, k, x->set);
	msg_expr(m, "dynset", NFTA_DYNSET_SREG_KEY, NFT_REG_1, NFTA_DYNSET_OP,
		 x->renew ? NFT_DYNSET_OP_UPDATE : NFT_DYNSET_OP_ADD, 0);
	put_set_ref(m, k, x->set, NFTA_DYNSET_SET_ID, NFTA_DYNSET_SET_NAME);
	if (!x->limit.rate)
		return;
	msg_put(m, MSG_OPEN(NFTA_DYNSET_EXPR), MSG_STR(NFTA_EXPR_NAME),
		"limit", MSG_OPEN(NFTA_EXPR_DATA), 0);
	put_limit(m, &x->limit);
}

static void put_dnat(struct msg *m, const struct dnat *d)
{
	uint16_t port = htons(d->port);

	msg_expr(m, "immediate", NFTA_IMMEDIATE_DREG, NFT_REG_1,
		 MSG_DATA(NFTA_IMMEDIATE_DATA), d->addr, d->six ? 16u : 4u, 0);
	msg_expr(m, "immediate", NFTA_IMMEDIATE_DREG, NFT_REG_2,
		 MSG_DATA(NFTA_IMMEDIATE_DATA), &port, (unsigned)sizeof(port),
		 0);
	msg_expr(m, "nat", NFTA_NAT_TYPE, NFT_NAT_DNAT,
		 NFTA_NAT_FAMILY, d->six ? NFPROTO_IPV6 : NFPROTO_IPV4,
		 NFTA_NAT_REG_ADDR_MIN, NFT_REG_1,
		 NFTA_NAT_REG_PROTO_MIN, NFT_REG_2, 0);
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
		msg_expr(m, "counter", MSG_U64(NFTA_COUNTER_BYTES),
			 0, MSG_U64(NFTA_COUNTER_PACKETS), 0, 0);
		break;
	case S_LIMIT:
		msg_expr(m, "limit", 0);
		put_limit(m, &s->limit);
		break;
	case S_LOG:
		msg_expr(m, "log", MSG_STR(NFTA_LOG_PREFIX), s->log, 0);
		break;
	case S_METER:
		put_meter(m, k, &s->meter);
		break;
	case S_REJECT:
		if (s->reject == REJECT_TCP_RESET)
			msg_expr(m, "reject", NFTA_REJECT_TYPE,
				 NFT_REJECT_TCP_RST, 0);
		else
			msg_expr(m, "reject", NFTA_REJECT_TYPE,
				 NFT_REJECT_ICMPX_UNREACH,
				 MSG_U8(NFTA_REJECT_ICMP_CODE),
				 NFT_REJECT_ICMPX_PORT_UNREACH, 0);
		break;
	case S_VERDICT:
		msg_expr(m, "immediate", NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT,
			 0);
		expr_put_verdict(m, NFTA_IMMEDIATE_DATA, &s->verdict);
		break;
	case S_MASQUERADE:
		msg_expr(m, "masq", 0);
		break;
	case S_DNAT:
		put_dnat(m, &s->dnat);
		break;
	case S_XT_MATCH:
	case S_XT_TARGET:
		/* NFTA_MATCH_* and NFTA_TARGET_* have the same numbers. */
		msg_expr(m, s->kind == S_XT_MATCH ? "match" : "target",
			 MSG_STR(NFTA_MATCH_NAME), s->xt.name,
			 NFTA_MATCH_REV, s->xt.rev,
			 MSG_BYTES(NFTA_MATCH_INFO), s->xt.info, s->xt.len, 0);
		k->xt = true;
	}
}

void expr_put_verdict(struct msg *m, unsigned type, const struct verdict *v)
{
	static const int8_t code[] = {
		[V_ACCEPT] = NF_ACCEPT, [V_DROP] = NF_DROP,
		[V_RETURN] = NFT_RETURN, [V_JUMP] = NFT_JUMP,
		[V_GOTO] = NFT_GOTO,
	};

	msg_put(m, MSG_OPEN(type), MSG_OPEN(NFTA_DATA_VERDICT),
		NFTA_VERDICT_CODE, (unsigned)code[v->code], 0);
	if (v->chain)
		msg_put(m, MSG_STR(NFTA_VERDICT_CHAIN), v->chain, 0);
}

void expr_put_all(struct msg *m, const struct cmd *rule, uint32_t first_set_id)
{
	struct known k = {
		.nfproto_given = rule->family != TABLE_INET,
		.iptables = rule->iptables,
		.set_id = first_set_id,
	};
	size_t i;

	msg_put(m, MSG_OPEN(NFTA_RULE_EXPRESSIONS), 0);
	for (i = 0; i < rule->nstmts; i++)
		put_stmt(m, &k, &rule->stmts[i]);
	msg_close(m, 0);
	/* iptables-nft and the kernel's compat layer want to know the protocol
	 * that xt matches may rely on: none here. */
	if (k.xt)
		msg_put(m, MSG_OPEN(NFTA_RULE_COMPAT),
			NFTA_RULE_COMPAT_PROTO, 0, NFTA_RULE_COMPAT_FLAGS, 0,
			MSG_CLOSE(0), 0);
}
