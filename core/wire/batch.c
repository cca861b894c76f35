#include "batch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "expr.h"
#include "msg.h"
#include "setmsg.h"

enum { SMALL_ROOM = 512, RULE_ROOM = 8192 };

static struct msg open_msg(struct batch *b, uint16_t type, uint16_t flags,
			   uint8_t family, uint16_t res_id, size_t room)
{
	struct msg m = {.room = room, .full = true};
	struct nfgenmsg *nfg;

	if (!buf_reserve(&b->bytes, room))
		return m;
	m.full = false;
	m.head = mnl_nlmsg_put_header(b->bytes.data + b->bytes.len);
	m.head->nlmsg_type = type;
	m.head->nlmsg_flags = NLM_F_REQUEST | flags;
	m.head->nlmsg_seq = b->seq;
	nfg = mnl_nlmsg_put_extra_header(m.head, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);
	return m;
}

/* Messages are multiples of four bytes: libmnl pads every attribute. */
static int close_msg(struct batch *b, struct msg *m, struct err *e)
{
	if (b->bytes.failed)
		return err_set(e, "out of memory");
	if (m->full)
		return err_set(e, "a rule is too long for a netlink message");
	b->last = b->bytes.len;
	b->bytes.len += m->head->nlmsg_len;
	return 0;
}

static struct msg open_cmd(struct batch *b, const struct cmd *c, uint16_t type,
			   uint16_t flags, size_t room)
{
	return open_msg(b, (NFNL_SUBSYS_NFTABLES << 8) | type, flags,
			(uint8_t)c->family, 0, room);
}

static int put_table(struct batch *b, const struct cmd *c, struct err *e)
{
	bool add = c->kind == CMD_ADD_TABLE;
	struct msg m = open_cmd(b, c,
				add ? NFT_MSG_NEWTABLE : NFT_MSG_DELTABLE,
				add ? NLM_F_CREATE : 0, SMALL_ROOM);

	msg_str(&m, NFTA_TABLE_NAME, c->table);
	if (add)
		msg_u32(&m, NFTA_TABLE_FLAGS, 0);
	return close_msg(b, &m, e);
}

static void put_hook(struct msg *m, const struct base *base)
{
	struct nlattr *hook;

	if (!base->type)
		return;
	msg_str(m, NFTA_CHAIN_TYPE, base->type);
	hook = msg_open(m, NFTA_CHAIN_HOOK);
	msg_u32(m, NFTA_HOOK_HOOKNUM, base->hook);
	msg_u32(m, NFTA_HOOK_PRIORITY, (uint32_t)base->priority);
	msg_close(m, hook);
	msg_u32(m, NFTA_CHAIN_POLICY, base->drop ? NF_DROP : NF_ACCEPT);
}

static int put_chain(struct batch *b, const struct cmd *c, struct err *e)
{
	bool add = c->kind == CMD_ADD_CHAIN;
	struct msg m = open_cmd(b, c,
				add ? NFT_MSG_NEWCHAIN : NFT_MSG_DELCHAIN,
				add ? NLM_F_CREATE : 0, SMALL_ROOM);

	msg_str(&m, NFTA_CHAIN_TABLE, c->table);
	msg_str(&m, NFTA_CHAIN_NAME, c->chain);
	if (add)
		put_hook(&m, &c->base);
	return close_msg(b, &m, e);
}

/* Deleting rules: all of a chain, or with a handle that one. */
static int put_delete_rule(struct batch *b, const struct cmd *c, struct err *e)
{
	struct msg m = open_cmd(b, c, NFT_MSG_DELRULE, 0, SMALL_ROOM);

	msg_str(&m, NFTA_RULE_TABLE, c->table);
	msg_str(&m, NFTA_RULE_CHAIN, c->chain);
	if (c->kind == CMD_DELETE_RULE)
		msg_u64(&m, NFTA_RULE_HANDLE, c->handle);
	return close_msg(b, &m, e);
}

static int put_set(struct batch *b, const struct cmd *c, const struct set *s,
		   struct err *e)
{
	struct msg m;
	size_t done = 0;

	b->set_id++;
	m = open_cmd(b, c, NFT_MSG_NEWSET, NLM_F_CREATE, SMALL_ROOM);
	setmsg_put_set(&m, c->table, s, b->set_id);
	if (close_msg(b, &m, e))
		return -1;
	while (done < s->n) {
		m = open_cmd(b, c, NFT_MSG_NEWSETELEM, NLM_F_CREATE,
			     setmsg_elem_room(s, done));
		done = setmsg_put_elems(&m, c->table, s, b->set_id, done);
		if (close_msg(b, &m, e))
			return -1;
	}
	return 0;
}

static int put_delete_set(struct batch *b, const struct cmd *c, struct err *e)
{
	struct msg m = open_cmd(b, c, NFT_MSG_DELSET, 0, SMALL_ROOM);

	msg_str(&m, NFTA_SET_TABLE, c->table);
	msg_str(&m, NFTA_SET_NAME, c->set->name);
	return close_msg(b, &m, e);
}

/* iptables-nft and the kernel's compat layer want to know the protocol that
 * xt matches may rely on: none here. */
static void put_compat(struct msg *m, const struct cmd *c)
{
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < c->nstmts; i++)
		if (c->stmts[i].kind == S_XT_MATCH ||
		    c->stmts[i].kind == S_XT_TARGET)
			break;
	if (i == c->nstmts)
		return;
	nest = msg_open(m, NFTA_RULE_COMPAT);
	msg_u32(m, NFTA_RULE_COMPAT_PROTO, 0);
	msg_u32(m, NFTA_RULE_COMPAT_FLAGS, 0);
	msg_close(m, nest);
}

static int put_rule(struct batch *b, const struct cmd *c, struct err *e)
{
	uint32_t first_set = b->set_id + 1;
	struct msg m;
	size_t i;

	for (i = 0; i < c->nstmts; i++)
		if (c->stmts[i].kind == S_LOOKUP &&
		    !c->stmts[i].lookup.set->name &&
		    put_set(b, c, c->stmts[i].lookup.set, e))
			return -1;
	m = open_cmd(b, c, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND,
		     RULE_ROOM);
	msg_str(&m, NFTA_RULE_TABLE, c->table);
	msg_str(&m, NFTA_RULE_CHAIN, c->chain);
	expr_put_all(&m, c, first_set);
	put_compat(&m, c);
	return close_msg(b, &m, e);
}

static int batch_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct batch *b = (struct batch *)s;

	b->seq++;
	switch (c->kind) {
	case CMD_ADD_TABLE:
	case CMD_DELETE_TABLE:
		return put_table(b, c, e);
	case CMD_ADD_CHAIN:
	case CMD_DELETE_CHAIN:
		return put_chain(b, c, e);
	case CMD_FLUSH_CHAIN:
	case CMD_DELETE_RULE:
		return put_delete_rule(b, c, e);
	case CMD_ADD_SET:
		return put_set(b, c, c->set, e);
	case CMD_DELETE_SET:
		return put_delete_set(b, c, e);
	case CMD_ADD_RULE:
		return put_rule(b, c, e);
	}
	return err_set(e, "unknown change");
}

static void put_boundary(struct batch *b, uint16_t type, uint32_t genid)
{
	struct msg m = open_msg(b, type, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES,
				SMALL_ROOM);

	if (genid)
		msg_u32(&m, NFNL_BATCH_GENID, genid);
	if (!m.full)
		b->bytes.len += m.head->nlmsg_len;
}

void batch_begin(struct batch *b, uint32_t genid)
{
	*b = (struct batch){.sink.put = batch_put};
	put_boundary(b, NFNL_MSG_BATCH_BEGIN, genid);
}

int batch_end(struct batch *b, struct err *e)
{
	if (b->last) {
		struct nlmsghdr *last;

		last = (struct nlmsghdr *)(void *)(b->bytes.data + b->last);
		last->nlmsg_flags |= NLM_F_ACK;
	}
	b->seq++;
	put_boundary(b, NFNL_MSG_BATCH_END, 0);
	return b->bytes.failed ? err_set(e, "out of memory") : 0;
}

void batch_free(struct batch *b)
{
	buf_free(&b->bytes);
}
