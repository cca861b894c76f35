#include "batch.h"

#include <endian.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "expr.h"
#include "setmsg.h"

/* At first: what a small batch needs, without growing there. */
enum { SMALL_ROOM = 512, RULE_ROOM = 8192, FIRST_ROOM = 3 * RULE_ROOM };

static void open_msg(struct batch *b, unsigned type, unsigned flags,
		     unsigned family, size_t room)
{
	struct msg *m = &b->msg;

	if (!buf_reserve(&b->bytes, room))
		m->full = true;
	if (m->full)
		return;
	m->room = room;
	msg_begin(m, b->bytes.data + b->bytes.len, type, flags, family);
	m->head->nlmsg_seq = b->seq;
}

/* FNV-1a over the message as far as it is written, by 32 bits at a time: of
 * whole ones it consists, for libmnl pads every attribute. */
static void digest(struct batch *b)
{
	const uint32_t *at = (const uint32_t *)b->msg.head, *end;

	for (end = at + b->msg.head->nlmsg_len / sizeof(*at); at < end; at++)
		b->digest = (b->digest ^ *at) * UINT64_C(0x100000001b3);
}

/* Messages are multiples of four bytes: libmnl pads every attribute. */
static void close_msg(struct batch *b)
{
	msg_close(&b->msg, 0);
	if (b->msg.full)
		return;
	if (b->marked)
		digest(b);
	b->last = b->bytes.len;
	b->bytes.len += b->msg.head->nlmsg_len;
}

static int result(const struct batch *b, struct err *e)
{
	if (b->bytes.failed)
		return err_set(e, "out of memory");
	if (b->msg.full)
		return err_set(e, "a rule is too long for a netlink message");
	return 0;
}

/* The attributes that name things have the same numbers for all things: the
 * table first, NFTA_TABLE_NAME, NFTA_CHAIN_TABLE and so on. */
static void open_cmd(struct batch *b, const struct cmd *c, unsigned type,
		     unsigned flags, size_t room)
{
	open_msg(b, NFNL_SUBSYS_NFTABLES << 8 | type, flags, c->family, room);
	msg_put(&b->msg, MSG_STR(NFTA_TABLE_NAME), c->table, 0);
}

static void put_base(struct msg *m, const struct base *base)
{
	if (base->type)
		msg_put(m, MSG_STR(NFTA_CHAIN_TYPE), base->type,
			MSG_OPEN(NFTA_CHAIN_HOOK),
			NFTA_HOOK_HOOKNUM, base->hook,
			NFTA_HOOK_PRIORITY, (unsigned)base->priority,
			MSG_CLOSE(0),
			NFTA_CHAIN_POLICY, base->drop ? NF_DROP : NF_ACCEPT,
			0);
}

static void put_set(struct batch *b, const struct cmd *c, const struct set *s)
{
	size_t done = 0;

	b->set_id++;
	open_cmd(b, c, NFT_MSG_NEWSET, NLM_F_CREATE, SMALL_ROOM);
	setmsg_put_set(&b->msg, s, b->set_id);
	close_msg(b);
	while (done < s->n) {
		open_cmd(b, c, NFT_MSG_NEWSETELEM, NLM_F_CREATE,
			 setmsg_elem_room(s, done));
		done = setmsg_put_elems(&b->msg, s, b->set_id, done);
		close_msg(b);
	}
}

static void put_mark(struct batch *b, const struct cmd *c)
{
	struct mark mark = {.type = MARK_TYPE, .len = MARK_LEN,
			    .rule = c->rule};

	if (!b->marked || b->msg.full)
		return;
	digest(b);
	mark.digest = b->digest;
	b->sum += b->digest;
	msg_put(&b->msg, MSG_BYTES(NFTA_RULE_USERDATA), &mark,
		(unsigned)sizeof(mark), 0);
}

/* First the sets that live with it. */
static void put_rule(struct batch *b, const struct cmd *c)
{
	uint32_t first_set = b->set_id + 1;
	uint64_t before;
	size_t i;

	for (i = 0; i < c->nstmts; i++)
		if (c->stmts[i].kind == S_LOOKUP &&
		    !c->stmts[i].lookup.set->name)
			put_set(b, c, c->stmts[i].lookup.set);
	open_cmd(b, c, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND,
		 RULE_ROOM);
	msg_put(&b->msg, MSG_STR(NFTA_RULE_CHAIN), c->chain, 0);
	expr_put_all(&b->msg, c, first_set);
	put_mark(b, c);
	before = b->digest;
	close_msg(b);
	b->digest = before;
}

static void put_simple(struct batch *b, const struct cmd *c)
{
	static const struct { uint8_t msg, name; } messages[] = {
		[CMD_ADD_TABLE] = {NFT_MSG_NEWTABLE, 0},
		[CMD_DELETE_TABLE] = {NFT_MSG_DELTABLE, 0},
		[CMD_ADD_CHAIN] = {NFT_MSG_NEWCHAIN, NFTA_CHAIN_NAME},
		[CMD_DELETE_CHAIN] = {NFT_MSG_DELCHAIN, NFTA_CHAIN_NAME},
		[CMD_FLUSH_CHAIN] = {NFT_MSG_DELRULE, NFTA_RULE_CHAIN},
		[CMD_DELETE_RULE] = {NFT_MSG_DELRULE, NFTA_RULE_CHAIN},
		[CMD_DELETE_SET] = {NFT_MSG_DELSET, NFTA_SET_NAME},
	};
	bool add = c->kind == CMD_ADD_TABLE || c->kind == CMD_ADD_CHAIN;
	uint64_t handle = htobe64(c->handle);
	struct msg *m = &b->msg;

	open_cmd(b, c, messages[c->kind].msg, add ? NLM_F_CREATE : 0,
		 SMALL_ROOM);
	if (messages[c->kind].name)
		msg_put(m, MSG_STR(messages[c->kind].name),
			c->set ? c->set->name : c->chain, 0);
	if (c->kind == CMD_ADD_TABLE)
		msg_put(m, NFTA_TABLE_FLAGS, 0, 0);
	if (c->kind == CMD_ADD_CHAIN)
		put_base(m, &c->base);
	if (c->kind == CMD_DELETE_RULE)
		msg_put(m, MSG_BYTES(NFTA_RULE_HANDLE), &handle,
			(unsigned)sizeof(handle), 0);
	close_msg(b);
}

static int batch_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct batch *b = (struct batch *)s;

	b->seq++;
	if (c->kind == CMD_ADD_RULE)
		put_rule(b, c);
	else if (c->kind == CMD_ADD_SET)
		put_set(b, c, c->set);
	else
		put_simple(b, c);
	return result(b, e);
}

static void put_boundary(struct batch *b, unsigned type, uint32_t genid)
{
	size_t last = b->last;

	open_msg(b, type, 0, 0, SMALL_ROOM);
	msg_put(&b->msg, genid ? NFNL_BATCH_GENID : MSG_SKIP, genid, 0);
	close_msg(b);
	b->last = last;
}

void batch_begin(struct batch *b, uint32_t genid)
{
	*b = (struct batch){.sink.put = batch_put};
	buf_reserve(&b->bytes, FIRST_ROOM);
	put_boundary(b, NFNL_MSG_BATCH_BEGIN, genid);
}

/* Its only attribute is behind the headers of the first message. */
void batch_stamp(struct batch *b, uint32_t genid)
{
	size_t at = sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg) +
		    sizeof(struct nlattr);

	genid = htobe32(genid);
	memcpy(b->bytes.data + at, &genid, sizeof(genid));
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
	return result(b, e);
}

void batch_free(struct batch *b)
{
	buf_free(&b->bytes);
}
