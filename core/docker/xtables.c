#include "xtables.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "../wire/attrs.h"
#include "../wire/batch.h"

const char xtables_names[] = "filter\0nat\0raw\0";

static bool ours(const char *table)
{
	const char *name = xtables_names;

	while (*name && strcmp(name, table) != 0)
		name += strlen(name) + 1;
	return *name;
}

static bool copy_name(char out[32], const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0 ||
	    mnl_attr_get_payload_len(attr) > 32)
		return false;
	strcpy(out, mnl_attr_get_str(attr));
	return true;
}

/* One more item at the end of an array that doubles. */
static void *grow(struct xtables *x, void *items, size_t n, size_t size)
{
	if (!(n & (n - 1)) && !x->failed) {
		void *grown = realloc(items, (n ? 2 * n : 1) * size);

		x->failed = !grown;
		if (grown)
			items = grown;
	}
	return items;
}

static void read_chain(const struct nlmsghdr *head, void *ctx)
{
	struct nlattr *attr[NFTA_CHAIN_MAX + 1];
	struct xtables *x = ctx;
	struct have_chain c = {0};

	attrs_of_message(attr, NFTA_CHAIN_MAX, head);
	if (!copy_name(c.table, attr[NFTA_CHAIN_TABLE]) || !ours(c.table) ||
	    !copy_name(c.name, attr[NFTA_CHAIN_NAME]))
		return;
	c.base = attr[NFTA_CHAIN_HOOK];
	c.drops = attr[NFTA_CHAIN_POLICY] &&
		  attrs_u32(attr[NFTA_CHAIN_POLICY]) == NF_DROP;
	x->chains = grow(x, x->chains, x->n_chains, sizeof(c));
	if (!x->failed)
		x->chains[x->n_chains++] = c;
}

static void read_rule(const struct nlmsghdr *head, void *ctx)
{
	struct nlattr *attr[NFTA_RULE_MAX + 1], *list;
	struct xtables *x = ctx;
	struct have_rule r = {.at = x->bytes.len};
	const struct mark *mark;

	attrs_of_message(attr, NFTA_RULE_MAX, head);
	if (!copy_name(r.table, attr[NFTA_RULE_TABLE]) ||
	    !copy_name(r.chain, attr[NFTA_RULE_CHAIN]) ||
	    !attr[NFTA_RULE_HANDLE] ||
	    mnl_attr_validate(attr[NFTA_RULE_HANDLE], MNL_TYPE_U64) < 0)
		return;
	r.handle = be64toh(mnl_attr_get_u64(attr[NFTA_RULE_HANDLE]));
	if (attr[NFTA_RULE_USERDATA]) {
		mark = mnl_attr_get_payload(attr[NFTA_RULE_USERDATA]);
		r.marked = mnl_attr_get_payload_len(attr[NFTA_RULE_USERDATA])
			   == sizeof(*mark) && mark->type == MARK_TYPE;
	}
	list = attr[NFTA_RULE_EXPRESSIONS];
	if (list)
		buf_add(&x->bytes, list, MNL_ALIGN(list->nla_len));
	r.len = x->bytes.len - r.at;
	x->rules = grow(x, x->rules, x->n_rules, sizeof(r));
	x->failed |= x->bytes.failed;
	if (!x->failed)
		x->rules[x->n_rules++] = r;
}

static void forget(void *ctx)
{
	struct xtables *x = ctx;

	x->bytes.len = x->n_chains = x->n_rules = 0;
}

static int dump(struct xtables *x, struct link *l, uint16_t type,
		const char *table, struct err *e)
{
	struct question q = {
		.type = type, .family = x->family, .table = table,
		.each = type == NFT_MSG_GETRULE ? read_rule : read_chain,
		.restart = forget, .ctx = x,
	};

	return link_ask(l, &q, e);
}

int xtables_read(struct xtables *x, enum table_family family, struct link *l,
		 struct err *e)
{
	const char *name = xtables_names;
	int status;

	*x = (struct xtables){.family = family};
	status = dump(x, l, NFT_MSG_GETCHAIN, NULL, e);
	for (; *name && !status; name += strlen(name) + 1)
		status = dump(x, l, NFT_MSG_GETRULE, name, e);
	if (status)
		return -1;
	return x->failed ? err_set(e, "out of memory") : 0;
}

void xtables_free(struct xtables *x)
{
	buf_free(&x->bytes);
	free(x->chains);
	free(x->rules);
}
