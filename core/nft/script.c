#include "script.h"

#include <netinet/in.h>

#include <linux/netfilter.h>

#include "value.h"

static void print_verdict(struct buf *out, const struct verdict *v)
{
	static const char name[][8] = {
		[V_ACCEPT] = "accept", [V_DROP] = "drop",
		[V_RETURN] = "return", [V_JUMP] = "jump ",
		[V_GOTO] = "goto ",
	};

	buf_str(out, name[v->code]);
	if (v->chain)
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

/* The fields' names, or those of their types. */
static void print_fields(struct buf *out, const struct set *s, bool types)
{
	uint8_t mask[VALUE_MAX];
	int f;

	for (f = 0; f < s->nfields; f++) {
		const struct field_info *info = field_info(s->fields[f]);

		buf_fmt(out, "%s%s", f ? " . " : "",
			types ? field_type_name(s->fields[f]) : info->name);
		if (f || types || !s->bits)
			continue;
		buf_str(out, " & ");
		value_mask(mask, s->bits);
		value_print(out, info, mask);
	}
}

static void print_lookup(struct buf *out, const struct lookup *l)
{
	print_fields(out, l->set, false);
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

static void print_meter(struct buf *out, const struct meter *m)
{
	buf_fmt(out, "%s @%s { ", m->renew ? "update" : "add", m->set->name);
	print_fields(out, m->set, false);
	if (m->limit.rate) {
		buf_str(out, " ");
		print_limit(out, &m->limit);
	}
	buf_str(out, " }");
}

static void print_dnat(struct buf *out, const struct dnat *d)
{
	const char *ip6 = d->six ? "6" : "";

	buf_fmt(out, "dnat ip%s to %s", ip6, d->six ? "[" : "");
	value_print(out, field_info(d->six ? F_IP6_DADDR : F_IP_DADDR),
		    d->addr);
	buf_fmt(out, "%s:%u", d->six ? "]" : "", d->port);
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
	case S_LIMIT:
		print_limit(out, &s->limit);
		break;
	case S_METER:
		print_meter(out, &s->meter);
		break;
	case S_VERDICT:
		print_verdict(out, &s->verdict);
		break;
	case S_COUNTER:
		buf_str(out, "counter");
		break;
	case S_MASQUERADE:
		buf_str(out, "masquerade");
		break;
	case S_DNAT:
		print_dnat(out, &s->dnat);
		break;
	case S_REJECT:
		buf_fmt(out, "reject with %s",
			s->reject == REJECT_TCP_RESET
				? "tcp reset" : "icmpx port-unreachable");
		break;
	case S_LOG:
		buf_fmt(out, "log prefix \"%s\"", s->log);
		break;
	case S_XT_MATCH:
	case S_XT_TARGET:
		buf_fmt(out, "xt %s \"%s\"",
			s->kind == S_XT_MATCH ? "match" : "target",
			s->xt.name);
	}
}

static void print_base(struct buf *out, const struct base *b)
{
	static const char hook[][12] = {
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
	buf_str(out, " { type ");
	print_fields(out, s, true);
	if (s->size)
		buf_fmt(out, "; size %u", s->size);
	buf_fmt(out, "; flags dynamic,timeout; timeout %us; }",
		s->timeout_ms / 1000);
}

void script_print(struct buf *out, const struct cmd *c)
{
	static const char verb[][13] = {
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
	const char *name = c->set ? c->set->name : c->chain;
	size_t i;

	buf_fmt(out, "%s %s %s%s%s", verb[c->kind],
		c->family == TABLE_INET ? "inet"
		: c->family == TABLE_IP ? "ip" : "ip6",
		c->table, name ? " " : "", name ? name : "");
	if (c->kind == CMD_ADD_CHAIN)
		print_base(out, &c->base);
	if (c->kind == CMD_ADD_SET && c->set)
		print_set(out, c->set);
	if (c->kind == CMD_DELETE_RULE)
		buf_fmt(out, " handle %llu", (unsigned long long)c->handle);
	for (i = 0; i < c->nstmts; i++) {
		buf_str(out, " ");
		print_stmt(out, &c->stmts[i]);
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
