#include "firewall.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/base/file.h"
#include "../core/base/num.h"
#include "../core/list/loaded.h"
#include "applet.h"
#include "lockout.h"
#include "options.h"
#include "trial.h"

enum { CONFIRM_MAX = 86400 };

const char change_options_usage[] =
	"\n"
	"  -n           print the transaction as an nft script, change nothing\n"
	"  -r FILE      the rules (default: $FWBOX_RULES or " RULES_FILE ")\n"
	"  --confirm S  taken back after S seconds, unless confirmed by Enter or\n"
	"               fw-init --keep\n"
	"  --force      even if it refuses the SSH connection in use\n";

const char *firewall_path(const char *option)
{
	const char *env = getenv("FWBOX_RULES");
	const char *path = option ? option : env && *env ? env : RULES_FILE;
	char *file = file_follow(path);

	if (!file)
		die_errno("cannot follow '%s'", path);
	return file;
}

int firewall_options(struct change_options *o, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', "dry-run", false}, {'r', "rules", true},
		{'f', "force", false},   {'c', "confirm", true},
		{'k', "keep", false},    {'b', "boot", false},
		{0, NULL, false},
	};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	const char *path = NULL;
	int c;

	*o = (struct change_options){0};
	while ((c = options_next(&args, specs))) {
		o->dry_run |= c == 'n';
		o->force |= c == 'f';
		o->keep |= c == 'k';
		o->boot |= c == 'b';
		if (c == 'r')
			path = args.value;
		if (c == 'c' &&
		    (!num_parse(args.value, strlen(args.value), CONFIRM_MAX,
				&o->confirm) || !o->confirm))
			die_usage("bad time '%s': must be 1 to %d seconds",
				  args.value, CONFIRM_MAX);
	}
	o->path = firewall_path(path);
	return args.at;
}

void edit_begin(struct edit *x, const struct change_options *o)
{
	struct err e;

	*x = (struct edit){.options = *o, .lock = -1};
	if (!o->dry_run) {
		if (rules_lock(o->path, &x->lock, &e))
			die_err(&e);
		trial_settle(o->path);
		file_sweep(o->path);
	}
	if (rules_load(&x->file, o->path, &e))
		die_err(&e);
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

static bool is_changed(const struct edit *x)
{
	size_t len;
	const char *former = rules_former(&x->file, &len);

	return x->file.missing || len != x->file.text.len ||
	       (former != x->file.text.data &&
		memcmp(former, x->file.text.data, len));
}

/* The file waits beside its place until the kernel has the rules. */
static void commit(struct edit *x, struct link *l, bool into_kernel,
		   bool active, struct trial *t)
{
	struct replacement r = {0};
	bool changed = is_changed(x);
	enum gate gate = GATE_PREROUTING;
	struct err e, second;
	int status = 0;

	if (changed)
		status = replace_prepare(&r, x->options.path, 0600,
					 x->file.text.data, x->file.text.len,
					 &e);
	if (!status && into_kernel)
		status = apply_firewall(l, &x->file.policy, &gate, &e);
	if (status) {
		trial_cancel(t);
		replace_abort(&r);
		die_err(&e);
	}
	if (gate == GATE_INPUT)
		warn("this kernel has no fib expression: the rules stand on "
		     "input and forward instead of before destination NAT");
	/* Where it cannot be written, a trial goes back to the file's rules. */
	if (into_kernel)
		loaded_write(x->options.path, &x->file.text);
	if (changed && replace_commit(&r, &e)) {
		/* The file is the old one: so shall the firewall be. */
		if (!r.in_place && into_kernel)
			trial_restore(x->options.path, x->options.path,
				      active, &second);
		if (!r.in_place)
			trial_cancel(t);
		die_err(&e);
	}
	if (!into_kernel && !x->options.lenient)
		warn("the firewall is not active: only '%s' %s",
		     x->options.path, changed ? "is changed" : "was looked at");
}

static void change(struct edit *x, bool load)
{
	struct trial t = {.guard = 0};
	struct link l;
	enum gate gate;
	struct err e;
	int active;

	if (link_open(&l, &e) || (active = firewall_active(&l, &gate, &e)) < 0)
		die_err(&e);
	if ((active || load) && !x->options.force)
		lockout_check(&x->file.policy, x->options.lenient);
	if (x->options.confirm && (active || load))
		trial_begin(&t, x, &l, active ? &gate : NULL);
	commit(x, &l, active || load, active, &t);
	link_close(&l);
	if (x->lock >= 0)
		close(x->lock);
	if (t.guard)
		trial_wait(&x->options);
}

void edit_finish(struct edit *x, bool load)
{
	if (x->options.dry_run)
		print_transaction(&x->file.policy);
	else
		change(x, load);
	rules_free(&x->file);
}

int edit_with(int argc, char **argv, bool load,
	      void (*edit)(struct edit *x, char **words, int n))
{
	struct change_options o;
	int first = firewall_options(&o, argc, argv);
	struct edit x;

	if (o.keep)
		return trial_keep(o.path);
	edit_begin(&x, &o);
	if (o.boot && x.file.policy.not_at_boot) {
		warn("not at boot: '%s' says startup off", o.path);
		return 0;
	}
	edit(&x, argv + first, argc - first);
	edit_finish(&x, load);
	return 0;
}
