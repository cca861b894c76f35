#include "parse.h"

#include <string.h>

#include "expand.h"
#include "parsing.h"
#include "profiles.h"
#include "proto.h"

enum { TCP = 6, UDP = 17 };

int parse_at(struct parse *p, int i)
{
	p->err->word = p->at[i];
	return -1;
}

int parse_fail(struct parse *p, int i, const char *why)
{
	err_usage(p->err, "'%s' %s", p->word[i], why);
	return parse_at(p, i);
}

void parse_take(struct parse *p, int i, int count)
{
	p->n -= count;
	for (; i < p->n; i++) {
		p->word[i] = p->word[i + count];
		p->key[i] = p->key[i + count];
		p->at[i] = p->at[i + count];
	}
}

int parse_find(const struct parse *p, int i, enum keyword key)
{
	for (; p->has & 1U << key && i < p->n; i++)
		if (p->key[i] == key)
			return i;
	return -1;
}

int parse_iface(struct parse *p, int i, const char **out)
{
	const char *name = p->word[i];
	size_t len = strlen(name);

	if (!len || len > IFNAME_MAX)
		return parse_fail(p, i, "is no interface: must be 1 to 15 "
				  "characters");
	/* Interfaces could be called so, but rules with them not be read. */
	if (p->key[i] != NO_KEYWORD && p->key[i] != ON)
		return parse_fail(p, i, "is no interface: it is a word of the "
				  "grammar");
	if (!strcmp(name, ".") || !strcmp(name, "..") ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_-.+,=%@") != len)
		return parse_fail(p, i, "is no name of an interface");
	*out = name;
	return 0;
}

struct side *parse_side(struct parse *p, int loc)
{
	return loc == SRC ? &p->rule->src : &p->rule->dst;
}

/* What the protocol of a service may be: 0: tcp or udp; -1: neither. */
static int service_proto(const struct service *s)
{
	if (s->tcp && s->udp)
		return 0;
	if (s->tcp)
		return TCP;
	return s->udp ? UDP : -1;
}

/* Services bring their protocol along, and must agree on it. */
static int settle_proto(struct parse *p)
{
	int loc;

	for (loc = DST; loc >= SRC; loc--) {
		int proto = service_proto(&p->found[loc]), i = p->port_at[loc];

		if (!p->service[loc] || !proto)
			continue;
		/* ufw lets the other service decide. */
		if (proto < 0 && loc == DST && p->service[SRC])
			continue;
		if (proto < 0)
			return parse_fail(p, i, "is neither tcp nor udp");
		if (p->rule->proto && p->rule->proto != proto)
			return parse_fail(p, i, "is of another protocol");
		p->rule->proto = (uint8_t)proto;
	}
	return 0;
}

static int settle_family(struct parse *p)
{
	const struct proto *proto = proto_numbered(p->rule->proto);
	enum family src = p->family[SRC], dst = p->family[DST];
	struct rule *r = p->rule;

	if (src && dst && src != dst)
		return parse_fail(p, p->addr_at[DST], "is of another IP "
				  "version than the source");
	r->family = src ? src : dst;
	if (proto->ipv4_only && r->family == FAMILY_6)
		return parse_fail(p, p->addr_at[src ? SRC : DST], "is IPv6, "
				  "but the protocol is IPv4's");
	if (proto->ipv4_only)
		r->family = FAMILY_4;
	if (proto->portless && (r->src.ports.n || r->dst.ports.n))
		return parse_fail(p, p->proto_at, "is a protocol without "
				  "ports");
	return 0;
}

static int settle_app(struct parse *p, int loc)
{
	struct side *side = parse_side(p, loc);
	int i = p->app_at[loc], found;

	if (!side->app)
		return 0;
	if (p->rule->proto)
		return parse_fail(p, i, "has protocols of its own");
	found = profile_find(p->names, side->app, &side->profile, p->err);
	if (found < 0)
		return parse_at(p, i);
	if (found) {
		side->app = side->profile->name;
		return 0;
	}
	if (!p->names->unknown_apps || !profile_name_valid(side->app))
		return parse_fail(p, i, "is no application profile");
	return 0;
}

/* A list or range makes sense for tcp or udp alone.  What is to be deleted
 * is not held to it when its profile decides. */
static int check_multi(struct parse *p)
{
	struct expansion x = expand_start(p->rule);
	bool app = p->rule->src.app || p->rule->dst.app;
	int i = p->port_at[p->port_at[DST] ? DST : SRC];
	struct match m;

	if (app && p->names->unknown_apps)
		return 0;
	while (p->multi && expand_next(&x, &m))
		if (m.proto != TCP && m.proto != UDP)
			return parse_fail(p, i, "needs a protocol: a list or "
					  "range is of tcp or udp");
	return 0;
}

int rule_parse(struct rule *out, char *const words[], int n,
	       struct names *names, struct err *e)
{
	struct parse p = {.rule = out, .names = names, .err = e, .loc = -1};
	int i;

	*out = (struct rule){.iif = "", .oif = ""};
	p.route = n > 0 && !strcmp(words[0], "route");
	if (n - p.route > WORDS_MAX)
		return err_usage(e, "too many words");
	for (i = p.route; i < n; i++) {
		p.word[p.n] = words[i];
		p.key[p.n] = keyword(words[i]);
		if (p.key[p.n] != NO_KEYWORD)
			p.has |= 1U << p.key[p.n];
		p.at[p.n++] = i;
	}
	if (parse_front(&p) || (p.n == 2 ? parse_short : parse_full)(&p) ||
	    settle_proto(&p) || settle_family(&p) || settle_app(&p, SRC) ||
	    settle_app(&p, DST) || check_multi(&p))
		return -1;
	if (p.second_for)
		*p.second_for = p.second;
	if (p.route)
		out->dir = DIR_ROUTE;
	return 0;
}
