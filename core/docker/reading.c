#include "reading.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../base/choose.h"
#include "../base/num.h"
#include "engine.h"

const char *reading_text(struct reading *r, struct json object,
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

int reading_address(struct reading *r, struct json object,
		    const char *name, struct subnet *out)
{
	const char *word = reading_text(r, object, name);

	*out = (struct subnet){.bits = 0};
	return *word ? subnet_parse(out, word, r->e) : 0;
}

bool reading_host(const struct subnet *s)
{
	return s->bits == (s->six ? 128 : 32);
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
		 reading_text(r, it->value, "NetworkID"));
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

static struct published *one_more(struct reading *r,
				  const struct network *net,
				  const struct subnet *container)
{
	struct published *p = networks_add_port(r->n);

	if (!p || r->n->nports > ENGINE_PORTS_MAX) {
		err_set(r->e, "too many published ports or addresses");
		return NULL;
	}
	memcpy(p->bridge, net->bridge, sizeof(p->bridge));
	p->container = *container;
	return p;
}

/* All of its addresses; and where the engine lets published ports lead: the
 * first network by name that is not internal, one of both families before
 * others. */
static int read_endpoints(struct reading *r, struct json container,
			  struct endpoint *best)
{
	struct endpoint one;
	struct json_iter it;
	struct json v;
	int i;

	*best = (struct endpoint){.net = NULL};
	if (!json_get(container, "NetworkSettings", &v) ||
	    !json_get(v, "Networks", &v))
		return 0;
	for (it = json_begin(v); it.keyed && json_next(&it);) {
		one.net = find_network(r, &it);
		if (reading_address(r, it.value, "IPAddress",
				    &one.address[0]) ||
		    reading_address(r, it.value, "GlobalIPv6Address",
				    &one.address[1]))
			return -1;
		if (!one.net || one.net->internal ||
		    one.address[0].bits % 32 || one.address[0].six ||
		    one.address[1].bits % 128)
			continue;
		for (i = 0; i < 2; i++)
			if (one.address[i].bits &&
			    !one_more(r, one.net, &one.address[i]))
				return -1;
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
	struct published p = {.proto = 0}, *added;
	int proto;

	if (!read_port(object, "PublicPort", &p.host_port) ||
	    !read_port(object, "PrivatePort", &p.port))
		return err_set(r->e, "bad published port");
	if (reading_address(r, object, "IP", &p.host))
		return -1;
	/* A routed port has only an address, one not published not even it. */
	if (!p.port || (!p.host_port && !p.host.bits))
		return 0;
	proto = choose("protocol", reading_text(r, object, "Type"), list, r->e);
	if (proto < 0)
		return -1;
	if (!p.host.bits)
		p.host.bits = 32; /* 0.0.0.0 */
	if (!reading_host(&p.host))
		return err_set(r->e, "bad address of a published port");
	if (!at->address[p.host.six].bits)
		return 0; /* of a family that it has no address of */
	added = one_more(r, at->net, &at->address[p.host.six]);
	if (!added)
		return -1;
	added->host = p.host;
	added->host_port = p.host_port;
	added->port = p.port;
	added->proto = protos[proto];
	return 0;
}

int reading_container(struct reading *r, struct json object)
{
	struct endpoint at;
	struct json_iter it;
	struct json v;

	if (read_endpoints(r, object, &at))
		return -1;
	if (!at.net || !json_get(object, "Ports", &v))
		return 0;
	for (it = json_begin(v); json_next(&it);)
		if (add_port(r, &at, it.value))
			return -1;
	return 0;
}
