/* fw-delete, fw-default and fw-logging: the other edits of the file. */
#include "applet.h"
#include "firewall.h"

static int fw_delete(int argc, char **argv)
{
	return edit_with(argc, argv, false, edit_delete);
}

static void set_default(struct edit *x, char **words, int n)
{
	edit_set(x, "default", words, n);
}

static void set_logging(struct edit *x, char **words, int n)
{
	edit_set(x, "logging", words, n);
}

static int fw_default(int argc, char **argv)
{
	return edit_with(argc, argv, false, set_default);
}

static int fw_logging(int argc, char **argv)
{
	return edit_with(argc, argv, false, set_logging);
}

static const char delete_usage[] =
	"take rules away, by number or as written\n"
	" [OPTION]... NUM...\n"
	"       fw-delete [OPTION]... [route] (allow|deny|reject|limit) ...\n"
	"\n"
	"NUM is as fw-status --numbered tells.\n"
	"Options: see fw-init.\n";

const struct applet fw_delete_applet = {
	"fw-delete", delete_usage, NULL, fw_delete,
};

static const char default_usage[] =
	"what happens to the packets that no rule decides\n"
	" [OPTION]... (allow|deny|reject)\n"
	"                  [incoming|outgoing|routed]\n"
	"Options: see fw-init.\n";

const struct applet fw_default_applet = {
	"fw-default", default_usage, NULL, fw_default,
};

static const char logging_usage[] =
	"how much is logged\n"
	" [OPTION]... (off|low|medium|high|full)\n"
	"Options: see fw-init.\n";

const struct applet fw_logging_applet = {
	"fw-logging", logging_usage, NULL, fw_logging,
};
