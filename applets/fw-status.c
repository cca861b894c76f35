/* fw-status: whether the firewall is active, what it says, and what else is to
 * be known of it. */
#include <string.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/apply/held.h"
#include "../core/json/json.h"
#include "../core/list/shadow.h"
#include "../core/rule/addr.h"
#include "../core/rule/ports.h"
#include "../core/rule/print.h"
#include "../core/rule/proto.h"
#include "applet.h"
#include "firewall.h"
#include "options.h"
#include "table.h"

struct status {
	struct rules_file file;
	struct held held;
	struct buf out;
};

/* Is there a packet that the rule is about?  Not when it names the interface
 * of the other direction. */
static bool fits(const struct rule *r)
{
	return r->dir == DIR_ROUTE || !*(r->dir == DIR_IN ? r->oif : r->iif);
}

static void print_policy(struct buf *out, const struct policy *p)
{
	size_t i;

	buf_fmt(out, p->logging ? "Logging: on (%s)\n" : "Logging: %s\n",
		log_level_names[p->logging]);
	buf_fmt(out, "Default: %s (incoming), %s (outgoing), %s (routed)\n"
		"Containers:", action_name(p->incoming),
		action_name(p->outgoing), action_name(p->routed));
	for (i = 0; i < p->n_containers; i++) {
		buf_str(out, " ");
		print_clean(out, p->containers[i]);
	}
	buf_str(out, p->n_containers ? "\n" : " none\n");
}

static void print_notes(struct status *s)
{
	const char *other = s->held.others.data;
	const char *end = other + s->held.others.len;
	const struct policy *p = &s->file.policy;
	struct buf *out = &s->out;
	size_t i, start;
	ptrdiff_t by;
	int part;

	buf_str(out, "\n");
	start = out->len;
	if (s->held.differs) {
		buf_str(out, "Note: the kernel's rules are not those of ");
		print_clean(out, s->file.path);
		buf_str(out, "; fw-init loads it\n");
	}
	while (other < end) {
		static const char *const between[] = {" ", ", chain ", " (",
						      ")\n"};

		buf_str(out, "Note: another table also drops: ");
		for (part = 0; part < 4; part++) {
			print_clean(out, other);
			buf_str(out, between[part]);
			other += strlen(other) + 1;
		}
	}
	for (i = 0; i < p->n; i++) {
		bool sensible = fits(&p->rules[i].rule);

		by = shadow_find(p, i) + 1;
		if (!sensible || by)
			buf_fmt(out, sensible
				? "Note: rule %zu (line %d): rule %zu decides "
				  "before it\n"
				: "Note: rule %zu (line %d): no packet fits "
				  "it\n", i + 1, p->rules[i].line, (size_t)by);
	}
	if (out->len == start && start)
		out->len--; /* nothing to note */
}

static void json_side(struct buf *out, const char *fmt, const struct side *s,
		      enum family family)
{
	struct buf text = {0}, ports = {0};

	side_address(&text, s, family);
	ports_print(&ports, &s->ports);
	json_fmt(out, fmt, text.data, ports.data, s->app);
	out->failed |= text.failed | ports.failed;
	buf_free(&text);
	buf_free(&ports);
}

/* line: as it stands in the file. */
static void json_rule(struct status *s, size_t i, const char *line)
{
	static const char dirs[][8] = {"in", "out", "routed"};
	static const char families[][5] = {"any", "ipv4", "ipv6"};
	static const char logs[][8] = {"", "log", "log-all"};
	const struct listed_rule *l = &s->file.policy.rules[i];
	const struct rule *r = &l->rule;
	uint64_t number = i + 1, at = (unsigned)l->line;
	uint64_t by = (uint64_t)(shadow_find(&s->file.policy, i) + 1);
	struct buf *out = &s->out, text = {0};
	bool sensible = fits(r);

	buf_add(&text, line, strcspn(line, "\r\n"));
	buf_str(out, i ? "," : "");
	json_fmt(out, "{number:%u,line:%u,text:%s,action:%s,direction:%s,"
	     "family:%s,proto:%s,in:%s,out:%s,log:%s,comment:%s,fits:%b,"
	     "shadowed_by:%u",
	     &number, &at, text.data,
	     action_name(r->action), dirs[r->dir], families[r->family],
	     proto_numbered(r->proto)->name, r->iif, r->oif, logs[r->log],
	     r->comment, &sensible, by ? &by : NULL);
	json_side(out, ",from:{address:%s,ports:%s,app:%s}", &r->src,
		  r->family);
	json_side(out, ",to:{address:%s,ports:%s,app:%s}", &r->dst,
		  r->family);
	if (s->held.tallies)
		json_fmt(out, ",packets:%u,bytes:%u",
		     &s->held.tallies[i].packets,
		     &s->held.tallies[i].bytes);
	buf_str(out, "}");
	out->failed |= text.failed;
	buf_free(&text);
}

static void json_others(struct buf *out, const struct buf *others)
{
	const char *at = others->data, *end = at + others->len;
	const char *what[HELD_OTHER];
	bool more = false;
	int i;

	for (; at < end; more = true) {
		for (i = 0; i < HELD_OTHER; i++) {
			what[i] = at;
			at += strlen(at) + 1;
		}
		buf_str(out, more ? "," : "");
		json_fmt(out, "{family:%s,table:%s,chain:%s,why:%s}", what[0],
		     what[1], what[2], what[3]);
	}
}

static void print_json(struct status *s)
{
	const struct policy *p = &s->file.policy;
	const char *line = s->file.text.data;
	struct buf *out = &s->out;
	size_t i;
	int n = 1;

	json_fmt(out, "{active:%b,file:%s,differs:%b,default:{incoming:%s,"
	     "outgoing:%s,routed:%s},logging:%s,counters:%b,containers:[",
	     &s->held.active, s->file.path, &s->held.differs,
	     action_name(p->incoming), action_name(p->outgoing),
	     action_name(p->routed), log_level_names[p->logging], &p->counters);
	for (i = 0; i < p->n_containers; i++)
		json_fmt(out, i ? ",%s" : "%s", p->containers[i]);
	json_fmt(out, "],rules:[");
	for (i = 0; i < p->n; i++) {
		for (; n < p->rules[i].line; n++)
			line = strchr(line, '\n') + 1;
		json_rule(s, i, line);
	}
	json_fmt(out, "],others:[");
	json_others(out, &s->held.others);
	buf_str(out, "]}\n");
}

static void print_text(struct status *s, unsigned flags, bool counters)
{
	struct buf *out = &s->out;

	buf_str(out, s->held.active ? "Status: active\n"
				    : "Status: inactive\n");
	if (s->held.active) {
		if (flags & TABLE_VERBOSE)
			print_policy(out, &s->file.policy);
		table_print(out, &s->file.policy, flags,
			    counters ? s->held.tallies : NULL);
	}
	print_notes(s);
}

static int fw_status(int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'v', "verbose", false},  {'n', "numbered", false},
		{'j', "json", false},     {'c', "counters", false},
		{'r', "rules", true},     {0, NULL, false},
	};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	bool json = false, counters = false;
	const char *path = NULL;
	unsigned flags = 0;
	struct status s;
	struct link l;
	enum gate gate;
	struct err e;
	int c, active;

	while ((c = options_next(&args, specs))) {
		flags |= c == 'v' ? TABLE_VERBOSE : 0;
		flags |= c == 'n' ? TABLE_NUMBERED : 0;
		json |= c == 'j';
		counters |= c == 'c';
		if (c == 'r')
			path = args.value;
	}
	if (args.at < argc)
		die_usage("takes no words: '%s'", argv[args.at]);
	s.out = (struct buf){0};
	/* First the kernel: who may not ask it is told so. */
	if (link_open(&l, &e) ||
	    (active = firewall_active(&l, &gate, &e)) < 0 ||
	    rules_load(&s.file, firewall_path(path), &e) ||
	    held_read(&s.held, &l, &s.file.policy, active ? &gate : NULL, &e))
		die_err(&e);
	link_close(&l);
	if (counters && !s.file.policy.counters)
		warn("nothing is counted: a line 'counters on' in '%s' turns "
		     "it on", s.file.path);
	if (json)
		print_json(&s);
	else
		print_text(&s, flags, counters);
	if (s.out.failed)
		die("out of memory");
	print(s.out.data, s.out.len);
	buf_free(&s.out);
	held_free(&s.held);
	rules_free(&s.file);
	return 0;
}

static const char usage[] =
	"tell whether the firewall is active, and its rules\n"
	" [-v] [--numbered] [--counters] [--json] [-r FILE]\n"
	"\n"
	"Prints whether the firewall is active and the rules of the file; notes\n"
	"where the kernel holds others, where another table drops too, and rules\n"
	"that no packet fits or that others before them leave nothing.\n"
	"\n"
	"  -v          the defaults and the ports of applications, too\n"
	"  --numbered  in order, with the numbers that fw-delete takes\n"
	"  --counters  packets and bytes, where the file says 'counters on'\n"
	"  --json      all of it as JSON\n"
	"  -r FILE     the rules (default: $FWBOX_RULES or " RULES_FILE ")\n";

const struct applet fw_status_applet = {
	"fw-status", usage, NULL, fw_status,
};
