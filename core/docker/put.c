#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "../../config.h"
#include "../apply/apply.h"
#include "../wire/attrs.h"
#include "chains.h"

struct chains_maker {
	struct maker maker;
	const struct chains *chains;
};

/* What the kernel has of the chains. */
struct holding {
	uint64_t sum; /* of the rules' marks */
	bool odd;     /* there is a rule by another hand */
};

static int make(const struct maker *m, struct sink *s, struct err *e)
{
	return chains_native(((const struct chains_maker *)m)->chains, s, e);
}

static const char *chain_of(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0
	       ? mnl_attr_get_str(attr) : "";
}

static void read_rule(const struct nlmsghdr *head, void *ctx)
{
	struct nlattr *attr[NFTA_RULE_MAX + 1];
	struct holding *h = ctx;
	struct mark mark = {.type = 0};
	const struct nlattr *data;
	const char *chain;

	attrs_of_message(attr, NFTA_RULE_MAX, head);
	chain = chain_of(attr[NFTA_RULE_CHAIN]);
	data = attr[NFTA_RULE_USERDATA];
	/* The firewall's, and the user's own. */
	if (strncasecmp(chain, "docker", 6) || !strcmp(chain, "DOCKER-USER"))
		return;
	if (data && mnl_attr_get_payload_len(data) == sizeof(mark))
		memcpy(&mark, mnl_attr_get_payload(data), sizeof(mark));
	h->sum += mark.digest;
	h->odd |= mark.type != MARK_TYPE;
}

static void restart(void *ctx)
{
	*(struct holding *)ctx = (struct holding){0};
}

/* The marks' digests of what is to be there. */
static int wanted(const struct chains_maker *m, uint64_t *sum, struct err *e)
{
	struct batch b;
	int status;

	batch_begin(&b, 0);
	b.marked = true;
	status = make(&m->maker, &b.sink, e);
	*sum = b.sum;
	batch_free(&b);
	return status;
}

int chains_apply(struct link *l, const struct chains *c, bool *changed,
		 struct err *e)
{
	struct chains_maker m = {{make, true, false}, c};
	struct holding have = {0};
	struct question q = {
		.type = NFT_MSG_GETRULE, .family = TABLE_INET,
		.table = TABLE_NAME, .each = read_rule, .restart = restart,
		.ctx = &have,
	};
	struct outcome o;
	uint64_t sum;

	*changed = true;
	if (wanted(&m, &sum, e) || link_ask(l, &q, e))
		return -1;
	if (have.sum == sum && !have.odd) {
		*changed = false;
		return 0;
	}
	return apply(l, &m.maker, &o, e);
}
