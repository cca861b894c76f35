/* docker-chains: the chains that Docker no longer makes. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/base/choose.h"
#include "../core/base/confine.h"
#include "../core/docker/chains.h"
#include "../core/docker/classic.h"
#include "../core/docker/known.h"
#include "../core/docker/restore.h"
#include "../core/docker/show.h"
#include "../core/docker/sysctl.h"
#include "../core/docker/watch.h"
#include "../core/docker/xtables.h"
#include "applet.h"
#include "options.h"
#include "others.h"
#include "table.h"

struct job {
	struct maker maker;
	struct chains chains;
	struct known known;
	struct networks networks; /* all there are */
	const char *pid_file;
	bool dry_run, iptables, remove, list, json, force, no_sysctl, watch;
	char socket[sizeof(((struct docker_settings *)0)->socket)];
	size_t outside; /* bridges that the firewall does not let out, told */
	bool told; /* what of the kernel's settings is off */
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

/* With the last network of a family its chains go. */
static int put_family(struct job *j, struct xtables *x, make_fn put,
		      struct sink *s, struct err *e)
{
	bool none = x->family == TABLE_IP6 && !chains_six(&j->chains);

	if (j->remove || (none && xtables_ours(x)))
		return xtables_remove(x, put, &j->chains, s, e);
	return none ? 0 : xtables_merge(x, put, &j->chains, s, e);
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

		status = xtables_read(&x, families[i].family, &j->link, e) ||
			 put_family(j, &x, families[i].put, s, e) ? -1 : 0;
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
	if (networks_find(&j->known.by_hand, name))
		die_usage("bridge '%s' is there twice", name);
	n = networks_add(&j->known.by_hand);
	if (!n)
		die("out of memory");
	network_init(n, name);
	return n;
}

/* -s: of the last -b. */
static void add_subnet(struct job *j, const char *text)
{
	struct network *n = j->known.by_hand.networks;
	struct subnet s;
	struct err e;

	n = n ? n + j->known.by_hand.nnetworks - 1
	      : add_bridge(j, DOCKER_BRIDGE);
	if (subnet_parse(&s, text, &e))
		die_err(&e);
	if (!network_add_subnet(n, &s))
		die_usage("bad subnet '%s': a bridge has at most %d", text,
			  SUBNETS_MAX);
}

/* --as: which version's chains. */
static void read_layout(struct job *j, const char *version)
{
	struct err e;
	int layout = choose("version", version, "20.10, 28", &e);

	if (layout < 0)
		die_err(&e);
	j->chains.layouts = layout ? LAYOUT_28 : LAYOUT_20;
	j->iptables = true;
}

static void read_options(struct job *j, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', "dry-run", false}, {'i', "iptables", false},
		{'d', "delete", false},  {'b', "bridge", true},
		{'s', "subnet", true},   {'f', "file", true},
		{'p', "publish", false}, {'l', "list", false},
		{'j', "json", false},    {'F', "force", false},
		{'S', "no-sysctl", false}, {'w', "watch", false},
		{'k', "socket", true},   {'P', "pid-file", true},
		{'a', "as", true},
		{0, NULL, false},
	};
	struct options o = {.argc = argc, .argv = argv, .at = 1};
	int c;

	j->known.file = j->known.standard = DAEMON_JSON;
	j->chains.layouts = LAYOUT_20;
	while ((c = options_next(&o, specs))) {
		j->dry_run |= c == 'n';
		j->iptables |= c == 'i';
		j->remove |= c == 'd';
		j->chains.publish |= c == 'p';
		j->list |= c == 'l' || c == 'j';
		j->json |= c == 'j';
		j->force |= c == 'F';
		j->no_sysctl |= c == 'S';
		j->watch |= c == 'w';
		if (c == 'b')
			add_bridge(j, o.value);
		if (c == 's')
			add_subnet(j, o.value);
		if (c == 'f')
			j->known.file = o.value;
		if (c == 'k')
			j->known.socket = o.value;
		if (c == 'P')
			j->pid_file = o.value;
		if (c == 'a')
			read_layout(j, o.value);
	}
	if (j->remove)
		j->chains.layouts = LAYOUTS;
	if (o.at < argc)
		die_usage("takes no words: '%s'", argv[o.at]);
}

static int find_networks(struct job *j, bool ask, struct err *e)
{
	struct networks found;

	if (known_read(&j->known, ask, &found, e))
		return -1;
	networks_free(&j->networks);
	j->networks = found;
	j->chains.networks = &j->networks;
	j->chains.containers = !j->known.settings.proxy;
	return 0;
}

/* Two who make the same rules get in each other's way. */
static int check_whose(const struct job *j, struct err *e)
{
	static const char text[] = "Docker makes its chains itself: in '%s' "
				   "iptables is not false%s";
	bool anyway = j->force || j->known.by_hand.nnetworks;

	if (!j->known.settings.manages)
		return 0;
	if (anyway && !j->told)
		warn(text, j->known.file, "");
	return anyway ? 0 : err_set(e, text, j->known.file,
				    ": see docker-cfg, or --force");
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

/* The whole of it for iptables-restore, whatever is there. */
static int print_restore(struct job *j, struct buf *out, struct err *e)
{
	const char *table = xtables_names;
	int status = 0;

	for (; *table && !status; table += strlen(table) + 1) {
		struct restore r;

		restore_begin(&r, table, out);
		status = put_iptables4(&j->chains, &r.sink, e);
		if (!status && chains_six(&j->chains))
			status = put_iptables6(&j->chains, &r.sink, e);
		restore_end(&r);
	}
	return status;
}

static void print_changes(struct job *j)
{
	struct buf out = {0};
	struct err e;

	if (j->remove && link_open(&j->link, &e))
		die_err(&e);
	if (j->iptables && !j->remove ? print_restore(j, &out, &e)
				      : print_script(&j->maker, &out, &e))
		die_err(&e);
	print(out.data, out.len);
	buf_free(&out);
}

/* Whether all of it is on that there should be; said once. */
static bool sysctls(const struct job *j)
{
	struct buf off = {0};
	bool ok = j->no_sysctl;
	const char *path;

	/* With destination NAT for a network's own containers by iptables'
	 * rules the answer must not go past them. */
	sysctls_turn_on(&j->networks, j->iptables && j->chains.publish &&
			j->chains.containers, j->no_sysctl, &off);
	if (off.failed)
		die("out of memory");
	for (path = off.data; path && !j->told && path < off.data + off.len;
	     path += strlen(path) + 1)
		warn("'%s' is not on: the networks need it", path);
	ok |= !off.len;
	buf_free(&off);
	return ok;
}

/* 0, or -1 and *e; *status: what else there is to exit with. */
static int change(struct job *j, int *status, struct err *e)
{
	struct outcome o;
	bool changed;

	if (!j->remove && check_whose(j, e))
		return -1;
	if (j->remove || j->iptables
		    ? apply(&j->link, &j->maker, &o, e)
		    : chains_apply(&j->link, &j->chains, &changed, e))
		return -1;
	if (!j->remove && !j->told && warn_of_others(&j->link, j->iptables, e))
		return -1;
	if (!j->remove &&
	    warn_of_firewall(&j->link, &j->networks, &j->outside, e))
		return -1;
	if (j->user_kept)
		warn("DOCKER-USER stays: it has rules of yours");
	if (!j->remove && !sysctls(j))
		*status = STATUS_FAILED;
	j->told = true;
	return 0;
}

static int refresh(void *ctx, struct link *l, bool engine, struct err *e)
{
	struct job *j = ctx;
	int status = 0;

	j->link = *l;
	status = find_networks(j, engine, e) || change(j, &status, e) ? -1 : 0;
	*l = j->link;
	return status;
}

static int stay(struct job *j, struct err *e)
{
	const struct watch w = {
		.socket = j->known.socket, .pid_file = j->pid_file,
		.tables = j->iptables ? xtables_names : TABLE_NAME "\0",
		.refresh = refresh,
		.complain = warn, .ctx = j,
	};

	if (j->remove || j->list || j->dry_run)
		return err_usage(e, "--watch goes with none of --delete, "
				 "--list, --json and -n");
	return watch(&w, e);
}

static int once(struct job *j, int *status, struct err *e)
{
	if ((!j->remove || j->iptables) && find_networks(j, true, e))
		return -1;
	if (j->list)
		list_networks(j);
	else if (j->dry_run)
		print_changes(j);
	else if (link_open(&j->link, e) || change(j, status, e))
		return -1;
	link_close(&j->link);
	return 0;
}

/* Without --socket it is daemon.json's; what is wrong with that is said when
 * the networks are looked for. */
static void find_socket(struct job *j)
{
	struct docker_settings s;
	struct err ignored;

	if (j->known.socket)
		return;
	j->known.socket = DOCKER_SOCKET;
	if (docker_settings(&s, j->known.file, j->known.standard, &ignored) ||
	    !*s.socket)
		return;
	strcpy(j->socket, s.socket);
	j->known.socket = j->socket;
}

static int docker_chains(int argc, char **argv)
{
	struct job j = {.maker = {make, .marked = true, .reads = true}};
	int status = 0;
	struct err e;

	read_options(&j, argc, argv);
	confine_to_network();
	find_socket(&j);
	if (j.watch ? stay(&j, &e) : once(&j, &status, &e))
		die_err(&e);
	networks_free(&j.networks);
	known_free(&j.known);
	return status;
}

static const char usage[] =
	"make the chains that Docker no longer makes\n"
	" [OPTION]... [-b BRIDGE [-s SUBNET]...]...\n"
	"\n"
	"Makes what Docker does not with \"iptables\": false: isolation, forwarding\n"
	"and masquerading for its networks; turns on forwarding. DOCKER-USER is\n"
	"made once and then yours.\n"
	"\n"
	"  -b BRIDGE    only this network, with its SUBNETs, else those of its\n"
	"               addresses\n"
	"  --publish    published ports by destination NAT, so that containers see\n"
	"               their clients\n"
	"  -n           print the transaction as an nft script (with --iptables for\n"
	"               iptables- and ip6tables-restore --noflush), change nothing\n"
	"  --iptables   in iptables' own tables, as iptables-nft knows them\n"
	"  --as VERSION the same, as Docker 20.10 (to 26) has them, or 28\n"
	"  --delete     take them away again\n"
	"  --list       the networks as understood, change nothing; or --json\n"
	"  --watch      stay, and follow what changes; --pid-file FILE for its number\n"
	"  -f FILE      Docker's configuration, instead of\n"
	"               " DAEMON_JSON "\n"
	"  --socket S   the engine's, instead of daemon.json's, or else\n"
	"               " DOCKER_SOCKET "\n"
	"  --force      although Docker makes its chains itself\n"
	"  --no-sysctl  leave the kernel's settings alone\n";

const struct applet docker_chains_applet = {
	"docker-chains", usage, NULL, docker_chains,
};
