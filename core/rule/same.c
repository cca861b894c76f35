#include "print.h"

#include <string.h>

#include "addr.h"
#include "ports.h"

const char *action_name(enum action action)
{
	static const char *const names[] = {
		[ACT_ALLOW] = "allow", [ACT_DENY] = "deny",
		[ACT_REJECT] = "reject", [ACT_LIMIT] = "limit",
	};

	return names[action];
}

static bool str_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool side_same(const struct side *a, const struct side *b)
{
	return net_same(&a->net, &b->net) && ports_same(&a->ports, &b->ports) &&
	       str_same(a->app, b->app) && str_same(a->file, b->file);
}

bool rule_same_match(const struct rule *a, const struct rule *b)
{
	return a->dir == b->dir && a->family == b->family &&
	       a->proto == b->proto && !strcmp(a->iif, b->iif) &&
	       !strcmp(a->oif, b->oif) && side_same(&a->src, &b->src) &&
	       side_same(&a->dst, &b->dst);
}

bool rule_same(const struct rule *a, const struct rule *b)
{
	return a->action == b->action && a->log == b->log &&
	       rule_same_match(a, b);
}

bool rule_same_comment(const struct rule *a, const struct rule *b)
{
	return !strcmp(a->comment ? a->comment : "",
		       b->comment ? b->comment : "");
}
