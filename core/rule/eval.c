#include "eval.h"

#include <string.h>

#include "addr.h"
#include "expand.h"
#include "ports.h"

enum { TCP = 6, UDP = 17 };

/* "eth+" is every name that begins with eth. */
static bool iface_fits(const char *pattern, const char *name)
{
	size_t len = strlen(pattern);

	if (!len)
		return true;
	if (!name)
		return false;
	if (pattern[len - 1] == '+')
		return !strncmp(pattern, name, len - 1) && *name;
	return !strcmp(pattern, name);
}

static bool side_fits(const struct side *side, enum family family,
		      const uint8_t *addr, const struct net_files *files)
{
	if (side->file)
		return files && files->has(files->ctx, side->file, family,
					   addr);
	return net_has(&side->net, addr);
}

static bool match_fits(const struct match *m, const struct packet *p)
{
	if (m->proto && m->proto != p->proto)
		return false;
	if (!m->sport.n && !m->dport.n)
		return true;
	return (p->proto == TCP || p->proto == UDP) &&
	       ports_have(&m->sport, p->sport) &&
	       ports_have(&m->dport, p->dport);
}

bool rule_matches(const struct rule *r, const struct packet *p,
		  const struct net_files *files)
{
	struct expansion x = expand_start(r);
	struct match m;

	if (r->dir != p->dir || (r->family && r->family != p->family) ||
	    !iface_fits(r->iif, p->iif) || !iface_fits(r->oif, p->oif) ||
	    !side_fits(&r->src, p->family, p->saddr, files) ||
	    !side_fits(&r->dst, p->family, p->daddr, files))
		return false;
	while (expand_next(&x, &m))
		if (match_fits(&m, p))
			return true;
	return false;
}

ptrdiff_t rules_first_match(const struct rule *const rules[], size_t n,
			    const struct packet *p,
			    const struct net_files *files)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rule_matches(rules[i], p, files))
			return (ptrdiff_t)i;
	return -1;
}
