#include "table.h"

#include <string.h>

#include "../core/base/sort.h"
#include "../core/rule/addr.h"
#include "../core/rule/expand.h"
#include "../core/rule/ports.h"
#include "../core/rule/print.h"
#include "../core/rule/profiles.h"
#include "../core/rule/proto.h"

enum { TO, FROM, COLUMN = 26, ACTION_COLUMN = 12, GROUPS = 3 };

struct table {
	const struct policy *policy;
	const struct tally *tallies;
	unsigned flags;
	bool measuring;           /* the columns' widths alone */
	size_t width[2];          /* of To and From */
	size_t rows;              /* so far */
	struct buf cell[2];       /* To and From of the row in hand */
	struct buf group[GROUPS]; /* in, out, routed; numbered: all in one */
};

/* What a row is about: a rule, in ufw's eyes for a family and of its profiles
 * one part. */
struct row {
	const struct rule *rule;
	struct match match;
	bool v6, out;
};

void print_clean(struct buf *out, const char *text)
{
	size_t at = out->len;

	buf_str(out, text);
	for (; at < out->len; at++)
		if ((out->data[at] & 0xe0) == 0 || out->data[at] == 0x7f)
			out->data[at] = '?';
}

/* In characters: UTF-8's bytes beyond the first of one are 10xxxxxx. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void print_cell(struct buf *out, const char *text, size_t width)
{
	size_t n;

	print_clean(out, text);
	for (n = width_of(text); n < width; n++)
		buf_str(out, " ");
}

static int compare_ranges(const void *a, const void *b)
{
	const struct port_range *x = a, *y = b;

	return x->lo != y->lo ? x->lo - y->lo : x->hi - y->hi;
}

static bool is_any(const struct side *s)
{
	return !s->net.len && !s->file;
}

static void print_proto(struct buf *out, const struct table *t,
			const struct row *x)
{
	const struct rule *r = x->rule;

	if (x->match.proto &&
	    (t->flags & TABLE_VERBOSE || !(r->src.app || r->dst.app)))
		buf_fmt(out, "/%s", proto_numbered(x->match.proto)->name);
}

/* Ports, with what of the protocol and application is to be told of them. */
static void print_ports(struct buf *out, const struct table *t,
			const struct row *x, const struct side *s,
			struct ports *ports)
{
	const char *v6 = x->v6 && is_any(s) ? " (v6)" : "";

	if (s->app && !(t->flags & TABLE_VERBOSE)) {
		buf_fmt(out, "%s%s", s->app, v6);
		return;
	}
	sort_items(ports->range, ports->n, sizeof(ports->range[0]),
		   compare_ranges);
	ports_print(out, ports);
	if (!ports->n && s->profile)
		buf_str(out, s->profile->ports);
	print_proto(out, t, x);
	if (s->app)
		buf_fmt(out, " (%s%s)", s->app, v6);
	else if (is_any(&x->rule->src) && is_any(&x->rule->dst))
		buf_str(out, v6);
}

/* To or From.  The protocol stands behind ports, or where there are none
 * behind an address, and behind Anywhere when that is said of both. */
static void print_side(struct buf *out, const struct table *t,
		       struct row *x, const struct side *s,
		       const struct side *other, struct ports *ports,
		       const char *iface)
{
	bool any = is_any(s);

	out->len = 0;
	if (s->file)
		buf_fmt(out, "@%s", s->file);
	else if (!any)
		net_print(out, &s->net, x->v6 ? FAMILY_6 : FAMILY_4);
	if (s->app || ports->n) {
		buf_str(out, any ? "" : " ");
		print_ports(out, t, x, s, ports);
	} else {
		buf_str(out, any ? "Anywhere" : "");
		if (!x->match.sport.n && !x->match.dport.n &&
		    (!any || is_any(other)))
			print_proto(out, t, x);
		buf_str(out, any && x->v6 ? " (v6)" : "");
	}
	if (*iface)
		buf_fmt(out, " on %s", iface);
}

/* "ALLOW IN" */
static void print_action(struct buf *out, const struct table *t,
			 const struct row *x)
{
	struct buf text = {0};
	size_t i;

	buf_fmt(&text, "%s %s", action_name(x->rule->action),
		x->rule->dir == DIR_ROUTE ? "fwd" : x->out ? "out"
		: t->flags & (TABLE_NUMBERED | TABLE_VERBOSE) ? "in" : "");
	for (i = 0; i < text.len; i++)
		text.data[i] &= (char)(text.data[i] == ' ' ? ~0 : ~0x20);
	print_cell(out, text.failed ? "" : text.data, ACTION_COLUMN);
	buf_free(&text);
}

/* " (log, out) # comment" */
static void print_rest(struct buf *out, const struct table *t,
		       const struct row *x)
{
	static const char *const logs[] = {"", "log", "log-all"};
	bool dir = t->flags & TABLE_NUMBERED && x->out;
	enum log_kind log = x->rule->log;

	if (log || dir)
		buf_fmt(out, " (%s%s%s)", logs[log], log && dir ? ", " : "",
			dir ? "out" : "");
	if (x->rule->comment) {
		buf_str(out, " # ");
		print_clean(out, x->rule->comment);
	}
	buf_str(out, "\n");
}

static void print_number(struct buf *out, const struct table *t, size_t number)
{
	bool wide = !(t->flags & TABLE_UFW) && t->policy->n > 99;

	if (!(t->flags & TABLE_NUMBERED))
		return;
	if (number)
		buf_fmt(out, wide ? "[%3zu] " : "[%2zu] ", number);
	else
		buf_str(out, wide ? "      " : "     ");
}

static void print_row(struct table *t, struct row *x, size_t at)
{
	const struct rule *r = x->rule;
	bool routed = r->dir == DIR_ROUTE;
	struct buf *out = &t->group[routed ? 2 : x->out];
	int i;

	if (t->flags & TABLE_NUMBERED)
		out = t->group;
	/* Routed: as packets flow; others: as the host sees them. */
	print_side(&t->cell[TO], t, x, &r->dst, &r->src, &x->match.dport,
		   routed ? r->oif : r->iif);
	print_side(&t->cell[FROM], t, x, &r->src, &r->dst, &x->match.sport,
		   routed ? r->iif : r->oif);
	for (i = TO; i <= FROM; i++) {
		size_t n = t->cell[i].failed ? 0 : width_of(t->cell[i].data);

		out->failed |= t->cell[i].failed;
		if (t->measuring && t->width[i] < n)
			t->width[i] = n;
	}
	if (t->measuring || out->failed)
		return;
	t->rows++;
	print_number(out, t, t->flags & TABLE_UFW ? t->rows : at + 1);
	if (t->tallies)
		buf_fmt(out, "%10llu %12llu  ",
			(unsigned long long)t->tallies[at].packets,
			(unsigned long long)t->tallies[at].bytes);
	print_cell(out, t->cell[TO].data, t->width[TO] + 1);
	print_action(out, t, x);
	print_cell(out, t->cell[FROM].data, t->width[FROM]);
	print_rest(out, t, x);
}

/* One row for each rule. */
static void print_rows(struct table *t)
{
	size_t i;

	for (i = 0; i < t->policy->n; i++) {
		const struct rule *r = &t->policy->rules[i].rule;
		struct row x = {
			r, {r->proto, r->src.ports, r->dst.ports},
			r->family == FAMILY_6, r->dir == DIR_OUT,
		};

		print_row(t, &x, i);
	}
}

/* As ufw reads its own files: a rule that names an interface is of that one's
 * direction. */
static bool ufw_out(const struct rule *r)
{
	return !*r->iif && (*r->oif || r->dir == DIR_OUT);
}

static struct rule without_dir(const struct rule *r)
{
	struct rule copy = *r;

	copy.family = FAMILY_ANY;
	copy.dir = !*r->iif && !*r->oif && ufw_out(r) ? DIR_OUT : DIR_IN;
	return copy;
}

static bool in_family(const struct rule *r, bool v6)
{
	return r->family == FAMILY_ANY || (r->family == FAMILY_6) == v6;
}

/* Did an application's rule before this one have the row?  ufw looks neither
 * at the action nor at whether it is routed. */
static bool is_repeated(const struct policy *p, size_t at, bool v6)
{
	struct rule other, r = without_dir(&p->rules[at].rule);

	if (!r.src.app && !r.dst.app)
		return false;
	while (at--) {
		other = without_dir(&p->rules[at].rule);
		if (in_family(&p->rules[at].rule, v6) &&
		    rule_same_match(&other, &r))
			return true;
	}
	return false;
}

static void print_family(struct table *t, bool v6)
{
	const struct policy *p = t->policy;
	struct row x = {.v6 = v6};
	struct expansion parts;
	size_t i;

	for (i = 0; i < p->n; i++) {
		x.rule = &p->rules[i].rule;
		x.out = ufw_out(x.rule);
		parts = expand_start(x.rule);
		if (!in_family(x.rule, v6) || (!(t->flags & TABLE_VERBOSE) &&
					       is_repeated(p, i, v6)))
			continue;
		while (expand_next(&parts, &x.match)) {
			print_row(t, &x, i);
			if (!(t->flags & TABLE_VERBOSE))
				break;
		}
	}
}

static void print_heads(struct buf *out, struct table *t)
{
	static const char heads[][5][8] = {
		{"Packets", "Bytes", "To", "Action", "From"},
		{"-------", "-----", "--", "------", "----"},
	};
	int i;

	buf_str(out, "\n");
	for (i = 0; i < 2; i++) {
		print_number(out, t, 0);
		if (t->tallies)
			buf_fmt(out, "%10s %12s  ", heads[i][0], heads[i][1]);
		print_cell(out, heads[i][2], t->width[TO] + 1);
		print_cell(out, heads[i][3], ACTION_COLUMN);
		buf_fmt(out, "%s\n", heads[i][4]);
	}
}

void table_print(struct buf *out, const struct policy *p, unsigned flags,
		 const struct tally *tallies)
{
	struct table t = {
		.policy = p, .tallies = tallies, .flags = flags,
		.measuring = !(flags & TABLE_UFW), .width = {COLUMN, COLUMN},
	};
	bool any;
	int i;

	if (t.measuring)
		print_rows(&t);
	t.measuring = false;
	if (flags & TABLE_UFW) {
		print_family(&t, false);
		print_family(&t, true);
	} else {
		print_rows(&t);
	}
	if (t.rows)
		print_heads(out, &t);
	any = t.group[0].len;
	for (i = 0; i < GROUPS; i++) {
		struct buf *group = &t.group[i];

		/* As ufw has it, between the first group and another. */
		if (i && any && group->len)
			buf_str(out, "\n");
		buf_add(out, group->data, group->len);
		out->failed |= group->failed;
		buf_free(group);
	}
	buf_free(&t.cell[TO]);
	buf_free(&t.cell[FROM]);
}
