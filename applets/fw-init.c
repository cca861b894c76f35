/* fw-init: closes the host, but for what the rules let in. */
#include "applet.h"
#include "firewall.h"

static int fw_init(int argc, char **argv)
{
	struct change_options o;
	struct targets t = {0};
	struct edit x;
	struct err e;
	int first = firewall_options(&o, argc, argv);

	edit_begin(&x, &o);
	if (first < argc && targets_parse(&t, ACT_ALLOW, argv + first,
					  argc - first, &x.file.names, &e))
		die_err(&e);
	edit_add(&x, &t);
	edit_finish(&x, true);
	targets_free(&t);
	return 0;
}

const struct applet fw_init_applet = {
	"fw-init", "close the host, but for what the rules let in",
	"usage: fw-init [-n] [-r FILE] [RULE...]\n"
	"\n"
	"Denies incoming and routed traffic and allows outgoing, IPv4 and IPv6,\n"
	"as the rules file says, in one transaction that replaces what was\n"
	"there. Makes the rules file with the defaults where there is none.\n"
	"RULE words are as for fw-allow, added to the file in the same step.\n"
	"\n"
	"  -n       print the transaction as an nft script, change nothing\n"
	"  -r FILE  the rules file (default: $FWBOX_RULES or /etc/fwbox/rules)\n"
	"\n"
	"Example: fw-init OpenSSH http https\n",
	fw_init,
};
