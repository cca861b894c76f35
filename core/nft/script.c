#include "script.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>

#include "value.h"

static const char *family_name(enum table_family f)
{
	return f == TABLE_INET ? "inet" : f == TABLE_IP ? "ip" : "ip6";
}

static void print_verdict(struct buf *out, const struct verdict *v)
{
	static const char *const name[] = {
		[V_ACCEPT] = "accept", [V_DROP] = "drop",
		[V_RETURN] = "return", [V_JUMP] = "jump ",
		[V_GOTO] = "goto ",
	};

	buf_str(out, name[v->code]);
	if (v->code == V_JUMP || v->code == V_GOTO)
		buf_str(out, v->chain);
}

static void print_key(struct buf *out, const struct set *s, size_t i)
{
	size_t len = set_key_len(s), at = 0;
	bool interval = s->flags & SET_INTERVAL;
	const uint8_t *a = s->keys + (interval ? 2 * i : i) * len;
	int f;

	for (f = 0; f < s->nfields; f++) {
		const struct field_info *info = field_info(s->fields[f]);

		buf_str(out, f ? " . " : "");
		if (interval)
			value_print_range(out, info, a + at, a + len + at);
		else
			value_print(out, info, a + at);
		at += (info->len + 3u) & ~3u;
	}
}

static void print_elements(struct buf *out, const struct set *s)
{
	size_t i;

	buf_str(out, "{ ");
	for (i = 0; i < s->n; i++) {
		buf_str(out, i ? ", " : "");
		print_key(out, s, i);
		if (s->verdicts) {
			buf_str(out, " : ");
			print_verdict(out, &s->verdicts[i]);
		}
	}
	buf_str(out, " }");
}

static void print_fields(struct buf *out, const struct set *s)
{
	int f;

	for (f = 0; f < s->nfields; f++)
		buf_fmt(out, "%s%s", f ? " . " : "",
			field_info(s->fields[f])->name);
}

static void print_lookup(struct buf *out, const struct lookup *l)
{
	print_fields(out, l->set);
	buf_str(out, l->set->verdicts ? " vmap " : l->negate ? " != " : " ");
	if (l->set->name)
		buf_fmt(out, "@%s", l->set->name);
	else
		print_elements(out, l->set);
}

static void print_match(struct buf *out, const struct comparison *m)
{
	const struct field_info *f = field_info(m->field);

	buf_str(out, f->name);
	buf_str(out, m->negate ? " != " : " ");
	switch (m->op) {
	case OP_RANGE:
		value_print_range(out, f, m->a, m->b);
		break;
	case OP_PREFIX:
		value_print_prefix(out, f, m->a, m->bits);
		break;
	default:
		value_print(out, f, m->a);
	}
}

static void print_limit(struct buf *out, const struct limit *l)
{
	buf_fmt(out, "limit rate %s%u/%s burst %u packets",
		l->over ? "over " : "", l->rate,
		l->unit == PER_MINUTE ? "minute" : "hour", l->burst);
}

static void print_stmt(struct buf *out, const struct stmt *s)
{
	switch (s->kind) {
	case S_MATCH:
		print_match(out, &s->match);
		break;
	case S_LOOKUP:
		print_lookup(out, &s->lookup);
		break;
	case S_COUNTER:
		buf_str(out, "counter");
		break;
	case S_LIMIT:
		print_limit(out, &s->limit);
		break;
	case S_LOG:
		buf_fmt(out, "log prefix \"%s\"", s->log);
		break;
	case S_METER:
		buf_fmt(out, "%s @%s { ", s->meter.renew ? "update" : "add",
			s->meter.set->name);
		print_fields(out, s->meter.set);
		if (s->meter.limit.rate) {
			buf_str(out, " ");
			print_limit(out, &s->meter.limit);
		}
		buf_str(out, " }");
		break;
	case S_REJECT:
		buf_str(out, s->reject == REJECT_TCP_RESET
				     ? "reject with tcp reset"
				     : "reject with icmpx port-unreachable");
		break;
	case S_VERDICT:
		print_verdict(out, &s->verdict);
		break;
	case S_MASQUERADE:
		buf_str(out, "masquerade");
		break;
	case S_XT_MATCH:
		buf_fmt(out, "xt match \"%s\"", s->xt.name);
		break;
	case S_XT_TARGET:
		buf_fmt(out, "xt target \"%s\"", s->xt.name);
		break;
	}
}

static void print_base(struct buf *out, const struct base *b)
{
	static const char *const hook[] = {
		[NF_INET_PRE_ROUTING] = "prerouting",
		[NF_INET_LOCAL_IN] = "input",
		[NF_INET_FORWARD] = "forward",
		[NF_INET_LOCAL_OUT] = "output",
		[NF_INET_POST_ROUTING] = "postrouting",
	};

	if (b->type)
		buf_fmt(out,
			" { type %s hook %s priority %d; policy %s; }",
			b->type, hook[b->hook], b->priority,
			b->drop ? "drop" : "accept");
}

static void print_set(struct buf *out, const struct set *s)
{
	int f;

	buf_fmt(out, " %s { type ", s->name);
	for (f = 0; f < s->nfields; f++)
		buf_fmt(out, "%s%s", f ? " . " : "",
			field_type_name(s->fields[f]));
	buf_fmt(out, "; size %u; flags dynamic,timeout; timeout %us; }",
		s->size, s->timeout_ms / 1000);
}

static void print_verb(struct buf *out, const struct cmd *c)
{
	static const char *const verb[] = {
		[CMD_ADD_TABLE] = "add table",
		[CMD_DELETE_TABLE] = "delete table",
		[CMD_ADD_CHAIN] = "add chain",
		[CMD_FLUSH_CHAIN] = "flush chain",
		[CMD_DELETE_CHAIN] = "delete chain",
		[CMD_ADD_SET] = "add set",
		[CMD_DELETE_SET] = "delete set",
		[CMD_ADD_RULE] = "add rule",
		[CMD_DELETE_RULE] = "delete rule",
	};

	buf_fmt(out, "%s %s %s", verb[c->kind], family_name(c->family),
		c->table);
}

void script_print(struct buf *out, const struct cmd *c)
{
	size_t i;

	print_verb(out, c);
	if (c->chain)
		buf_fmt(out, " %s", c->chain);
	switch (c->kind) {
	case CMD_ADD_CHAIN:
		print_base(out, &c->base);
		break;
	case CMD_ADD_SET:
		print_set(out, c->set);
		break;
	case CMD_DELETE_SET:
		buf_fmt(out, " %s", c->set->name);
		break;
	case CMD_DELETE_RULE:
		buf_fmt(out, " handle %llu", (unsigned long long)c->handle);
		break;
	case CMD_ADD_RULE:
		for (i = 0; i < c->nstmts; i++) {
			buf_str(out, " ");
			print_stmt(out, &c->stmts[i]);
		}
		break;
	default:
		break;
	}
}

static int script_put(struct sink *sink, const struct cmd *c, struct err *e)
{
	struct script *s = (struct script *)sink;

	script_print(s->out, c);
	buf_str(s->out, "\n");
	return s->out->failed ? err_set(e, "out of memory") : 0;
}

void script_begin(struct script *s, struct buf *out)
{
	*s = (struct script){.sink.put = script_put, .out = out};
}
