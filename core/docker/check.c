#include "check.h"
#include "../base/format.h"
#include "../json/path.h"
#include "../rule/addr.h"

#include <stdlib.h>
#include <string.h>

/* Bytes: to look through longer values that nobody edits would take most of
 * the time of an edit. */
enum { SOON = 512 };

/* LEVEL CONDITION..., what to say when all of them hold.  A condition:
 * +KEY it is true, -KEY it is false, =KEY it is there, !KEY it is not there,
 * <KEY the first one's address is not in this one's network, @KEY the first
 * one's value is no member of this one's.  What is null or "" is not there. */
static const char rules[] =
	"e-icc -iptables\0"
	"icc=false is done with iptables, and iptables is false: delete one of "
	"them\0"
	"e-icc +ipv6 -ip6tables\0"
	"icc=false is done with ip6tables for ipv6: delete one of them\0"
	"w-iptables +ip6tables\0"
	"Docker goes on writing IPv6 rules (since 27; before, ip6tables=true "
	"alone stops it): set ip6tables=false too\0"
	"w-userland-proxy -iptables\0"
	"nothing serves published ports without it and without iptables\0"
	"w=ip-masq +ip-masq -iptables\0"
	"does nothing without iptables: see docker-chains\0"
	"n+ipv6 !fixed-cidr-v6\0"
	"dockerd before 27 wants fixed-cidr-v6 with it\0"
	"n=ip6tables +ip6tables -experimental\0"
	"dockerd before 27 wants experimental=true with it\0"
	"e=bip =bridge\0"
	"a bridge of your own has its address: delete bip or bridge\0"
	"e=bip6 =bridge\0"
	"a bridge of your own has its address: delete bip6 or bridge\0"
	"e=host-gateway-ip =host-gateway-ips\0"
	"the older name of host-gateway-ips: delete it\0"
	"e=fixed-cidr <bip\0"
	"must lie in the network of bip\0"
	"e=default-gateway <bip\0"
	"must lie in the network of bip\0"
	"e=fixed-cidr-v6 <bip6\0"
	"must lie in the network of bip6\0"
	"e=default-runtime @runtimes\0"
	"none of runtimes\0";

void docker_say(struct docker_check *c, char level, const char *key,
		const char *fmt, ...)
{
	const char *name = level == 'n' ? "note" : "warning";
	char text[512];
	va_list args;

	if (level == 'e' && !c->any) {
		name = "error";
		c->errors++;
	}
	va_start(args, fmt);
	format_text(text, sizeof(text), fmt, args);
	va_end(args);
	if (!c->json) {
		buf_fmt(&c->out, "%s%s: %s%s%s\n", c->prefix, name, key,
			*key ? ": " : "", text);
		return;
	}
	buf_fmt(&c->out, "%s{\"level\":\"%s\",\"key\":\"%s\",\"text\":",
		c->out.len ? "," : "", name, key);
	json_encode(text, strlen(text), &c->out);
	buf_str(&c->out, "}");
}

static bool is_touched(const struct docker_check *c, const struct docker_key *k)
{
	return !c->touched || c->touched[k->index];
}

bool docker_is_on(const struct docker_check *c, const struct docker_key *k)
{
	const char *at = c->value[k->index].at;

	return *(at ? at : k->standard) == 't';
}

static void say_unknown(struct docker_check *c, struct json key)
{
	struct buf name = {0}; /* as the file spells it */
	struct err e;

	buf_add(&name, key.at + 1, (size_t)(key.end - key.at) - 2);
	if (!name.failed) {
		docker_unknown(name.data, name.len, &e);
		docker_say(c, 'e', name.data, "%s", e.text);
	}
	c->out.failed |= name.failed;
	buf_free(&name);
}

static void check_type(struct docker_check *c, const struct docker_key *k,
		       struct json v)
{
	struct err e;

	if (docker_value(k, v, &e) < 0)
		docker_say(c, 'e', k->name, "%s", e.text);
}

static void check_value(struct docker_check *c, const struct docker_key *k,
			struct json v)
{
	if (c->value[k->index].at)
		docker_say(c, 'w', k->name, "there more than once: the last "
			   "one counts");
	if (json_type(v) == JSON_NULL && docker_type(k) != 'z')
		docker_say(c, 'w', k->name, "null is as %s: delete the key",
			   docker_type(k) == 'b' ? "false, whatever the default"
						 : "empty");
	else
		check_type(c, k, v);
	if (*k->since)
		docker_say(c, 'n', k->name,
			   "dockerd before %s does not start with it",
			   k->since);
}

static bool find_key(struct json name, struct docker_key *k)
{
	*k = (struct docker_key){0};
	while (docker_next_key(k))
		if (json_is(name, k->name, strlen(k->name)))
			return true;
	return false;
}

int docker_read(struct docker_check *c, struct json root)
{
	struct json_iter it = json_begin(root);
	bool any = c->any, known, touched;
	struct docker_key k;

	if (!it.keyed) {
		docker_say(c, 'e', "", "the file must hold an object");
		return -1;
	}
	for (; json_next(&it); c->any = any) {
		known = find_key(it.key, &k);
		touched = known ? is_touched(c, &k) : !c->touched;
		c->any |= !touched;
		if (!known) {
			say_unknown(c, it.key);
			continue;
		}
		if (touched)
			check_value(c, &k, it.value);
		else if (it.value.end - it.value.at < SOON)
			check_type(c, &k, it.value);
		c->value[k.index] = it.value;
	}
	return 0;
}

/* A key must not be a flag too, even with the same value. */
static void check_flags(struct docker_check *c, const char *word)
{
	struct docker_key k;

	for (; word && *word; word += strlen(word) + 1)
		if (docker_key_of_flag(word, &k) && c->value[k.index].at &&
		    is_touched(c, &k))
			docker_say(c, 'e', k.name, "dockerd is started with "
				   "'%s' and refuses to find it here too: take "
				   "it from the service", word);
}

/* The value of a flag, as the file would have it; its text in *quoted, which
 * has room.  at is NULL where that cannot be said. */
static struct json flag_value(const char *word, char type, struct buf *quoted)
{
	static const char truth[] = "true", lie[] = "false";
	const char *value = strchr(word, '=');
	struct json v = {0};

	if (type == 'b') {
		v.at = !value || strchr("1tT", value[1]) ? truth : lie;
		v.end = v.at + strlen(v.at);
	} else if (strchr("sca4567z", type)) {
		value = value ? value + 1
			: word[1] != '-' && word[2]
			? word + 2 : word + strlen(word) + 1;
		if (strpbrk(value, "\"\\"))
			return v;
		v.at = quoted->data + quoted->len;
		buf_fmt(quoted, "\"%s\"", value);
		v.end = quoted->data + quoted->len;
	}
	return v;
}

/* What dockerd is told beside the file counts as if it were there. */
static void add_flags(struct docker_check *c, const char *words,
		      struct buf *quoted)
{
	const char *end = words;
	struct docker_key k;

	while (*end)
		end += strlen(end) + 1;
	if (!buf_reserve(quoted, 3 * (size_t)(end - words) + 3))
		c->out.failed = true;
	for (; *words && !quoted->failed; words += strlen(words) + 1)
		if (docker_key_of_flag(words, &k) && !c->value[k.index].at)
			c->value[k.index] = flag_value(words, docker_type(&k),
						       quoted);
}

/* What points into a text that is given back. */
static void forget_flags(struct docker_check *c, struct buf *quoted)
{
	size_t i;

	for (i = 0; i < DOCKER_KEYS; i++)
		if (c->value[i].at >= quoted->data &&
		    c->value[i].at < quoted->data + quoted->len)
			c->value[i] = (struct json){0};
	buf_free(quoted);
}

char *docker_string(const struct docker_check *c, const struct docker_key *k)
{
	struct json v = c->value[k->index];
	struct buf s = {0};

	if (v.at && *v.at == '"')
		json_decode(v, &s);
	return s.data;
}

/* False also when one of the two is no network. */
static bool is_outside(const char *inner, const char *outer)
{
	enum family a_family, b_family;
	struct net a, b;
	struct err e;

	return !net_parse(&a, &a_family, inner, &e) &&
	       !net_parse(&b, &b_family, outer, &e) && a_family == b_family &&
	       (a.len < b.len || !net_has(&b, a.bytes));
}

/* Its own runtime needs no telling, nor does a program of containerd's. */
static bool is_missing(const char *name, struct json runtimes)
{
	const struct json_step step = {.key = name, .len = strlen(name)};

	return strcmp(name, "runc") && !strchr(name, '.') && *name != '/' &&
	       !(runtimes.at && json_step_into(&runtimes, &step));
}

static bool holds(const struct docker_check *c, char op,
		  const struct docker_key *first, const struct docker_key *k)
{
	struct json v = c->value[k->index];
	bool set = v.at && *v.at != 'n' && v.end - v.at != 2;
	char *one, *other;

	if (op == '=' || op == '!')
		return set == (op == '=');
	if (op == '+' || op == '-')
		return docker_is_on(c, k) == (op == '+');
	one = docker_string(c, first);
	other = docker_string(c, k);
	set = one && (op == '@' ? is_missing(one, v)
				: other && is_outside(one, other));
	free(one);
	free(other);
	return set;
}

static void check_rule(struct docker_check *c, const char *rule,
		       const char *text)
{
	char level = *rule++;
	struct docker_key first = {0}, k;
	bool touched = false;
	size_t len;

	for (; *rule; rule += len + (rule[len] == ' ')) {
		len = strcspn(rule, " ");
		docker_key(rule + 1, len - 1, &k);
		if (!first.name)
			first = k;
		if (!holds(c, *rule, &first, &k))
			return;
		touched |= is_touched(c, &k);
	}
	if (touched)
		docker_say(c, level, first.name, "%s", text);
}

void docker_check(struct docker_check *c, const char *words)
{
	const char *rule = rules, *text;
	struct buf quoted = {0};

	check_flags(c, words);
	if (words)
		add_flags(c, words, &quoted);
	for (; *rule; rule = text + strlen(text) + 1) {
		text = rule + strlen(rule) + 1;
		check_rule(c, rule, text);
	}
	forget_flags(c, &quoted);
}
