#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "../wire/attrs.h"
#include "../wire/batch.h"
#include "xtables.h"

enum { WANTED_MAX = 1024, CHAINS_MAX = 64 };

/* A chain that our rules go to. */
struct target {
	const char *table, *name;
	bool there;      /* it was before */
	bool incomplete; /* not all of our rules are in it, in their order */
	size_t last;     /* the last of its rules that was ours, plus one */
};

/* make runs through twice: to find what is there, then to pass on the rest. */
struct merge {
	struct sink sink;
	struct xtables *x;
	struct sink *out;
	struct batch scratch; /* a rule of ours in bytes */
	struct target targets[CHAINS_MAX];
	size_t n_targets, n_wanted;
	int found[WANTED_MAX]; /* which rule of x each of ours is, or -1 */
	size_t *changes;
};

static bool same_chain(const struct target *t, const char *table,
		       const char *chain)
{
	return !strcmp(t->table, table) && !strcmp(t->name, chain);
}

static struct target *target_of(struct merge *m, const struct cmd *c)
{
	size_t i;

	for (i = 0; i < m->n_targets; i++)
		if (same_chain(&m->targets[i], c->table, c->chain))
			return &m->targets[i];
	return NULL;
}

static int add_target(struct merge *m, const struct cmd *c, struct err *e)
{
	struct target t = {.table = c->table, .name = c->chain};
	size_t i;

	if (m->n_targets == CHAINS_MAX)
		return err_set(e, "too many chains");
	for (i = 0; i < m->x->n_chains; i++)
		t.there |= same_chain(&t, m->x->chains[i].table,
				      m->x->chains[i].name);
	m->targets[m->n_targets++] = t;
	return 0;
}

/* Our rule's expressions, as they would be sent. */
static const struct nlattr *encode(struct merge *m, const struct cmd *c,
				   struct err *e)
{
	struct nlattr *attr[NFTA_RULE_MAX + 1];

	m->scratch.bytes.len = 0;
	if (m->scratch.sink.put(&m->scratch.sink, c, e))
		return NULL;
	attrs_of_message(attr, NFTA_RULE_MAX,
			 (void *)(m->scratch.bytes.data + m->scratch.last));
	return attr[NFTA_RULE_EXPRESSIONS];
}

static int find_rule(struct merge *m, const struct target *t,
		     const struct nlattr *exprs)
{
	struct have_rule *r = m->x->rules;
	size_t i;

	for (i = 0; i < m->x->n_rules; i++)
		if (!r[i].used && same_chain(t, r[i].table, r[i].chain) &&
		    r[i].len &&
		    attrs_same_exprs(exprs, (const struct nlattr *)(void *)(
						    m->x->bytes.data + r[i].at)))
			return (int)i;
	return -1;
}

static int look_for(struct merge *m, const struct cmd *c, struct err *e)
{
	struct target *t = target_of(m, c);
	const struct nlattr *exprs;
	int i;

	if (!t || m->n_wanted == WANTED_MAX)
		return err_set(e, "too many rules");
	exprs = encode(m, c, e);
	if (!exprs)
		return -1;
	i = find_rule(m, t, exprs);
	m->found[m->n_wanted++] = i;
	if (i < 0 || (size_t)i + 1 < t->last)
		t->incomplete = true;
	if (i >= 0) {
		m->x->rules[i].used = true;
		t->last = (size_t)i + 1;
	}
	return 0;
}

static int look_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct merge *m = (struct merge *)s;

	if (c->kind == CMD_ADD_CHAIN)
		return add_target(m, c, e);
	return c->kind == CMD_ADD_RULE ? look_for(m, c, e) : 0;
}

static int pass_on(struct merge *m, const struct cmd *c, struct err *e)
{
	++*m->changes;
	return m->out->put(m->out, c, e);
}

static int delete_rule(struct merge *m, int i, struct err *e)
{
	const struct have_rule *r = &m->x->rules[i];
	struct cmd c = {.kind = CMD_DELETE_RULE, .family = TABLE_IP,
			.table = r->table, .chain = r->chain,
			.handle = r->handle};

	return pass_on(m, &c, e);
}

static bool table_there(const struct merge *m, const char *table)
{
	size_t i;

	for (i = 0; i < m->x->n_chains; i++)
		if (!strcmp(m->x->chains[i].table, table))
			return true;
	return false;
}

static int add_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct merge *m = (struct merge *)s;
	struct target *t = c->chain ? target_of(m, c) : NULL;
	int found;

	switch (c->kind) {
	case CMD_ADD_TABLE:
		return table_there(m, c->table) ? 0 : pass_on(m, c, e);
	case CMD_ADD_CHAIN:
		return t->there ? 0 : pass_on(m, c, e);
	case CMD_ADD_RULE:
		found = m->found[m->n_wanted++];
		if (!t->incomplete ||
		    (t->there && !strcmp(t->name, "DOCKER-USER")))
			return 0;
		if (found >= 0 && delete_rule(m, found, e))
			return -1;
		return pass_on(m, c, e);
	default:
		return 0;
	}
}

static int begin(struct merge **m, struct xtables *x, make_fn make, void *ctx,
		 struct sink *s, size_t *changes, struct err *e)
{
	*changes = 0;
	*m = calloc(1, sizeof(**m));
	if (!*m)
		return err_set(e, "out of memory");
	**m = (struct merge){.sink.put = look_put, .x = x, .out = s,
			     .changes = changes};
	batch_begin(&(*m)->scratch, 0);
	if (!make(ctx, &(*m)->sink, e))
		return 0;
	batch_free(&(*m)->scratch);
	free(*m);
	return -1;
}

static void end(struct merge *m)
{
	batch_free(&m->scratch);
	free(m);
}

int xtables_merge(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		  size_t *changes, struct err *e)
{
	struct merge *m;
	int status;

	if (begin(&m, x, make, ctx, s, changes, e))
		return -1;
	m->n_wanted = 0;
	m->sink.put = add_put;
	status = make(ctx, &m->sink, e);
	end(m);
	return status;
}

static bool names(const struct xtables *x, const struct have_rule *r,
		  const char *chain)
{
	size_t i, n = strlen(chain) + 1;

	for (i = 0; i + n <= r->len; i++)
		if (!memcmp(x->bytes.data + r->at + i, chain, n))
			return true;
	return false;
}

/* Does a rule of others lie in the chain, or name it? */
static bool needed(const struct xtables *x, const struct have_chain *c)
{
	size_t i;

	for (i = 0; i < x->n_rules; i++) {
		const struct have_rule *r = &x->rules[i];

		if (!r->used && !strcmp(r->table, c->table) &&
		    (!strcmp(r->chain, c->name) || names(x, r, c->name)))
			return true;
	}
	return c->base && c->drops;
}

static int delete_chains(struct merge *m, const char *table, struct err *e)
{
	struct cmd c = {.family = TABLE_IP, .table = table};
	size_t i, left = 0;

	for (i = 0; i < m->x->n_chains; i++) {
		const struct have_chain *have = &m->x->chains[i];

		if (strcmp(have->table, table))
			continue;
		c.chain = have->name;
		if (!target_of(m, &c) || needed(m->x, have)) {
			left++;
			continue;
		}
		c.kind = CMD_DELETE_CHAIN;
		if (pass_on(m, &c, e))
			return -1;
	}
	c.chain = NULL;
	c.kind = CMD_DELETE_TABLE;
	return !left && table_there(m, table) ? pass_on(m, &c, e) : 0;
}

int xtables_remove(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		   size_t *changes, struct err *e)
{
	struct merge *m;
	size_t i;
	int status = 0;

	if (begin(&m, x, make, ctx, s, changes, e))
		return -1;
	for (i = 0; i < x->n_rules && !status; i++)
		if (x->rules[i].used)
			status = delete_rule(m, (int)i, e);
	if (!status)
		status = delete_chains(m, "filter", e) ||
			 delete_chains(m, "nat", e) ? -1 : 0;
	end(m);
	return status;
}
