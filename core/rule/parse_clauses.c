#include "parsing.h"

#include <string.h>
#include <strings.h>

#include "addr.h"
#include "ports.h"
#include "profiles.h"
#include "proto.h"

static int count(const struct parse *p, const char *word)
{
	int i, found = 0;

	for (i = 0; (i = parse_find(p, i, word)) >= 0; i++)
		found++;
	return found;
}

static int set_proto(struct parse *p, int i, const char *name, size_t len)
{
	const struct proto *proto = proto_named(name, len);

	if (!proto)
		return parse_fail(p, i, "no protocol '%.*s': must be tcp, udp, "
				"ah, esp, gre, ipv6, igmp, vrrp or any",
				(int)len, name);
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
			return parse_fail(p, i, "bad ports '%.*s': a list or "
					"range must be numbers", (int)len, s);
		if (!service_find(p->names, s, len, &p->found[loc]))
			return parse_fail(p, i, "no service '%.*s'", (int)len,
					s);
		p->service[loc] = true;
	}
	if (ports_parse(&side->ports, s, len, p->names, p->err))
		return parse_at(p, i);
	return 0;
}

static int clause_proto(struct parse *p, int i)
{
	return set_proto(p, i, p->word[i], strlen(p->word[i]));
}

static int clause_iface(struct parse *p, int i)
{
	bool in = !strcmp(p->word[i - 1], "in");

	return parse_iface(p, i, in ? p->rule->iif : p->rule->oif);
}

static int clause_addr(struct parse *p, int i)
{
	const char *s = p->word[i];
	struct side *side;

	p->loc = strcmp(p->word[i - 1], "from") ? DST : SRC;
	p->addr_at[p->loc] = i;
	side = parse_side(p, p->loc);
	if (!strcasecmp(s, "any"))
		return 0;
	if (*s == '@') {
		side->file = s + 1;
		if (s[1] != '/')
			return parse_fail(p, i, "bad list '%s': the file's "
					"whole path must follow the @", s);
		return 0;
	}
	if (net_parse(&side->net, &p->family[p->loc], s, p->err))
		return parse_at(p, i);
	return 0;
}

static int need_side(struct parse *p, int i)
{
	if (p->loc < 0)
		return parse_fail(p, i - 1, "'%s' needs a 'from' or 'to' "
				"before it", p->word[i - 1]);
	return 0;
}

static int clause_port(struct parse *p, int i)
{
	if (need_side(p, i))
		return -1;
	if (parse_side(p, p->loc)->app)
		return parse_fail(p, i - 1, "'port' after 'app': the profile "
				"has its ports");
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

static const struct clause {
	const char *name;
	int max; /* how often it may come */
	int (*parse)(struct parse *p, int i); /* its value is word i */
} clauses[] = {
	{"proto", 1, clause_proto}, {"from", 1, clause_addr},
	{"to", 1, clause_addr},     {"port", 2, clause_port},
	{"app", 2, clause_app},     {"in", 1, clause_iface},
	{"out", 1, clause_iface},
};

enum { CLAUSES = sizeof(clauses) / sizeof(clauses[0]) };

static const struct clause *clause_named(const char *name)
{
	size_t i;

	for (i = 0; i < CLAUSES; i++)
		if (!strcmp(clauses[i].name, name))
			return &clauses[i];
	return NULL;
}

static int check_counts(struct parse *p)
{
	int i = -1;
	size_t c;

	for (c = 0; c < CLAUSES; c++)
		if (count(p, clauses[c].name) > clauses[c].max) {
			while (parse_find(p, i + 1, clauses[c].name) >= 0)
				i = parse_find(p, i + 1, clauses[c].name);
			return parse_fail(p, i, "one '%s' too many",
					clauses[c].name);
		}
	if (count(p, "app") && count(p, "proto"))
		return parse_fail(p, parse_find(p, 0, "proto"), "'proto' with "
				"'app': the profile has its protocols");
	return 0;
}

/* proto, from, to... and a value each.  Like ufw it takes any word that is
 * the name of a clause for one, even where a value is due. */
int parse_full(struct parse *p)
{
	int i;

	if (!count(p, "from") && !count(p, "to") && !count(p, "in") &&
	    !count(p, "out"))
		return parse_fail(p, 1, "'%s' is no rule: expected one port, "
				"service or profile, or clauses with a 'from' "
				"or 'to'", p->word[1]);
	if (p->n % 2 == 0)
		return parse_fail(p, p->n - 1, "wrong number of words: a "
				"clause is a name and a value");
	if (check_counts(p))
		return -1;
	for (i = 0; i < p->n; i++) {
		const struct clause *c = clause_named(p->word[i]);

		if (!c && i % 2)
			return parse_fail(p, i, "unknown clause '%s': expected "
					"proto, from, to, port or app",
					p->word[i]);
		if (c && i + 1 == p->n)
			return parse_fail(p, i, "'%s' needs a value",
					p->word[i]);
		if (c && c->parse(p, i + 1))
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
		return parse_fail(p, 1, "no service or application profile "
				"'%s'", s);
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
		return parse_fail(p, 1, "'%s on' needs an interface", s);
	is_app = short_app(p, s);
	if (is_app)
		return is_app < 0 ? -1 : 0;
	if (slash && set_proto(p, 1, slash + 1, strlen(slash + 1)))
		return -1;
	return set_ports(p, 1, DST, len);
}
