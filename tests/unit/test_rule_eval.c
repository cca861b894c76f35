/* Rules against packets, and profiles as plain matches. */
#include <arpa/inet.h>

#include "core/rule/eval.h"
#include "core/rule/expand.h"
#include "core/rule/ports.h"
#include "rule_fixture.h"

enum { ICMP = 1, TCP = 6, UDP = 17 };

/* A packet to this host on eth0. */
static struct packet packet(const char *from, const char *to, uint8_t proto,
			    uint16_t dport)
{
	struct packet p = {
		.family = strchr(from, ':') ? FAMILY_6 : FAMILY_4,
		.proto = proto, .sport = 40000, .dport = dport, .iif = "eth0",
	};
	int family = p.family == FAMILY_6 ? AF_INET6 : AF_INET;

	if (inet_pton(family, from, p.saddr) != 1 ||
	    inet_pton(family, to, p.daddr) != 1)
		abort();
	return p;
}

static void fits(bool want, const char *line, const struct packet *p)
{
	struct rule r;
	struct err e = {0};

	ok(!rule_line(&r, line, &e) && rule_matches(&r, p, NULL) == want,
	   "%s: %s", want ? "fits" : "does not fit", line);
}

static void test_incoming(void)
{
	struct packet p = packet("10.1.2.3", "192.168.0.1", TCP, 22);

	fits(true, "allow 22", &p);
	fits(true, "allow 22/tcp", &p);
	fits(false, "allow 22/udp", &p);
	fits(true, "deny 20:25/tcp", &p);
	fits(true, "deny 80,22/tcp", &p);
	fits(false, "deny 80,443/tcp", &p);
	fits(true, "allow OpenSSH", &p);
	fits(false, "allow 'WWW Full'", &p);
	fits(false, "allow out 22", &p);
	fits(false, "route allow 22", &p);
	fits(true, "allow to any", &p);
	fits(true, "allow to any proto tcp", &p);
	fits(false, "allow to any proto esp", &p);
	fits(true, "allow from 10.0.0.0/8", &p);
	fits(true, "allow from 10.1.2.3", &p);
	fits(true, "allow from 10.1.2.0/23", &p);
	fits(false, "allow from 10.1.2.0/24 to 10.0.0.0/8", &p);
	fits(false, "allow from 10.1.2.2", &p);
	fits(false, "allow from 10.1.2.4/30", &p);
	fits(true, "allow from 0.0.0.0/0", &p);
	fits(false, "allow from ::/0", &p);
	fits(false, "allow to 2001:db8::1", &p);
	fits(true, "allow in on eth0 to any port 22", &p);
	fits(true, "allow in on eth+", &p);
	fits(true, "allow in on +", &p);
	fits(false, "allow in on eth", &p);
	fits(false, "allow in on eth1", &p);
	fits(false, "allow in out on eth0", &p);
	fits(true, "allow from any port 40000", &p);
	fits(false, "allow from any port 40001", &p);
	fits(true, "allow from any port 40000 to any port 22 proto tcp", &p);
	fits(false, "allow from @/etc/bad", &p);
}

static void test_others(void)
{
	struct packet p = packet("10.1.2.3", "192.168.0.1", ICMP, 22);

	fits(false, "allow 22", &p);
	fits(true, "allow from 10.1.2.3", &p);
	p.proto = UDP;
	fits(true, "allow 22", &p);
	p = packet("2001:db8::ff", "2001:db9::1", TCP, 22);
	fits(true, "allow 22", &p);
	fits(true, "allow from ::/0", &p);
	fits(true, "allow from 2001:db8::/120", &p);
	fits(false, "allow from 2001:db8::/121", &p);
	fits(false, "allow from 0.0.0.0/0", &p);
	fits(false, "allow to any proto igmp", &p);
	p.dir = DIR_ROUTE;
	p.oif = "eth1";
	fits(true, "route allow in on eth0 out on eth1 to any port 22", &p);
	fits(false, "route allow in on eth1 out on eth0", &p);
	fits(false, "allow 22", &p);
	p.dir = DIR_OUT;
	p.iif = NULL;
	fits(true, "allow out on eth1", &p);
	fits(false, "allow out in on eth0", &p);
	fits(true, "reject out 22/tcp", &p);
}

static bool has(void *ctx, const char *file, enum family family,
		const uint8_t *addr)
{
	(void)ctx;
	return !strcmp(file, "/bad") && family == FAMILY_4 && addr[0] == 10;
}

static void test_lists(void)
{
	static const char *const lines[] = {
		"deny from @/bad to any port 80", "allow 80/tcp",
		"deny 80", "allow OpenSSH",
	};
	const struct net_files files = {has, NULL};
	const struct rule *rules[4];
	struct rule rule[4];
	struct packet p = packet("10.1.2.3", "192.168.0.1", TCP, 80);
	struct err e;
	size_t i;

	for (i = 0; i < 4; i++) {
		rules[i] = &rule[i];
		if (rule_line(&rule[i], lines[i], &e))
			abort();
	}
	ok(rules_first_match(rules, 4, &p, &files) == 0, "in the file");
	ok(rules_first_match(rules, 4, &p, NULL) == 1, "without files");
	p.saddr[0] = 11;
	ok(rules_first_match(rules, 4, &p, &files) == 1, "not in the file");
	p.proto = UDP;
	ok(rules_first_match(rules, 4, &p, &files) == 2, "the third");
	p.dport = 22;
	ok(rules_first_match(rules, 4, &p, &files) == -1, "none");
	p.proto = TCP;
	ok(rules_first_match(rules, 4, &p, &files) == 3, "a profile");
	ok(rules_first_match(rules, 0, &p, &files) == -1, "no rules");
}

static void expands(const char *line, const char *want)
{
	struct rule r;
	struct err e = {0};
	struct match m;
	struct buf got = {0};

	if (!ok(!rule_line(&r, line, &e), "expands: %s", line))
		return;
	buf_str(&got, "");
	for (struct expansion x = expand_start(&r); expand_next(&x, &m);) {
		buf_fmt(&got, "%s%u ", got.len ? "; " : "", m.proto);
		ports_print(&got, &m.sport);
		buf_str(&got, ">");
		ports_print(&got, &m.dport);
	}
	is(got.data, want, "  to");
	buf_free(&got);
}

static void test_expand(void)
{
	fixture_file(fixture_first, "one",
		     "[A]\ntitle=t\ndescription=d\nports=1/tcp|2,3/udp|4\n"
		     "[B]\ntitle=t\ndescription=d\nports=8/udp|9\n");
	names_free(&fixture_names);
	expands("allow 22", "0 >22");
	expands("allow to any", "0 >");
	expands("allow from any port 1 to any port 2,3 proto tcp", "6 1>2,3");
	expands("allow A", "6 >1; 17 >2,3; 0 >4");
	expands("allow from any app A", "6 1>; 17 2,3>; 0 4>");
	expands("allow from any app A to any port 7", "6 1>7; 17 2,3>7; 0 4>7");
	expands("allow from any app A to any app A",
		"6 1>1; 17 2,3>2,3; 0 4>4");
	/* The source's protocol goes before the destination's, as in ufw. */
	expands("allow from any app B to any app A",
		"17 8>1; 6 9>1; 17 8>2,3; 17 9>2,3; 17 8>4; 0 9>4");
	fixture_names.unknown_apps = true;
	expands("allow Gone", "");
	expands("allow from any app A to any app Gone", "");
	fixture_names.unknown_apps = false;
}

int main(void)
{
	fixture_start();
	test_incoming();
	test_others();
	test_lists();
	test_expand();
	fixture_end();
	return tap_done();
}
