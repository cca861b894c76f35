/* dockerd's keys, and what goes together. */
#include "core/docker/check.h"
#include "tap.h"

static bool finds(const char *name, const char *want)
{
	char text[64] = "";
	struct err e;

	docker_unknown(name, strlen(name), &e);
	if (want)
		snprintf(text, sizeof(text), ": did you mean '%s'?", want);
	return !strcmp(e.text + strcspn(e.text, ":"), text);
}

static void test_table(void)
{
	struct docker_key k = { 0 }, same;
	int n = 0, bad = 0;

	for (; docker_next_key(&k); n++)
		bad += k.index != n || strlen(k.name) >= 40 || !*k.name ||
		       !docker_key(k.name, strlen(k.name), &same) ||
		       same.index != n ||
		       *docker_type_text(docker_type(&k)) != docker_type(&k) ||
		       (*k.since && strlen(k.since) != 4);
	ok(n == DOCKER_KEYS && !bad, "%d keys, each found and whole", n);
	ok(docker_key("ip6tables", 9, &k) && docker_type(&k) == 'b' &&
	   !docker_reloads(&k) && docker_of_firewall(&k) && !*k.since &&
	   !strcmp(k.standard, "true"), "ip6tables");
	ok(docker_key("debug", 5, &k) && docker_reloads(&k) &&
	   docker_key("features", 8, &k) && docker_reloads(&k), "reloaded");
	ok(docker_key("nri-opts", 8, &k) && !strcmp(k.since, "29.2"),
	   "nri-opts");
	ok(!docker_key("iptable", 7, &k) && !docker_key("", 0, &k) &&
	   !docker_key("icc\0", 4, &k), "none");
}

static void test_nearest(void)
{
	ok(finds("iptable", "iptables") && finds("IPTables", "iptables") &&
	   finds("ip_forward", "ip-forward") && finds("log-opt", "log-opts") &&
	   finds("dsn", "dns") && finds("registry-mirror", "registry-mirrors"),
	   "slips");
	ok(finds("xyzzy", NULL) && finds("", NULL) && finds("?", NULL),
	   "nothing like it");
}

static bool sets(const char *word, const char *key)
{
	struct docker_key k;

	return docker_key_of_flag(word, &k)
	       ? key && !strcmp(k.name, key)
	       : !key;
}

static void test_flags(void)
{
	ok(sets("--iptables=false", "iptables") && sets("-H", "hosts") &&
	   sets("--host", "hosts") && sets("--label=a=b", "labels") &&
	   sets("--insecure-registry", "insecure-registries") &&
	   sets("-D", "debug") && sets("-Hfd://", "hosts"), "flags");
	ok(sets("fd://", NULL) && sets("--", NULL) && sets("-", NULL) &&
	   sets("--=", NULL) && sets("--ip", "ip") &&
	   sets("--add-runtime", NULL) && sets("--nonsense", NULL) &&
	   sets("-x", NULL), "no flags");
}

/* The findings, as "level key;" each. */
static void check(const char *text, const char *words, const char *want)
{
	struct docker_check c = { .prefix = ";" };
	char got[256] = "", *to = got;
	const char *s;

	if (docker_read(&c, json_root(text, strlen(text))) == 0)
		docker_check(&c, words);
	for (s = c.out.data; s && *s; s += strcspn(s, "\n") + 1) {
		const char *key = strchr(s, ' ') + 1;

		*to++ = s[1];
		*to++ = ' ';
		to = mempcpy(to, key, strcspn(key, ":"));
		*to++ = ';';
	}
	is(got, want, text);
	buf_free(&c.out);
}

/* With what dockerd is started with beside the file. */
static void test_started_with(void)
{
	check("{\"icc\":false}", "--iptables=false\0",
	      "e icc;w iptables;");
	check("{\"icc\":false}", "--iptables=0\0--debug\0",
	      "e icc;w iptables;");
	check("{\"icc\":false}", "--iptables\0", "");
	check("{\"iptables\":false,\"ip6tables\":false}", "--icc=false\0",
	      "e icc;");
	check("{\"fixed-cidr\":\"10.2.0.0/24\"}", "--bip\0""10.1.0.1/16\0",
	      "e fixed-cidr;");
	check("{\"fixed-cidr\":\"10.1.2.0/24\"}", "--bip=10.1.0.1/16\0", "");
	check("{\"bip\":\"10.1.0.1/24\"}", "-bbr0\0", "e bip;");
	check("{\"bip\":\"10.1.0.1/24\"}", "-b\0br0\0", "e bip;");
	check("{\"bip\":\"10.1.0.1/24\"}", "-b\0", "");
	check("{\"bip\":\"10.1.0.1/24\"}", "--bridge=\"\0", "");
}

static void test_values(void)
{
	check("{\"iptables\":true,\"mtu\":0,\"dns\":[\"192.0.2.1\",\"::1\"],"
	      "\"bip\":\"10.1.0.1/24\",\"log-opts\":{\"a\":\"b\"},"
	      "\"default-address-pools\":[{\"base\":\"10.0.0.0/8\",\"size\":"
	      "24}],\"default-shm-size\":\"1.5g\",\"labels\":[\"a=b\"]}",
	      NULL, "");
	check("{\"ipv6\":0}", NULL, "e ipv6;");
	check("{\"mtu\":1.5}", NULL, "e mtu;");
	check("{\"network-diagnostic-port\":65536}", NULL,
	      "e network-diagnostic-port;");
	check("{\"dns\":[\"1.2.3\"]}", NULL, "e dns;");
	check("{\"dns\":\"192.0.2.1\"}", NULL, "e dns;");
	check("{\"bip\":\"10.1.0.1\"}", NULL, "e bip;");
	check("{\"bip\":\"10.1.0.1/255.0.0.0\"}", NULL, "e bip;");
	check("{\"bip\":\"::1/64\"}", NULL, "e bip;");
	check("{\"log-opts\":{\"a\":1}}", NULL, "e log-opts;");
	check("{\"log-level\":\"loud\"}", NULL, "e log-level;");
	check("{\"labels\":[\"a\"]}", NULL, "e labels;");
	check("{\"registry-mirrors\":[\"m.test\"]}", NULL,
	      "e registry-mirrors;");
	check("{\"default-address-pools\":[{\"base\":\"10.0.0.0/8\"}]}", NULL,
	      "e default-address-pools;");
	check("{\"icc\":null}", NULL, "w icc;");
	check("{\"nri-opts\":{}}", NULL, "n nri-opts;");
	check("[]", NULL, "e the file must hold an object\n;");
}

static void test_together(void)
{
	check("{\"iptables\":false,\"ip6tables\":false}", NULL, "");
	check("{\"iptables\":false}", NULL, "w iptables;");
	check("{\"iptables\":false,\"ip6tables\":false,\"icc\":false}", NULL,
	      "e icc;");
	check("{\"ip6tables\":false,\"icc\":false,\"ipv6\":true,"
	      "\"fixed-cidr-v6\":\"2001:db8::/64\"}", NULL,
	      "e icc;");
	check("{\"iptables\":false,\"ip6tables\":false,"
	      "\"userland-proxy\":false}", NULL,
	      "w userland-proxy;");
	check("{\"bip\":\"10.1.0.1/24\",\"bridge\":\"br9\"}", NULL,
	      "e bip;");
	check("{\"bip\":\"10.1.0.1/24\",\"fixed-cidr\":\"10.1.0.0/25\"}", NULL,
	      "");
	check("{\"bip\":\"10.1.0.1/24\",\"fixed-cidr\":\"10.1.0.0/16\"}", NULL,
	      "e fixed-cidr;");
	check("{\"default-runtime\":\"runc\"}", NULL, "");
	check("{\"default-runtime\":\"crun\",\"runtimes\":{\"crun\":{}}}",
	      NULL, "");
	check("{\"default-runtime\":\"crun\",\"runtimes\":{\"kata\":{}}}",
	      NULL, "e default-runtime;");
	check("{\"default-runtime\":\"crun\"}", NULL, "e default-runtime;");
	check("{\"mtu\":1,\"mtu\":2,\"zz\":1}", NULL, "w mtu;e zz;");
	check("{\"hosts\":[],\"runtimes\":{}}", "-H\0fd://\0--add-runtime\0\0",
	      "e hosts;");
}

int main(void)
{
	test_table();
	test_nearest();
	test_flags();
	test_started_with();
	test_values();
	test_together();
	return tap_done();
}
