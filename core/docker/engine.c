#include "engine.h"

#include <stdio.h>
#include <string.h>

#include "../base/choose.h"
#include "../base/num.h"
#include "../base/sort.h"
#include "http.h"
#include "reading.h"

#define OPTION "com.docker.network.bridge."

static bool is_true(struct json object, const char *name, bool standard)
{
	struct json v;

	return json_get(object, name, &v) ? *v.at == 't' : standard;
}

/* As the engine's options say it, in Go's words. */
static bool is_on(struct reading *r, struct json object, const char *name)
{
	const char *word = reading_text(r, object, name);

	return !*word || !strchr("fF0", *word);
}

static bool is_any(const struct subnet *s)
{
	static const uint8_t zero[sizeof(s->bytes)];

	return !memcmp(s->bytes, zero, sizeof(zero));
}

static int read_subnets(struct reading *r, struct network *net,
			struct json object)
{
	const bool on[] = {is_true(object, "EnableIPv4", true),
			   is_true(object, "EnableIPv6", false)};
	struct subnet one;
	struct json_iter it;
	struct json v;

	if (!json_get(object, "IPAM", &v) || !json_get(v, "Config", &v))
		return 0;
	for (it = json_begin(v); json_next(&it);) {
		if (reading_address(r, it.value, "Subnet", &one))
			return -1;
		if (!one.bits || !on[one.six])
			continue;
		if (net->nsubnets == SUBNETS_MAX)
			return err_set(r->e, "network '%s' has too many "
				       "subnets", net->name);
		net->subnets[net->nsubnets++] = one;
	}
	return 0;
}

static int read_modes(struct reading *r, struct network *net,
		      struct json options)
{
	static const char list[] = "nat, nat-unprotected, routed, isolated";
	static const char *const names[] = {OPTION "gateway_mode_ipv4",
					    OPTION "gateway_mode_ipv6"};
	const char *word;
	int i, mode;

	for (i = 0; i < 2; i++) {
		word = reading_text(r, options, names[i]);
		mode = *word ? choose("gateway mode", word, list, r->e) : 0;
		if (mode < 0)
			return -1;
		net->mode[i] = (enum gateway_mode)mode;
	}
	return 0;
}

/* "2026-11-24T15:11:54.123456789Z": microseconds of months of 31 days, which
 * is as good for their order. */
static uint64_t read_time(const char *s)
{
	static const uint8_t most[] = {0, 12, 31, 24, 60, 60};
	uint64_t t = 0;
	unsigned part;
	size_t i, n;

	for (i = 0; i < sizeof(most); i++) {
		n = strspn(s, "0123456789");
		part = 0;
		num_parse(s, n, 9999, &part);
		t = t * most[i] + part;
		s += n + (s[n] != '\0');
	}
	for (i = 0; i < 6; i++) {
		t *= 10;
		if (*s >= '0' && *s <= '9')
			t += (unsigned)*s++ - '0';
	}
	return t;
}

static int read_network(struct reading *r, struct json object)
{
	struct json options = object; /* where there are none */
	struct network *net;
	const char *word;

	if (strcmp(reading_text(r, object, "Driver"), "bridge") != 0)
		return 0;
	net = networks_add(r->n);
	if (!net || r->n->nnetworks > ENGINE_MAX)
		return err_set(r->e, "too many networks");
	snprintf(net->name, sizeof(net->name), "%s",
		 reading_text(r, object, "Name"));
	json_get(object, "Options", &options);
	word = reading_text(r, options, OPTION "name");
	if (*word) {
		/* A ? may have been anything. */
		if (!bridge_name_ok(word) || strchr(word, '?'))
			return err_set(r->e, "bad bridge '%.100s' of network "
				       "'%s'", word, net->name);
		snprintf(net->bridge, sizeof(net->bridge), "%s", word);
	} else {
		word = reading_text(r, object, "Id");
		if (strspn(word, "0123456789abcdef") < 12)
			return err_set(r->e, "bad id '%.100s' of network '%s'",
				       word, net->name);
		snprintf(net->bridge, sizeof(net->bridge), "br-%.12s", word);
	}
	net->internal = is_true(object, "Internal", false);
	net->icc = is_on(r, options, OPTION "enable_icc");
	net->masquerade = is_on(r, options, OPTION "enable_ip_masquerade");
	net->created = read_time(reading_text(r, object, "Created"));
	if (read_modes(r, net, options) || read_subnets(r, net, object) ||
	    reading_address(r, options, OPTION "host_binding_ipv4",
			 &net->host_binding))
		return -1;
	if (is_any(&net->host_binding) || !reading_host(&net->host_binding))
		net->host_binding = (struct subnet){.bits = 0};
	if (networks_find(r->n, net->bridge) != net)
		return err_set(r->e, "bridge '%s' is of two networks",
			       net->bridge);
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct network *x = a, *y = b;

	if (x->created != y->created)
		return x->created < y->created ? 1 : -1;
	return strcmp(x->bridge, y->bridge);
}

/* About in the order of their starts: addresses are given out in order. */
static int by_container(const void *a, const void *b)
{
	const struct published *x = a, *y = b;
	int c = memcmp(&x->container, &y->container, sizeof(x->container));

	if (!c)
		c = x->port - y->port;
	if (!c)
		c = x->proto - y->proto;
	if (!c)
		c = x->host_port - y->host_port;
	return c ? c : memcmp(&x->host, &y->host, sizeof(x->host));
}

static const struct {
	const char *what;
	int (*read)(struct reading *r, struct json object);
} questions[] = {
	{"/networks", read_network},
	{"/containers/json", reading_container},
};

int engine_take(int question, struct buf *answer, struct networks *n,
		struct err *e)
{
	struct reading r = {.n = n, .e = e};
	unsigned left = ENGINE_MAX;
	struct json_iter it;
	int status;

	if (http_body(answer, e))
		return -1;
	if (json_check(answer->data, answer->len, e))
		return err_place(e, questions[question].what, e->line, e->col);
	it = json_begin(json_root(answer->data, answer->len));
	status = it.at && !it.keyed ? 0 : err_set(e, "the engine's answer is "
						  "no list");
	while (!status && json_next(&it)) {
		status = questions[question].read(&r, it.value);
		if (!status && !left--)
			status = err_set(e, "too many networks or containers");
		if (!status && r.word.failed)
			status = err_set(e, "out of memory");
	}
	buf_free(&r.word);
	sort_items(n->networks, n->nnetworks, sizeof(*n->networks),
		   newest_first);
	sort_items(n->ports, n->nports, sizeof(*n->ports), by_container);
	return status;
}

int engine_read(const char *socket, struct networks *n, struct err *e)
{
	struct buf answer = {0};
	int i, fd, status = 1;
	struct err cause;

	*n = (struct networks){0};
	for (i = 0; i < ENGINE_QUESTIONS && status == 1; i++) {
		status = http_ask(socket, questions[i].what, &fd, &cause);
		answer.len = 0;
		if (status == 1 && (http_read(fd, &answer, &cause) ||
				    engine_take(i, &answer, n, &cause)))
			status = -1;
	}
	buf_free(&answer);
	if (status != 1)
		networks_free(n);
	if (status < 0)
		err_set(e, "%s: %.400s", socket, cause.text);
	return status;
}
