#include "held.h"

#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "../../config.h"
#include "../wire/attrs.h"
#include "needs.h"

struct reading {
	struct held *held;
	const struct policy *policy; /* NULL: nothing of ours is wanted */
	uint32_t hooks; /* those of others that are wanted, as bits */
	uint64_t sum;  /* of the marks */
	bool odd;      /* there is a rule or policy by another hand */
	struct buf others;
};

static const char *text_of(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0
	       ? mnl_attr_get_str(attr) : "";
}

/* What in our table is docker-chains'. */
static bool is_dockers(const char *chain)
{
	return !strncasecmp(chain, "docker", 6);
}

static void read_rule(const struct nlmsghdr *head, void *ctx)
{
	struct nlattr *attr[NFTA_RULE_MAX + 1];
	const struct nlattr *data;
	struct reading *r = ctx;
	struct mark mark = {.type = 0};

	attrs_of_message(attr, NFTA_RULE_MAX, head);
	if (is_dockers(text_of(attr[NFTA_RULE_CHAIN])))
		return;
	data = attr[NFTA_RULE_USERDATA];
	if (data && mnl_attr_get_payload_len(data) == sizeof(mark))
		memcpy(&mark, mnl_attr_get_payload(data), sizeof(mark));
	if (mark.type == MARK_TYPE) {
		r->sum += mark.digest;
		if (r->held->tallies && mark.rule - 1 < r->policy->n)
			attrs_count(attr[NFTA_RULE_EXPRESSIONS],
				    &r->held->tallies[mark.rule - 1]);
	} else {
		r->odd = true;
	}
}

static void restart(void *ctx)
{
	struct reading *r = ctx;

	r->sum = 0;
	r->odd = false;
	r->others.len = 0;
	if (r->held && r->held->tallies)
		memset(r->held->tallies, 0,
		       r->policy->n * sizeof(*r->held->tallies));
}

static enum action policy_of(const struct policy *p, uint32_t hook)
{
	return hook == NF_INET_FORWARD	   ? p->routed
	       : hook == NF_INET_LOCAL_OUT ? p->outgoing : p->incoming;
}

static void read_chain(const struct nlmsghdr *head, void *ctx)
{
	static const char families[][5] = {[TABLE_INET] = "inet",
		[TABLE_IP] = "ip", [TABLE_IP6] = "ip6"};
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(head);
	struct nlattr *attr[NFTA_CHAIN_MAX + 1];
	struct reading *r = ctx;
	const char *what[4];
	uint32_t hook;
	int i;

	attrs_of_message(attr, NFTA_CHAIN_MAX, head);
	what[1] = text_of(attr[NFTA_CHAIN_TABLE]);
	what[2] = text_of(attr[NFTA_CHAIN_NAME]);
	what[3] = NULL;
	hook = attrs_u32(attrs_find(attr[NFTA_CHAIN_HOOK],
				    NFTA_HOOK_HOOKNUM));
	if (!attr[NFTA_CHAIN_HOOK] || nfg->nfgen_family > TABLE_IP6 ||
	    !*families[nfg->nfgen_family])
		return;
	what[0] = families[nfg->nfgen_family];
	if (attr[NFTA_CHAIN_POLICY] &&
	    attrs_u32(attr[NFTA_CHAIN_POLICY]) == NF_DROP)
		what[3] = "policy drop";
	if (nfg->nfgen_family == TABLE_INET && !strcmp(what[1], TABLE_NAME)) {
		/* It has the policy that the file gives it. */
		if (r->policy && !is_dockers(what[2]) &&
		    !what[3] != (policy_of(r->policy, hook) == ACT_ALLOW))
			r->odd = true;
		return;
	}
	/* Its chains accept by policy and reject in their last rule. */
	if (!strcmp(what[1], "firewalld") &&
	    !strncmp(what[2], "filter_", 7) &&
	    (hook == NF_INET_LOCAL_IN || hook == NF_INET_FORWARD))
		what[3] = "firewalld";
	if (!what[3] || !(r->hooks >> (hook & 31) & 1))
		return;
	for (i = 0; i < 4; i++)
		buf_add(&r->others, what[i], strlen(what[i]) + 1);
}

/* What the marks of the policy's own rules come to. */
static int expected_sum(const struct policy *p, enum gate gate, uint64_t *sum,
			struct err *e)
{
	struct batch b;
	int status;

	batch_begin(&b, 0);
	b.marked = true;
	status = firewall_compile(p, gate, kernel_has_boxes(), &b.sink, e);
	*sum = b.sum;
	batch_free(&b);
	return status;
}

int held_read(struct held *h, struct link *l, const struct policy *p,
	      const enum gate *gate, struct err *e)
{
	struct reading r = {.held = h, .policy = p, .hooks = ~UINT32_C(0)};
	struct question q = {.type = NFT_MSG_GETCHAIN, .each = read_chain,
			     .restart = restart, .ctx = &r};
	uint64_t expected;
	int status;

	*h = (struct held){.active = gate};
	status = link_ask(l, &q, e);
	h->others = r.others;
	if (status)
		return -1;
	if (p->counters && gate)
		h->tallies = calloc(p->n + 1, sizeof(*h->tallies));
	if (h->others.failed || (p->counters && gate && !h->tallies))
		return err_set(e, "out of memory");
	if (!gate)
		return 0;
	h->differs = r.odd;
	r.others = (struct buf){0};
	q.type = NFT_MSG_GETRULE;
	q.family = TABLE_INET;
	q.table = TABLE_NAME;
	q.each = read_rule;
	if (expected_sum(p, *gate, &expected, e) || link_ask(l, &q, e))
		return -1;
	h->differs |= r.odd;
	if (r.sum != expected) { /* the numbers are of other rules */
		h->differs = true;
		free(h->tallies);
		h->tallies = NULL;
	}
	return 0;
}

int held_others(struct buf *others, struct link *l, uint32_t hook,
		struct err *e)
{
	struct reading r = {.hooks = UINT32_C(1) << hook};
	struct question q = {.type = NFT_MSG_GETCHAIN, .each = read_chain,
			     .restart = restart, .ctx = &r};
	int status = link_ask(l, &q, e);

	*others = r.others;
	return status || others->failed ? -1 : 0;
}

void held_free(struct held *h)
{
	free(h->tallies);
	buf_free(&h->others);
}
