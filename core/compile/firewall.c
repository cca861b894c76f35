#include "firewall.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

#include "../base/intervals.h"
#include "build.h"
#include "builtin.h"
#include "limit.h"
#include "logging.h"
#include "runs.h"

/* Between conntrack (-200) and destination NAT (-100). */
enum { PRIORITY_GATE = -110, PRIORITY_FILTER = 0 };

/* The first rule everywhere: known connections pay one lookup. */
static void known_connections(struct build *b)
{
	static const uint32_t states[] = {CT_ESTABLISHED, CT_RELATED};
	static const struct verdict accept[] = {{V_ACCEPT, NULL},
						{V_ACCEPT, NULL}};
	static const struct set set = {
		.nfields = 1, .fields = {F_CT_STATE}, .n = 2,
		.keys = (const uint8_t *)states, .verdicts = accept,
	};

	build_lookup(b, &set);
	build_emit(b);
}

static void base_chain(struct build *b, const char *name, uint32_t hook,
		       const struct policy *p, enum action action)
{
	struct base base = {
		"filter", hook,
		hook == NF_INET_PRE_ROUTING ? PRIORITY_GATE : PRIORITY_FILTER,
		action != ACT_ALLOW,
	};

	build_chain(b, name, &base);
	logging_audit_all(b, p->logging);
	known_connections(b);
	logging_audit_new(b, p->logging);
}

/* What goes through the loopback interface is let through. */
static void loopback(struct build *b, enum field iface)
{
	build_iface(b, iface, "lo", false);
	build_verdict(b, V_ACCEPT);
}

static void no_source_routing(struct build *b)
{
	build_u8(b, F_RT_TYPE, 0);
	build_verdict(b, V_DROP);
}

/* A base chain's end, for what no rule decided. */
static void default_verdict(struct build *b, const struct policy *p,
			    enum action action)
{
	logging_default(b, p->logging, action);
	if (action == ACT_REJECT)
		build_reject(b, REJECT_PORT_UNREACH);
}

/* Chatter of the local network that is not worth a line in the log. */
static void noise(struct build *b, const struct policy *p)
{
	static const uint8_t udp[] = {0, 67, 0, 68, 0, 137, 0, 138,
				      2, 34, 2, 35}; /* 546 and 547 */
	static const uint8_t tcp[] = {0, 139, 1, 189}; /* 139 and 445 */
	static const struct set sets[] = {
		{.nfields = 1, .fields = {F_UDP_DPORT}, .n = 6, .keys = udp},
		{.nfields = 1, .fields = {F_TCP_DPORT}, .n = 2, .keys = tcp},
	};
	int i;

	for (i = 0; i < 3; i++) {
		if (i < 2)
			build_lookup(b, &sets[i]);
		else
			build_u8(b, F_PKTTYPE, PACKET_BROADCAST);
		if (p->incoming == ACT_REJECT)
			build_reject(b, REJECT_PORT_UNREACH);
		else
			build_verdict(b, p->incoming == ACT_ALLOW ? V_ACCEPT
								  : V_DROP);
	}
}

static void gate_chain(struct build *b, const struct policy *p, enum gate gate)
{
	static const uint32_t unicast = RTN_UNICAST;

	base_chain(b, firewall_base_chain(gate), gate == GATE_PREROUTING
		   ? NF_INET_PRE_ROUTING : NF_INET_LOCAL_IN, p, p->incoming);
	loopback(b, F_IIFNAME);
	no_source_routing(b);
	if (gate == GATE_PREROUTING) {
		/* Not for this host: the forward chain decides. */
		build_match(b, F_DADDR_TYPE, &unicast);
		build_verdict(b, V_ACCEPT);
	}
	builtin_incoming_call(b);
	build_jump(b, "incoming");
	if (p->logging != LOG_OFF)
		noise(b, p);
	default_verdict(b, p, p->incoming);
}

/* The container interfaces as a set of names, a prefix being an interval. */
struct containers {
	struct set set;
	uint8_t keys[CONTAINERS_MAX][2][VALUE_MAX];
};

static void container_set(struct containers *c, const struct policy *p)
{
	size_t i, len;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < p->n_containers; i++) {
		const char *name = p->containers[i];
		uint8_t *first = c->keys[i][0], *last = c->keys[i][1];
		bool prefix;

		len = strlen(name);
		prefix = len && name[len - 1] == '*';
		memcpy(first, name, len - prefix);
		memcpy(last, first, VALUE_MAX);
		if (prefix)
			memset(last + len - 1, 0xff, VALUE_MAX - len + 1);
	}
	c->set.flags = SET_INTERVAL;
	c->set.nfields = 1;
	c->set.keys = c->keys[0][0];
	c->set.n = intervals_merge(c->keys[0][0], p->n_containers, VALUE_MAX);
}

static void containers(struct build *b, const struct policy *p,
		       enum gate gate)
{
	struct containers c;

	container_set(&c, p);
	/* Published ports lead to containers: the gate has judged those before
	 * destination NAT, or, standing on input, judges them here. */
	c.set.fields[0] = F_OIFNAME;
	build_flags(b, F_CT_STATUS, CT_STATUS_DNAT);
	build_lookup(b, &c.set);
	if (gate == GATE_PREROUTING)
		build_verdict(b, V_ACCEPT);
	else
		build_jump(b, "incoming");
	c.set.fields[0] = F_IIFNAME;
	build_lookup(b, &c.set);
	build_verdict(b, V_ACCEPT);
}

static void forward_chain(struct build *b, const struct policy *p,
			  enum gate gate)
{
	base_chain(b, "forward", NF_INET_FORWARD, p, p->routed);
	no_source_routing(b);
	builtin_routed(b);
	build_jump(b, "routed");
	if (p->n_containers)
		containers(b, p, gate);
	default_verdict(b, p, p->routed);
}

static void output_chain(struct build *b, const struct policy *p)
{
	base_chain(b, "output", NF_INET_LOCAL_OUT, p, p->outgoing);
	loopback(b, F_OIFNAME);
	no_source_routing(b);
	builtin_outgoing(b);
	build_jump(b, "outgoing");
	default_verdict(b, p, p->outgoing);
}

/* With nothing to say on what goes out, there is no chain to pay for. */
static bool has_output(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->rules[i].rule.dir == DIR_OUT)
			return true;
	return p->outgoing != ACT_ALLOW || p->logging >= LOG_MEDIUM;
}

static void list_chain(struct build *b, const char *name,
		       const struct policy *p, enum chain_dir dir,
		       bool past_nat, bool boxes)
{
	build_chain(b, name, NULL);
	runs_compile(b, p, dir, past_nat, boxes);
}

int firewall_compile(const struct policy *p, enum gate gate, bool boxes,
		     struct sink *s, struct err *e)
{
	struct build room, *b = build_start(&room, s, e);

	build_table(b);
	builtin_incoming(b, p->logging);
	limit_chains(b, p);
	if (policy_has(p, ACT_REJECT))
		rules_reject_chains(b);
	list_chain(b, "incoming", p, DIR_IN, gate == GATE_INPUT, boxes);
	list_chain(b, "routed", p, DIR_ROUTE, false, boxes);
	if (has_output(p)) {
		list_chain(b, "outgoing", p, DIR_OUT, false, boxes);
		output_chain(b, p);
	} else {
		build_drop_chains(b, "output\0outgoing\0");
	}
	if (!policy_has(p, ACT_LIMIT))
		limit_remove(b);
	if (!policy_has(p, ACT_REJECT))
		rules_reject_remove(b);
	forward_chain(b, p, gate);
	gate_chain(b, p, gate);
	/* Where another kernel had it stand. */
	build_drop_chain(b, firewall_base_chain(!gate));
	return b->failed;
}

int firewall_remove(struct sink *s, struct err *e)
{
	struct build room, *b = build_start(&room, s, e);

	build_drop_chains(b, "prerouting\0input\0forward\0output\0"
			      "incoming\0routed\0outgoing\0");
	limit_remove(b);
	rules_reject_remove(b);
	builtin_remove(b);
	return b->failed;
}

const char *firewall_base_chain(enum gate gate)
{
	return gate == GATE_PREROUTING ? "prerouting" : "input";
}
