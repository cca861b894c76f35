#include "firewall.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

#include "../../config.h"
#include "build.h"
#include "builtin.h"
#include "limit.h"
#include "logging.h"
#include "../base/intervals.h"
#include "rules.h"

#define TRY(call)          \
	do {               \
		if (call)  \
			return -1; \
	} while (0)

/* Between conntrack (-200) and destination NAT (-100). */
enum { PRIORITY_GATE = -110, PRIORITY_FILTER = 0 };

static struct build start(struct sink *s)
{
	return (struct build){.sink = s, .family = TABLE_INET,
			      .table = TABLE_NAME};
}

/* The first rule everywhere: known connections pay one lookup. */
static int known_connections(struct build *b, struct err *e)
{
	static const uint32_t states[] = {CT_ESTABLISHED, CT_RELATED};
	static const struct verdict accept[] = {{V_ACCEPT, NULL},
						{V_ACCEPT, NULL}};
	const struct set set = {
		.nfields = 1, .fields = {F_CT_STATE}, .n = 2,
		.keys = (const uint8_t *)states, .verdicts = accept,
	};

	build_lookup(b, &set);
	return build_emit(b, e);
}

static int no_source_routing(struct build *b, struct err *e)
{
	build_u8(b, F_RT_TYPE, 0);
	return build_verdict(b, V_DROP, e);
}

/* A base chain's end, for what no rule decided. */
static int default_verdict(struct build *b, const struct policy *p,
			   enum action action, struct err *e)
{
	TRY(logging_default(b, p->logging, action, e));
	return action == ACT_REJECT ? build_reject(b, REJECT_PORT_UNREACH, e)
				    : 0;
}

static int base_chain(struct build *b, const char *name, uint32_t hook,
		      int32_t priority, const struct policy *p,
		      enum action action, struct err *e)
{
	struct base base = {"filter", hook, priority, action != ACT_ALLOW};

	TRY(build_chain(b, name, &base, e));
	TRY(logging_audit_all(b, p->logging, e));
	TRY(known_connections(b, e));
	return logging_audit_new(b, p->logging, e);
}

/* Chatter of the local network that is not worth a line in the log. */
static int noise(struct build *b, const struct policy *p, struct err *e)
{
	static const uint8_t udp[] = {0, 67, 0, 68, 0, 137, 0, 138,
				      2, 34, 2, 35}; /* 546 and 547 */
	static const uint8_t tcp[] = {0, 139, 1, 189}; /* 139 and 445 */
	const struct set sets[] = {
		{.nfields = 1, .fields = {F_UDP_DPORT}, .n = 6, .keys = udp},
		{.nfields = 1, .fields = {F_TCP_DPORT}, .n = 2, .keys = tcp},
	};
	int i;

	if (p->logging == LOG_OFF)
		return 0;
	for (i = 0; i < 3; i++) {
		if (i < 2)
			build_lookup(b, &sets[i]);
		else
			build_u8(b, F_PKTTYPE, PACKET_BROADCAST);
		if (p->incoming == ACT_REJECT)
			TRY(build_reject(b, REJECT_PORT_UNREACH, e));
		else
			TRY(build_verdict(b, p->incoming == ACT_ALLOW
					  ? V_ACCEPT : V_DROP, e));
	}
	return 0;
}

static int gate_chain(struct build *b, const struct policy *p, enum gate gate,
		      struct err *e)
{
	bool early = gate == GATE_PREROUTING;

	TRY(base_chain(b, firewall_base_chain(gate),
		       early ? NF_INET_PRE_ROUTING : NF_INET_LOCAL_IN,
		       early ? PRIORITY_GATE : PRIORITY_FILTER, p,
		       p->incoming, e));
	build_iface(b, F_IIFNAME, "lo", false);
	TRY(build_verdict(b, V_ACCEPT, e));
	TRY(no_source_routing(b, e));
	if (early) {
		/* Not for this host: the forward chain decides. */
		build_u32(b, F_DADDR_TYPE, RTN_UNICAST);
		TRY(build_verdict(b, V_ACCEPT, e));
	}
	TRY(builtin_incoming_call(b, e));
	TRY(build_jump(b, "incoming", e));
	TRY(noise(b, p, e));
	return default_verdict(b, p, p->incoming, e);
}

/* The container interfaces as a set of names, a prefix being an interval. */
struct containers {
	struct set set;
	uint8_t keys[CONTAINERS_MAX][2][VALUE_MAX];
};

static void container_set(struct containers *c, const struct policy *p,
			  enum field f)
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
	c->set = (struct set){.flags = SET_INTERVAL, .nfields = 1,
			      .fields = {f}, .keys = c->keys[0][0]};
	c->set.n = intervals_merge(c->keys[0][0], p->n_containers, VALUE_MAX);
}

/* Published ports lead to containers: the gate has judged those before
 * destination NAT, or, standing on input, judges them here. */
static int published_ports(struct build *b, const struct policy *p,
			   enum gate gate, struct err *e)
{
	struct containers c;

	container_set(&c, p, F_OIFNAME);
	build_flags(b, F_CT_STATUS, CT_STATUS_DNAT);
	build_lookup(b, &c.set);
	if (gate == GATE_PREROUTING)
		return build_verdict(b, V_ACCEPT, e);
	return build_jump(b, "incoming", e);
}

static int from_containers(struct build *b, const struct policy *p,
			   struct err *e)
{
	struct containers c;

	container_set(&c, p, F_IIFNAME);
	build_lookup(b, &c.set);
	return build_verdict(b, V_ACCEPT, e);
}

static int forward_chain(struct build *b, const struct policy *p,
			 enum gate gate, struct err *e)
{
	TRY(base_chain(b, "forward", NF_INET_FORWARD, PRIORITY_FILTER, p,
		       p->routed, e));
	TRY(no_source_routing(b, e));
	TRY(builtin_routed(b, e));
	TRY(build_jump(b, "routed", e));
	if (p->n_containers) {
		TRY(published_ports(b, p, gate, e));
		TRY(from_containers(b, p, e));
	}
	return default_verdict(b, p, p->routed, e);
}

static int output_chain(struct build *b, const struct policy *p,
			struct err *e)
{
	TRY(base_chain(b, "output", NF_INET_LOCAL_OUT, PRIORITY_FILTER, p,
		       p->outgoing, e));
	build_iface(b, F_OIFNAME, "lo", false);
	TRY(build_verdict(b, V_ACCEPT, e));
	TRY(no_source_routing(b, e));
	TRY(build_jump(b, "outgoing", e));
	return default_verdict(b, p, p->outgoing, e);
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

static int list_chain(struct build *b, const char *name,
		      const struct policy *p, enum chain_dir dir,
		      enum gate gate, struct err *e)
{
	size_t i;

	TRY(build_chain(b, name, NULL, e));
	for (i = 0; i < p->n; i++) {
		if (p->rules[i].rule.dir != dir)
			continue;
		b->line = p->rules[i].line;
		TRY(rules_compile(b, p, &p->rules[i].rule,
				  gate == GATE_INPUT && dir == DIR_IN, e));
	}
	b->line = 0;
	return 0;
}

int firewall_compile(const struct policy *p, enum gate gate, struct sink *s,
		     struct err *e)
{
	struct build b = start(s);

	TRY(build_table(&b, e));
	TRY(builtin_incoming(&b, p->logging, e));
	TRY(limit_chains(&b, p, e));
	TRY(list_chain(&b, "incoming", p, DIR_IN, gate, e));
	TRY(list_chain(&b, "routed", p, DIR_ROUTE, gate, e));
	if (has_output(p)) {
		TRY(list_chain(&b, "outgoing", p, DIR_OUT, gate, e));
		TRY(output_chain(&b, p, e));
	} else {
		TRY(build_drop_chain(&b, "output", e));
		TRY(build_drop_chain(&b, "outgoing", e));
	}
	TRY(forward_chain(&b, p, gate, e));
	TRY(gate_chain(&b, p, gate, e));
	/* Where another kernel had it stand. */
	return build_drop_chain(&b, firewall_base_chain(!gate), e);
}

int firewall_remove(struct sink *s, struct err *e)
{
	static const char *const chains[] = {
		"prerouting", "input", "forward", "output",
		"incoming", "routed", "outgoing",
	};
	struct build b = start(s);
	size_t i;

	for (i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
		TRY(build_drop_chain(&b, chains[i], e));
	TRY(limit_remove(&b, e));
	return builtin_remove(&b, e);
}

const char *firewall_base_chain(enum gate gate)
{
	return gate == GATE_PREROUTING ? "prerouting" : "input";
}
