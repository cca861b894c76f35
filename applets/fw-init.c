/* fw-init: closes the host, but for what the rules let in. */
#include "applet.h"
#include "firewall.h"

static void add(struct edit *x, char **words, int n)
{
	if (n)
		edit_add(x, ACT_ALLOW, words, n);
}

static int fw_init(int argc, char **argv)
{
	return edit_with(argc, argv, true, add);
}

static const char usage[] =
	"close the host, but for what the rules let in\n"
	" [OPTION]... [TARGET...]\n"
	"\n"
	"Denies incoming and routed traffic and allows outgoing, IPv4 and IPv6,\n"
	"as the rules file says, in one transaction that replaces what was\n"
	"there. Makes the file with the defaults where there is none. TARGETs\n"
	"are added as by fw-allow, in the same step.\n"
	"\n"
	"  --keep       confirm the change that waits for it\n"
	"  --boot       nothing, where the file says startup off\n";

const struct applet fw_init_applet = {
	"fw-init", usage, change_options_usage, fw_init,
};
