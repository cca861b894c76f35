/* Rules among those of others: in iptables' tables only what is missing is
 * added, and only what is ours is taken away. */
#ifndef DOCKER_XTABLES_H
#define DOCKER_XTABLES_H

#include "../link/link.h"

/* The tables that this is about, one behind the other, the last followed by
 * "". */
extern const char xtables_names[];

struct have_chain {
	char table[32], name[32];
	bool base, drops;
};

struct have_rule {
	uint64_t handle;
	char table[32], chain[32];
	size_t at, len; /* its expressions, in bytes */
	unsigned used;  /* which one of ours it is, from 1; 0: none */
	bool marked;    /* it was one of ours, see wire/batch.h */
};

/* The chains and rules of these tables of a family, as the kernel
 * has them. */
struct xtables {
	enum table_family family;
	struct buf bytes;
	struct have_chain *chains;
	struct have_rule *rules;
	size_t n_chains, n_rules;
	bool failed;
};

int xtables_read(struct xtables *x, enum table_family family, struct link *l,
		 struct err *e);
void xtables_free(struct xtables *x);

/* Whether rules of ours are there that we marked. */
bool xtables_ours(const struct xtables *x);

/* Makes what `make` puts: runs it twice, and passes on to s what is missing.
 * A chain whose rules of ours are not all there in their order gets them anew,
 * behind those of others; one that was ours and is no longer wanted goes.
 * What it sends is to be marked.  DOCKER-USER's rules are left alone where
 * the chain is there. */
typedef int (*make_fn)(void *ctx, struct sink *s, struct err *e);
int xtables_merge(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		  struct err *e);

/* Takes away what `make` puts: its rules, then its chains and tables where
 * nothing of others is in them. */
int xtables_remove(struct xtables *x, make_fn make, void *ctx, struct sink *s,
		   struct err *e);

#endif
