/* fw-status: whether the firewall is active, and what it says. */
#include <string.h>

#include "../core/apply/apply.h"
#include "../core/rule/print.h"
#include "applet.h"
#include "firewall.h"
#include "options.h"

/* The rules as they stand in the file. */
static void print_rules(struct buf *out, const struct rules_file *f)
{
	const char *at = f->text.data;
	int line = 1;
	size_t i;

	for (i = 0; i < f->policy.n; i++) {
		for (; line < f->policy.rules[i].line; line++)
			at = strchr(at, '\n') + 1;
		buf_fmt(out, "[%2zu] %.*s\n", i + 1, (int)strcspn(at, "\r\n"),
			at);
	}
}

static void print_policy(struct buf *out, const struct policy *p)
{
	size_t i;

	buf_fmt(out, "Default: %s (incoming), %s (outgoing), %s (routed)\n",
		action_name(p->incoming), action_name(p->outgoing),
		action_name(p->routed));
	buf_str(out, "Containers:");
	for (i = 0; i < p->n_containers; i++)
		buf_fmt(out, " %s", p->containers[i]);
	buf_str(out, p->n_containers ? "\n\n" : " none\n\n");
}

static int fw_status(int argc, char **argv)
{
	static const struct option_spec specs[] = {{'r', "rules", true},
						   {0, NULL, false}};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	const char *path = NULL;
	struct rules_file f;
	struct buf out = {0};
	struct link l;
	struct err e;
	enum gate gate;
	int active;

	while (options_next(&args, specs))
		path = args.value;
	if (args.at < argc)
		die_usage("takes no words: '%s'", argv[args.at]);
	if (link_open(&l, &e) || (active = firewall_active(&l, &gate, &e)) < 0)
		die_err(&e);
	link_close(&l);
	buf_fmt(&out, "Status: %s\n", active ? "active" : "inactive");
	if (rules_load(&f, firewall_path(path), &e))
		die_err(&e);
	if (active) {
		print_policy(&out, &f.policy);
		print_rules(&out, &f);
	}
	if (out.failed)
		die("out of memory");
	print(out.data, out.len);
	buf_free(&out);
	rules_free(&f);
	return 0;
}

const struct applet fw_status_applet = {
	"fw-status", "tell whether the firewall is active, and its rules",
	"usage: fw-status [-r FILE]\n"
	"\n"
	"Prints whether the firewall is active, its defaults, and the rules of\n"
	"the file in the order they apply.\n",
	NULL, fw_status,
};
