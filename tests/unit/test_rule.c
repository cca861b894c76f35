/* Words to rules and back. */
#include "rule_fixture.h"

/* Is the line printed as `want`, and is that the same rule? */
static void prints(const char *line, const char *want)
{
	struct buf out = {0};
	struct rule r, again;
	struct err e = {0};

	if (!ok(!rule_line(&r, line, &e), "parses: %s", line)) {
		printf("# %s\n", e.text);
		return;
	}
	rule_print(&out, &r);
	is(out.data, want, "  and prints");
	ok(!rule_line(&again, out.data, &e) && rule_same(&r, &again),
	   "  and what is printed is the same rule");
	buf_free(&out);
}

static void same_text(const char *line)
{
	prints(line, line);
}

static void fails(const char *line, int word, const char *want)
{
	struct rule r;
	struct err e = {0};

	if (!ok(rule_line(&r, line, &e) < 0, "refused: %s", line))
		return;
	is(e.text, want, "  with the reason");
	ok(e.status == STATUS_USAGE && e.word == word, "  at word %d", word);
	if (e.word != word)
		printf("# word %d\n", e.word);
}

static bool alike(const char *a, const char *b,
		  bool (*how)(const struct rule *, const struct rule *))
{
	struct rule x, y;
	struct err e;

	return !rule_line(&x, a, &e) && !rule_line(&y, b, &e) && how(&x, &y);
}

static void test_short(void)
{
	same_text("allow 22");
	same_text("deny 22/tcp");
	same_text("limit out 53/udp");
	same_text("reject log 80,443,6000:6010/tcp");
	same_text("allow log-all 22/tcp comment 'for me'");
	same_text("allow OpenSSH");
	same_text("allow 'WWW Full'");
	prints("allow ssh", "allow 22/tcp");
	prints("allow domain", "allow 53");
	prints("allow domain/udp", "allow 53/udp");
	prints("allow www", "allow 80/tcp");
	prints("allow two", "allow 1000");
	prints("allow openssh", "allow OpenSSH");
	prints("allow in 22/any", "allow 22");
	prints("allow IN 0022", "allow 22");
	prints("allow comment x 22", "allow 22 comment x");
	prints("allow 22 comment ''", "allow 22");
}

static void test_full(void)
{
	same_text("deny from 1.2.3.4");
	same_text("allow from 10.0.0.0/8 to any port 22");
	same_text("allow from any port 1 to 1.2.3.4 port 2 proto udp");
	same_text("allow in on eth0");
	same_text("allow in on ppp+ to any port 80,443 proto tcp comment x");
	same_text("allow out on eth0.100 log to 2001:db8::/32");
	same_text("allow to any");
	same_text("allow out to any");
	same_text("allow to any proto igmp");
	same_text("allow to 1.2.3.4 proto esp");
	same_text("allow to 0.0.0.0/0");
	same_text("allow to ::/0 port 22");
	same_text("allow from any app DNS to 1.2.3.4 app 'WWW Full'");
	same_text("deny from @/etc/bad to any port 22 proto tcp");
	same_text("deny from @'/etc/a b' to 1.2.3.4");
	same_text("deny from @\"/etc/it's\"");
	same_text("deny out to @/etc/bad");
	prints("allow from any", "allow to any");
	prints("allow proto tcp from any to any port 22", "allow 22/tcp");
	prints("allow from 10.1.2.3/8", "allow from 10.0.0.0/8");
	prints("allow from 10.1.2.3/255.255.0.0", "allow from 10.1.0.0/16");
	prints("allow from 1.2.3.4/32", "allow from 1.2.3.4");
	prints("allow from 2001:DB8::1/33", "allow from 2001:db8::/33");
	prints("allow from ANY to 2001:0:0::1/128", "allow to 2001::1");
	prints("allow from 0.0.0.0/0 to 1.2.3.4", "allow to 1.2.3.4");
	prints("allow from any port ssh to any port domain",
	       "allow from any port 22 to any port 53 proto tcp");
	prints("allow to any port 80 app DNS", "allow DNS");
	prints("allow to any port 80 port 81", "allow 81");
}

static void test_route(void)
{
	same_text("route allow in on eth0 out on eth1 to 10.0.0.0/8");
	same_text("route deny out on eth1");
	same_text("route allow 22/tcp");
	same_text("route allow from 10.0.0.1");
	prints("route allow out on b in on a log from any",
	       "route allow in on a out on b log");
	prints("route allow in on a from any out on b port 22",
	       "route allow in on a out on b from any port 22");
	/* Interfaces of the other way, which ufw lets through. */
	same_text("allow out in on eth0");
	same_text("allow in out on eth0");
	same_text("allow in in on eth0 out eth1");
	prints("allow in on eth0 out eth1",
	       "allow in in on eth0 out eth1");
}

static void test_errors(void)
{
	fails("", -1, "no rule: must begin with allow, deny, reject or limit");
	fails("permit 22", 0, "bad action 'permit': must be allow, deny, "
	      "reject, limit");
	fails("ALLOW 22", 0, "bad action 'ALLOW': must be allow, deny, reject, "
	      "limit");
	fails("allow", 0, "'allow' needs a port, service, profile or clause");
	fails("allow 70000", 1, "bad port '70000': must be 1 to 65535");
	fails("allow 0/tcp", 1, "bad port '0': must be 1 to 65535");
	fails("allow 99999999999999999999/tcp", 1,
	      "bad port '99999999999999999999': must be 1 to 65535");
	fails("allow 80:80/tcp", 1, "bad port range '80:80': the first must "
	      "be below the last");
	fails("allow 1:2:3/tcp", 1, "bad port '2:3': must be 1 to 65535");
	fails("allow 80,,81/tcp", 1, "bad port '': must be 1 to 65535");
	fails("allow 80,443", 1, "'80,443' needs a protocol: a list or range "
	      "is of tcp or udp");
	fails("allow ssh,http/tcp", 1, "'ssh,http/tcp' is no list or range of "
	      "numbers");
	fails("allow 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16/tcp", 1,
	      "too many ports in '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16': "
	      "at most 15, a range counts as two");
	fails("allow foo", 1, "'foo' is no service or application profile");
	fails("allow ssh/udp", 1, "'ssh/udp' is of another protocol");
	fails("allow sctponly", 1, "'sctponly' is neither tcp nor udp");
	fails("allow 22/icmp", 1, "'22/icmp' is no protocol: must be tcp, udp, "
	      "ah, esp, gre, ipv6, igmp, vrrp or any");
	fails("allow 22/esp", 1, "'22/esp' is a protocol without ports");
}

static void test_clause_errors(void)
{
	fails("allow from any port foo", 4, "'foo' is no service");
	fails("allow from any app foo", 4, "'foo' is no application profile");
	fails("allow from 1.2.3", 2, "bad address '1.2.3': must be an IPv4 or "
	      "IPv6 address or network, or 'any'");
	fails("allow from 1.2.3.4/33", 2, "bad network '1.2.3.4/33': its "
	      "length must be 0 to 32, or a mask like 255.255.0.0");
	fails("allow from 1.2.3.4/255.0.255.0", 2, "bad network "
	      "'1.2.3.4/255.0.255.0': its length must be 0 to 32, or a mask "
	      "like 255.255.0.0");
	fails("allow from ::1/129", 2, "bad network '::1/129': its length "
	      "must be 0 to 128");
	fails("allow from 1.2.3.4 to ::1", 4, "'::1' is of another IP version "
	      "than the source");
	fails("allow from ::1 proto igmp", 2, "'::1' is IPv6, but the protocol "
	      "is IPv4's");
	fails("allow from @bad", 2, "'@bad' needs the file's whole path behind "
	      "the @");
	fails("allow proto tcp", 1, "'proto' is no port, service or profile, "
	      "and no 'from' or 'to' is there");
	fails("allow from any port", 3, "'port' needs a value");
	fails("allow from any from any", 3, "'from' is one too many");
	fails("allow from any app DNS proto tcp", 5, "'proto' does not go with "
	      "'app'");
	fails("allow from any app DNS port 22", 5, "'port' does not go with "
	      "'app'");
	fails("allow from any app DNS to any port ssh", 4, "'DNS' has "
	      "protocols of its own");
}

static void test_order_errors(void)
{
	fails("allow port 22 from any", 1, "'port' needs a 'from' or 'to' "
	      "before it");
	fails("allow from any foo bar", 3, "'foo' is no clause: must be proto, "
	      "from, to, port or app");
	fails("allow from any app port", 4, "'port' needs a value");
	fails("allow in", 1, "'in' needs 'on INTERFACE'");
	fails("allow out on", 1, "'out' needs 'on INTERFACE'");
	fails("allow from any in on eth0", 3, "'in' must stand right behind "
	      "the action");
	fails("allow in on abcdefghijklmnop", 3, "'abcdefghijklmnop' is no "
	      "interface: must be 1 to 15 characters");
	fails("allow in on eth0:1", 3, "'eth0:1' is no name of an interface");
	fails("route allow in on a out on log", 7, "'log' is no interface: it "
	      "is a word of the grammar");
	fails("route allow in 22", 2, "'in' needs 'on INTERFACE'");
	fails("route allow in on a out on ..", 7, "'..' is no name of an "
	      "interface");
	fails("allow from any log", 3, "'log' must stand before port and "
	      "clauses");
	fails("allow 22 comment", 2, "'comment' needs a value");
	fails("allow 22 comment \"it's\"", 3, "a comment cannot have a \"'\" "
	      "or control characters");
	fails("allow 22 comment 'a\033b'", 3, "a comment cannot have a \"'\" "
	      "or control characters");
	fails("allow 1 2 3 4 5 6 7 8 9 10 11 12 13", 13, "'13' is one word too "
	      "many");
}

static void test_same(void)
{
	ok(alike("allow http", "allow 80/tcp", rule_same), "http is 80/tcp");
	ok(alike("allow 80,443/tcp", "allow 443,80/tcp", rule_same),
	   "the order of ports does not count");
	ok(!alike("allow 80,80,443/tcp", "allow 80,443,443/tcp", rule_same),
	   "how often they come does");
	ok(alike("allow 22 comment a", "allow 22 comment b", rule_same),
	   "nor does the comment");
	ok(!alike("allow 22", "deny 22", rule_same), "the action counts");
	ok(!alike("allow 22", "allow log 22", rule_same), "the log too");
	ok(alike("allow 22", "deny log 22", rule_same_match),
	   "but the match is the same");
	ok(!alike("allow 22", "allow 22/tcp", rule_same_match), "protocol");
	ok(!alike("allow 22", "allow out 22", rule_same_match), "direction");
	ok(!alike("allow 22", "route allow 22", rule_same_match), "route");
	ok(!alike("allow OpenSSH", "allow 22/tcp", rule_same_match),
	   "a profile is not its ports");
	ok(alike("allow OPENSSH", "allow OpenSSH", rule_same),
	   "a profile in other letters is the same");
	ok(!alike("allow to any", "allow to 0.0.0.0/0", rule_same_match),
	   "any is not any of IPv4");
	ok(alike("allow from 10.0.0.1/8", "allow from 10.9.9.9/255.0.0.0",
		 rule_same), "a network by any address in it");
	ok(!alike("deny from @/a", "deny from @/b", rule_same_match), "file");
	ok(!alike("deny from @/a", "deny to @/a", rule_same_match), "side");
	ok(!alike("allow in on a", "allow in on b", rule_same_match),
	   "interface");
}

int main(void)
{
	fixture_start();
	test_short();
	test_full();
	test_route();
	test_errors();
	test_clause_errors();
	test_order_errors();
	test_same();
	fixture_end();
	return tap_done();
}
