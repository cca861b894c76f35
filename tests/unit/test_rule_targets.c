/* Several targets in a call, and ufw's commands around a rule. */
#include "core/rule/targets.h"
#include "rule_fixture.h"

enum { MAX = 70 };

static int split(char *words[MAX], char copy[512], const char *line)
{
	struct words w;
	struct err e;
	int i;

	snprintf(copy, 512, "%s", line);
	if (words_split(&w, copy, &e))
		abort();
	for (i = 0; i < w.n; i++)
		words[i] = w.word[i];
	return w.n;
}

static void gives(const char *line, const char *want)
{
	struct buf got = {0};
	struct targets t;
	struct err e = {0};
	char copy[512], *words[MAX];
	int n = split(words, copy, line);
	size_t i;

	if (!ok(!targets_parse(&t, ACT_LIMIT, words, n, &fixture_names, &e),
		"targets: %s", line)) {
		printf("# %s\n", e.text);
		return;
	}
	for (i = 0; i < t.n; i++) {
		struct rule again;

		buf_fmt(&got, "%s%s", i ? "; " : "", t.v[i].line);
		if (rule_line(&again, t.v[i].line, &e) ||
		    !rule_same(&again, &t.v[i].rule))
			ok(false, "  the line is the rule: %s", t.v[i].line);
	}
	is(got.data, want, "  its lines");
	buf_free(&got);
	targets_free(&t);
}

static void fails(const char *line, int word)
{
	struct targets t;
	struct err e = {0};
	char copy[512], *words[MAX];
	int n = split(words, copy, line);

	ok(targets_parse(&t, ACT_ALLOW, words, n, &fixture_names, &e) < 0 &&
	   e.word == word && e.status == STATUS_USAGE && !t.n && !t.v,
	   "refused at word %d: %s", word, line);
	if (e.word != word)
		printf("# word %d: %s\n", e.word, e.text);
}

static void test_targets(void)
{
	gives("ssh", "limit ssh");
	gives("ssh http 8080/tcp", "limit ssh; limit http; limit 8080/tcp");
	gives("OpenSSH 'WWW Full' 6000:6010/udp comment 'for me'",
	      "limit OpenSSH comment 'for me'; "
	      "limit 'WWW Full' comment 'for me'; "
	      "limit 6000:6010/udp comment 'for me'");
	gives("22 comment x", "limit 22 comment x");
	gives("in on eth0 to any port 22", "limit in on eth0 to any port 22");
	gives("from 1.2.3.4", "limit from 1.2.3.4");
	gives("log 22", "limit log 22");
	gives("IN 22", "limit IN 22");
	gives("proto tcp from any port 1 comment 'a b'",
	      "limit proto tcp from any port 1 comment 'a b'");
	gives("route in on a out on b", "route limit in on a out on b");
	gives("route 22", "route limit 22");
	fails("", -1);
	fails("ssh foo http", 1);
	fails("ssh 70000 comment x", 1);
	fails("ssh http comment \"it's\"", 3);
	fails("ssh comment", 1);
	fails("comment x", -1);
	fails("comment x 22 comment y", 2);
	fails("from 1.2.3", 1);
	fails("from any port foo", 3);
	fails("route in on a port", 4);
	fails("route", 0);
	fails("ssh from", 0);
	fails("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 "
	      "25 26 27 28 29 30 31 32 33 34 35 from", -1);
}

static void command(const char *line, enum rule_op op, unsigned number,
		    const char *want)
{
	struct rule_command c;
	struct buf got = {0};
	struct err e = {0};
	char copy[512], *words[MAX];
	int n = split(words, copy, line);

	if (!ok(!rule_command_parse(&c, words, n, &fixture_names, &e) &&
		c.op == op && c.number == number, "command: %s", line)) {
		printf("# %s\n", e.text);
		return;
	}
	if (op != OP_DELETE_NUMBER)
		rule_command_line(&got, &c, words, n);
	is(got.data ? got.data : "", want, "  its rule");
	ok(!fixture_names.unknown_apps, "  and names are as before");
	buf_free(&got);
}

static void no_command(const char *line, int word)
{
	struct rule_command c;
	struct err e = {0};
	char copy[512], *words[MAX];
	int n = split(words, copy, line);

	ok(rule_command_parse(&c, words, n, &fixture_names, &e) < 0 &&
	   e.word == word, "refused at word %d: %s", word, line);
	if (e.word != word)
		printf("# word %d: %s\n", e.word, e.text);
}

static void test_commands(void)
{
	command("allow 22", OP_ADD, 0, "allow 22");
	command("rule allow 22", OP_ADD, 0, "allow 22");
	command("insert 3 deny from 1.2.3.4", OP_INSERT, 3,
		"deny from 1.2.3.4");
	command("prepend allow OpenSSH comment 'a b'", OP_PREPEND, 0,
		"allow OpenSSH comment 'a b'");
	command("delete allow 22", OP_DELETE, 0, "allow 22");
	command("delete allow Gone", OP_DELETE, 0, "allow Gone");
	command("delete 12", OP_DELETE_NUMBER, 12, "");
	command("route allow in on a", OP_ADD, 0, "route allow in on a");
	command("route insert 2 allow in on a", OP_INSERT, 2,
		"route allow in on a");
	command("route delete allow in on a", OP_DELETE, 0,
		"route allow in on a");
	no_command("", -1);
	no_command("delete", 0);
	no_command("insert 1", 0);
	no_command("insert 0 allow 22", 1);
	no_command("insert -1 allow 22", 1);
	no_command("insert 99999999999 allow 22", 1);
	no_command("insert 1 allow foo", 3);
	no_command("allow Gone", 1);
	no_command("route delete 3", 2);
	no_command("route insert 1 allow in 22", 4);
	no_command("delete route allow 22", 1);
	no_command("rule route allow 22", 1);
	no_command("route route allow 22", 1);
	no_command("rule rule allow 22", 1);
}

int main(void)
{
	fixture_start();
	test_targets();
	test_commands();
	fixture_end();
	return tap_done();
}
