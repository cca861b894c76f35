/* fw-why: which line decides about a packet. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "../config.h"
#include "../core/base/choose.h"
#include "../core/base/num.h"
#include "../core/link/route.h"
#include "../core/list/judge.h"
#include "../core/rule/ports.h"
#include "../core/rule/print.h"
#include "../core/rule/proto.h"
#include "applet.h"
#include "firewall.h"
#include "options.h"

enum { ECHO4 = 8, ECHO6 = 128, EPHEMERAL = 49152, NO_TYPE = 256 };
enum { IN, OUT, FROM, TO, PORT };

struct question {
	struct packet packet;
	struct names *names;
	bool from, to;      /* an address is there */
	bool icmp;
	unsigned icmp_type; /* NO_TYPE: an echo request */
};

static void read_port(struct question *q, uint16_t *out, const char *word)
{
	struct ports p = {0};
	struct err e;

	if (ports_parse(&p, word, strlen(word), q->names, &e))
		die_err(&e);
	if (p.n != 1 || p.range->lo != p.range->hi)
		die_usage("'%s' is not one port", word);
	*out = p.range->lo;
}

/* An address of the side at hand; false: it is none. */
static bool read_address(struct question *q, int side, const char *word)
{
	struct packet *k = &q->packet;
	enum family family = strchr(word, ':') ? FAMILY_6 : FAMILY_4;

	if (inet_pton(family == FAMILY_6 ? AF_INET6 : AF_INET, word,
		      side == TO ? k->daddr : k->saddr) != 1)
		return false;
	if (k->family && k->family != family)
		die_usage("'%s' is of the other IP version", word);
	k->family = family;
	*(side == TO ? &q->to : &q->from) = true;
	return true;
}

/* A protocol that rules can name, or icmp/TYPE; false: it is none. */
static bool read_proto(struct question *q, const char *word)
{
	const struct proto *proto = proto_named(word, strlen(word));

	if (proto) {
		q->packet.proto = proto->number;
		return proto->number;
	}
	q->icmp = !strncmp(word, "icmp", 4);
	word += 4;
	return q->icmp && (!*word || (*word == '/' &&
		num_parse(word + 1, strlen(word + 1), 255, &q->icmp_type)));
}

static void read_words(struct question *q, char **words)
{
	struct packet *k = &q->packet;
	int what, side = FROM;

	for (; *words; words++) {
		const char *word = *words;

		what = word_index("in, out, from, to, port", word,
				  strlen(word), false);
		if (what == FROM || what == TO) {
			side = what;
		} else if (what < 0) {
			if (!read_address(q, side, word) &&
			    !read_proto(q, word))
				die_usage("bad word '%s'", word);
		} else {
			if (words[1] && !strcmp(words[1], "on"))
				words++;
			if (!*++words)
				die_usage("nothing behind '%s'", word);
			if (what == PORT)
				read_port(q, side == TO ? &k->dport
							: &k->sport, *words);
			else
				*(what == IN ? &k->iif : &k->oif) = *words;
		}
	}
}

/* What was not said: the protocol, and the port of the one who begins. */
static void fill_in(struct question *q)
{
	struct packet *k = &q->packet;
	bool v6 = k->family == FAMILY_6;

	if (!k->family || (!q->from && (k->iif || !k->oif)))
		die_usage("'from' and an address are needed");
	if (q->icmp)
		k->proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	else if (!k->proto)
		k->proto = IPPROTO_TCP;
	k->icmp_type = (uint8_t)(q->icmp_type != NO_TYPE ? q->icmp_type
				 : v6 ? ECHO6 : ECHO4);
	if (!k->dport && (k->proto == IPPROTO_TCP || k->proto == IPPROTO_UDP))
		die_usage("'to port' and a number are needed");
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
	struct question q = {.icmp_type = NO_TYPE};
	struct rules_file file;
	struct route in, out;
	struct err e;

	while (options_next(&args, specs))
		path = args.value;
	if (rules_load(&file, firewall_path(path), &e))
		die_err(&e);
	q.names = &file.names;
	read_words(&q, argv + args.at);
	fill_in(&q);
	find_way(&q, &in, &out);
	answer(&file, &q.packet);
	rules_free(&file);
	return 0;
}

static const char usage[] =
	"tell which rule decides about a packet\n"
	" [-r FILE] [in IFACE] [out IFACE] [PROTO] from ADDR [port P]\n"
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
	"The exit status does not tell the verdict: 0 is any answer.\n";

const struct applet fw_why_applet = {
	"fw-why", usage, NULL, fw_why,
};
