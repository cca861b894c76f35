/* docker-chains: the chains that Docker no longer makes. */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <linux/netfilter/nf_tables.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/docker/chains.h"
#include "../core/docker/restore.h"
#include "../core/docker/xtables.h"
#include "../core/rule/addr.h"
#include "applet.h"
#include "options.h"

#define IP_FORWARD "/proc/sys/net/ipv4/ip_forward"

struct job {
	struct maker maker;
	struct bridge bridge;
	bool dry_run, iptables, remove;
	struct link link;
	bool user_kept; /* DOCKER-USER has rules of the user's */
};

static int put_iptables(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(&((const struct job *)ctx)->bridge, s, e);
}

static int make_iptables(struct job *j, struct sink *s, struct err *e)
{
	struct xtables x;
	int status = xtables_read(&x, &j->link, e);

	if (!status && j->remove)
		status = xtables_remove(&x, put_iptables, j, s, e);
	else if (!status)
		status = xtables_merge(&x, put_iptables, j, s, e);
	xtables_free(&x);
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
			 : chains_native(&j->bridge, s, e);
}

static void read_bridge(struct bridge *b, const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= sizeof(b->name) || strpbrk(name, "/ *+\"") ||
	    !strcmp(name, "lo"))
		die_usage("bad bridge '%s': must be an interface name of 1 to "
			  "15 characters", name);
	memcpy(b->name, name, len + 1);
}

static void read_subnet(struct bridge *b, const char *text)
{
	enum family family;
	struct net net;
	struct err e;

	if (net_parse(&net, &family, text, &e))
		die_err(&e);
	if (family != FAMILY_4)
		die_usage("bad subnet '%s': must be an IPv4 network", text);
	memcpy(b->subnet, net.bytes, sizeof(b->subnet));
	b->bits = net.len;
}

static void read_options(struct job *j, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', "dry-run", false}, {'i', "iptables", false},
		{'d', "delete", false},  {'b', "bridge", true},
		{'s', "subnet", true},   {0, NULL, false},
	};
	struct options o = {.argc = argc, .argv = argv, .at = 1};
	int c;

	read_bridge(&j->bridge, DOCKER_BRIDGE);
	read_subnet(&j->bridge, DOCKER_SUBNET);
	while ((c = options_next(&o, specs))) {
		j->dry_run |= c == 'n';
		j->iptables |= c == 'i';
		j->remove |= c == 'd';
		if (c == 'b')
			read_bridge(&j->bridge, o.value);
		if (c == 's')
			read_subnet(&j->bridge, o.value);
	}
	if (o.at < argc)
		die_usage("takes no words: '%s'", argv[o.at]);
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
		status = put_iptables(j, &r.sink, &e);
		restore_end(&r);
	} else {
		status = print_script(&j->maker, &out, &e);
	}
	if (status)
		die_err(&e);
	print(out.data, out.len);
	buf_free(&out);
}

/* Containers reach nothing beyond the host without it. */
static void turn_on_forwarding(void)
{
	int fd = open(IP_FORWARD, O_RDWR | O_CLOEXEC);
	char now = 0;

	if (fd < 0 || read(fd, &now, 1) != 1)
		die_errno("cannot read '%s'", IP_FORWARD);
	if (now == '0' && pwrite(fd, "1\n", 2, 0) != 2)
		die_errno("cannot turn on '%s'", IP_FORWARD);
	close(fd);
}

static int docker_chains(int argc, char **argv)
{
	struct job j = {.maker = {.make = make, .reads = true}};
	struct outcome o;
	struct err e;

	read_options(&j, argc, argv);
	if (j.dry_run) {
		print_changes(&j);
		return 0;
	}
	if (link_open(&j.link, &e) || apply(&j.link, &j.maker, &o, &e))
		die_err(&e);
	link_close(&j.link);
	if (j.user_kept)
		warn("DOCKER-USER stays: it has rules of yours");
	if (!j.remove)
		turn_on_forwarding();
	return 0;
}

const struct applet docker_chains_applet = {
	"docker-chains", "make the chains that Docker no longer makes",
	"usage: docker-chains [-n] [--iptables] [--delete] [-b BRIDGE] "
	"[-s SUBNET]\n"
	"\n"
	"Makes what Docker does not with \"iptables\": false: isolation, forwarding\n"
	"and masquerading for BRIDGE (" DOCKER_BRIDGE ") and SUBNET ("
	DOCKER_SUBNET ");\n"
	"turns on IPv4 forwarding. DOCKER-USER is made once and then yours.\n"
	"\n"
	"  -n           print the transaction as an nft script (with --iptables\n"
	"               for iptables-restore --noflush), change nothing\n"
	"  --iptables   in iptables' own tables, as iptables-nft knows them\n"
	"  --delete     take them away again\n",
	NULL, docker_chains,
};
