#include "parse.h"

#include <string.h>
#include <strings.h>

#include "addr.h"
#include "expand.h"
#include "ports.h"
#include "profiles.h"
#include "proto.h"
#include "services.h"

/* ufw takes 13 words once those in front of the clauses are gone. */
enum { WORDS_MAX = 32, CLAUSE_WORDS_MAX = 13 };
enum { TCP = 6, UDP = 17 };
enum { SRC, DST, SIDES };

/* The words, which go one by one as they are understood, and what they
 * said that is not in the rule. */
struct parse {
	struct rule *rule;
	struct names *names;
	struct err *err;
	int n;
	const char *word[WORDS_MAX];
	int at[WORDS_MAX]; /* where it is among the caller's words */
	bool route;
	char second[IFNAME_MAX + 1]; /* interface of a routed rule... */
	char *second_for;            /* ...for iif or oif; NULL: none */
	bool multi; /* a list or range was given, on either side */
	int loc;    /* the side that the next port or app is for; -1: none */
	int proto_at, app_at[SIDES], port_at[SIDES], addr_at[SIDES];
	bool service[SIDES]; /* the port was a service's name */
	struct service found[SIDES];
	enum family family[SIDES];
};

/* The error just told is word i's: for `return at(p, i, err_usage(...))`. */
static int at(struct parse *p, int i, int status)
{
	p->err->word = p->at[i];
	return status;
}

static void take(struct parse *p, int i, int count)
{
	p->n -= count;
	for (; i < p->n; i++) {
		p->word[i] = p->word[i + count];
		p->at[i] = p->at[i + count];
	}
}

/* Where the word is, from i on; -1: nowhere. */
static int find(const struct parse *p, int i, const char *word)
{
	for (; i < p->n; i++)
		if (!strcmp(p->word[i], word))
			return i;
	return -1;
}

static int count(const struct parse *p, const char *word)
{
	int i, found = 0;

	for (i = 0; (i = find(p, i, word)) >= 0; i++)
		found++;
	return found;
}

static struct side *side_of(struct parse *p, int loc)
{
	return loc == SRC ? &p->rule->src : &p->rule->dst;
}

static int set_iface(struct parse *p, int i, char out[IFNAME_MAX + 1])
{
	const char *name = p->word[i];
	size_t len = strlen(name);

	if (!len || len > IFNAME_MAX)
		return at(p, i, err_usage(p->err, "bad interface '%s': must "
					  "be 1 to 15 characters", name));
	if (!strcmp(name, ".") || !strcmp(name, "..") ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_-.+,=%@") != len)
		return at(p, i, err_usage(p->err, "bad interface '%s': not a "
					  "name an interface can have", name));
	memcpy(out, name, len + 1);
	return 0;
}

/* Is there a `WORD on IF`? */
static bool names_iface(const struct parse *p, const char *word)
{
	int i;

	for (i = 0; (i = find(p, i, word)) >= 0; i++)
		if (i + 2 < p->n && !strcmp(p->word[i + 1], "on"))
			return true;
	return false;
}

/* A routed rule may name two interfaces: the second one is taken here, and
 * then the words are those of any other rule. */
static int take_second_iface(struct parse *p)
{
	int in = find(p, 0, "in"), out = find(p, 0, "out");
	bool on_in = names_iface(p, "in"), on_out = names_iface(p, "out");
	int i = in > out ? in : out;

	if (on_in && on_out) {
		if (set_iface(p, i + 2, p->second))
			return -1;
		p->second_for = in > out ? p->rule->iif : p->rule->oif;
		take(p, i, 3);
	} else if (!on_in && !on_out && i >= 0 && i < p->n - 1) {
		return at(p, i, err_usage(p->err, "'%s' of a routed rule "
				"needs 'on INTERFACE'", p->word[i]));
	}
	return 0;
}

static int set_action(struct parse *p)
{
	static const char *const actions[] = {
		[ACT_ALLOW] = "allow", [ACT_DENY] = "deny",
		[ACT_REJECT] = "reject", [ACT_LIMIT] = "limit",
	};
	unsigned i;

	if (!p->n)
		return err_usage(p->err, "no rule: must begin with allow, "
					 "deny, reject or limit");
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(p->word[0], actions[i])) {
			p->rule->action = (enum action)i;
			return 0;
		}
	return at(p, 0, err_usage(p->err, "no action '%s': must be allow, "
				  "deny, reject or limit", p->word[0]));
}

static bool is_direction(const char *word)
{
	return !strcasecmp(word, "in") || !strcasecmp(word, "out");
}

/* [in|out] or (in|out) on IF: of the latter, `on` is taken. */
static int take_direction(struct parse *p)
{
	int i;

	if (p->n > 1 && is_direction(p->word[1])) {
		if (!strcasecmp(p->word[1], "out"))
			p->rule->dir = DIR_OUT;
		if (p->n > 2 && strcmp(p->word[2], "on"))
			take(p, 1, 1);
	}
	i = find(p, 0, "in");
	if (i < 0)
		i = find(p, 0, "out");
	if (i < 0)
		return 0;
	if (!is_direction(p->word[1]))
		return at(p, i, err_usage(p->err, "'%s' must stand right "
				"behind the action", p->word[i]));
	if (p->n < 3 || strcasecmp(p->word[2], "on"))
		return at(p, i, err_usage(p->err, "'%s' needs 'on INTERFACE' "
				"or a port or clause", p->word[i]));
	take(p, 2, 1);
	return 1;
}

static bool is_log(const char *word)
{
	return !strcasecmp(word, "log") || !strcasecmp(word, "log-all");
}

static int take_log(struct parse *p, bool has_iface)
{
	int i = 0;

	if (has_iface && p->n > 3 && is_log(p->word[3]))
		i = 3;
	else if (p->n > 2 && is_log(p->word[1]))
		i = 1;
	if (i) {
		p->rule->log = p->word[i][3] ? LOG_ALL : LOG_NEW;
		take(p, i, 1);
	}
	i = find(p, 0, "log");
	if (i < 0)
		i = find(p, 0, "log-all");
	if (i >= 0)
		return at(p, i, err_usage(p->err, "'%s' must stand before the "
				"port or the clauses", p->word[i]));
	return 0;
}

static int take_comment(struct parse *p)
{
	int i = find(p, 0, "comment");
	const char *s;

	if (i < 0)
		return 0;
	if (i == p->n - 1)
		return at(p, i, err_usage(p->err, "'comment' needs a text"));
	for (s = p->word[i + 1]; *s; s++) {
		if (*s == '\'')
			return at(p, i + 1, err_usage(p->err,
					"a comment cannot have a \"'\""));
		if ((unsigned char)*s < ' ' || *s == 127)
			return at(p, i + 1, err_usage(p->err, "a comment "
					"cannot have control characters"));
	}
	if (*p->word[i + 1])
		p->rule->comment = p->word[i + 1];
	take(p, i, 2);
	return 0;
}

static int set_proto(struct parse *p, int i, const char *name, size_t len)
{
	const struct proto *proto = proto_named(name, len);

	if (!proto)
		return at(p, i, err_usage(p->err, "no protocol '%.*s': must "
				"be tcp, udp, ah, esp, gre, ipv6, igmp, vrrp "
				"or any", (int)len, name));
	p->rule->proto = proto->number;
	p->proto_at = i;
	return 0;
}

/* The ports of a rule: numbers, or one service's name alone. */
static int set_ports(struct parse *p, int i, int loc, size_t len)
{
	struct side *side = side_of(p, loc);
	const char *s = p->word[i];

	p->port_at[loc] = i;
	p->multi |= ports_multi(s, len);
	if (!ports_numeric(s, len)) {
		if (ports_multi(s, len))
			return at(p, i, err_usage(p->err, "bad ports '%.*s': "
					"a list or range must be numbers",
					(int)len, s));
		if (!service_find(p->names, s, len, &p->found[loc]))
			return at(p, i, err_usage(p->err, "no service '%.*s'",
						  (int)len, s));
		p->service[loc] = true;
	}
	if (ports_parse(&side->ports, s, len, p->names, p->err))
		return at(p, i, -1);
	return 0;
}

static int clause_proto(struct parse *p, int i)
{
	return set_proto(p, i, p->word[i], strlen(p->word[i]));
}

static int clause_iface(struct parse *p, int i)
{
	bool in = !strcmp(p->word[i - 1], "in");

	return set_iface(p, i, in ? p->rule->iif : p->rule->oif);
}

static int clause_addr(struct parse *p, int i)
{
	const char *s = p->word[i];
	struct side *side;

	p->loc = strcmp(p->word[i - 1], "from") ? DST : SRC;
	p->addr_at[p->loc] = i;
	side = side_of(p, p->loc);
	if (!strcasecmp(s, "any"))
		return 0;
	if (*s == '@') {
		side->file = s + 1;
		if (s[1] != '/')
			return at(p, i, err_usage(p->err, "bad list '%s': the "
					"file's whole path must follow the @",
					s));
		return 0;
	}
	if (net_parse(&side->net, &p->family[p->loc], s, p->err))
		return at(p, i, -1);
	return 0;
}

static int need_side(struct parse *p, int i)
{
	if (p->loc < 0)
		return at(p, i - 1, err_usage(p->err, "'%s' needs a 'from' or "
				"'to' before it", p->word[i - 1]));
	return 0;
}

static int clause_port(struct parse *p, int i)
{
	if (need_side(p, i))
		return -1;
	if (side_of(p, p->loc)->app)
		return at(p, i - 1, err_usage(p->err, "'port' after 'app': "
				"the profile has its ports"));
	return set_ports(p, i, p->loc, strlen(p->word[i]));
}

/* As in ufw, a profile stands in for a port given before it. */
static int clause_app(struct parse *p, int i)
{
	struct side *side;

	if (need_side(p, i))
		return -1;
	side = side_of(p, p->loc);
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
			while (find(p, i + 1, clauses[c].name) >= 0)
				i = find(p, i + 1, clauses[c].name);
			return at(p, i, err_usage(p->err, "one '%s' too many",
						  clauses[c].name));
		}
	if (count(p, "app") && count(p, "proto"))
		return at(p, find(p, 0, "proto"), err_usage(p->err, "'proto' "
				"with 'app': the profile has its protocols"));
	return 0;
}

/* proto, from, to... and a value each.  Like ufw it takes any word that is
 * the name of a clause for one, even where a value is due. */
static int full_form(struct parse *p)
{
	int i;

	if (!count(p, "from") && !count(p, "to") && !count(p, "in") &&
	    !count(p, "out"))
		return at(p, 1, err_usage(p->err, "'%s' is no rule: expected "
				"one port, service or profile, or clauses with "
				"a 'from' or 'to'", p->word[1]));
	if (p->n % 2 == 0)
		return at(p, p->n - 1, err_usage(p->err, "wrong number of "
				"words: a clause is a name and a value"));
	if (check_counts(p))
		return -1;
	for (i = 0; i < p->n; i++) {
		const struct clause *c = clause_named(p->word[i]);

		if (!c && i % 2)
			return at(p, i, err_usage(p->err, "unknown clause "
					"'%s': expected proto, from, to, port "
					"or app", p->word[i]));
		if (c && i + 1 == p->n)
			return at(p, i, err_usage(p->err, "'%s' needs a value",
						  p->word[i]));
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
		return at(p, 1, -1);
	if ((!found || profile->builtin) &&
	    service_builtin(s, strlen(s), &service))
		return 0;
	if (!found && !p->names->unknown_apps)
		return at(p, 1, err_usage(p->err, "no service or application "
					  "profile '%s'", s));
	p->rule->dst.app = s;
	p->app_at[DST] = 1;
	return 1;
}

/* allow 22/tcp, allow OpenSSH */
static int short_form(struct parse *p)
{
	const char *s = p->word[1], *slash = strchr(s, '/');
	size_t len = slash ? (size_t)(slash - s) : strlen(s);
	int is_app = short_app(p, s);

	if (is_app)
		return is_app < 0 ? -1 : 0;
	if (slash && set_proto(p, 1, slash + 1, strlen(slash + 1)))
		return -1;
	return set_ports(p, 1, DST, len);
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
			return at(p, i, err_usage(p->err, "service '%s' is "
					"neither tcp nor udp", p->word[i]));
		if (p->rule->proto && p->rule->proto != proto)
			return at(p, i, err_usage(p->err, "service '%s' is "
					"not %s", p->word[i],
				proto_numbered(p->rule->proto)->name));
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
		return at(p, p->addr_at[DST], err_usage(p->err, "'%s' and "
				"'%s' are not of one IP version",
				p->word[p->addr_at[SRC]],
				p->word[p->addr_at[DST]]));
	r->family = src ? src : dst;
	if (proto->ipv4_only && r->family == FAMILY_6)
		return at(p, p->addr_at[src ? SRC : DST], err_usage(p->err,
				"'%s' with protocol %s, which is IPv4's",
				p->word[p->addr_at[src ? SRC : DST]],
				proto->name));
	if (proto->ipv4_only)
		r->family = FAMILY_4;
	if (proto->portless && (r->src.ports.n || r->dst.ports.n))
		return at(p, p->proto_at, err_usage(p->err, "protocol %s has "
				"no ports", proto->name));
	return 0;
}

static int settle_app(struct parse *p, int loc)
{
	struct side *side = side_of(p, loc);
	int i = p->app_at[loc], found;

	if (!side->app)
		return 0;
	if (p->rule->proto)
		return at(p, i, err_usage(p->err, "profile '%s' with protocol "
				"%s: the profile has its protocols", side->app,
				proto_numbered(p->rule->proto)->name));
	found = profile_find(p->names, side->app, &side->profile, p->err);
	if (found < 0)
		return at(p, i, -1);
	if (found) {
		side->app = side->profile->name;
		return 0;
	}
	if (!p->names->unknown_apps || !profile_name_valid(side->app))
		return at(p, i, err_usage(p->err, "no application profile "
					  "'%s'", side->app));
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
			return at(p, i, err_usage(p->err, "'%s' needs a "
					"protocol: a list or range is of tcp "
					"or udp", p->word[i]));
	return 0;
}

static int front_words(struct parse *p)
{
	int has_iface;

	if (p->route && take_second_iface(p))
		return -1;
	if (set_action(p))
		return -1;
	has_iface = take_direction(p);
	if (has_iface < 0 || take_log(p, has_iface) || take_comment(p))
		return -1;
	if (p->n < 2)
		return at(p, 0, err_usage(p->err, "nothing behind '%s': "
				"expected a port, service, profile or clause",
				p->word[0]));
	if (p->n > CLAUSE_WORDS_MAX)
		return at(p, CLAUSE_WORDS_MAX, err_usage(p->err,
							 "too many words"));
	return 0;
}

int rule_parse(struct rule *out, char *const words[], int n,
	       struct names *names, struct err *e)
{
	struct parse p = {.rule = out, .names = names, .err = e, .loc = -1};
	int i;

	*out = (struct rule){0};
	p.route = n > 0 && !strcmp(words[0], "route");
	if (n - p.route > WORDS_MAX)
		return err_usage(e, "too many words");
	for (i = p.route; i < n; i++) {
		p.word[p.n] = words[i];
		p.at[p.n++] = i;
	}
	if (front_words(&p) || (p.n == 2 ? short_form : full_form)(&p) ||
	    settle_proto(&p) || settle_family(&p) || settle_app(&p, SRC) ||
	    settle_app(&p, DST) || check_multi(&p))
		return -1;
	if (p.second_for)
		memcpy(p.second_for, p.second, sizeof(p.second));
	if (p.route)
		out->dir = DIR_ROUTE;
	return 0;
}
