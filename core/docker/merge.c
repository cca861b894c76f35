#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "../wire/attrs.h"
#include "../wire/batch.h"
#include "xtables.h"

enum { CHAINS_MAX = 16 }; /* more than there are */

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
	struct target targets[CHAINS_MAX + 1]; /* up to one without a name */
	size_t n_targets;
	unsigned n_wanted; /* rules of ours so far */
};

static bool same(const char *table, const char *chain, const char *table2,
		 const char *chain2)
{
	return !strcmp(table, table2) && !strcmp(chain, chain2);
}

/* One without a name: no such chain was put. */
static struct target *target_of(struct merge *m, const char *table,
				const char *chain)
{
	struct target *t = m->targets;

	while (t->name && !same(t->table, t->name, table, chain))
		t++;
	return t;
}

static int add_target(struct merge *m, const struct cmd *c, struct err *e)
{
	struct target *t = &m->targets[m->n_targets];
	size_t i;

	if (m->n_targets == CHAINS_MAX)
		return err_set(e, "too many chains");
	m->n_targets++;
	*t = (struct target){.table = c->table, .name = c->chain};
	for (i = 0; i < m->x->n_chains; i++)
		t->there |= same(t->table, t->name, m->x->chains[i].table,
				 m->x->chains[i].name);
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

/* The rule there that is ours, or NULL. */
static struct have_rule *find_rule(struct merge *m, const struct cmd *c,
				   const struct nlattr *exprs)
{
	size_t i;

	for (i = 0; i < m->x->n_rules; i++) {
		struct have_rule *r = &m->x->rules[i];

		if (!r->used && same(c->table, c->chain, r->table, r->chain) &&
		    r->len &&
		    attrs_same_exprs(exprs, (const struct nlattr *)(void *)(
						    m->x->bytes.data + r->at)))
			return r;
	}
	return NULL;
}

static int look_for(struct merge *m, const struct cmd *c, struct err *e)
{
	struct target *t = target_of(m, c->table, c->chain);
	const struct nlattr *exprs = encode(m, c, e);
	struct have_rule *r;
	size_t at;

	if (!exprs)
		return -1;
	m->n_wanted++;
	r = find_rule(m, c, exprs);
	at = r ? (size_t)(r - m->x->rules) + 1 : 0;
	if (at < t->last || !r)
		t->incomplete = true;
	if (r) {
		r->used = m->n_wanted;
		t->last = at;
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
	return m->out->put(m->out, c, e);
}

/* Of our rules that are there those that are no longer wanted, or all. */
enum { STALE = 0, ALL = 1 << 30 };

static bool is_meant(const struct have_rule *r, unsigned number)
{
	if (number == ALL)
		return r->used || r->marked;
	return r->used == number && (number != STALE || r->marked);
}

/* These, or the one of this number. */
static int delete_ours(struct merge *m, unsigned number, struct err *e)
{
	size_t i;

	for (i = 0; i < m->x->n_rules; i++) {
		const struct have_rule *r = &m->x->rules[i];
		struct cmd c = {.kind = CMD_DELETE_RULE,
				.family = m->x->family,
				.table = r->table, .chain = r->chain,
				.handle = r->handle};

		if (is_meant(r, number) && pass_on(m, &c, e))
			return -1;
	}
	return 0;
}

static bool table_there(const struct merge *m, const char *table)
{
	size_t i;

	for (i = 0; i < m->x->n_chains; i++)
		if (!strcmp(m->x->chains[i].table, table))
			return true;
	return false;
}

static int add_rule(struct merge *m, const struct cmd *c, struct err *e)
{
	const struct target *t = target_of(m, c->table, c->chain);

	m->n_wanted++;
	if (!t->incomplete || (t->there && !strcmp(t->name, "DOCKER-USER")))
		return 0;
	return delete_ours(m, m->n_wanted, e) ? -1 : pass_on(m, c, e);
}

static int add_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct merge *m = (struct merge *)s;
	bool there;

	if (c->kind == CMD_ADD_RULE)
		return add_rule(m, c, e);
	if (c->kind == CMD_ADD_TABLE)
		there = table_there(m, c->table);
	else if (c->kind == CMD_ADD_CHAIN)
		there = target_of(m, c->table, c->chain)->there;
	else
		return 0;
	return there ? 0 : pass_on(m, c, e);
}

static int begin(struct merge *m, struct xtables *x, make_fn make, void *ctx,
		 struct sink *s, struct err *e)
{
	int status;

	*m = (struct merge){.sink.put = look_put, .x = x, .out = s};
	batch_begin(&m->scratch, 0);
	status = make(ctx, &m->sink, e);
	batch_free(&m->scratch);
	return status;
}

int xtables_merge(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		  struct err *e)
{
	struct merge m;

	if (begin(&m, x, make, ctx, s, e) || delete_ours(&m, STALE, e))
		return -1;
	m.n_wanted = 0;
	m.sink.put = add_put;
	return make(ctx, &m.sink, e);
}

bool xtables_ours(const struct xtables *x)
{
	size_t i;

	for (i = 0; i < x->n_rules; i++)
		if (x->rules[i].marked)
			return true;
	return false;
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

		if (!is_meant(r, ALL) && !strcmp(r->table, c->table) &&
		    (!strcmp(r->chain, c->name) || names(x, r, c->name)))
			return true;
	}
	return c->base && c->drops;
}

static int delete_chains(struct merge *m, const char *table, struct err *e)
{
	struct cmd c = {.kind = CMD_DELETE_CHAIN, .family = m->x->family,
			.table = table};
	bool left = false;
	size_t i;

	for (i = 0; i < m->x->n_chains; i++) {
		const struct have_chain *have = &m->x->chains[i];

		if (strcmp(have->table, table))
			continue;
		c.chain = have->name;
		if (!target_of(m, table, have->name)->name ||
		    needed(m->x, have))
			left = true;
		else if (pass_on(m, &c, e))
			return -1;
	}
	c.chain = NULL;
	c.kind = CMD_DELETE_TABLE;
	return !left && table_there(m, table) ? pass_on(m, &c, e) : 0;
}

int xtables_remove(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		   struct err *e)
{
	const char *table = xtables_names;
	struct merge m;
	int status;

	if (begin(&m, x, make, ctx, s, e))
		return -1;
	status = delete_ours(&m, ALL, e);
	for (; *table && !status; table += strlen(table) + 1)
		status = delete_chains(&m, table, e);
	return status;
}
