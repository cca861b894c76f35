/* Services and application profiles. */
#include "core/rule/ini.h"
#include "core/rule/services.h"
#include "rule_fixture.h"

static void service_is(const char *name, unsigned port, bool tcp, bool udp)
{
	struct service s;

	ok(service_find(&fixture_names, name, strlen(name), &s) &&
	   s.port == port && s.tcp == tcp && s.udp == udp, "service %s", name);
}

static void service_none(const char *name)
{
	struct service s;

	ok(!service_listed(&fixture_names, name, strlen(name), &s),
	   "no service '%s' in the file", name);
}

static void test_services(void)
{
	struct names none = {.services = "/nonexistent"};
	static const char *const usual[] = {
		"ssh", "http", "https", "domain", "smtp", "imaps", "ntp", "www",
		"mail", "ftp", "mysql", "postgresql", "redis", "wireguard",
	};
	struct service s;
	size_t i;

	service_is("ssh", 22, true, false);
	service_is("domain", 53, true, true);
	service_is("ntp", 123, false, true);
	service_is("www", 80, true, false);
	service_is("two", 1000, true, true);
	service_is("sctponly", 99, false, false);
	service_is("last", 9, true, false);
	service_is("postgres", 5432, true, false);
	service_none("Secure");
	service_none("#");
	service_none("22/tcp");
	service_none("nothing");
	service_none("bad");
	service_none("ss");
	service_none("sshd");
	service_none("SSH");
	service_none("");
	service_none("postgres");
	service_none("\n");
	service_none("\ndomain");
	service_none("ssh\t22/tcp");
	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		ok(service_find(&none, usual[i], strlen(usual[i]), &s) &&
		   s.port && (s.tcp || s.udp), "without a file: %s", usual[i]);
	ok(service_builtin("https", 5, &s) && s.tcp && s.udp,
	   "https is tcp and udp");
	names_free(&none);
}

static const struct profile *find(const char *name)
{
	const struct profile *p;
	struct err e;

	return profile_find(&fixture_names, name, &p, &e) == 1 ? p : NULL;
}

static void has_ports(const char *name, const char *ports, unsigned parts)
{
	const struct profile *p = find(name);

	ok(p && p->n_specs == parts, "profile %s has %u", name, parts);
	is(p ? p->ports : NULL, ports, "  its ports");
}

static void test_folders(void)
{
	fixture_file(fixture_first, "one",
		     "[Both]\ntitle=first\ndescription=x\nports=1\n[Mine]\n"
		     "title=t\ndescription=d\nports=1,2:3/tcp|4/udp|5\n");
	fixture_file(fixture_second, "a",
		     "[Both]\ntitle=second\ndescription=x\nports=2\n"
		     "[Last]\ntitle=a\ndescription=x\nports=2\n"
		     "[OpenSSH]\ntitle=own\ndescription=x\nports=2222/tcp\n");
	fixture_file(fixture_second, "b",
		     "[Last]\ntitle=b\ndescription=x\nports=3\n");
	fixture_file(fixture_second, ".hidden",
		     "[Hidden]\ntitle=b\ndescription=x\nports=3\n");
	fixture_file(fixture_second, "x.dpkg-dist",
		     "[Dist]\ntitle=b\ndescription=x\nports=3\n");
	fixture_file(fixture_second, "x~",
		     "[Tilde]\ntitle=b\ndescription=x\nports=3\n");
	has_ports("Both", "1", 1);
	has_ports("Mine", "1,2:3/tcp|4/udp|5", 3);
	has_ports("Last", "3", 1);
	has_ports("OpenSSH", "2222/tcp", 1);
	has_ports("WWW Full", "80,443/tcp", 1);
	ok(!find("Hidden") && !find("Dist") && !find("Tilde"),
	   "leftovers are skipped");
	ok(find("Both") && !find("Both")->builtin && find("WWW")->builtin,
	   "builtin is known");
	ok(find("BOTH") == find("Both"), "in other letters");
	names_free(&fixture_names);
}

static void skipped(const char *text, const char *why)
{
	fixture_file(fixture_first, "one", text);
	names_free(&fixture_names);
	ok(!find("P"), "skipped: %s", why);
}

static void kept(const char *text, const char *ports, const char *why)
{
	fixture_file(fixture_first, "one", text);
	names_free(&fixture_names);
	if (ok(find("P"), "kept: %s", why))
		is(find("P")->ports, ports, "  its ports");
}

#define TD "title=t\ndescription=d\n"

static void test_skips(void)
{
	char text[2048];

	skipped("[P]\n" TD, "no ports");
	skipped("[P]\n" TD "ports=\n", "empty ports");
	skipped("[P]\ntitle=t\nports=1\n", "no description");
	skipped("[P]\n" TD "ports=1,2\n", "a list without protocol");
	skipped("[P]\n" TD "ports=1:2\n", "a range without protocol");
	skipped("[P]\n" TD "ports=1/tcp|\n", "an empty part");
	skipped("[P]\n" TD "ports=1/esp\n", "a protocol without ports");
	skipped("[P]\n" TD "ports=1/sctp\n", "a protocol unknown");
	skipped("[P]\n" TD "ports=70000\n", "a port too high");
	skipped("[P]\n" TD "ports= 1 | 2\n", "spaces between");
	skipped("[P]\n" TD "ports=1\nports=2\n", "a field twice");
	skipped("[P]\n" TD "ports=1\n[P]\n" TD "ports=2\n", "a section twice");
	skipped("x=1\n[P]\n" TD "ports=1\n", "a field before a section");
	skipped("[P]\n" TD "ports=1\nnonsense\n", "a line without =");
	skipped("[P]\n" TD "ports=1\n=x\n", "a line without a key");
	skipped("[P]\n" TD "ports=1\n 2\n", "ports on two lines");
	kept("[P]\n" TD "ports=1\n", "1", "plain");
	kept("[P]\r\ntitle=t\r\ndescription=d\r\nports=1\r\n", "1", "CR LF");
	kept("[P]\n" TD "ports=1", "1", "no last newline");
	kept("[P]x\nTitle : t\n DESCRIPTION=no\ndescription = d\nports:1\n"
	     "x=\n", "1", "other ways to write it");
	kept("# c\n;c\n\n[P]\ntitle=t\n# c\ndescription=d\n\n  more\n\n"
	     "ports=1\n\n", "1", "comments and lines that go on");
	is(find("P") ? find("P")->description : NULL, "d\n\nmore",
	   "  the description has its lines");
	kept("[P]\n" TD "ports=ssh|ntp,http/udp|any/tcp\n",
	     "ssh|ntp,http/udp|any/tcp", "services as ports");
	ok(find("P") && find("P")->spec[1].ports.range[1].lo == 80 &&
	   find("P")->spec[2].ports.n == 0, "  have their ports");
	snprintf(text, sizeof(text), "[P]\n" TD "ports=1\nx=\n%01500d=1\n", 0);
	kept(text, "1", "a long key of no interest");
	snprintf(text, sizeof(text), "[P]\ndescription=d\nports=1\n"
		 "title=%01025d\n", 0);
	skipped(text, "a long value");
}

static void test_profile_names(void)
{
	fixture_file(fixture_first, "one",
		     "[Twin]\n" TD "ports=1\n[tWIN]\n" TD "ports=1\n"
		     "[ssh]\n" TD "ports=1\n[all]\n" TD "ports=1\n"
		     "[-x]\n" TD "ports=1\n[a/b]\n" TD "ports=1\n"
		     "[12]\n" TD "ports=1\n[1_2]\n" TD "ports=1\n"
		     "[1_a]\n" TD "ports=1\n");
	names_free(&fixture_names);
	ok(find("Twin") && find("tWIN") && !find("twin"),
	   "two that differ by their letters' case");
	ok(!find("ssh") || find("ssh")->builtin, "the name of a service");
	ok(!find("all") && !find("-x") && !find("a/b") && !find("12") &&
	   !find("1_2") && find("1_a"), "names that cannot be");
}

static void test_list(void)
{
	struct names none = {.profile_dirs = (const char *[]){NULL}};
	struct err e;
	size_t i;
	bool sorted = true, sound = true;

	ok(!profiles_load(&none, &e) && none.n_profiles >= 20,
	   "%zu profiles of our own", none.n_profiles);
	for (i = 0; i < none.n_profiles; i++) {
		const struct profile *p = &none.profile[i];

		sorted &= !i || strcmp(p[-1].name, p->name) < 0;
		sound &= p->n_specs && *p->title && *p->description;
	}
	ok(sorted, "in the order of their names");
	ok(sound, "and whole");
	ok(!profiles_load(&none, &e), "loading twice is as once");
	names_free(&none);
}

/* A profile somebody wrote stands before our own services, not before
 * those of the file. */
static void test_order(void)
{
	struct rule r;
	struct err e;

	fixture_file(fixture_first, "one", "[Redis]\n" TD "ports=1/tcp\n"
					   "[NTP]\n" TD "ports=2/tcp\n");
	names_free(&fixture_names);
	ok(!rule_line(&r, "allow redis", &e) && r.dst.app,
	   "a written profile before our service");
	ok(!rule_line(&r, "allow ntp", &e) && !r.dst.app,
	   "a listed service before a profile");
	ok(!rule_line(&r, "allow git", &e) && !r.dst.app &&
	   r.dst.ports.range[0].lo == 9418, "our service where neither is");
	ok(!rule_line(&r, "allow smtp", &e) && !r.dst.app,
	   "our service before our profile");
	fixture_names.unknown_apps = true;
	ok(!rule_line(&r, "allow Gone", &e) && r.dst.app && !r.dst.profile,
	   "an unknown profile for deleting");
	ok(rule_line(&r, "allow from any app all", &e) < 0,
	   "but not what cannot be one");
	fixture_names.unknown_apps = false;
}

int main(void)
{
	fixture_start();
	test_services();
	test_folders();
	test_skips();
	test_profile_names();
	test_list();
	test_order();
	fixture_end();
	return tap_done();
}
