/* fw-why: which line decides about a packet. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../config.h"
#include "../core/base/num.h"
#include "../core/link/route.h"
#include "../core/list/judge.h"
#include "../core/rule/ports.h"
#include "../core/rule/print.h"
#include "../core/rule/proto.h"
#include "applet.h"
#include "firewall.h"
#include "options.h"

enum { ECHO4 = 8, ECHO6 = 128, EPHEMERAL = 49152 };

struct question {
	struct packet packet;
	struct names *names;
	bool from, to;    /* an address is there */
	bool icmp;
	unsigned type;    /* of it; above 255: an echo request */
	uint16_t *port;   /* that the next `port` is about */
	char **words;     /* ended by NULL */
};

/* The word behind the one at hand. */
static const char *value(struct question *q)
{
	const char *name = *q->words++;

	if (!*q->words)
		die_usage("nothing behind '%s'", name);
	return *q->words;
}

static const char *read_iface(struct question *q)
{
	const char *name = value(q);

	return strcmp(name, "on") ? name : value(q);
}

static bool read_address(struct question *q, uint8_t *out)
{
	const char *word = value(q);
	struct packet *k = &q->packet;
	enum family family = strchr(word, ':') ? FAMILY_6 : FAMILY_4;

	if (!strcmp(word, "port")) {
		q->words--;
		return false;
	}
	if (inet_pton(family == FAMILY_6 ? AF_INET6 : AF_INET, word, out) != 1)
		die_usage("bad address '%s'", word);
	if (k->family && k->family != family)
		die_usage("'%s' is of the other IP version", word);
	k->family = family;
	return true;
}

static void read_port(struct question *q)
{
	const char *word = value(q);
	struct ports p = {0};
	struct err e;

	if (!q->port)
		die_usage("port before from or to");
	if (ports_parse(&p, word, strlen(word), q->names, &e))
		die_err(&e);
	if (p.n != 1 || p.range->lo != p.range->hi)
		die_usage("'%s' is not one port", word);
	*q->port = p.range->lo;
}

/* A protocol that rules can name, or icmp/TYPE. */
static void read_proto(struct question *q)
{
	const char *word = *q->words;
	size_t n = strcspn(word, "/");
	const struct proto *proto = proto_named(word, strlen(word));

	if (proto && proto->number) {
		q->packet.proto = proto->number;
		return;
	}
	q->icmp = n == 4 && !strncmp(word, "icmp", n);
	if (!q->icmp || (word[n] && !num_parse(word + n + 1, strlen(word) - n - 1,
					       255, &q->type)))
		die_usage("bad word '%s'", word);
}

static void read_words(struct question *q)
{
	struct packet *k = &q->packet;

	for (; *q->words; q->words++) {
		const char *word = *q->words;

		if (!strcmp(word, "in")) {
			k->iif = read_iface(q);
		} else if (!strcmp(word, "out")) {
			k->oif = read_iface(q);
		} else if (!strcmp(word, "from")) {
			q->from = read_address(q, k->saddr);
			q->port = &k->sport;
		} else if (!strcmp(word, "to")) {
			q->to = read_address(q, k->daddr);
			q->port = &k->dport;
		} else if (!strcmp(word, "port")) {
			read_port(q);
		} else {
			read_proto(q);
		}
	}
}

/* What was not said: the protocol, and the port of the one who begins. */
static void fill_in(struct question *q)
{
	struct packet *k = &q->packet;
	bool v6 = k->family == FAMILY_6;

	if (!q->from && (k->iif || !k->oif))
		die_usage("'from' and an address are needed");
	if (!k->family)
		die_usage("an address is needed");
	if (q->icmp) {
		k->proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		k->icmp_type = (uint8_t)(q->type <= 255 ? q->type
					 : v6 ? ECHO6 : ECHO4);
	} else if (!k->proto) {
		k->proto = IPPROTO_TCP;
	}
	if (!k->dport && (k->proto == IPPROTO_TCP || k->proto == IPPROTO_UDP))
		die_usage("a port is needed: to port N");
	if (!k->sport)
		k->sport = EPHEMERAL;
}

/* Where it comes in and goes out, as the kernel's routes have it.  A packet to
 * another host's address is routed. */
static void find_way(struct question *q, struct route *in, struct route *out)
{
	struct packet *k = &q->packet;
	bool v6 = k->family == FAMILY_6, known;

	known = q->to && route_find(v6, k->daddr, out);
	if (!k->iif && k->oif) {
		k->dir = DIR_OUT;
		if (!q->from && known)
			memcpy(k->saddr, out->source, sizeof(k->saddr));
		return;
	}
	if (known && !k->oif && out->type == RTN_UNICAST)
		k->oif = out->iface;
	k->dir = k->oif ? DIR_ROUTE : DIR_IN;
	known = route_find(v6, k->saddr, in);
	if (!k->iif && known)
		k->iif = in->iface;
	if (!q->to)
		memcpy(k->daddr, in->source, sizeof(k->daddr));
}

static void answer(const struct rules_file *f, const struct packet *k)
{
	struct judgement j = judge(&f->policy, k);
	struct buf out = {0};

	buf_fmt(&out, "%s: ", action_name(j.action));
	if (j.rule >= 0) {
		buf_fmt(&out, "%s:%d: ", f->path,
			f->policy.rules[j.rule].line);
		rule_print(&out, &f->policy.rules[j.rule].rule);
	} else {
		buf_str(&out, j.why);
	}
	buf_str(&out, "\n");
	if (out.failed)
		die("out of memory");
	print(out.data, out.len);
	buf_free(&out);
}

static int fw_why(int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'r', "rules", true}, {0, NULL, false},
	};
	struct options args = {.argc = argc, .argv = argv, .at = 1};
	const char *path = NULL;
	struct question q = {.type = 256};
	struct rules_file file;
	struct route in, out;
	struct err e;

	while (options_next(&args, specs))
		path = args.value;
	if (rules_load(&file, firewall_path(path), &e))
		die_err(&e);
	q.names = &file.names;
	q.words = argv + args.at;
	read_words(&q);
	fill_in(&q);
	find_way(&q, &in, &out);
	answer(&file, &q.packet);
	rules_free(&file);
	return 0;
}

const struct applet fw_why_applet = {
	"fw-why", "tell which rule decides about a packet",
	"usage: fw-why [-r FILE] [in IFACE] [out IFACE] [PROTO] from ADDR [port P]\n"
	"              to [ADDR] port P\n"
	"\n"
	"Says what the rules file does with a packet that begins a connection, and\n"
	"which line: 'allow: /etc/fwbox/rules:5: allow 80,443/tcp'. Ports are the\n"
	"host's, also where Docker publishes them. PROTO is tcp unless given, one\n"
	"that rules name, or icmp[/TYPE], without a port. What is not said is as\n"
	"the kernel's routes have it: a packet to another host's address is routed.\n"
	"With out alone it is one of ours, and from may be left out.\n"
	"\n"
	"  -r FILE  the rules (default: $FWBOX_RULES or " RULES_FILE ")\n"
	"\n"
	"The exit status does not tell the verdict: 0 is any answer.\n",
	NULL, fw_why,
};
