/* dockerd's keys, and what goes together. */
#include "core/docker/check.h"
#include "tap.h"

static bool finds(const char *name, const char *want)
{
	struct docker_key k;

	return docker_nearest(name, strlen(name), &k)
	       ? want && k.len == strlen(want) && !memcmp(k.name, want, k.len)
	       : !want;
}

static void test_table(void)
{
	struct docker_key k = { 0 }, same;
	int n = 0, bad = 0;

	for (; docker_next_key(&k); n++)
		bad += k.index != n || k.len >= 40 || !k.len ||
		       !docker_key(k.name, k.len, &same) || same.index != n ||
		       !strcmp(docker_type_name(k.type), "a value") ||
		       (k.since && (k.since < 230 || k.since > 310));
	ok(n == DOCKER_KEYS && !bad, "%d keys, each found and whole", n);
	ok(docker_key("ip6tables", 9, &k) && k.type == TYPE_BOOL &&
	   !k.reload && !k.since && *k.standard == 't', "ip6tables");
	ok(docker_key("debug", 5, &k) && k.reload, "debug");
	ok(docker_key("nri-opts", 8, &k) && k.since == 292, "nri-opts");
	ok(!docker_key("iptable", 7, &k) && !docker_key("", 0, &k), "none");
}

static void test_nearest(void)
{
	ok(finds("iptable", "iptables") && finds("IPTables", "iptables") &&
	   finds("ip_forward", "ip-forward") && finds("log-opt", "log-opts") &&
	   finds("dsn", "dns") && finds("registry-mirror", "registry-mirrors"),
	   "slips");
	ok(finds("xyzzy", NULL) && finds("", NULL), "nothing like it");
}

static bool sets(const char *word, const char *key)
{
	struct docker_key k;

	return docker_key_of_flag(word, &k)
	       ? key && k.len == strlen(key) && !memcmp(k.name, key, k.len)
	       : !key;
}

static void test_flags(void)
{
	ok(sets("--iptables=false", "iptables") && sets("-H", "hosts") &&
	   sets("--host", "hosts") && sets("--label=a=b", "labels") &&
	   sets("--insecure-registry", "insecure-registries") &&
	   sets("-D", "debug") && sets("-Hfd://", "hosts") &&
	   sets("--add-runtime", "runtimes"), "flags");
	ok(sets("fd://", NULL) && sets("--", NULL) && sets("-", NULL) &&
	   sets("--nonsense", NULL) && sets("-x", NULL), "no flags");
}

/* The findings, as "level key other;" each. */
static void note(void *context, const struct finding *f)
{
	buf_fmt(context, "%c %s %s;", "nwe"[f->level], f->key, f->other);
}

static void check(const char *text, const char *words, const char *want)
{
	struct buf out = { 0 };
	struct docker_check c = { .root = json_root(text, strlen(text)),
				  .words = words, .report = note,
				  .context = &out };

	docker_check(&c);
	is(out.data ? out.data : "", want, text);
	buf_free(&out);
}

static void test_values(void)
{
	check("{\"iptables\":true,\"mtu\":0,\"dns\":[\"192.0.2.1\",\"::1\"],"
	      "\"bip\":\"10.1.0.1/24\",\"log-opts\":{\"a\":\"b\"},"
	      "\"default-address-pools\":[{\"base\":\"10.0.0.0/8\",\"size\":"
	      "24}],\"default-shm-size\":\"1.5g\",\"labels\":[\"a=b\"]}",
	      NULL, "");
	check("{\"ipv6\":0}", NULL, "e ipv6 ;");
	check("{\"mtu\":1.5}", NULL, "e mtu ;");
	check("{\"network-diagnostic-port\":65536}", NULL,
	      "e network-diagnostic-port ;");
	check("{\"dns\":[\"1.2.3\"]}", NULL, "e dns ;");
	check("{\"dns\":\"192.0.2.1\"}", NULL, "e dns ;");
	check("{\"bip\":\"10.1.0.1\"}", NULL, "e bip ;");
	check("{\"bip\":\"10.1.0.1/255.0.0.0\"}", NULL, "e bip ;");
	check("{\"bip\":\"::1/64\"}", NULL, "e bip ;");
	check("{\"log-opts\":{\"a\":1}}", NULL, "e log-opts ;");
	check("{\"log-level\":\"loud\"}", NULL, "e log-level ;");
	check("{\"labels\":[\"a\"]}", NULL, "e labels ;");
	check("{\"registry-mirrors\":[\"m.test\"]}", NULL,
	      "e registry-mirrors ;");
	check("{\"default-address-pools\":[{\"base\":\"10.0.0.0/8\"}]}", NULL,
	      "e default-address-pools ;");
	check("{\"icc\":null}", NULL, "w icc ;");
	check("{\"nri-opts\":{}}", NULL, "n nri-opts ;");
	check("[]", NULL, "e  ;");
}

static void test_together(void)
{
	check("{\"iptables\":false,\"ip6tables\":false}", NULL, "");
	check("{\"iptables\":false}", NULL, "w iptables ip6tables;");
	check("{\"iptables\":false,\"ip6tables\":false,\"icc\":false}", NULL,
	      "e icc iptables;");
	check("{\"ip6tables\":false,\"icc\":false,\"ipv6\":true,"
	      "\"fixed-cidr-v6\":\"2001:db8::/64\"}", NULL,
	      "e icc ip6tables;");
	check("{\"iptables\":false,\"ip6tables\":false,"
	      "\"userland-proxy\":false}", NULL,
	      "w userland-proxy iptables;");
	check("{\"bip\":\"10.1.0.1/24\",\"bridge\":\"br9\"}", NULL,
	      "e bip bridge;");
	check("{\"bip\":\"10.1.0.1/24\",\"fixed-cidr\":\"10.1.0.0/25\"}", NULL,
	      "");
	check("{\"bip\":\"10.1.0.1/24\",\"fixed-cidr\":\"10.1.0.0/16\"}", NULL,
	      "e fixed-cidr bip;");
	check("{\"mtu\":1,\"mtu\":2,\"zz\":1}", NULL, "w mtu ;e zz ;");
	check("{\"hosts\":[],\"runtimes\":{}}", "-H\0fd://\0--add-runtime\0\0",
	      "e hosts ;");
}

int main(void)
{
	test_table();
	test_nearest();
	test_flags();
	test_values();
	test_together();
	return tap_done();
}
