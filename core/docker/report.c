#include "report.h"

#include <string.h>

static const char *const levels[] = { "note", "warning", "error" };

static void add_string(struct buf *out, const char *s)
{
	json_encode(s, strlen(s), out);
}

void report_finding(void *report, const struct finding *f)
{
	struct report *r = report;
	struct buf *list = &r->found[f->level];

	r->errors += f->level == FINDING_ERROR;
	buf_str(list, list->len ? ",{\"key\":" : "{\"key\":");
	add_string(list, f->key);
	buf_str(list, ",\"text\":");
	add_string(list, f->text);
	buf_str(list, "}");
	buf_fmt(&r->lines, "%s: %s%s%s\n", levels[f->level], f->key,
		*f->key ? ": " : "", f->text);
}

static bool is_key(const struct docker_key *k, const char *name)
{
	return strlen(name) == k->len && !memcmp(k->name, name, k->len);
}

static bool is_of_firewall(const struct docker_key *k)
{
	return is_key(k, "iptables") || is_key(k, "ip6tables") ||
	       is_key(k, "ip-forward") || is_key(k, "ip-masq") ||
	       is_key(k, "icc") || is_key(k, "userland-proxy");
}

static void add_value(struct report *r, const struct docker_key *k,
		      const char *at, size_t len, const char *note)
{
	buf_fmt(&r->lines, "%.*s = %.*s (%s)\n", (int)k->len, k->name,
		(int)(len < 200 ? len : 200), at, note);
	buf_str(&r->effective, r->effective.len ? ",\"" : "\"");
	buf_add(&r->effective, k->name, k->len);
	buf_str(&r->effective, "\":");
	buf_add(&r->effective, at, len);
}

void report_effective(struct report *r, const struct docker_check *c)
{
	struct docker_key k = { 0 }, iptables;
	const char *standard;

	docker_key("iptables", 8, &iptables);
	while (docker_next_key(&k)) {
		struct json v = c->value[k.index];

		if (is_key(&k, "ip-masq") && !docker_is_on(c, &iptables)) {
			add_value(r, &k, "false", 5, "iptables is false");
		} else if (v.at) {
			add_value(r, &k, v.at, (size_t)(v.end - v.at),
				  k.reload ? "reload" : "restart");
		} else if (is_of_firewall(&k)) {
			standard = docker_is_on(c, &k) ? "true" : "false";
			add_value(r, &k, standard, strlen(standard),
				  "default");
		}
	}
}

void report_json(const struct report *r, const char *file, struct buf *out)
{
	int i;

	buf_str(out, "{\"file\":");
	add_string(out, file);
	for (i = 0; i <= FINDING_ERROR; i++) {
		buf_fmt(out, ",\"%ss\":[", levels[i]);
		buf_add(out, r->found[i].data, r->found[i].len);
		buf_str(out, "]");
	}
	buf_str(out, ",\"effective\":{");
	buf_add(out, r->effective.data, r->effective.len);
	buf_str(out, "}}\n");
}

void report_keys(struct buf *out)
{
	struct docker_key k = { 0 };

	while (docker_next_key(&k)) {
		buf_fmt(out, "%-28.*s %-7s %s", (int)k.len, k.name,
			k.reload ? "reload" : "restart",
			docker_type_name(k.type));
		if (*k.standard != '\n' && *k.standard)
			buf_fmt(out, "%s%.*s",
				k.type == TYPE_CHOICE ? "" : ", by default ",
				(int)strcspn(k.standard, "\n"), k.standard);
		if (k.since)
			buf_fmt(out, ", since %u.%u", k.since / 10,
				k.since % 10);
		buf_str(out, "\n");
	}
}

void report_free(struct report *r)
{
	int i;

	for (i = 0; i <= FINDING_ERROR; i++)
		buf_free(&r->found[i]);
	buf_free(&r->lines);
	buf_free(&r->effective);
}
