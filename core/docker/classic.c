#include "classic.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_conntrack.h>

#include "../compile/build.h"

enum { PRIORITY_FILTER = 0, PRIORITY_SRCNAT = 100 };

#define USER "DOCKER-USER"
#define STAGE1 "DOCKER-ISOLATION-STAGE-1"
#define STAGE2 "DOCKER-ISOLATION-STAGE-2"
#define PORTS "DOCKER"

/* iptables ends its chains with a RETURN, and counts. */
static void end_chain(struct build *b)
{
	if (b->iptables)
		build_verdict(b, V_RETURN);
}

static void user_chain(struct build *b)
{
	build_keep_chain(b, USER, NULL);
	end_chain(b);
}

static void to_bridge(struct build *b, const struct bridge *br)
{
	build_iface(b, F_OIFNAME, br->name, false);
}

static void from_bridge(struct build *b, const struct bridge *br)
{
	build_iface(b, F_IIFNAME, br->name, false);
}

static void leaving_bridge(struct build *b, const struct bridge *br)
{
	from_bridge(b, br);
	build_iface(b, F_OIFNAME, br->name, true);
}

/* From a bridge to another network: dropped if that is a bridge too. */
static void isolation_chains(struct build *b, const struct bridge *br)
{
	build_chain(b, STAGE2, NULL);
	to_bridge(b, br);
	build_verdict(b, V_DROP);
	end_chain(b);
	build_chain(b, STAGE1, NULL);
	leaving_bridge(b, br);
	build_jump(b, STAGE2);
	end_chain(b);
}

static void known_connection(struct build *b)
{
	/* iptables -m conntrack --ctstate RELATED,ESTABLISHED */
	static const struct xt_conntrack_mtinfo3 info = {
		.match_flags = XT_CONNTRACK_STATE,
		.state_mask = CT_ESTABLISHED | CT_RELATED,
	};

	if (b->iptables)
		build_stmt(b, S_XT_MATCH)->xt = (struct xt){
			"conntrack", 3, &info, sizeof(info),
		};
	else
		build_flags(b, F_CT_STATE, CT_ESTABLISHED | CT_RELATED);
}

static void forward_rules(struct build *b, const struct bridge *br)
{
	build_jump(b, USER);
	build_jump(b, STAGE1);
	to_bridge(b, br);
	known_connection(b);
	build_verdict(b, V_ACCEPT);
	to_bridge(b, br);
	build_jump(b, PORTS);
	leaving_bridge(b, br);
	build_verdict(b, V_ACCEPT);
	from_bridge(b, br);
	to_bridge(b, br);
	build_verdict(b, V_ACCEPT);
	if (b->iptables)
		return;
	/* Nobody from outside reaches a container's own address. */
	to_bridge(b, br);
	build_verdict(b, V_DROP);
}

static void masquerade_rule(struct build *b, const struct bridge *br)
{
	static const struct nf_nat_ipv4_multi_range_compat info = {
		.rangesize = 1,
	};

	build_iface(b, F_OIFNAME, br->name, true);
	build_prefix(b, F_IP_SADDR, br->subnet, br->bits);
	if (b->iptables)
		build_stmt(b, S_COUNTER);
	if (b->iptables)
		build_stmt(b, S_XT_TARGET)->xt = (struct xt){
			"MASQUERADE", 0, &info, sizeof(info),
		};
	else
		build_stmt(b, S_MASQUERADE);
	build_emit(b);
}

static const struct base forward = {
	"filter", NF_INET_FORWARD, PRIORITY_FILTER, false,
};
static const struct base postrouting = {
	"nat", NF_INET_POST_ROUTING, PRIORITY_SRCNAT, false,
};

int chains_iptables(const struct bridge *br, struct sink *s, struct err *e)
{
	struct build room, *b = build_start(&room, s, e);

	b->family = TABLE_IP;
	b->table = "filter";
	b->iptables = true;
	build_table(b);
	build_keep_chain(b, PORTS, NULL);
	isolation_chains(b, br);
	user_chain(b);
	build_keep_chain(b, "FORWARD", &forward);
	forward_rules(b, br);
	b->table = "nat";
	build_table(b);
	build_keep_chain(b, "POSTROUTING", &postrouting);
	masquerade_rule(b, br);
	return b->failed;
}
