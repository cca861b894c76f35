#include "attrs.h"

#include <arpa/inet.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

struct by_type {
	struct nlattr **attr;
	int max;
};

static int keep(const struct nlattr *attr, void *ctx)
{
	struct by_type *t = ctx;

	if (mnl_attr_get_type(attr) <= t->max)
		t->attr[mnl_attr_get_type(attr)] = (struct nlattr *)attr;
	return MNL_CB_OK;
}

void attrs_of_message(struct nlattr **attr, int max,
		      const struct nlmsghdr *head)
{
	struct by_type t = {attr, max};

	memset(attr, 0, (size_t)(max + 1) * sizeof(*attr));
	mnl_attr_parse(head, sizeof(struct nfgenmsg), keep, &t);
}

uint32_t attrs_u32(const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return 0;
	return ntohl(mnl_attr_get_u32(attr));
}

static const struct nlattr *first(const struct nlattr *nest)
{
	return mnl_attr_get_payload(nest);
}

static bool inside(const struct nlattr *attr, const struct nlattr *nest)
{
	const char *end = (const char *)nest + nest->nla_len;

	return mnl_attr_ok(attr, (int)(end - (const char *)attr));
}

static const struct nlattr *find(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *a;

	for (a = first(nest); inside(a, nest); a = mnl_attr_next(a))
		if (mnl_attr_get_type(a) == type)
			return a;
	return NULL;
}

/* Values are the same up to our length: xt's structs end in padding. */
static bool same_value(const struct nlattr *a, const struct nlattr *b)
{
	uint16_t len = mnl_attr_get_payload_len(a);

	return mnl_attr_get_payload_len(b) >= len &&
	       !memcmp(mnl_attr_get_payload(a), mnl_attr_get_payload(b), len);
}

/* Is each attribute of ours in theirs?  Nesting goes as deep as ours. */
static bool covers(const struct nlattr *ours, const struct nlattr *theirs)
{
	const struct nlattr *a, *b;

	for (a = first(ours); inside(a, ours); a = mnl_attr_next(a)) {
		b = find(theirs, mnl_attr_get_type(a));
		if (!b)
			return false;
		if (a->nla_type & NLA_F_NESTED ? !covers(a, b)
					       : !same_value(a, b))
			return false;
	}
	return true;
}

static bool is_counter(const struct nlattr *expr)
{
	const struct nlattr *name = find(expr, NFTA_EXPR_NAME);

	return name && mnl_attr_get_payload_len(name) == sizeof("counter") &&
	       !memcmp(mnl_attr_get_payload(name), "counter",
		       sizeof("counter"));
}

bool attrs_same_exprs(const struct nlattr *ours, const struct nlattr *theirs)
{
	const struct nlattr *a = first(ours), *b = first(theirs);

	while (inside(a, ours) && inside(b, theirs)) {
		if (!(is_counter(a) && is_counter(b)) && !covers(a, b))
			return false;
		a = mnl_attr_next(a);
		b = mnl_attr_next(b);
	}
	return !inside(a, ours) && !inside(b, theirs);
}
