#include "chains.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_conntrack.h>

#include "../../config.h"
#include "../compile/build.h"

#define TRY(call)          \
	do {               \
		if (call)  \
			return -1; \
	} while (0)

enum { PRIORITY_FILTER = 0, PRIORITY_SRCNAT = 100 };

static const char user[] = "DOCKER-USER";
static const char stage1[] = "DOCKER-ISOLATION-STAGE-1";
static const char stage2[] = "DOCKER-ISOLATION-STAGE-2";
static const char ports[] = "DOCKER";

/* iptables ends its chains with a RETURN, and counts. */
static int end_chain(struct build *b, struct err *e)
{
	return b->iptables ? build_verdict(b, V_RETURN, e) : 0;
}

static int user_chain(struct build *b, struct err *e)
{
	TRY(build_keep_chain(b, user, NULL, e));
	return end_chain(b, e);
}

/* From a bridge to another network: dropped if that is a bridge too. */
static int isolation_chains(struct build *b, const struct bridge *br,
			    struct err *e)
{
	TRY(build_chain(b, stage2, NULL, e));
	build_iface(b, F_OIFNAME, br->name, false);
	TRY(build_verdict(b, V_DROP, e));
	TRY(end_chain(b, e));
	TRY(build_chain(b, stage1, NULL, e));
	build_iface(b, F_IIFNAME, br->name, false);
	build_iface(b, F_OIFNAME, br->name, true);
	TRY(build_jump(b, stage2, e));
	return end_chain(b, e);
}

static void known_connection(struct build *b)
{
	/* iptables -m conntrack --ctstate RELATED,ESTABLISHED */
	static const struct xt_conntrack_mtinfo3 info = {
		.match_flags = XT_CONNTRACK_STATE,
		.state_mask = CT_ESTABLISHED | CT_RELATED,
	};
	struct stmt s = {.kind = S_XT_MATCH,
			 .xt = {"conntrack", 3, &info, sizeof(info)}};

	if (b->iptables)
		build_stmt(b, s);
	else
		build_flags(b, F_CT_STATE, CT_ESTABLISHED | CT_RELATED);
}

static int forward_rules(struct build *b, const struct bridge *br,
			 struct err *e)
{
	TRY(build_jump(b, user, e));
	TRY(build_jump(b, stage1, e));
	build_iface(b, F_OIFNAME, br->name, false);
	known_connection(b);
	TRY(build_verdict(b, V_ACCEPT, e));
	build_iface(b, F_OIFNAME, br->name, false);
	TRY(build_jump(b, ports, e));
	build_iface(b, F_IIFNAME, br->name, false);
	build_iface(b, F_OIFNAME, br->name, true);
	TRY(build_verdict(b, V_ACCEPT, e));
	build_iface(b, F_IIFNAME, br->name, false);
	build_iface(b, F_OIFNAME, br->name, false);
	TRY(build_verdict(b, V_ACCEPT, e));
	if (b->iptables)
		return 0;
	/* Nobody from outside reaches a container's own address. */
	build_iface(b, F_OIFNAME, br->name, false);
	return build_verdict(b, V_DROP, e);
}

static int masquerade_rule(struct build *b, const struct bridge *br,
			   struct err *e)
{
	static const struct nf_nat_ipv4_multi_range_compat info = {
		.rangesize = 1,
	};
	struct stmt native = {.kind = S_MASQUERADE};
	struct stmt xt = {.kind = S_XT_TARGET,
			  .xt = {"MASQUERADE", 0, &info, sizeof(info)}};

	build_iface(b, F_OIFNAME, br->name, true);
	build_prefix(b, F_IP_SADDR, br->subnet, br->bits);
	if (b->counted)
		build_stmt(b, (struct stmt){.kind = S_COUNTER});
	build_stmt(b, b->iptables ? xt : native);
	return build_emit(b, e);
}

int chains_native(const struct bridge *br, struct sink *s, struct err *e)
{
	static const struct base forward = {
		"filter", NF_INET_FORWARD, PRIORITY_FILTER, false,
	};
	static const struct base postrouting = {
		"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT, false,
	};
	struct build b = {.sink = s, .family = TABLE_INET,
			  .table = TABLE_NAME};

	TRY(build_table(&b, e));
	TRY(build_chain(&b, ports, NULL, e));
	TRY(isolation_chains(&b, br, e));
	TRY(user_chain(&b, e));
	TRY(build_chain(&b, "docker-forward", &forward, e));
	TRY(forward_rules(&b, br, e));
	TRY(build_chain(&b, "docker-postrouting", &postrouting, e));
	return masquerade_rule(&b, br, e);
}

int chains_native_remove(bool with_user, struct sink *s, struct err *e)
{
	static const char *const chains[] = {
		"docker-forward", "docker-postrouting", ports, stage1, stage2,
	};
	struct build b = {.sink = s, .family = TABLE_INET,
			  .table = TABLE_NAME};
	size_t i;

	TRY(build_table(&b, e));
	for (i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
		TRY(build_drop_chain(&b, chains[i], e));
	return with_user ? build_drop_chain(&b, user, e) : 0;
}

int chains_iptables(const struct bridge *br, struct sink *s, struct err *e)
{
	static const struct base forward = {
		"filter", NF_INET_FORWARD, PRIORITY_FILTER, false,
	};
	static const struct base postrouting = {
		"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT, false,
	};
	struct build b = {.sink = s, .family = TABLE_IP, .table = "filter",
			  .iptables = true, .counted = true};

	TRY(build_table(&b, e));
	TRY(build_keep_chain(&b, ports, NULL, e));
	TRY(isolation_chains(&b, br, e));
	TRY(user_chain(&b, e));
	TRY(build_keep_chain(&b, "FORWARD", &forward, e));
	TRY(forward_rules(&b, br, e));
	b.table = "nat";
	TRY(build_table(&b, e));
	TRY(build_keep_chain(&b, "POSTROUTING", &postrouting, e));
	return masquerade_rule(&b, br, e);
}
