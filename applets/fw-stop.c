/* fw-stop: takes the firewall away. */
#include "../config.h"
#include "../core/apply/apply.h"
#include "applet.h"
#include "firewall.h"

static int fw_stop(int argc, char **argv)
{
	struct link l;
	struct err e;
	enum gate gate;
	bool kept;
	int active;

	if (argc > 1)
		die_usage("takes no words: '%s'", argv[1]);
	if (link_open(&l, &e) || (active = firewall_active(&l, &gate, &e)) < 0)
		die_err(&e);
	if (!active) {
		warn("the firewall was not active");
		return 0;
	}
	if (remove_firewall(&l, &kept, &e))
		die_err(&e);
	link_close(&l);
	warn("the firewall is off: every port is open%s",
	     kept ? "; the chains of docker-chains stay in the table" : "");
	return 0;
}

static const char usage[] =
	"take the firewall away: every port is open\n"
	"\n"
	"\n"
	"Removes the table; the rules file stays, and so do the chains of\n"
	"docker-chains.\n";

const struct applet fw_stop_applet = {
	"fw-stop", usage, NULL, fw_stop,
};
