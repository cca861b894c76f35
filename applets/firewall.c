#include "firewall.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/base/file.h"
#include "applet.h"
#include "options.h"

const char *firewall_path(const char *option)
{
	const char *env = getenv("FWBOX_RULES");

	if (option)
		return option;
	return env && *env ? env : RULES_FILE;
}

int firewall_options(struct change_options *o, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', "dry-run", false}, {'r', "rules", true}, {0, NULL, 0},
	};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	const char *path = NULL;
	int c;

	*o = (struct change_options){0};
	while ((c = options_next(&args, specs))) {
		if (c == 'n')
			o->dry_run = true;
		else
			path = args.value;
	}
	o->path = firewall_path(path);
	return args.at;
}

void edit_begin(struct edit *x, const struct change_options *o)
{
	struct err e;

	*x = (struct edit){.options = *o, .lock = -1};
	if (!o->dry_run && rules_lock(o->path, &x->lock, &e))
		die_err(&e);
	if (rules_load(&x->file, o->path, &e))
		die_err(&e);
	x->changed = x->file.missing;
}

void edit_add(struct edit *x, const struct targets *t)
{
	struct err e;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (rules_have(&x->file, &t->v[i].rule)) {
			warn("skipping existing rule '%s'", t->v[i].line);
			continue;
		}
		if (rules_append(&x->file, &t->v[i].rule, t->v[i].line, &e))
			die_err(&e);
		x->changed = true;
	}
}

static void print_transaction(const struct policy *p)
{
	struct buf out = {0};
	struct err e;

	if (print_firewall(p, &out, &e))
		die_err(&e);
	print(out.data, out.len);
	buf_free(&out);
}

static void load_into_kernel(struct link *l, const struct policy *p,
			     struct replacement *r)
{
	enum gate gate;
	struct err e;

	if (apply_firewall(l, p, &gate, &e)) {
		replace_abort(r);
		die_err(&e);
	}
	if (gate == GATE_INPUT)
		warn("this kernel has no fib expression: the rules stand on "
		     "input and forward instead of before destination NAT");
}

/* The file waits beside its place until the kernel has the rules. */
static void change(struct edit *x, bool load)
{
	struct replacement r = {0};
	struct link l;
	struct err e;
	enum gate gate;
	int active;

	if (link_open(&l, &e))
		die_err(&e);
	active = firewall_active(&l, &gate, &e);
	if (active < 0)
		die_err(&e);
	if (x->changed &&
	    replace_prepare(&r, x->options.path, 0600, x->file.text.data,
			    x->file.text.len, &e))
		die_err(&e);
	if (active || load)
		load_into_kernel(&l, &x->file.policy, &r);
	if (x->changed && replace_commit(&r, &e))
		die_err(&e);
	if (!active && !load)
		warn("the firewall is not active: only '%s' %s", x->options.path,
		     x->changed ? "is changed" : "was looked at");
	link_close(&l);
}

void edit_finish(struct edit *x, bool load)
{
	if (x->options.dry_run)
		print_transaction(&x->file.policy);
	else
		change(x, load);
	rules_free(&x->file);
	if (x->lock >= 0)
		close(x->lock);
}
