/* fw-allow and its sisters: add rules. */
#include "applet.h"
#include "firewall.h"

static void allow(struct edit *x, char **words, int n)
{
	edit_add(x, ACT_ALLOW, words, n);
}

static void deny(struct edit *x, char **words, int n)
{
	edit_add(x, ACT_DENY, words, n);
}

static void reject(struct edit *x, char **words, int n)
{
	edit_add(x, ACT_REJECT, words, n);
}

static void limit(struct edit *x, char **words, int n)
{
	edit_add(x, ACT_LIMIT, words, n);
}

static int fw_allow(int argc, char **argv)
{
	return edit_with(argc, argv, false, allow);
}

static int fw_deny(int argc, char **argv)
{
	return edit_with(argc, argv, false, deny);
}

static int fw_reject(int argc, char **argv)
{
	return edit_with(argc, argv, false, reject);
}

static int fw_limit(int argc, char **argv)
{
	return edit_with(argc, argv, false, limit);
}

static const char targets_usage[] =
	" [OPTION]... [insert NUM | prepend] TARGET...\n"
	"\n"
	"TARGET is a port (22, 53/udp, 6000:6010/tcp, 80,443/tcp), a service\n"
	"(https) or an application profile (OpenSSH). Ports are the host's, also\n"
	"where Docker publishes them. Or one rule in ufw's words:\n"
	"  from 10.0.0.0/8 to any port 5432 proto tcp comment 'db'\n"
	"  route in on eth0 out on eth1\n"
	"  from @/etc/fwbox/blocklist\n"
	"Options: see fw-init.\n";

static const char allow_usage[] = "let connections to ports or services in\n";
static const char deny_usage[] = "drop them\n";
static const char reject_usage[] = "refuse them with an answer\n";
static const char limit_usage[] = "let them in, but only five in 30 seconds\n";

const struct applet fw_allow_applet = {
	"fw-allow", allow_usage, targets_usage, fw_allow,
};

const struct applet fw_deny_applet = {
	"fw-deny", deny_usage, targets_usage, fw_deny,
};

const struct applet fw_reject_applet = {
	"fw-reject", reject_usage, targets_usage, fw_reject,
};

const struct applet fw_limit_applet = {
	"fw-limit", limit_usage, targets_usage, fw_limit,
};
