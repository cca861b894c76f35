/* docker-chains: the chains that Docker no longer makes. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/apply/held.h"
#include "../core/docker/chains.h"
#include "../core/docker/classic.h"
#include "../core/docker/discover.h"
#include "../core/docker/restore.h"
#include "../core/docker/show.h"
#include "../core/docker/sysctl.h"
#include "../core/docker/xtables.h"
#include "applet.h"
#include "options.h"
#include "table.h"

struct job {
	struct maker maker;
	struct chains chains;
	struct docker_settings settings;
	struct networks networks;
	const char *daemon_json;
	bool dry_run, iptables, remove, list, json, force, no_sysctl;
	bool by_hand; /* the networks are from the command line */
	struct link link;
	bool user_kept; /* DOCKER-USER has rules of the user's */
};

/* Of IPv4, of IPv6. */
static int put_iptables4(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(ctx, false, s, e);
}

static int put_iptables6(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(ctx, true, s, e);
}

static int make_iptables(struct job *j, struct sink *s, struct err *e)
{
	static const struct {
		enum table_family family;
		make_fn put;
	} families[] = {{TABLE_IP, put_iptables4}, {TABLE_IP6, put_iptables6}};
	int i, status = 0;

	for (i = 0; i < 2 && !status; i++) {
		struct xtables x;

		if (i && !j->remove && !chains_six(&j->chains))
			break;
		status = xtables_read(&x, families[i].family, &j->link, e);
		if (!status)
			status = (j->remove ? xtables_remove : xtables_merge)
				 (&x, families[i].put, &j->chains, s, e);
		xtables_free(&x);
	}
	return status;
}

/* What is left of the table decides whether it goes too. */
static int make_removal(struct job *j, struct sink *s, struct err *e)
{
	struct cmd c = {.kind = CMD_DELETE_TABLE, .family = TABLE_INET,
			.table = TABLE_NAME};
	enum gate gate;
	int active, rules;

	rules = link_count(&j->link, NFT_MSG_GETRULE, TABLE_INET, TABLE_NAME,
			   "DOCKER-USER", e);
	if (rules < 0)
		return -1;
	active = firewall_active(&j->link, &gate, e);
	if (active < 0 || chains_native_remove(!rules, s, e))
		return -1;
	j->user_kept = rules;
	return rules || active ? 0 : s->put(s, &c, e);
}

static int make(const struct maker *m, struct sink *s, struct err *e)
{
	struct job *j = (struct job *)m;

	if (j->iptables)
		return make_iptables(j, s, e);
	return j->remove ? make_removal(j, s, e)
			 : chains_native(&j->chains, s, e);
}

/* -b: a network by hand. */
static struct network *add_bridge(struct job *j, const char *name)
{
	struct network *n;

	if (!bridge_name_ok(name))
		die_usage("bad bridge '%s': must be an interface name of 1 to "
			  "15 characters", name);
	if (networks_find(&j->networks, name))
		die_usage("bridge '%s' is there twice", name);
	n = networks_add(&j->networks);
	if (!n)
		die("out of memory");
	network_init(n, name);
	return n;
}

/* -s: of the last -b. */
static void add_subnet(struct job *j, const char *text)
{
	struct network *n = j->networks.networks;
	struct subnet s;
	struct err e;

	n = n ? n + j->networks.nnetworks - 1 : add_bridge(j, DOCKER_BRIDGE);
	if (subnet_parse(&s, text, &e))
		die_err(&e);
	if (!network_add_subnet(n, &s))
		die_usage("bad subnet '%s': a bridge has at most %d", text,
			  SUBNETS_MAX);
}

static void read_options(struct job *j, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', "dry-run", false}, {'i', "iptables", false},
		{'d', "delete", false},  {'b', "bridge", true},
		{'s', "subnet", true},   {'f', "file", true},
		{'p', "publish", false}, {'l', "list", false},
		{'j', "json", false},    {'F', "force", false},
		{'S', "no-sysctl", false}, {0, NULL, false},
	};
	struct options o = {.argc = argc, .argv = argv, .at = 1};
	int c;

	j->daemon_json = DAEMON_JSON;
	while ((c = options_next(&o, specs))) {
		j->dry_run |= c == 'n';
		j->iptables |= c == 'i';
		j->remove |= c == 'd';
		j->chains.publish |= c == 'p';
		j->list |= c == 'l' || c == 'j';
		j->json |= c == 'j';
		j->force |= c == 'F';
		j->no_sysctl |= c == 'S';
		if (c == 'b')
			add_bridge(j, o.value);
		if (c == 's')
			add_subnet(j, o.value);
		if (c == 'f')
			j->daemon_json = o.value;
	}
	if (o.at < argc)
		die_usage("takes no words: '%s'", argv[o.at]);
	j->by_hand = j->networks.nnetworks;
}

/* The networks there are, or of those by hand what was not said. */
static void find_networks(struct job *j)
{
	struct err e;
	size_t i;

	if (docker_settings(&j->settings, j->daemon_json, DAEMON_JSON, &e))
		die_err(&e);
	j->chains.containers = !j->settings.proxy;
	j->chains.networks = &j->networks;
	if (!j->by_hand && discover(&j->networks, &j->settings, &e))
		die_err(&e);
	for (i = 0; i < j->networks.nnetworks; i++) {
		struct network *n = &j->networks.networks[i];

		if (!n->nsubnets && discover_subnets(n, &e))
			die_err(&e);
		if (!n->nsubnets && j->by_hand)
			die("bridge '%s' has no address: give its subnet with "
			    "-s", n->bridge);
	}
}

/* Two who make the same rules get in each other's way. */
static void check_whose(const struct job *j)
{
	static const char text[] = "Docker makes its chains itself: in '%s' "
				   "iptables is not false%s";

	if (!j->settings.manages)
		return;
	if (!j->by_hand && !j->force)
		die(text, j->daemon_json, ": see docker-cfg, or --force");
	warn(text, j->daemon_json, "");
}

static void list_networks(const struct job *j)
{
	struct buf out = {0};

	(j->json ? networks_json : networks_print)(&j->networks, &out);
	if (out.failed)
		die("out of memory");
	print(out.data, out.len);
	buf_free(&out);
}

/* With --iptables the whole of it for iptables-restore, whatever is there. */
static void print_changes(struct job *j)
{
	struct buf out = {0};
	struct restore r;
	struct err e;
	int status;

	if (j->remove && link_open(&j->link, &e))
		die_err(&e);
	if (j->iptables && !j->remove) {
		restore_begin(&r, &out);
		status = put_iptables4(&j->chains, &r.sink, &e);
		restore_end(&r);
	} else {
		status = print_script(&j->maker, &out, &e);
	}
	if (status)
		die_err(&e);
	print(out.data, out.len);
	buf_free(&out);
}

/* Whether all of it is on that there should be. */
static bool sysctls(const struct job *j)
{
	struct buf off = {0};
	bool ok = j->no_sysctl;
	const char *path;

	sysctls_turn_on(&j->networks, j->no_sysctl, &off);
	if (off.failed)
		die("out of memory");
	for (path = off.data; path && path < off.data + off.len;
	     path += strlen(path) + 1)
		warn("'%s' is not on: the networks need it", path);
	ok |= !off.len;
	buf_free(&off);
	return ok;
}

/* What others drop is dropped, whatever is accepted here. */
static void warn_of_others(struct job *j)
{
	const char *what[HELD_OTHER], *at, *end;
	struct buf others, table = {0};
	struct err e;
	bool xt;
	int i;

	if (held_others(&others, &j->link, NF_INET_FORWARD, &e))
		die_err(&e);
	at = others.data;
	end = at + others.len;
	while (at < end) {
		for (i = 0; i < HELD_OTHER; i++, at += strlen(at) + 1)
			what[i] = at;
		xt = !strcmp(what[2], "FORWARD");
		if (xt && j->iptables)
			continue;
		table.len = 0;
		print_clean(&table, what[1]);
		warn("table %s %s also drops what is forwarded (%s): %s",
		     what[0], table.failed ? "" : table.data, what[3],
		     !strcmp(what[3], "firewalld")
		     ? "firewall-cmd --zone=trusted --add-interface=BRIDGE"
		     : xt ? "ufw default allow routed, or iptables -P FORWARD "
			    "ACCEPT"
		     : "accept the bridges there too");
	}
	buf_free(&others);
	buf_free(&table);
}

static int change(struct job *j)
{
	bool changed, ok = true;
	struct outcome o;
	struct err e;

	if (link_open(&j->link, &e))
		die_err(&e);
	if (j->remove || j->iptables
		    ? apply(&j->link, &j->maker, &o, &e)
		    : chains_apply(&j->link, &j->chains, &changed, &e))
		die_err(&e);
	if (!j->remove)
		warn_of_others(j);
	link_close(&j->link);
	if (j->user_kept)
		warn("DOCKER-USER stays: it has rules of yours");
	if (!j->remove)
		ok = sysctls(j);
	return ok ? 0 : STATUS_FAILED;
}

static int docker_chains(int argc, char **argv)
{
	struct job j = {.maker = {.make = make, .reads = true}};
	int status = 0;

	read_options(&j, argc, argv);
	if (!j.remove || j.iptables)
		find_networks(&j);
	if (j.list) {
		list_networks(&j);
	} else if (j.dry_run) {
		print_changes(&j);
	} else {
		if (!j.remove)
			check_whose(&j);
		status = change(&j);
	}
	networks_free(&j.networks);
	return status;
}

const struct applet docker_chains_applet = {
	"docker-chains", "make the chains that Docker no longer makes",
	"usage: docker-chains [OPTION]... [-b BRIDGE [-s SUBNET]...]...\n"
	"\n"
	"Makes what Docker does not with \"iptables\": false: isolation, forwarding\n"
	"and masquerading for its networks; turns on forwarding. DOCKER-USER is\n"
	"made once and then yours.\n"
	"\n"
	"  -b BRIDGE    only this network, with its SUBNETs, else those of its\n"
	"               addresses\n"
	"  --publish    published ports by destination NAT, so that containers see\n"
	"               their clients\n"
	"  -n           print the transaction as an nft script (with --iptables\n"
	"               for iptables-restore --noflush), change nothing\n"
	"  --iptables   in iptables' own tables, as iptables-nft knows them\n"
	"  --delete     take them away again\n"
	"  --list       the networks as understood, change nothing; or --json\n"
	"  -f FILE      Docker's configuration, instead of\n"
	"               " DAEMON_JSON "\n"
	"  --force      although Docker makes its chains itself\n"
	"  --no-sysctl  leave the kernel's settings alone\n",
	NULL, docker_chains,
};
