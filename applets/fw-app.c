/* fw-app: the application profiles, as `ufw app` prints them. */
#include "app.h"

#include <string.h>

#include "../core/rule/profiles.h"
#include "applet.h"
#include "options.h"

enum { WIDTH = 75 };

static void load(struct names *n)
{
	struct err e;

	if (profiles_load(n, &e))
		die_err(&e);
}

void app_list(struct buf *out, struct names *n)
{
	size_t i;

	load(n);
	buf_str(out, "Available applications:\n");
	for (i = 0; i < n->n_profiles; i++)
		buf_fmt(out, "  %s\n", n->profile[i].name);
}

/* Breaks lines at spaces, as ufw does, and lets no control character
 * through. */
static void wrap(char *text)
{
	char *start = text;

	for (; *text; text++) {
		if (*text == ' ' && text - start +
		    (ptrdiff_t)strcspn(text + 1, " \n") >= WIDTH)
			*text = '\n';
		if (*text == '\n')
			start = text + 1;
		else if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

static void profile_print(struct buf *out, const struct profile *p)
{
	const char *s = p->ports;
	size_t len;

	buf_fmt(out, "Profile: %s\nTitle: %s\nDescription: %s\n\n%s:\n",
		p->name, p->title, p->description,
		strpbrk(s, ",|") ? "Ports" : "Port");
	for (; *s; s += len + (s[len] == '|')) {
		len = strcspn(s, "|");
		buf_fmt(out, "  %.*s\n", (int)len, s);
	}
}

bool app_info(struct buf *out, struct names *n, const char *name)
{
	bool all = !strcmp(name, "all");
	const struct profile *p;
	size_t i = 1, from = out->len;
	struct err e;
	int found;

	load(n);
	if (all) {
		p = n->profile;
		i = n->n_profiles;
	} else {
		found = profile_find(n, name, &p, &e);
		if (found < 0)
			die_err(&e);
		if (!found)
			return false;
	}
	for (; i; i--) {
		profile_print(out, p++);
		if (i > 1)
			buf_str(out, "\n--\n\n");
	}
	if (!out->failed && out->data)
		wrap(out->data + from);
	return true;
}

static int fw_app(int argc, char **argv)
{
	static const struct option_spec none[] = {{0, NULL, false}};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	struct names names = {0};
	struct buf out = {0};

	options_next(&args, none);
	if (argc == 2 && !strcmp(argv[1], "list"))
		app_list(&out, &names);
	else if (argc != 3 || strcmp(argv[1], "info"))
		die_usage("takes list, or info and a name");
	else if (!app_info(&out, &names, argv[2]))
		die("no profile '%s': fw-app list has them", argv[2]);
	if (out.failed)
		die("out of memory");
	print(out.data, out.len);
	buf_free(&out);
	names_free(&names);
	return 0;
}

static const char usage[] =
	"tell what application profiles there are\n"
	" list\n"
	"       fw-app info (NAME|all)\n"
	"\n"
	"Prints the names of the application profiles that rules may name, or\n"
	"what is known of one.\n";

const struct applet fw_app_applet = {
	"fw-app", usage, NULL, fw_app,
};
