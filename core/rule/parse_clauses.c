#include "parsing.h"

#include <string.h>
#include <strings.h>

#include "addr.h"
#include "ports.h"
#include "profiles.h"
#include "proto.h"

static int set_proto(struct parse *p, int i, const char *name)
{
	const struct proto *proto = proto_named(name, strlen(name));

	if (!proto)
		return parse_fail(p, i, "is no protocol: must be tcp, udp, ah, "
				  "esp, gre, ipv6, igmp, vrrp or any");
	p->rule->proto = proto->number;
	p->proto_at = i;
	return 0;
}

/* The ports of a rule: numbers, or one service's name alone. */
static int set_ports(struct parse *p, int i, int loc, size_t len)
{
	struct side *side = parse_side(p, loc);
	const char *s = p->word[i];

	p->port_at[loc] = i;
	p->multi |= ports_multi(s, len);
	if (!ports_numeric(s, len)) {
		if (ports_multi(s, len))
			return parse_fail(p, i, "is no list or range of "
					  "numbers");
		if (!service_find(p->names, s, len, &p->found[loc]))
			return parse_fail(p, i, "is no service");
		p->service[loc] = true;
	}
	if (ports_parse(&side->ports, s, len, p->names, p->err))
		return parse_at(p, i);
	return 0;
}

static int clause_proto(struct parse *p, int i)
{
	return set_proto(p, i, p->word[i]);
}

static int clause_iface(struct parse *p, int i)
{
	bool in = p->key[i - 1] == IN;

	return parse_iface(p, i, in ? &p->rule->iif : &p->rule->oif);
}

static int clause_addr(struct parse *p, int i)
{
	const char *s = p->word[i];
	struct side *side;

	p->loc = p->key[i - 1] == FROM ? SRC : DST;
	p->addr_at[p->loc] = i;
	side = parse_side(p, p->loc);
	if (!strcasecmp(s, "any"))
		return 0;
	if (*s == '@') {
		side->file = s + 1;
		if (s[1] != '/')
			return parse_fail(p, i, "needs the file's whole path "
					  "behind the @");
		return 0;
	}
	if (net_parse(&side->net, &p->family[p->loc], s, p->err))
		return parse_at(p, i);
	return 0;
}

static int need_side(struct parse *p, int i)
{
	if (p->loc < 0)
		return parse_fail(p, i - 1, "needs a 'from' or 'to' before it");
	return 0;
}

static int clause_port(struct parse *p, int i)
{
	if (need_side(p, i))
		return -1;
	if (parse_side(p, p->loc)->app)
		return parse_fail(p, i - 1, "does not go with 'app'");
	return set_ports(p, i, p->loc, strlen(p->word[i]));
}

/* As in ufw, a profile stands in for a port given before it. */
static int clause_app(struct parse *p, int i)
{
	struct side *side;

	if (need_side(p, i))
		return -1;
	side = parse_side(p, p->loc);
	side->app = p->word[i];
	side->ports = (struct ports){0};
	p->app_at[p->loc] = i;
	return 0;
}

static int (*const parse_clause[])(struct parse *p, int i) = {
	[PROTO] = clause_proto, [PORT] = clause_port, [APP] = clause_app,
	[FROM] = clause_addr,   [TO] = clause_addr,   [IN] = clause_iface,
	[OUT] = clause_iface,
};

static int clause(const struct parse *p, int i)
{
	return p->key[i] < CLAUSES ? p->key[i] : NO_KEYWORD;
}

/* proto, from, to... and a value each.  Like ufw it takes any word that is
 * the name of a clause for one, even where a value is due. */
int parse_full(struct parse *p)
{
	int seen[CLAUSES] = {0}, i, c;

	for (i = 0; i < p->n; i++) {
		c = clause(p, i);
		if (c >= 0 && ++seen[c] > 1 + (c == PORT || c == APP))
			return parse_fail(p, i, "is one too many");
	}
	if (!(seen[FROM] | seen[TO] | seen[IN] | seen[OUT]))
		return parse_fail(p, 1, "is no port, service or profile, and "
				  "no 'from' or 'to' is there");
	if (seen[APP] && seen[PROTO])
		return parse_fail(p, parse_find(p, 0, PROTO), "does not go "
				  "with 'app'");
	for (i = 0; i < p->n; i++) {
		c = clause(p, i);
		if (c < 0 && i % 2)
			return parse_fail(p, i, "is no clause: must be proto, "
					  "from, to, port or app");
		if (c >= 0 && i + 1 == p->n)
			return parse_fail(p, i, "needs a value");
		if (c >= 0 && parse_clause[c](p, i + 1))
			return -1;
	}
	return 0;
}

/* Is the word a profile?  A service of the same name comes first, but for
 * one from our own table, which yields to a profile somebody wrote. */
static int short_app(struct parse *p, const char *s)
{
	const struct profile *profile;
	struct service service;
	int found;

	if (!profile_name_valid(s) ||
	    service_listed(p->names, s, strlen(s), &service))
		return 0;
	found = profile_find(p->names, s, &profile, p->err);
	if (found < 0)
		return parse_at(p, 1);
	if ((!found || profile->builtin) &&
	    service_builtin(s, strlen(s), &service))
		return 0;
	if (!found && !p->names->unknown_apps)
		return parse_fail(p, 1, "is no service or application profile");
	p->rule->dst.app = s;
	p->app_at[DST] = 1;
	return 1;
}

/* allow 22/tcp, allow OpenSSH */
int parse_short(struct parse *p)
{
	const char *s = p->word[1], *slash = strchr(s, '/');
	size_t len = slash ? (size_t)(slash - s) : strlen(s);
	int is_app;

	/* What is left of `allow in on`; ufw looks for such a profile. */
	if (!strcmp(s, "in") || !strcmp(s, "out"))
		return parse_fail(p, 1, "needs 'on INTERFACE'");
	is_app = short_app(p, s);
	if (is_app)
		return is_app < 0 ? -1 : 0;
	if (slash && set_proto(p, 1, slash + 1))
		return -1;
	return set_ports(p, 1, DST, len);
}
