#include "report.h"

#include <string.h>

static void add_effective(const struct docker_check *c, struct buf *out)
{
	const char *note, *at;
	struct docker_key k = {0}, iptables;
	size_t len, start = out->len;

	docker_key("iptables", 8, &iptables);
	while (docker_next_key(&k)) {
		struct json v = c->value[k.index];

		note = docker_reloads(&k) ? "reload" : "restart";
		at = v.at;
		len = (size_t)(v.end - v.at);
		if (!strcmp(k.name, "ip-masq") && !docker_is_on(c, &iptables)) {
			at = "false";
			len = 5;
			note = "iptables is false";
		} else if (at && *at == 'n' && docker_type(&k) == 'b') {
			at = "false";
			len = 5;
		} else if (!at && docker_of_firewall(&k)) {
			at = k.standard;
			len = strlen(at);
			note = "default";
		}
		if (!at)
			continue;
		if (c->json)
			buf_fmt(out, "%s\"%s\":", out->len > start ? "," : "",
				k.name);
		else
			buf_fmt(out, "%s = ", k.name);
		buf_add(out, at, c->json || len < 200 ? len : 200);
		if (!c->json)
			buf_fmt(out, " (%s)\n", note);
	}
}

void report(const struct docker_check *c, const char *file, struct buf *out)
{
	if (c->json) {
		buf_str(out, "{\"file\":");
		json_encode(file, strlen(file), out);
		buf_str(out, ",\"findings\":[");
	}
	buf_add(out, c->out.data, c->out.len);
	if (c->json)
		buf_str(out, "],\"effective\":{");
	add_effective(c, out);
	if (c->json)
		buf_str(out, "}}\n");
}

void report_keys(struct buf *out)
{
	struct docker_key k = {0};

	while (docker_next_key(&k)) {
		buf_fmt(out, "%-28s %-7s %s", k.name,
			docker_reloads(&k) ? "reload" : "restart",
			docker_type_text(docker_type(&k)) + TYPE_WORDS);
		if (*k.standard)
			buf_fmt(out, "%s%s", docker_type(&k) == 'c'
				? "" : ", by default ",
				k.standard + strspn(k.standard, ", "));
		if (*k.since)
			buf_fmt(out, ", since %s", k.since);
		buf_str(out, "\n");
	}
}
