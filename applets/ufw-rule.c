/* ufw's rule commands.  It has two lists, of IPv4's rules and of IPv6's, and
 * numbers the one behind the other; here a rule of both families is one line
 * of the file.  So what happens is found out for each list, and is done to
 * the one line where it is the same. */
#include <stdint.h>
#include <string.h>

#include "../core/rule/command.h"
#include "../core/rule/print.h"
#include "applet.h"
#include "lockout.h"
#include "ufw.h"

enum { NONE = -1 };

enum outcome { SKIP_ADD, SKIP_INSERT, MISSING, ADD, INSERT, UPDATE, DELETE,
	       ONLY_FILE };

/* What becomes of a rule in one family. */
struct half {
	enum outcome outcome;
	ptrdiff_t at; /* the rule that is meant, or is to come behind it */
};

bool ufw_in_family(const struct rule *r, bool v6)
{
	return r->family == FAMILY_ANY || (r->family == FAMILY_6) == v6;
}

unsigned ufw_count(const struct policy *p, bool v6)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < p->n; i++)
		n += ufw_in_family(&p->rules[i].rule, v6);
	return n;
}

/* The index of a family's rule of that number. */
static ptrdiff_t row(const struct policy *p, unsigned number, bool v6)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (ufw_in_family(&p->rules[i].rule, v6) && !--number)
			return (ptrdiff_t)i;
	return NONE;
}

/* The index of a family's rule that is the same but for action, log and
 * comment. */
static ptrdiff_t find(const struct policy *p, const struct rule *r, bool v6)
{
	struct rule copy = *r;
	size_t i;

	for (i = 0; i < p->n; i++) {
		copy.family = p->rules[i].rule.family;
		if (ufw_in_family(&p->rules[i].rule, v6) &&
		    rule_same_match(&p->rules[i].rule, &copy))
			return (ptrdiff_t)i;
	}
	return NONE;
}

static bool same_action(const struct rule *a, const struct rule *b)
{
	return a->action == b->action && a->log == b->log;
}

/* The rule that the command's is to stand before.  Where it is told by a
 * number of the other family's, this family's like it; NONE: no place. */
static ptrdiff_t place(const struct policy *p, const struct rule_command *c,
		       bool v6)
{
	unsigned n4 = ufw_count(p, false), number = c->number;
	bool behind = number > n4;
	const struct rule *named;
	ptrdiff_t at;

	if (c->op == OP_PREPEND)
		return row(p, 1, v6);
	if (!number)
		return NONE;
	at = row(p, behind ? number - n4 : number, behind);
	if (at < 0 || (c->rule.family && behind != v6))
		die("Invalid position '%u'", number);
	named = &p->rules[at].rule;
	if (ufw_in_family(named, v6))
		return at;
	at = find(p, named, v6);
	return at >= 0 && same_action(&p->rules[at].rule, named) &&
	       rule_same_comment(&p->rules[at].rule, named) ? at : NONE;
}

static struct half decide(const struct policy *p, const struct rule_command *c,
			  bool v6)
{
	const struct rule *r = &c->rule, *old;
	struct half h = {.at = find(p, r, v6)};
	bool remove = c->op == OP_DELETE, action, comment;
	ptrdiff_t at = remove ? NONE : place(p, c, v6);

	old = h.at < 0 ? NULL : &p->rules[h.at].rule;
	action = old && same_action(old, r);
	comment = action && rule_same_comment(old, r);
	if (remove) {
		if (action && (!r->comment || r->src.app || r->dst.app))
			comment = true;
		h.outcome = comment ? DELETE : MISSING;
	} else if (at >= 0) {
		h.at = at;
		h.outcome = old ? SKIP_INSERT : INSERT;
	} else {
		h.outcome = comment ? SKIP_ADD : old ? UPDATE : ADD;
	}
	return h;
}

/* The rule as a line for one family alone. */
static void one_family(struct buf *out, const struct rule *r,
		       enum family family)
{
	struct rule copy = *r;

	copy.family = family;
	rule_print(out, &copy);
}

static void put(struct ufw *u, const struct rule_command *c,
		const struct half *h, enum family family)
{
	struct buf line = {0}, rest = {0};
	struct rules_file *f = &u->x.file;
	size_t at = (size_t)h->at;
	bool insert = h->outcome != DELETE;
	struct err e;
	int status = 0;

	if (h->outcome < ADD)
		return;
	if (family == c->rule.family)
		rule_command_line(&line, c, u->words, u->n);
	else
		one_family(&line, &c->rule, family);
	/* What is left of a rule of both families stays behind. */
	if (h->outcome >= UPDATE && family && !f->policy.rules[at].rule.family)
		one_family(&rest, &f->policy.rules[at].rule,
			   FAMILY_4 + FAMILY_6 - family);
	if (line.failed || rest.failed)
		die("out of memory");
	if (h->outcome == UPDATE && !rest.len) {
		rest = line;
		line = (struct buf){0};
		insert = false;
	}
	if (h->outcome >= UPDATE)
		status = rules_replace(f, at, rest.data, &e);
	if (!status && insert)
		status = rules_insert(f, at, line.data, &e);
	if (status)
		die("%s", e.text);
	buf_free(&line);
	buf_free(&rest);
}

void ufw_rule_words(struct buf *out, const struct rule *r)
{
	struct rule copy = *r;

	if (!r->src.net.len && !r->dst.net.len)
		copy.family = FAMILY_ANY;
	copy.comment = NULL;
	rule_print(out, &copy);
	if (r->comment)
		buf_fmt(out, " comment '%s'", r->comment);
}

/* With --dry-run those that know ufw look for a line such as it would have
 * of the rule in its files. */
static void print_outcome(struct ufw *u, const struct rule *r,
			  enum outcome outcome, const char *v6)
{
	static const char texts[][36] = {
		"Skipping adding existing rule",
		"Skipping inserting existing rule",
		"Could not delete non-existent rule",
		"Rule added", "Rule inserted", "Rule updated", "Rule deleted",
		"Rules updated",
	};

	if (outcome >= ADD && u->change.dry_run) {
		buf_str(&u->out, "### tuple ### ");
		ufw_rule_words(&u->out, r);
		buf_fmt(&u->out, "%s\n", v6);
	}
	if (outcome >= ADD && (u->change.dry_run || !u->active))
		outcome = ONLY_FILE;
	buf_fmt(&u->out, "%s%s\n", texts[outcome], v6);
}

static void change(struct ufw *u, const struct rule_command *c)
{
	int first = c->rule.family == FAMILY_6;
	int last = c->rule.family != FAMILY_4, late, i;
	struct half h[2] = {{0}};

	for (i = first; i <= last; i++) {
		h[i] = decide(&u->x.file.policy, c, i);
		print_outcome(u, &c->rule, h[i].outcome, i ? " (v6)" : "");
	}
	/* The later place first, so that the other stays where it is. */
	late = (size_t)h[last].at > (size_t)h[first].at;
	if (h[first].outcome == h[last].outcome && h[first].at == h[last].at) {
		put(u, c, &h[first], c->rule.family);
	} else {
		put(u, c, &h[late], late ? FAMILY_6 : FAMILY_4);
		put(u, c, &h[!late], late ? FAMILY_4 : FAMILY_6);
	}
	if (h[first].outcome >= ADD || h[last].outcome >= ADD)
		edit_finish(&u->x, false);
}

/* The number becomes the rule of one family that it stands for. */
static bool take_number(struct ufw *u, struct rule_command *c)
{
	const struct policy *p = &u->x.file.policy;
	unsigned n4 = ufw_count(p, false);
	bool v6 = c->number > n4;
	ptrdiff_t at = row(p, v6 ? c->number - n4 : c->number, v6);

	if (at < 0)
		die("Could not find rule '%u'", c->number);
	c->op = OP_DELETE;
	c->rule = p->rules[at].rule;
	c->rule.family = v6 ? FAMILY_6 : FAMILY_4;
	buf_str(&u->out, "Deleting:\n ");
	ufw_rule_words(&u->out, &c->rule);
	buf_str(&u->out, "\nProceed with operation (y|n)? ");
	return ufw_confirmed(u);
}

void ufw_rule(struct ufw *u)
{
	struct rule_command c;
	struct err e;

	if (rule_command_parse(&c, u->words, u->n, &u->x.file.names, &e))
		die("%s", e.text);
	if (c.op != OP_DELETE_NUMBER || take_number(u, &c))
		change(u, &c);
}
