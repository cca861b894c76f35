#include "check.h"
#include "../rule/addr.h"

#include <string.h>

static void say(const struct docker_check *c, enum finding_level level,
		const char *key, const char *other, const char *text)
{
	const struct finding f = { level, key, other, text };

	c->report(c->context, &f);
}

static struct json *value_of(struct docker_check *c, const char *name)
{
	struct docker_key k;

	docker_key(name, strlen(name), &k);
	return &c->value[k.index];
}

/* Whether the key is there and not null or "". */
static bool is_set(struct docker_check *c, const char *name)
{
	struct json v = *value_of(c, name);

	return v.at && *v.at != 'n' && v.end - v.at != 2;
}

bool docker_is_on(const struct docker_check *c, const struct docker_key *k)
{
	const char *at = c->value[k->index].at;

	return (at ? *at : *k->standard) == 't';
}

static bool is_on(const struct docker_check *c, const char *name)
{
	struct docker_key k;

	docker_key(name, strlen(name), &k);
	return docker_is_on(c, &k);
}

static void check_unknown(const struct docker_check *c, const char *name,
			  size_t len)
{
	struct docker_key nearest;
	struct buf text = { 0 };

	buf_str(&text, "no key of dockerd, which does not start with it");
	if (docker_nearest(name, len, &nearest))
		buf_fmt(&text, ": did you mean '%.*s'?", (int)nearest.len,
			nearest.name);
	say(c, FINDING_ERROR, name, "", text.data ? text.data : "unknown");
	buf_free(&text);
}

static void check_value(const struct docker_check *c, const char *name,
			const struct docker_key *k, struct json v)
{
	struct buf text = { 0 };

	if (json_type(v) == JSON_NULL)
		say(c, FINDING_WARNING, name, "", k->type == TYPE_BOOL
		    ? "null is as false, whatever the default: delete the key"
		    : "null is as empty: delete the key");
	else if (!docker_value_fits(k, v, &text))
		say(c, FINDING_ERROR, name, "", text.data ? text.data : "?");
	text.len = 0;
	buf_fmt(&text, "dockerd before %u.%u does not start with it",
		k->since / 10, k->since % 10);
	if (k->since && !text.failed)
		say(c, FINDING_NOTE, name, "", text.data);
	buf_free(&text);
}

/* Each member by itself, and where in c->value it belongs. */
static void check_member(struct docker_check *c, const struct json_iter *it,
			 const char *name, size_t len)
{
	bool wanted = !c->wanted || c->wanted(c->context, name);
	struct docker_key k;
	bool known = docker_key(name, len, &k);

	if (!known && wanted)
		check_unknown(c, name, len);
	if (!known)
		return;
	if (c->value[k.index].at && wanted)
		say(c, FINDING_WARNING, name, "",
		    "there more than once: the last one counts");
	c->value[k.index] = it->value;
	if (wanted)
		check_value(c, name, &k, it->value);
}

static void check_members(struct docker_check *c)
{
	struct json_iter it = json_begin(c->root);
	struct buf name = { 0 };

	while (json_next(&it)) {
		name.len = 0;
		json_decode(it.key, &name);
		buf_str(&name, ""); /* a string also when empty */
		if (name.failed)
			break;
		check_member(c, &it, name.data, name.len);
	}
	buf_free(&name);
}

/* A key must not be a flag too, even with the same value. */
static void check_flags(struct docker_check *c)
{
	const char *word = c->words;
	struct buf text = { 0 };
	struct docker_key k;
	char name[40]; /* longer than any key */

	for (; word && *word; word += strlen(word) + 1) {
		if (!docker_key_of_flag(word, &k) || !c->value[k.index].at ||
		    !strncmp(k.name, "runtimes ", 9))
			continue;
		text.len = 0;
		buf_fmt(&text, "dockerd is started with '%s' and refuses to "
			"find it here too: take it from the service", word);
		memcpy(name, k.name, k.len);
		name[k.len] = '\0';
		if (!text.failed)
			say(c, FINDING_ERROR, name, "", text.data);
	}
	buf_free(&text);
}

static bool read_net(struct docker_check *c, const char *name, struct net *net,
		     enum family *family)
{
	struct json v = *value_of(c, name);
	struct buf s = { 0 };
	struct err e;
	bool good = false;

	if (is_set(c, name) && json_type(v) == JSON_STRING) {
		json_decode(v, &s);
		good = s.data && net_parse(net, family, s.data, &e) == 0;
	}
	buf_free(&s);
	return good;
}

static void check_inside(struct docker_check *c, const char *inner,
			 const char *outer)
{
	enum family a_family, b_family;
	struct net a, b;

	if (read_net(c, inner, &a, &a_family) &&
	    read_net(c, outer, &b, &b_family) && a_family == b_family &&
	    (a.len < b.len || !net_has(&b, a.bytes)))
		say(c, FINDING_ERROR, inner, outer, "must lie in "
		    "the network of bip (bip6)");
}

static void check_exclusive(struct docker_check *c, const char *one,
			    const char *other, const char *text)
{
	if (is_set(c, one) && is_set(c, other))
		say(c, FINDING_ERROR, one, other, text);
}

/* What iptables=false brings with it. */
static void check_without_iptables(struct docker_check *c)
{
	if (!is_on(c, "icc"))
		say(c, FINDING_ERROR, "icc", "iptables", "icc=false is done "
		    "with iptables, and iptables is false: delete one of them");
	if (is_on(c, "ip6tables"))
		say(c, FINDING_WARNING, "iptables", "ip6tables", "Docker goes "
		    "on writing IPv6 rules (since 27; before, ip6tables=true "
		    "alone stops it): set ip6tables=false too");
	if (!is_on(c, "userland-proxy"))
		say(c, FINDING_WARNING, "userland-proxy", "iptables", "nothing "
		    "serves published ports without it and without iptables");
	if (value_of(c, "ip-masq")->at && is_on(c, "ip-masq"))
		say(c, FINDING_WARNING, "ip-masq", "iptables", "does nothing "
		    "without iptables: see docker-chains");
}

static void check_together(struct docker_check *c)
{
	if (!is_on(c, "iptables"))
		check_without_iptables(c);
	if (!is_on(c, "icc") && is_on(c, "ipv6") && !is_on(c, "ip6tables"))
		say(c, FINDING_ERROR, "icc", "ip6tables", "icc=false is done "
		    "with ip6tables for ipv6: delete one of them");
	if (is_on(c, "ipv6") && !is_set(c, "fixed-cidr-v6"))
		say(c, FINDING_NOTE, "ipv6", "fixed-cidr-v6", "dockerd before "
		    "27 wants fixed-cidr-v6 with it");
	check_exclusive(c, "bip", "bridge", "a bridge of your own has its "
			"address: delete bip or bridge");
	check_exclusive(c, "bip6", "bridge", "a bridge of your own has its "
			"address: delete bip6 or bridge");
	check_exclusive(c, "host-gateway-ip", "host-gateway-ips",
			"the older name of host-gateway-ips: delete it");
	check_inside(c, "fixed-cidr", "bip");
	check_inside(c, "default-gateway", "bip");
	check_inside(c, "fixed-cidr-v6", "bip6");
}

void docker_check(struct docker_check *c)
{
	if (json_type(c->root) != JSON_OBJECT) {
		say(c, FINDING_ERROR, "", "", "the file must hold an object");
		return;
	}
	check_members(c);
	check_flags(c);
	check_together(c);
}
