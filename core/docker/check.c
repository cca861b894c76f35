#include "check.h"
#include "../rule/addr.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
	struct json root;
	const char *const *words;
	finding_report *report;
	void *context;
};

__attribute__((format(printf, 5, 6)))
static void say(const struct check *c, enum finding_level level,
		const char *key, const char *other, const char *fmt, ...)
{
	struct finding f = { .level = level };
	va_list args;

	snprintf(f.key, sizeof(f.key), "%s", key);
	snprintf(f.other, sizeof(f.other), "%s", other ? other : "");
	va_start(args, fmt);
	vsnprintf(f.text, sizeof(f.text), fmt, args);
	va_end(args);
	c->report(c->context, &f);
}

bool docker_is_on(struct json root, const char *name)
{
	struct json v;

	if (!json_get(root, name, &v))
		return !strcmp(docker_key(name, strlen(name))->standard,
			       "true");
	return *v.at == 't';
}

/* Whether the key is there and not null or "". */
static bool is_set(struct json root, const char *name, struct json *v)
{
	return json_get(root, name, v) && json_type(*v) != JSON_NULL &&
	       v->end - v->at != 2;
}

static void check_unknown(const struct check *c, const char *name)
{
	const char *nearest = docker_nearest(name, strlen(name));

	if (nearest)
		say(c, FINDING_ERROR, name, NULL, "is no key of dockerd, "
		    "which does not start with it: did you mean '%s'?",
		    nearest);
	else
		say(c, FINDING_ERROR, name, NULL, "is no key of dockerd, "
		    "which does not start with it");
}

static void check_value(const struct check *c, const struct docker_key *k,
			struct json v)
{
	struct finding f = { .level = FINDING_ERROR };

	if (json_type(v) == JSON_NULL)
		say(c, FINDING_WARNING, k->name, NULL, "null is taken for %s, "
		    "not for the default: delete the key instead",
		    k->type == TYPE_BOOL ? "false" : "nothing");
	snprintf(f.key, sizeof(f.key), "%s", k->name);
	if (!docker_value_fits(k, k->type, v, &f))
		c->report(c->context, &f);
	if (k->since)
		say(c, FINDING_NOTE, k->name, NULL, "dockerd before %d.%d "
		    "does not know it and does not start", k->since / 10,
		    k->since % 10);
}

static void check_keys(const struct check *c)
{
	struct json_iter it = json_begin(c->root);
	const struct docker_key *k;
	struct buf name = { 0 };
	struct json last;

	while (json_next(&it)) {
		name.len = 0;
		json_decode(it.key, &name);
		buf_str(&name, ""); /* a string, also when empty */
		if (name.failed)
			break;
		k = docker_key(name.data, name.len);
		if (!k)
			check_unknown(c, name.data);
		else if (json_get(c->root, k->name, &last) &&
			 last.at != it.value.at)
			say(c, FINDING_WARNING, k->name, NULL, "is there more "
			    "than once: the last one counts");
		else
			check_value(c, k, it.value);
	}
	buf_free(&name);
}

/* A key must not be a flag too, even with the same value. */
static void check_flags(const struct check *c)
{
	const char *const *word = c->words;
	const struct docker_key *k;
	struct json v;

	for (; word && *word; word++) {
		k = docker_key_of_flag(*word);
		if (k && strcmp(k->name, "runtimes") != 0 &&
		    json_get(c->root, k->name, &v))
			say(c, FINDING_ERROR, k->name, NULL, "dockerd is "
			    "started with the flag '%s' and does not take it "
			    "from the file too: take the flag out of its "
			    "service", *word);
	}
}

static bool read_net(struct json root, const char *name, struct net *net,
		     enum family *family, unsigned *len)
{
	struct buf s = { 0 };
	struct json v;
	struct err e;
	bool good = false;

	if (is_set(root, name, &v) && json_type(v) == JSON_STRING) {
		json_decode(v, &s);
		good = s.data && net_parse(net, family, s.data, &e) == 0;
		*len = net->len;
	}
	buf_free(&s);
	return good;
}

static void check_inside(const struct check *c, const char *inner,
			 const char *outer)
{
	enum family a_family, b_family;
	unsigned a_len, b_len;
	struct net a, b;

	if (!read_net(c->root, inner, &a, &a_family, &a_len) ||
	    !read_net(c->root, outer, &b, &b_family, &b_len) ||
	    a_family != b_family)
		return;
	if (a_len < b_len || !net_has(&b, a.bytes))
		say(c, FINDING_ERROR, inner, outer, "must lie inside of the "
		    "network of %s", outer);
}

static void check_exclusive(const struct check *c, const char *one,
			    const char *other, const char *why)
{
	struct json v;

	if (is_set(c->root, one, &v) && is_set(c->root, other, &v))
		say(c, FINDING_ERROR, one, other, "does not go with %s: %s",
		    other, why);
}

/* What iptables=false brings with it. */
static void check_without_iptables(const struct check *c)
{
	struct json v;

	if (!docker_is_on(c->root, "icc"))
		say(c, FINDING_ERROR, "icc", "iptables", "icc=false is done "
		    "with iptables rules, and iptables is false: delete icc, "
		    "or set iptables=true");
	if (docker_is_on(c->root, "ip6tables"))
		say(c, FINDING_WARNING, "iptables", "ip6tables", "ip6tables "
		    "is a key of its own and on (by default since 27): Docker "
		    "goes on writing IPv6 rules, and before 27 does not start "
		    "with ip6tables=true alone: set ip6tables=false too");
	if (!docker_is_on(c->root, "userland-proxy"))
		say(c, FINDING_WARNING, "userland-proxy", "iptables", "nothing "
		    "serves published ports without iptables and without the "
		    "proxy: set one of them to true");
	if (json_get(c->root, "ip-masq", &v) && *v.at == 't')
		say(c, FINDING_WARNING, "ip-masq", "iptables", "is off while "
		    "iptables is false: see docker-chains");
}

static void check_together(const struct check *c)
{
	struct json v;

	if (!docker_is_on(c->root, "iptables"))
		check_without_iptables(c);
	if (!docker_is_on(c->root, "icc") && docker_is_on(c->root, "ipv6") &&
	    !docker_is_on(c->root, "ip6tables"))
		say(c, FINDING_ERROR, "icc", "ip6tables", "icc=false with "
		    "ipv6 is done with ip6tables rules, and ip6tables is "
		    "false: delete icc, or set ip6tables=true");
	if (docker_is_on(c->root, "ipv6") &&
	    !is_set(c->root, "fixed-cidr-v6", &v))
		say(c, FINDING_NOTE, "ipv6", "fixed-cidr-v6", "dockerd before "
		    "27 wants fixed-cidr-v6 with it");
	check_exclusive(c, "bip", "bridge", "a bridge of your own has its "
			"address already");
	check_exclusive(c, "bip6", "bridge", "a bridge of your own has its "
			"address already");
	check_exclusive(c, "host-gateway-ip", "host-gateway-ips",
			"it is the older name of the same");
	check_inside(c, "fixed-cidr", "bip");
	check_inside(c, "fixed-cidr-v6", "bip6");
	check_inside(c, "default-gateway", "bip");
}

void docker_check(struct json root, const char *const *words,
		  finding_report *report, void *context)
{
	const struct check c = { root, words, report, context };

	if (json_type(root) != JSON_OBJECT) {
		say(&c, FINDING_ERROR, "", NULL, "the file must hold an "
		    "object, not %s", json_type_name(root));
		return;
	}
	check_keys(&c);
	check_flags(&c);
	check_together(&c);
}
