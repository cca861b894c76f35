#include "build.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "../../config.h"

struct build *build_start(struct build *b, struct sink *s, struct err *e)
{
	*b = (struct build){.sink = s, .e = e, .family = TABLE_INET,
			    .table = TABLE_NAME};
	return b;
}

struct stmt *build_stmt(struct build *b, enum stmt_kind kind)
{
	struct stmt *s = &b->stmts[b->n];

	if (b->n < RULE_STMTS)
		b->n++;
	else if (!b->failed)
		b->failed = err_set(b->e, "a rule has too many parts");
	*s = (struct stmt){.kind = kind};
	return s;
}

struct comparison *build_match(struct build *b, enum field f,
			       const void *value)
{
	struct comparison *m = &build_stmt(b, S_MATCH)->match;

	m->field = f;
	memcpy(m->a, value, field_info(f)->len);
	return m;
}

void build_u8(struct build *b, enum field f, uint8_t value)
{
	build_match(b, f, &value);
}

void build_port_range(struct build *b, enum field f, uint16_t lo, uint16_t hi)
{
	uint16_t first = htons(lo), last = htons(hi);
	struct comparison *m = build_match(b, f, &first);

	if (lo != hi)
		m->op = OP_RANGE;
	memcpy(m->b, &last, sizeof(last));
}

void build_port(struct build *b, enum field f, uint16_t port)
{
	build_port_range(b, f, port, port);
}

void build_flags(struct build *b, enum field f, uint32_t mask)
{
	build_match(b, f, &mask)->op = OP_FLAGS;
}

void build_prefix(struct build *b, enum field f, const void *value,
		  unsigned bits)
{
	struct comparison *m = build_match(b, f, value);

	m->op = OP_PREFIX;
	m->bits = (uint8_t)bits;
}

void build_iface(struct build *b, enum field f, const char *name, bool negate)
{
	char padded[VALUE_MAX] = {0};
	size_t len = strnlen(name, VALUE_MAX - 1);
	struct comparison *m;
	bool prefix = len && (name[len - 1] == '*' || name[len - 1] == '+');

	len -= prefix;
	if (prefix && !len)
		return; /* any interface */
	memcpy(padded, name, len);
	m = build_match(b, f, padded);
	m->negate = negate;
	if (prefix) {
		m->op = OP_PREFIX;
		m->bits = (uint8_t)(len * 8);
	}
}

struct lookup *build_lookup(struct build *b, const struct set *set)
{
	struct lookup *l = &build_stmt(b, S_LOOKUP)->lookup;

	l->set = set;
	return l;
}

const struct set build_tcp_udp = {
	.nfields = 1, .fields = {F_L4PROTO}, .n = 2,
	.keys = (const uint8_t[]){IPPROTO_TCP, IPPROTO_UDP},
};

static void put(struct build *b, enum cmd_kind kind, struct cmd *c)
{
	c->kind = kind;
	c->family = b->family;
	c->table = b->table;
	c->iptables = b->iptables;
	c->line = b->line;
	c->rule = b->rule;
	if (!b->failed)
		b->failed = b->sink->put(b->sink, c, b->e);
}

void build_emit(struct build *b)
{
	struct cmd c = {.chain = b->chain, .stmts = b->stmts, .nstmts = b->n};

	b->n = 0;
	put(b, CMD_ADD_RULE, &c);
}

static void end_rule(struct build *b, enum verdict_code code,
		     const char *chain)
{
	if (b->iptables)
		build_stmt(b, S_COUNTER);
	build_stmt(b, S_VERDICT)->verdict = (struct verdict){code, chain};
	build_emit(b);
}

void build_verdict(struct build *b, enum verdict_code code)
{
	end_rule(b, code, NULL);
}

void build_jump(struct build *b, const char *chain)
{
	end_rule(b, V_JUMP, chain);
}

void build_goto(struct build *b, const char *chain)
{
	end_rule(b, V_GOTO, chain);
}

void build_reject(struct build *b, enum reject_kind kind)
{
	build_stmt(b, S_REJECT)->reject = kind;
	build_emit(b);
}

void build_table(struct build *b)
{
	put(b, CMD_ADD_TABLE, &(struct cmd){0});
}

static void put_chain(struct build *b, enum cmd_kind kind, const char *name,
		      const struct base *base)
{
	struct cmd c = {.chain = name};

	if (base)
		c.base = *base;
	b->chain = name;
	put(b, kind, &c);
}

void build_keep_chain(struct build *b, const char *name,
		      const struct base *base)
{
	put_chain(b, CMD_ADD_CHAIN, name, base);
}

void build_chain(struct build *b, const char *name, const struct base *base)
{
	put_chain(b, CMD_ADD_CHAIN, name, base);
	put_chain(b, CMD_FLUSH_CHAIN, name, NULL);
}

void build_drop_chain(struct build *b, const char *name)
{
	build_chain(b, name, NULL);
	put_chain(b, CMD_DELETE_CHAIN, name, NULL);
}

void build_drop_chains(struct build *b, const char *names)
{
	for (; *names; names += strlen(names) + 1)
		build_drop_chain(b, names);
}

static void put_set(struct build *b, enum cmd_kind kind, const struct set *s)
{
	put(b, kind, &(struct cmd){.set = s});
}

void build_set(struct build *b, const struct set *s)
{
	put_set(b, CMD_ADD_SET, s);
}

void build_drop_set(struct build *b, const struct set *s)
{
	struct set bare = *s;

	/* The kernel makes room for the size at once, a megabyte of it. */
	bare.size = 0;
	put_set(b, CMD_ADD_SET, &bare);
	put_set(b, CMD_DELETE_SET, s);
}
