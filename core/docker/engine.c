#include "engine.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../base/choose.h"
#include "../base/num.h"
#include "../base/sort.h"
#include "../json/json.h"
#include "../rule/addr.h"
#include "http.h"

#define OPTION "com.docker.network.bridge."

/* An answer being read. */
struct reading {
	struct networks *n;
	struct buf word; /* the text looked at */
	struct err *e;
};

/* A member's text, "" where there is none; until the next call.  There is no
 * control character in it: a ? is in its place. */
static const char *text(struct reading *r, struct json object,
			const char *name)
{
	struct json v;
	size_t i;

	r->word.len = 0;
	buf_str(&r->word, "");
	if (json_get(object, name, &v) && json_type(v) == JSON_STRING)
		json_decode(v, &r->word);
	if (r->word.failed)
		return "";
	for (i = 0; i < r->word.len; i++)
		if ((unsigned char)r->word.data[i] < ' ' ||
		    r->word.data[i] == 0x7f)
			r->word.data[i] = '?';
	return r->word.data;
}

/* As the engine's options say it, in Go's words. */
static bool is_on(struct reading *r, struct json object, const char *name)
{
	const char *word = text(r, object, name);

	return !*word || !strchr("fF0", *word);
}

static bool is_true(struct json object, const char *name, bool standard)
{
	struct json v;

	return json_get(object, name, &v) ? *v.at == 't' : standard;
}

/* The member's address or network; bits is 0 where there is none. */
static int read_address(struct reading *r, struct json object,
			const char *name, struct subnet *out)
{
	const char *word = text(r, object, name);
	enum family family;
	struct net net;

	*out = (struct subnet){.bits = 0};
	if (!*word)
		return 0;
	if (net_parse(&net, &family, word, r->e))
		return -1;
	memcpy(out->bytes, net.bytes, sizeof(out->bytes));
	out->bits = net.len;
	out->six = family == FAMILY_6;
	return 0;
}

static bool is_any(const struct subnet *s)
{
	static const uint8_t zero[sizeof(s->bytes)];

	return !memcmp(s->bytes, zero, sizeof(zero));
}

static bool is_host(const struct subnet *s)
{
	return s->bits == (s->six ? 128 : 32);
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
		if (read_address(r, it.value, "Subnet", &one))
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
		word = text(r, options, names[i]);
		mode = *word ? choose("gateway mode", word, list, r->e) : 0;
		if (mode < 0)
			return -1;
		net->mode[i] = (enum gateway_mode)mode;
	}
	return 0;
}

/* What iptables, nft's scripts and the kernel all take as one interface. */
static int check_bridge(struct reading *r, const struct network *net,
			const char *word)
{
	size_t len = strlen(word);

	if (len && len < sizeof(net->bridge) && !strpbrk(word, "/ *+\"?:") &&
	    strcmp(word, "lo") && strcmp(word, ".") && strcmp(word, ".."))
		return 0;
	return err_set(r->e, "bad bridge '%.100s' of network '%s'", word,
		       net->name);
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
	for (i = 0; i < 6; i++)
		t = t * 10 + (*s >= '0' && *s <= '9' ? (unsigned)*s++ - '0' : 0);
	return t;
}

static int read_network(struct reading *r, struct json object)
{
	struct json options = object; /* where there are none */
	struct network *net;
	const char *word;

	if (strcmp(text(r, object, "Driver"), "bridge") != 0)
		return 0;
	net = networks_add(r->n);
	if (!net || r->n->nnetworks > ENGINE_MAX)
		return err_set(r->e, "too many networks");
	snprintf(net->name, sizeof(net->name), "%s", text(r, object, "Name"));
	json_get(object, "Options", &options);
	word = text(r, options, OPTION "name");
	if (*word) {
		if (check_bridge(r, net, word))
			return -1;
		snprintf(net->bridge, sizeof(net->bridge), "%s", word);
	} else {
		word = text(r, object, "Id");
		if (strspn(word, "0123456789abcdef") < 12)
			return err_set(r->e, "bad id '%.100s' of network '%s'",
				       word, net->name);
		snprintf(net->bridge, sizeof(net->bridge), "br-%.12s", word);
	}
	net->internal = is_true(object, "Internal", false);
	net->icc = is_on(r, options, OPTION "enable_icc");
	net->masquerade = is_on(r, options, OPTION "enable_ip_masquerade");
	net->created = read_time(text(r, object, "Created"));
	if (read_modes(r, net, options) || read_subnets(r, net, object) ||
	    read_address(r, options, OPTION "host_binding_ipv4",
			 &net->host_binding))
		return -1;
	if (is_any(&net->host_binding) || !is_host(&net->host_binding))
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

/* A container's place in a network. */
struct endpoint {
	const struct network *net;
	struct subnet address[2]; /* IPv4, IPv6 */
};

/* By the id, which names the bridge unless an option does; then by the name. */
static const struct network *find_network(struct reading *r,
					  const struct json_iter *it)
{
	struct network key = {.nsubnets = 0};
	struct buf name = {0};
	const struct network *found;
	size_t i;

	snprintf(key.bridge, sizeof(key.bridge), "br-%.12s",
		 text(r, it->value, "NetworkID"));
	found = networks_find(r->n, key.bridge);
	json_decode(it->key, &name);
	buf_str(&name, "");
	for (i = 0; i < r->n->nnetworks && !found && !name.failed; i++)
		if (!strncmp(r->n->networks[i].name, name.data,
			     sizeof(key.name) - 1))
			found = &r->n->networks[i];
	buf_free(&name);
	return found;
}

/* Where the engine lets published ports lead: the first network by name that
 * is not internal, one of both families before others. */
static int read_endpoint(struct reading *r, struct json container,
			 struct endpoint *best)
{
	struct endpoint one;
	struct json_iter it;
	struct json v;

	*best = (struct endpoint){.net = NULL};
	if (!json_get(container, "NetworkSettings", &v) ||
	    !json_get(v, "Networks", &v))
		return 0;
	for (it = json_begin(v); it.keyed && json_next(&it);) {
		one.net = find_network(r, &it);
		if (read_address(r, it.value, "IPAddress", &one.address[0]) ||
		    read_address(r, it.value, "GlobalIPv6Address",
				 &one.address[1]))
			return -1;
		if (!one.net || one.net->internal ||
		    one.address[0].bits % 32 || one.address[0].six ||
		    one.address[1].bits % 128)
			continue;
		if (!!one.address[0].bits + !!one.address[1].bits >
		    !!best->address[0].bits + !!best->address[1].bits)
			*best = one;
	}
	return 0;
}

/* A member's number, 0 where there is none; false: it is no port. */
static bool read_port(struct json object, const char *name, uint16_t *port)
{
	unsigned number = 0;
	struct json v;
	bool good = !json_get(object, name, &v) ||
		    num_parse(v.at, (size_t)(v.end - v.at), 65535, &number);

	*port = (uint16_t)number;
	return good;
}

static int add_port(struct reading *r, const struct endpoint *at,
		    struct json object)
{
	static const char list[] = "tcp, udp, sctp";
	static const uint8_t protos[] = {IPPROTO_TCP, IPPROTO_UDP,
					 IPPROTO_SCTP};
	struct published p, *added;
	int proto;

	memset(&p, 0, sizeof(p)); /* also between its members */
	if (!read_port(object, "PublicPort", &p.host_port) ||
	    !read_port(object, "PrivatePort", &p.port))
		return err_set(r->e, "bad published port");
	if (!p.host_port || !p.port)
		return 0; /* not published */
	proto = choose("protocol", text(r, object, "Type"), list, r->e);
	if (proto < 0 || read_address(r, object, "IP", &p.host))
		return -1;
	if (!p.host.bits)
		p.host.bits = 32; /* 0.0.0.0 */
	if (!is_host(&p.host))
		return err_set(r->e, "bad address of a published port");
	p.proto = protos[proto];
	p.container = at->address[p.host.six];
	if (!p.container.bits)
		return 0; /* of a family that it has no address of */
	memcpy(p.bridge, at->net->bridge, sizeof(p.bridge));
	added = networks_add_port(r->n);
	if (!added || r->n->nports > ENGINE_PORTS_MAX)
		return err_set(r->e, "too many published ports");
	memcpy(added, &p, sizeof(p));
	return 0;
}

static int read_container(struct reading *r, struct json object)
{
	struct endpoint at;
	struct json_iter it;
	struct json v;

	if (!json_get(object, "Ports", &v))
		return 0;
	it = json_begin(v);
	if (!json_next(&it))
		return 0;
	if (read_endpoint(r, object, &at))
		return -1;
	do {
		if (at.net && add_port(r, &at, it.value))
			return -1;
	} while (json_next(&it));
	return 0;
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
	return c ? c : memcmp(x, y, sizeof(*x));
}

static const struct {
	const char *what;
	int (*read)(struct reading *r, struct json object);
} questions[] = {
	{"/networks", read_network},
	{"/containers/json", read_container},
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
