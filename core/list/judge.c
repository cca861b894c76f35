#include "judge.h"

#include <netinet/in.h>
#include <string.h>

#include "../rule/expand.h"
#include "../rule/ports.h"
#include "builtin.h"

static bool in_file(void *ctx, const char *file, enum family family,
		    const uint8_t *addr)
{
	return netfile_has(policy_netfile(ctx, file), family, addr);
}

/* To conntrack the beginning of nothing: an answer that was not asked for, or
 * an error about no connection. */
static bool is_invalid(const struct packet *k)
{
	uint8_t t = k->icmp_type;

	if (k->proto == IPPROTO_ICMP)
		return t != 8 && t != 13 && t != 15 && t != 17;
	return k->proto == IPPROTO_ICMPV6 && (t < 128 || t > 136) &&
	       t != 139 && t != 143 && t != 151 && t != 152;
}

static bool is_icmp(const struct builtin_icmp *x, const struct packet *k)
{
	return k->proto == (x->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) &&
	       memchr(x->types, k->icmp_type, x->n) &&
	       (!x->hoplimit || !k->hoplimit || x->hoplimit == k->hoplimit) &&
	       (!x->from_link_local ||
		(k->saddr[0] == 0xfe && (k->saddr[1] & 0xc0) == 0x80));
}

/* What list/builtin.h lets through. */
static bool is_builtin(const struct packet *k)
{
	static const struct {
		uint8_t from, end;
	} icmp[] = {
		[DIR_IN] = {ICMP_IN, BUILTIN_ICMP},
		[DIR_OUT] = {ICMP_OUT, ICMP_OUT_END},
		[DIR_ROUTE] = {0, ICMP_ROUTED_END},
	};
	int i = icmp[k->dir].from;

	for (; i < icmp[k->dir].end; i++)
		if (is_icmp(&builtin_icmp[i], k))
			return true;
	for (i = 0; i < BUILTIN_UDP; i++)
		if (rule_matches(&builtin_udp[i], k, NULL))
			return true;
	return false;
}

bool judge_is_container(const struct policy *p, const char *iface)
{
	size_t i, n;

	for (i = 0; iface && i < p->n_containers; i++) {
		n = strcspn(p->containers[i], "*");
		if (!strncmp(p->containers[i], iface, n) &&
		    (p->containers[i][n] || !iface[n]))
			return true;
	}
	return false;
}

struct judgement judge(const struct policy *p, const struct packet *k)
{
	const struct net_files files = {in_file, (void *)p};
	const char *loop = k->dir == DIR_OUT ? k->oif : k->iif;
	struct judgement j = {.action = ACT_ALLOW, .rule = -1};
	size_t i;

	j.why = "loopback";
	if (k->dir != DIR_ROUTE && loop && !strcmp(loop, "lo"))
		return j;
	j.why = "always let through";
	if (k->dir == DIR_IN && is_invalid(k)) {
		j.why = "invalid: it belongs to no connection";
		j.action = ACT_DENY;
	}
	if (j.action == ACT_DENY || is_builtin(k))
		return j;
	j.why = NULL;
	for (i = 0; i < p->n; i++)
		if (rule_matches(&p->rules[i].rule, k, &files)) {
			j.rule = (ptrdiff_t)i;
			j.action = p->rules[i].rule.action;
			return j;
		}
	j.why = "from a container";
	if (k->dir == DIR_ROUTE && judge_is_container(p, k->iif))
		return j;
	j.why = k->dir == DIR_IN    ? "the default for incoming packets"
		: k->dir == DIR_OUT ? "the default for outgoing packets"
				    : "the default for routed packets";
	j.action = k->dir == DIR_IN    ? p->incoming
		   : k->dir == DIR_OUT ? p->outgoing : p->routed;
	return j;
}

static bool opens(const struct rule *r, uint16_t port)
{
	struct expansion x = expand_start(r);
	struct match m;

	while (expand_next(&x, &m))
		if ((!m.proto || m.proto == IPPROTO_TCP) &&
		    ports_have(&m.dport, port))
			return true;
	return false;
}

bool judge_port_open(const struct policy *p, uint16_t port)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->rules[i].rule.dir == DIR_IN &&
		    (p->rules[i].rule.action == ACT_ALLOW ||
		     p->rules[i].rule.action == ACT_LIMIT) &&
		    opens(&p->rules[i].rule, port))
			return true;
	return p->incoming == ACT_ALLOW;
}
