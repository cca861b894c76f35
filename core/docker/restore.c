#include "restore.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_addrtype.h>

#include "../nft/value.h"

static void print_match(struct buf *out, const struct comparison *m)
{
	static const struct { uint8_t field; char flag[12]; } flags[] = {
		{F_IIFNAME, "-i"}, {F_OIFNAME, "-o"}, {F_L4PROTO, "-p"},
		{F_IP_SADDR, "-s"}, {F_IP6_SADDR, "-s"},
		{F_IP_DADDR, "-d"}, {F_IP6_DADDR, "-d"},
		{F_TH_DPORT, "--dport"},
	};
	const struct field_info *f = field_info(m->field);
	size_t i = 0;

	while (flags[i].field != m->field)
		i++;
	buf_fmt(out, " %s%s ", m->negate ? "! " : "", flags[i].flag);
	if (f->type == TYPE_IFNAME)
		buf_fmt(out, "%.16s", (const char *)m->a);
	else if (m->op == OP_PREFIX)
		value_print_prefix(out, f, m->a, m->bits);
	else
		value_print(out, f, m->a);
}

static void print_target(struct buf *out, const struct xt *xt, bool six)
{
	struct nf_nat_range2 to;

	buf_fmt(out, " -j %s", xt->name);
	if (xt->rev < 2)
		return;
	memcpy(&to, xt->info, sizeof(to)); /* DNAT */
	buf_fmt(out, " --to-destination %s", six ? "[" : "");
	value_print(out, field_info(six ? F_IP6_DADDR : F_IP_DADDR),
		    (const uint8_t *)&to.min_addr);
	buf_fmt(out, "%s:%u", six ? "]" : "", ntohs(to.min_proto.all));
}

/* Those that are used. */
static void print_xt_match(struct buf *out, const struct xt *xt)
{
	struct xt_addrtype_info_v1 type;

	buf_fmt(out, " -m %s --", xt->name);
	if (xt->rev == 3) {
		buf_str(out, "ctstate RELATED,ESTABLISHED");
		return;
	}
	memcpy(&type, xt->info, sizeof(type));
	buf_fmt(out, "%s-type LOCAL", type.source ? "src" : "dst");
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

	buf_fmt(out, "-A %s -%c", c->chain, c->family == TABLE_IP6 ? '6' : '4');
	for (i = 0; i < c->nstmts; i++) {
		const struct stmt *s = &c->stmts[i];

		if (s->kind == S_MATCH)
			print_match(out, &s->match);
		else if (s->kind == S_VERDICT)
			print_verdict(out, &s->verdict);
		else if (s->kind == S_XT_MATCH)
			print_xt_match(out, &s->xt);
		else if (s->kind == S_XT_TARGET)
			print_target(out, &s->xt, c->family == TABLE_IP6);
	}
	buf_str(out, "\n");
}

static int restore_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct restore *r = (struct restore *)s;

	if (strcmp(c->table, r->table) != 0)
		return 0;
	switch (c->kind) {
	case CMD_ADD_TABLE:
		if (!r->open)
			buf_fmt(r->out, "*%s\n", c->table);
		r->open = true;
		break;
	case CMD_ADD_CHAIN:
		/* Told again it would be emptied. */
		if (!c->base.type && c->family != TABLE_IP6)
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

void restore_begin(struct restore *r, const char *table, struct buf *out)
{
	*r = (struct restore){
		.sink.put = restore_put, .table = table, .out = out,
	};
}

void restore_end(struct restore *r)
{
	if (r->open)
		buf_str(r->out, "COMMIT\n");
	r->open = false;
}
