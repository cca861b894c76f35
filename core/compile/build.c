#include "build.h"

#include <arpa/inet.h>
#include <string.h>

void build_stmt(struct build *b, struct stmt s)
{
	if (b->n < RULE_STMTS)
		b->stmts[b->n] = s;
	b->n++;
}

static void compare(struct build *b, enum field f, enum match_op op,
		    const void *value, bool negate)
{
	struct stmt s = {.kind = S_MATCH};

	s.match = (struct comparison){.field = f, .op = op, .negate = negate};
	memcpy(s.match.a, value, field_info(f)->len);
	build_stmt(b, s);
}

void build_match(struct build *b, enum field f, const void *value)
{
	compare(b, f, OP_EQ, value, false);
}

void build_not(struct build *b, enum field f, const void *value)
{
	compare(b, f, OP_EQ, value, true);
}

void build_u8(struct build *b, enum field f, uint8_t value)
{
	build_match(b, f, &value);
}

void build_port(struct build *b, enum field f, uint16_t port)
{
	port = htons(port);
	build_match(b, f, &port);
}

void build_port_range(struct build *b, enum field f, uint16_t lo, uint16_t hi)
{
	lo = htons(lo);
	hi = htons(hi);
	compare(b, f, lo == hi ? OP_EQ : OP_RANGE, &lo, false);
	if (b->n <= RULE_STMTS)
		memcpy(b->stmts[b->n - 1].match.b, &hi, sizeof(hi));
}

void build_flags(struct build *b, enum field f, uint32_t mask)
{
	compare(b, f, OP_FLAGS, &mask, false);
}

void build_u32(struct build *b, enum field f, uint32_t value)
{
	build_match(b, f, &value);
}

void build_prefix(struct build *b, enum field f, const void *value,
		  unsigned bits)
{
	compare(b, f, OP_PREFIX, value, false);
	if (b->n <= RULE_STMTS)
		b->stmts[b->n - 1].match.bits = (uint8_t)bits;
}

void build_iface(struct build *b, enum field f, const char *name, bool negate)
{
	size_t len = strlen(name);
	bool prefix = len && (name[len - 1] == '*' || name[len - 1] == '+');
	char padded[VALUE_MAX] = {0};

	if (len >= sizeof(padded))
		len = sizeof(padded) - 1;
	memcpy(padded, name, prefix ? len - 1 : len);
	if (prefix && len == 1)
		return; /* any interface */
	compare(b, f, prefix ? OP_PREFIX : OP_EQ, padded, negate);
	if (prefix && b->n <= RULE_STMTS)
		b->stmts[b->n - 1].match.bits = (uint8_t)((len - 1) * 8);
}

void build_lookup(struct build *b, const struct set *set)
{
	struct stmt s = {.kind = S_LOOKUP, .lookup.set = set};

	build_stmt(b, s);
}

void build_lookup_not(struct build *b, const struct set *set)
{
	struct stmt s = {.kind = S_LOOKUP,
			 .lookup = {.set = set, .negate = true}};

	build_stmt(b, s);
}

void build_limit(struct build *b, uint32_t per_minute, uint32_t burst)
{
	struct stmt s = {.kind = S_LIMIT,
			 .limit = {per_minute, burst, PER_MINUTE, false}};

	build_stmt(b, s);
}

static int put(struct build *b, struct cmd c, struct err *e)
{
	c.family = b->family;
	c.table = b->table;
	c.iptables = b->iptables;
	c.line = b->line;
	return b->sink->put(b->sink, &c, e);
}

int build_emit(struct build *b, struct err *e)
{
	struct cmd c = {.kind = CMD_ADD_RULE, .chain = b->chain,
			.stmts = b->stmts, .nstmts = b->n};

	b->n = 0;
	if (c.nstmts > RULE_STMTS)
		return err_set(e, "a rule has too many parts");
	return put(b, c, e);
}

static int end_rule(struct build *b, struct verdict v, struct err *e)
{
	struct stmt s = {.kind = S_VERDICT, .verdict = v};

	if (b->counted)
		build_stmt(b, (struct stmt){.kind = S_COUNTER});
	build_stmt(b, s);
	return build_emit(b, e);
}

int build_verdict(struct build *b, enum verdict_code code, struct err *e)
{
	return end_rule(b, (struct verdict){.code = code}, e);
}

int build_jump(struct build *b, const char *chain, struct err *e)
{
	return end_rule(b, (struct verdict){V_JUMP, chain}, e);
}

int build_reject(struct build *b, enum reject_kind kind, struct err *e)
{
	build_stmt(b, (struct stmt){.kind = S_REJECT, .reject = kind});
	return build_emit(b, e);
}

int build_table(struct build *b, struct err *e)
{
	return put(b, (struct cmd){.kind = CMD_ADD_TABLE}, e);
}

int build_keep_chain(struct build *b, const char *name,
		     const struct base *base, struct err *e)
{
	struct cmd c = {.kind = CMD_ADD_CHAIN, .chain = name};

	if (base)
		c.base = *base;
	b->chain = name;
	return put(b, c, e);
}

int build_chain(struct build *b, const char *name, const struct base *base,
		struct err *e)
{
	struct cmd c = {.kind = CMD_FLUSH_CHAIN, .chain = name};

	if (build_keep_chain(b, name, base, e))
		return -1;
	return put(b, c, e);
}

int build_drop_chain(struct build *b, const char *name, struct err *e)
{
	struct cmd c = {.kind = CMD_DELETE_CHAIN, .chain = name};

	if (build_chain(b, name, NULL, e))
		return -1;
	return put(b, c, e);
}

int build_set(struct build *b, const struct set *s, struct err *e)
{
	return put(b, (struct cmd){.kind = CMD_ADD_SET, .set = s}, e);
}

int build_drop_set(struct build *b, const struct set *s, struct err *e)
{
	if (build_set(b, s, e))
		return -1;
	return put(b, (struct cmd){.kind = CMD_DELETE_SET, .set = s}, e);
}
