#include "attrs.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

enum { ERRNO_MAX = 4095 };

bool message_ok(const struct nlmsghdr *head, int left)
{
	return mnl_nlmsg_ok(head, left) && head->nlmsg_len <= (unsigned)left;
}

int message_errno(int error)
{
	return error > 0 || error < -ERRNO_MAX ? EBADMSG : -error;
}

int message_end(const struct nlmsghdr *head)
{
	int end = 0;

	if (mnl_nlmsg_get_payload_len(head) >= sizeof(end))
		memcpy(&end, mnl_nlmsg_get_payload(head), sizeof(end));
	return message_errno(end);
}

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
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
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

const struct nlattr *attrs_find(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *a;

	if (!nest)
		return NULL;
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
		b = attrs_find(theirs, mnl_attr_get_type(a));
		if (!b)
			return false;
		if (a->nla_type & NLA_F_NESTED ? !covers(a, b)
					       : !same_value(a, b))
			return false;
	}
	return true;
}

static bool is_called(const struct nlattr *expr, const char *name)
{
	const struct nlattr *a = attrs_find(expr, NFTA_EXPR_NAME);

	return a && mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0 &&
	       !strcmp(mnl_attr_get_str(a), name);
}

/* An expression and the one before it, whose value it may look at. */
struct place {
	const struct nlattr *expr, *before;
};

static bool same_expr(const struct place *a, const struct place *b)
{
	if (is_called(a->expr, "counter"))
		return is_called(b->expr, "counter");
	if (!covers(a->expr, b->expr))
		return false;
	if (!is_called(a->expr, "cmp") && !is_called(a->expr, "bitwise"))
		return true;
	return a->before && b->before && covers(a->before, b->before);
}

/* Versions of iptables put the tests of a rule in orders of their own. */
bool attrs_same_exprs(const struct nlattr *ours, const struct nlattr *theirs)
{
	struct place a = {first(ours), NULL}, b;
	uint64_t used = 0, bit;
	int left = 0;

	for (b.expr = first(theirs); inside(b.expr, theirs); left++)
		b.expr = mnl_attr_next(b.expr);
	for (; inside(a.expr, ours); left--) {
		b = (struct place){first(theirs), NULL};
		for (bit = 1; bit && inside(b.expr, theirs); bit <<= 1) {
			if (!(used & bit) && same_expr(&a, &b))
				break;
			b.before = b.expr;
			b.expr = mnl_attr_next(b.expr);
		}
		if (!bit || !inside(b.expr, theirs))
			return false;
		used |= bit;
		a.before = a.expr;
		a.expr = mnl_attr_next(a.expr);
	}
	return !left;
}

static uint64_t wide(const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return 0;
	return be64toh(mnl_attr_get_u64(attr));
}

void attrs_count(const struct nlattr *exprs, struct tally *t)
{
	const struct nlattr *a, *data;

	if (!exprs)
		return;
	for (a = first(exprs); inside(a, exprs); a = mnl_attr_next(a)) {
		if (!is_called(a, "counter"))
			continue;
		data = attrs_find(a, NFTA_EXPR_DATA);
		t->packets += wide(attrs_find(data, NFTA_COUNTER_PACKETS));
		t->bytes += wide(attrs_find(data, NFTA_COUNTER_BYTES));
	}
}
