/* fw-allow: adds rules that let something in. */
#include "applet.h"
#include "firewall.h"

static int fw_allow(int argc, char **argv)
{
	struct change_options o;
	struct targets t = {0};
	struct edit x;
	struct err e;
	int first = firewall_options(&o, argc, argv);

	if (first == argc)
		die_usage("nothing to allow");
	edit_begin(&x, &o);
	if (targets_parse(&t, ACT_ALLOW, argv + first, argc - first,
			  &x.file.names, &e))
		die_err(&e);
	edit_add(&x, &t);
	edit_finish(&x, false);
	targets_free(&t);
	return 0;
}

const struct applet fw_allow_applet = {
	"fw-allow", "let connections to ports or services in",
	"usage: fw-allow [-n] [-r FILE] TARGET...\n"
	"\n"
	"TARGET is a port (22), a port and protocol (53/udp), a range\n"
	"(6000:6010/tcp), a list (80,443/tcp), a service (https) or an\n"
	"application profile (OpenSSH). Ports are the host's, also where Docker\n"
	"publishes them. Instead of targets, one rule in ufw's words:\n"
	"  fw-allow from 10.0.0.0/8 to any port 5432 proto tcp\n"
	"\n"
	"  -n       print the transaction as an nft script, change nothing\n"
	"  -r FILE  the rules file (default: $FWBOX_RULES or /etc/fwbox/rules)\n",
	fw_allow,
};
