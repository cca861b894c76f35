/* A rules file, and behind a byte of 1 the file that each @/n... means.
 * Properties: what is refused is refused with a place; what is taken is, once
 * printed, taken as the same list; after an edit it is as if read anew; and
 * it can be compiled and judged. */
#include "fuzz.h"

#include <string.h>

#include "core/base/words.h"
#include "core/compile/firewall.h"
#include "core/list/file.h"
#include "core/list/judge.h"
#include "core/list/shadow.h"
#include "core/rule/print.h"
#include "core/wire/batch.h"

static void print_settings(struct buf *out, const struct policy *p)
{
	size_t i;

	buf_fmt(out, "default %s incoming\ndefault %s outgoing\ndefault %s "
		"routed\nlogging %s\ncounters %s\nstartup %s\ncontainers",
		action_name(p->incoming), action_name(p->outgoing),
		action_name(p->routed), log_level_names[p->logging],
		p->counters ? "on" : "off", p->not_at_boot ? "off" : "on");
	for (i = 0; i < p->n_containers; i++) {
		buf_str(out, " ");
		words_quote(out, p->containers[i]);
	}
	buf_str(out, i ? "\n" : " none\n");
}

static void print_all(struct buf *out, const struct policy *p)
{
	size_t i;

	print_settings(out, p);
	for (i = 0; i < p->n; i++) {
		rule_print(out, &p->rules[i].rule);
		buf_str(out, "\n");
	}
	demand(!out->failed);
}

static bool same_netfile(const struct netfile *a, const struct netfile *b)
{
	return a && a->n4 == b->n4 && a->n6 == b->n6 &&
	       (!a->n4 || !memcmp(a->keys4, b->keys4, 8 * a->n4)) &&
	       (!a->n6 || !memcmp(a->keys6, b->keys6, 32 * a->n6));
}

/* a may know files that none of its rules names any more. */
static void same_list(const struct policy *a, const struct policy *b)
{
	size_t i;

	demand(a->incoming == b->incoming && a->outgoing == b->outgoing &&
	       a->routed == b->routed && a->logging == b->logging &&
	       a->counters == b->counters && a->n == b->n &&
	       a->not_at_boot == b->not_at_boot &&
	       a->n_containers == b->n_containers);
	for (i = 0; i < a->n_containers; i++)
		demand(!strcmp(a->containers[i], b->containers[i]));
	for (i = 0; i < b->n_netfiles; i++)
		demand(same_netfile(policy_netfile(a, b->netfiles[i].path),
				    &b->netfiles[i]));
	for (i = 0; i < a->n; i++)
		demand(rule_same(&a->rules[i].rule, &b->rules[i].rule) &&
		       rule_same_comment(&a->rules[i].rule,
					 &b->rules[i].rule));
}

static void load_again(struct rules_file *again, const struct buf *text)
{
	struct err e;

	files_add("/rules", (struct part){(const uint8_t *)text->data,
					  text->len});
	demand(!rules_load(again, "/rules", &e));
}

static void check_print(const struct rules_file *f)
{
	struct rules_file again;
	struct buf text = {0};

	print_all(&text, &f->policy);
	load_again(&again, &text);
	same_list(&f->policy, &again.policy);
	rules_free(&again);
	buf_free(&text);
}

static int edit(struct rules_file *f, size_t pick, struct err *e)
{
	size_t n = f->policy.n, at = n ? pick % n : 0;

	switch (pick / 7 % 5) {
	case 0:
		return rules_insert(f, at, "deny 9/udp comment 'it''s'", e);
	case 1:
		return rules_insert(f, n, "limit OpenSSH", e);
	case 2:
		return rules_set(f, "default reject routed", e);
	case 3:
		return rules_clear(f, e);
	default:
		return n ? rules_replace(f, at, NULL, e) : 0;
	}
}

static void check_edit(struct rules_file *f, size_t pick)
{
	struct rules_file again;
	struct err e;
	size_t i;

	demand(!edit(f, pick, &e) && !edit(f, pick / 5, &e));
	load_again(&again, &f->text);
	same_list(&f->policy, &again.policy);
	for (i = 0; i < again.policy.n; i++)
		demand(f->policy.rules[i].line == again.policy.rules[i].line);
	demand(f->lines == again.lines);
	for (i = 1; i < SETTINGS; i++)
		demand(f->set_at[i] == again.set_at[i]);
	rules_free(&again);
}

static void check_use(const struct policy *p, enum gate gate, bool boxes)
{
	struct packet packet = {.family = FAMILY_4, .proto = 6, .dport = 80};
	struct batch b;
	struct err e = {0};
	size_t i;

	batch_begin(&b, 1);
	if (firewall_compile(p, gate, boxes, &b.sink, &e))
		demand(*e.text);
	else
		demand(!batch_end(&b, &e));
	batch_free(&b);
	demand(judge(p, &packet).rule < (ptrdiff_t)p->n);
	for (i = 0; i < p->n; i++)
		demand(shadow_find(p, i) < (ptrdiff_t)i);
}

void fuzz_rules(const uint8_t *data, size_t size)
{
	struct rules_file f;
	struct err e = {0};
	size_t pick = size;

	files_add("/rules", part_next(&data, &size));
	files_add("/n", (struct part){data, size});
	if (rules_load(&f, "/rules", &e)) {
		demand(*e.text);
	} else {
		check_print(&f);
		check_use(&f.policy, pick & 1 ? GATE_INPUT : GATE_PREROUTING,
			  pick & 2);
		check_edit(&f, pick);
	}
	rules_free(&f);
	files_none();
}
