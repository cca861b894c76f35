/* What nf_tables answers: the first byte says who asks, the rest are the
 * answers.  Any bytes end in a result or an error with a reason. */
#include "fuzz.h"

#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "core/apply/apply.h"
#include "core/apply/held.h"
#include "core/docker/classic.h"
#include "core/docker/xtables.h"
#include "core/list/file.h"

static const char rules_text[] =
	"counters on\n"
	"allow 22/tcp\n"
	"limit log from 10.0.0.0/8 to any port 80 proto tcp\n"
	"deny in on eth0 from 2001:db8::/32\n";

static const struct policy *policy(void)
{
	static struct rules_file f;
	struct err e;

	if (f.path)
		return &f.policy;
	files_add("/rules", (struct part){(const uint8_t *)rules_text,
					  strlen(rules_text)});
	demand(!rules_load(&f, "/rules", &e));
	files_none();
	return &f.policy;
}

/* Each of others is four texts. */
static void check_others(const struct buf *others)
{
	size_t at, n = 0;

	for (at = 0; at < others->len; n++)
		at += strlen(others->data + at) + 1;
	demand(at == others->len && n % HELD_OTHER == 0);
}

static int ask_status(struct link *l, struct err *e)
{
	const struct policy *p = policy();
	enum gate gate;
	struct held h;
	int active = firewall_active(l, &gate, e), status;

	if (active < 0)
		return -1;
	status = held_read(&h, l, p, active ? &gate : NULL, e);
	if (!status)
		check_others(&h.others);
	demand(status || !h.tallies || active);
	held_free(&h);
	return status;
}

static int ask_others(struct link *l, struct err *e)
{
	struct buf others;
	int status = held_others(&others, l, NF_INET_FORWARD, e);

	check_others(&others);
	buf_free(&others);
	return status;
}

static int ask_apply(struct link *l, struct err *e)
{
	enum gate gate;

	return apply_firewall(l, policy(), &gate, e);
}

static int ask_remove(struct link *l, struct err *e)
{
	bool kept;

	return remove_firewall(l, &kept, e);
}

static struct chains docker_chains(struct networks *n)
{
	struct network *net = networks_add(n);
	struct published *p = networks_add_port(n);

	demand(net && p);
	network_init(net, "docker0");
	network_add_subnet(net, &(struct subnet){{172, 17}, 16, false});
	*p = (struct published){
		.bridge = "docker0", .host = {.bits = 0}, .port = 80,
		.container = {{172, 17, 0, 2}, 32, false}, .host_port = 8080,
		.proto = 6,
	};
	return (struct chains){.networks = n, .publish = true,
			       .layouts = LAYOUT_20};
}

static int ask_chains(struct link *l, struct err *e)
{
	struct networks n = {0};
	struct chains c = docker_chains(&n);
	bool changed;
	int status = chains_apply(l, &c, &changed, e);

	networks_free(&n);
	return status;
}

static int make(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(ctx, false, s, e);
}

static int ask_iptables(struct link *l, bool away, struct err *e)
{
	struct networks n = {0};
	struct chains c = docker_chains(&n);
	struct xtables x;
	struct batch b;
	int status = xtables_read(&x, TABLE_IP, l, e);

	batch_begin(&b, 1);
	if (!status)
		status = (away ? xtables_remove : xtables_merge)
			(&x, make, &c, &b.sink, e);
	batch_free(&b);
	xtables_free(&x);
	networks_free(&n);
	return status;
}

static int ask_merge(struct link *l, struct err *e)
{
	return ask_iptables(l, false, e);
}

static int ask_unmerge(struct link *l, struct err *e)
{
	return ask_iptables(l, true, e);
}

void fuzz_nftables(const uint8_t *data, size_t size)
{
	static int (*const ask[])(struct link *l, struct err *e) = {
		ask_status, ask_others, ask_apply, ask_remove, ask_chains,
		ask_merge, ask_unmerge,
	};
	struct err e = {0};
	struct link l;

	if (!size)
		return;
	kernel_says(data + 1, size - 1);
	demand(!link_open(&l, &e));
	if (ask[*data % (sizeof(ask) / sizeof(*ask))](&l, &e))
		demand(*e.text);
	link_close(&l);
	kernel_says(NULL, 0);
}
