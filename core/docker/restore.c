#include "restore.h"

#include <string.h>

#include "../nft/value.h"

static void print_match(struct buf *out, const struct comparison *m)
{
	const char *flag = m->field == F_IIFNAME   ? "-i"
			   : m->field == F_OIFNAME ? "-o"
			   : m->field == F_IP_SADDR ? "-s" : "-d";

	buf_fmt(out, " %s%s ", m->negate ? "! " : "", flag);
	if (field_info(m->field)->type == TYPE_IFNAME)
		buf_fmt(out, "%.16s", (const char *)m->a);
	else
		value_print_prefix(out, field_info(m->field), m->a, m->bits);
}

static void print_verdict(struct buf *out, const struct verdict *v)
{
	static const char *const name[] = {
		[V_ACCEPT] = "ACCEPT", [V_DROP] = "DROP",
		[V_RETURN] = "RETURN",
	};

	buf_fmt(out, " -j %s", v->chain ? v->chain : name[v->code]);
}

static void print_rule(struct buf *out, const struct cmd *c)
{
	size_t i;

	buf_fmt(out, "-A %s", c->chain);
	for (i = 0; i < c->nstmts; i++) {
		const struct stmt *s = &c->stmts[i];

		if (s->kind == S_MATCH)
			print_match(out, &s->match);
		else if (s->kind == S_VERDICT)
			print_verdict(out, &s->verdict);
		else if (s->kind == S_XT_MATCH) /* the one that is used */
			buf_fmt(out, " -m %s --ctstate RELATED,ESTABLISHED",
				s->xt.name);
		else if (s->kind == S_XT_TARGET)
			buf_fmt(out, " -j %s", s->xt.name);
	}
	buf_str(out, "\n");
}

static int restore_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct restore *r = (struct restore *)s;

	switch (c->kind) {
	case CMD_ADD_TABLE:
		restore_end(r);
		buf_fmt(r->out, "*%s\n", c->table);
		r->open = true;
		break;
	case CMD_ADD_CHAIN:
		if (!c->base.type)
			buf_fmt(r->out, ":%s - [0:0]\n", c->chain);
		break;
	case CMD_ADD_RULE:
		print_rule(r->out, c);
		break;
	default:
		break;
	}
	return r->out->failed ? err_set(e, "out of memory") : 0;
}

void restore_begin(struct restore *r, struct buf *out)
{
	*r = (struct restore){.sink.put = restore_put, .out = out};
}

void restore_end(struct restore *r)
{
	if (r->open)
		buf_str(r->out, "COMMIT\n");
	r->open = false;
}
