#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../rule/addr.h"
#include "check.h"
#include "daemon.h"

enum { FILE_MAX = 1 << 24 };

static struct docker_key key_of(const char *name)
{
	struct docker_key k = {0};

	docker_key(name, strlen(name), &k);
	return k;
}

static bool is_on(const struct docker_check *c, const char *name)
{
	struct docker_key k = key_of(name);

	return docker_is_on(c, &k);
}

/* NULL where it is not in the file, or "".  Owned. */
static char *string_of(const struct docker_check *c, const char *name)
{
	struct docker_key k = key_of(name);
	char *s = docker_string(c, &k);

	if (s && !*s) {
		free(s);
		s = NULL;
	}
	return s;
}

static int read_bridge(struct docker_settings *out,
		       const struct docker_check *c, struct err *e)
{
	char *name = string_of(c, "bridge");
	int status = 0;

	if (name && !strcmp(name, "none"))
		out->bridge[0] = '\0';
	else if (name && !bridge_name_ok(name))
		status = err_set(e, "bad bridge '%s' in daemon.json", name);
	else
		strcpy(out->bridge, name ? name : DOCKER_BRIDGE);
	free(name);
	return status;
}

static int read_bip(struct subnet *out, const struct docker_check *c,
		    const char *name, struct err *e)
{
	char *text = string_of(c, name);
	int status = 0;

	if (text)
		status = subnet_parse(out, text, e);
	free(text);
	return status;
}

static void read_socket(struct docker_settings *out,
			const struct docker_check *c)
{
	struct json v = c->value[key_of("hosts").index];
	struct json_iter it;
	struct buf host;

	if (!v.at)
		return;
	for (it = json_begin(v); !*out->socket && json_next(&it);) {
		host = (struct buf){0};
		if (*it.value.at == '"')
			json_decode(it.value, &host);
		if (host.data && !host.failed &&
		    !strncmp(host.data, "unix://", 7) &&
		    strlen(host.data) < 7 + sizeof(out->socket))
			strcpy(out->socket, host.data + 7);
		buf_free(&host);
	}
}

/* A flag decides like the key, which is then not in the file. */
static void read_flags(struct docker_check *c, const struct buf *words)
{
	static const char truth[] = "true", lie[] = "false";
	const char *w = words->data, *value;
	struct docker_key k;

	for (; w && w < words->data + words->len; w += strlen(w) + 1) {
		if (!docker_key_of_flag(w, &k) || docker_type(&k) != 'b' ||
		    c->value[k.index].at)
			continue;
		value = strchr(w, '=');
		value = !value || strchr("1tT", value[1]) ? truth : lie;
		c->value[k.index] = (struct json){value,
						  value + strlen(value)};
	}
}

static int read_settings(struct docker_settings *out, struct docker_check *c,
			 const char *file, const char *standard,
			 struct err *e)
{
	struct docker_daemon daemon;
	char *pid_file = string_of(c, "pidfile");
	struct docker_key k = key_of("pidfile");

	daemon_find(&daemon, file, standard, pid_file ? pid_file : k.standard);
	out->running = daemon.pid;
	read_flags(c, &daemon.words);
	daemon_free(&daemon);
	free(pid_file);
	read_socket(out, c);
	out->manages = is_on(c, "iptables");
	out->icc = is_on(c, "icc");
	out->masquerade = is_on(c, "ip-masq");
	out->proxy = is_on(c, "userland-proxy");
	return read_bridge(out, c, e) || read_bip(&out->bip[0], c, "bip", e) ||
	       read_bip(&out->bip[1], c, "bip6", e) ? -1 : 0;
}

int docker_settings(struct docker_settings *out, const char *file,
		    const char *standard, struct err *e)
{
	struct docker_check c = {.prefix = ""};
	struct buf text = {0};
	int status;

	*out = (struct docker_settings){0};
	if (file_read(file, FILE_MAX, &text, e) < 0)
		return -1;
	if (!text.len)
		buf_str(&text, "{}");
	status = text.failed ? err_set(e, "out of memory")
			     : json_check(text.data, text.len, e);
	if (status && !text.failed)
		err_place(e, file, e->line, e->col);
	if (!status && docker_read(&c, json_root(text.data, text.len)))
		status = err_set(e, "'%s' must hold an object", file);
	if (!status)
		status = read_settings(out, &c, file, standard, e);
	buf_free(&c.out);
	buf_free(&text);
	return status;
}
