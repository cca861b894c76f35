#include "judge.h"

#include <netinet/in.h>
#include <string.h>

#include "../rule/expand.h"
#include "../rule/ports.h"

static bool in_file(void *ctx, const char *file, enum family family,
		    const uint8_t *addr)
{
	return netfile_has(policy_netfile(ctx, file), family, addr);
}

static bool is_link_local(const uint8_t *a)
{
	return a[0] == 0xfe && (a[1] & 0xc0) == 0x80;
}

static bool is_group(const struct packet *k, uint16_t port)
{
	static const uint8_t mdns4[] = {224, 0, 0, 251};
	static const uint8_t upnp4[] = {239, 255, 255, 250};
	static const uint8_t ff02[16] = {0xff, 2};
	bool mdns = port == 5353;

	if (port != 5353 && port != 1900)
		return false;
	if (k->family == FAMILY_4)
		return !memcmp(k->daddr, mdns ? mdns4 : upnp4, 4);
	return !memcmp(k->daddr, ff02, 15) &&
	       k->daddr[15] == (mdns ? 0xfb : 0x0f);
}

/* What compile/builtin.h lets in of udp. */
static bool is_service(const struct packet *k)
{
	if (k->proto != IPPROTO_UDP)
		return false;
	if (is_group(k, k->dport))
		return true;
	if (k->family == FAMILY_4)
		return k->sport == 67 && k->dport == 68;
	return k->sport == 547 && k->dport == 546 &&
	       is_link_local(k->saddr) && is_link_local(k->daddr);
}

static bool from_container(const struct policy *p, const char *iface)
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
	struct judgement j = {ACT_ALLOW, -1, "loopback"};
	size_t i;

	if (k->dir != DIR_ROUTE && loop && !strcmp(loop, "lo"))
		return j;
	j.why = "always let in";
	if (k->dir == DIR_IN && is_service(k))
		return j;
	j.why = NULL;
	for (i = 0; i < p->n; i++)
		if (rule_matches(&p->rules[i].rule, k, &files)) {
			j.rule = (ptrdiff_t)i;
			j.action = p->rules[i].rule.action;
			return j;
		}
	j.why = "from a container";
	if (k->dir == DIR_ROUTE && from_container(p, k->iif))
		return j;
	j.why = "the default";
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
