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
		if (reading_address(r, it.value, "IPAddress",
				    &one.address[0]) ||
		    reading_address(r, it.value, "GlobalIPv6Address",
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
	proto = choose("protocol", reading_text(r, object, "Type"), list, r->e);
	if (proto < 0 || reading_address(r, object, "IP", &p.host))
		return -1;
	if (!p.host.bits)
		p.host.bits = 32; /* 0.0.0.0 */
	if (!reading_host(&p.host))
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

int reading_container(struct reading *r, struct json object)
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
