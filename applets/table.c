#include "table.h"

#include <string.h>

#include "../core/base/sort.h"
#include "../core/rule/addr.h"
#include "../core/rule/expand.h"
#include "../core/rule/ports.h"
#include "../core/rule/profiles.h"
#include "../core/rule/proto.h"

/* Rows are made of cells: number, tally, To, Action and From, and what stands
 * behind them. */
#define CELL "\1" /* ends one; CELLS of them in a row */
enum { CELLS = 5, GROUPS = 3 };

struct table {
	const struct policy *policy;
	const struct tally *tallies;
	unsigned flags;
	size_t rows;              /* so far */
	struct buf group[GROUPS]; /* in, out, routed; numbered: all in one */
};

/* What a row is about: a rule, in ufw's eyes for a family and of its profiles
 * one part. */
struct row {
	const struct rule *rule;
	struct match match;
	bool v6;
};

static char clean(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f ? '?' : c;
}

void print_clean(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_fmt(out, "%c", clean(*text));
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

void side_address(struct buf *out, const struct side *s, enum family family)
{
	if (s->file)
		buf_fmt(out, "@%s", s->file);
	else if (s->net.len)
		net_print(out, &s->net, family);
	else
		buf_str(out, "any");
}

static void print_ports(struct buf *out, const struct side *s,
			const struct ports *ports, unsigned flags)
{
	struct port_range range[RULE_PORTS];
	const struct ports sorted = {range, ports->n};

	uint8_t i;

	for (i = 0; i < ports->n; i++)
		range[i] = ports->range[i];
	sort_items(range, ports->n, sizeof(*range), compare_ranges);
	if (!is_any(s))
		buf_str(out, " ");
	if (s->app && !(flags & TABLE_VERBOSE))
		buf_str(out, s->app);
	else if (s->app && !(flags & TABLE_UFW))
		buf_str(out, s->profile->ports);
	else
		ports_print(out, &sorted);
}

/* To or From, as ufw has it.  The protocol stands behind ports, or where there
 * are none behind an address, and behind Anywhere when that is said of both
 * sides; where no address tells it, (v6) does. */
static void print_side(struct buf *out, struct row *x, bool src,
		       unsigned flags)
{
	const struct rule *r = x->rule;
	const struct side *s = src ? &r->src : &r->dst;
	const struct ports *ports = src ? &x->match.sport : &x->match.dport;
	/* Routed: as packets flow; others: as the host sees them. */
	const char *iface = src == (r->dir == DIR_ROUTE) ? r->iif : r->oif;
	bool any = is_any(s), both = is_any(&r->src) && is_any(&r->dst);
	bool proto = x->match.proto, app = r->src.app || r->dst.app;
	const char *v6 = any && x->v6 ? " (v6)" : "";

	if (app && flags != (TABLE_UFW | TABLE_VERBOSE))
		proto = false;
	if (!any)
		side_address(out, s, x->v6 ? FAMILY_6 : FAMILY_4);
	if (s->app || ports->n) {
		print_ports(out, s, ports, flags);
		both |= s->app != NULL;
	} else {
		if (any)
			buf_str(out, "Anywhere");
		if (x->match.sport.n + x->match.dport.n || (any && !both))
			proto = false;
		both = true;
	}
	if (proto)
		buf_fmt(out, "/%s", proto_numbered(x->match.proto)->name);
	if (s->app && flags & TABLE_VERBOSE)
		buf_fmt(out, " (%s%s)", s->app, v6);
	else if (both)
		buf_str(out, v6);
	if (*iface)
		buf_fmt(out, " on %s", iface);
}

static void print_row(struct table *t, struct row *x, size_t at)
{
	static const char actions[][8] = {
		[ACT_ALLOW] = "ALLOW", [ACT_DENY] = "DENY",
		[ACT_REJECT] = "REJECT", [ACT_LIMIT] = "LIMIT",
	};
	static const char logs[][8] = {"", "log", "log-all"};
	static const char dirs[][4] = {"OUT", "FWD", "IN", ""};
	const struct rule *r = x->rule;
	bool routed = r->dir == DIR_ROUTE, numbered = t->flags & TABLE_NUMBERED;
	bool outward = r->dir == DIR_OUT;
	bool plain = !(t->flags & (TABLE_NUMBERED | TABLE_VERBOSE));
	struct buf *out = &t->group[numbered ? DIR_IN : r->dir];

	t->rows++;
	if (numbered)
		buf_fmt(out, "[%2zu] ", t->flags & TABLE_UFW ? t->rows
							     : at + 1);
	buf_str(out, CELL);
	if (t->tallies)
		buf_fmt(out, "%10llu %12llu  ",
			(unsigned long long)t->tallies[at].packets,
			(unsigned long long)t->tallies[at].bytes);
	buf_str(out, CELL);
	print_side(out, x, false, t->flags);
	buf_fmt(out, CELL " %s %s" CELL, actions[r->action],
		dirs[routed ? 1 : !outward ? 2 + plain : 0]);
	print_side(out, x, true, t->flags);
	buf_str(out, CELL);
	/* ufw's view of a routed rule that has but an interface to go out. */
	outward |= routed && t->flags & TABLE_UFW && !*r->iif && *r->oif;
	outward &= numbered;
	if (r->log || outward)
		buf_fmt(out, " (%s%s%s)", logs[r->log],
			r->log && outward ? ", " : "", outward ? "out" : "");
	if (r->comment)
		buf_fmt(out, " # %s", r->comment);
	buf_str(out, "\n");
}

/* FAMILY_ANY: one row for each rule. */
static void print_rows(struct table *t, enum family family)
{
	const struct policy *p = t->policy;
	struct expansion parts;
	struct row x;
	size_t i;

	for (i = 0; i < p->n; i++) {
		x.rule = &p->rules[i].rule;
		x.v6 = (family ? family : x.rule->family) == FAMILY_6;
		if (family && x.rule->family && x.rule->family != family)
			continue;
		parts = expand_start(x.rule);
		while (expand_next(&parts, &x.match)) {
			print_row(t, &x, i);
			if (t->flags != (TABLE_UFW | TABLE_VERBOSE))
				break;
		}
	}
}

/* Appends the text, its cells one below the other.  Widths are in characters:
 * UTF-8's bytes beyond the first of one are 10xxxxxx. */
static void align(struct buf *out, const char *text, unsigned flags)
{
	size_t width[CELLS] = {flags & TABLE_NUMBERED ? 5 : 0, 0, 26, 13, 26};
	bool measure = !(flags & TABLE_UFW);
	int column = 0;
	const char *c;
	size_t n = 0;
	char byte;

	for (c = text; *c || measure; c++) {
		if (!*c) { /* once more */
			measure = false;
			c = text;
		}
		byte = *c == '\n' ? *c : clean(*c);
		n += (*c & 0xc0) != 0x80;
		if (*c == *CELL && column < CELLS) {
			if (width[column] < --n && measure)
				width[column] = n;
			for (; n < width[column] && !measure; n++)
				buf_str(out, " ");
			column++;
		} else {
			if (!measure)
				buf_add(out, &byte, 1);
			if (*c != '\n')
				continue;
			column = 0;
		}
		n = 0;
	}
}

void table_print(struct buf *out, const struct policy *p, unsigned flags,
		 const struct tally *tallies)
{
	struct table t = {.policy = p, .tallies = tallies, .flags = flags};
	struct buf text = {0};
	int i;

	if (flags & TABLE_UFW)
		print_rows(&t, FAMILY_4);
	print_rows(&t, flags & TABLE_UFW ? FAMILY_6 : FAMILY_ANY);
	buf_fmt(&text, "\n" CELL "%s" CELL "To" CELL " Action" CELL "From\n"
		CELL "%s" CELL "--" CELL " ------" CELL "----\n",
		tallies ? "   Packets        Bytes  " : "",
		tallies ? "   -------        -----  " : "");
	for (i = 0; i < GROUPS; i++) {
		/* As ufw has it, between the first group and another. */
		if (i && t.group[0].len && t.group[i].len)
			buf_str(&text, "\n");
		buf_add(&text, t.group[i].data, t.group[i].len);
		text.failed |= t.group[i].failed;
	}
	out->failed |= text.failed;
	if (t.rows && !text.failed)
		align(out, text.data, flags);
	for (i = 0; i < GROUPS; i++)
		buf_free(&t.group[i]);
	buf_free(&text);
}
