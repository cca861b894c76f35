/* The one door to the kernel: a netlink socket to nf_tables. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/err.h"
#include "../nft/cmd.h"
#include "../wire/batch.h"

struct mnl_socket;
struct nlmsghdr;

struct link {
	struct mnl_socket *socket;
	uint32_t seq;
};

/* What the kernel made of a batch. */
struct outcome {
	int error;    /* 0: done; else an errno, and nothing was changed */
	uint32_t seq; /* the cmd it is about, counted from 1; 0: unknown */
};

/* -1 and *e: no netlink, no nf_tables. */
int link_open(struct link *l, struct err *e);
void link_close(struct link *l);

/* The ruleset's generation, never 0.  -1 and *e. */
int link_generation(struct link *l, uint32_t *genid, struct err *e);

/* Sends a closed batch and reads the answer.  0 with *o, whatever the kernel
 * said; -1 and *e when the exchange itself failed. */
int link_commit(struct link *l, const struct batch *b, struct outcome *o,
		struct err *e);

/* Calls each for every answer to a question of type NFT_MSG_GET*, which is a
 * dump unless it is about one chain.  One that the kernel says was interrupted
 * is asked again: `restart` is called first to drop what was gathered.  Where
 * there is no such table or chain there are no answers.  -1 and *e. */
struct question {
	uint16_t type;
	enum table_family family;
	const char *table, *chain; /* or NULL */
	void (*each)(const struct nlmsghdr *head, void *ctx);
	void (*restart)(void *ctx);
	void *ctx;
};
int link_ask(struct link *l, const struct question *q, struct err *e);

/* How many rules the chain has, or, with NFT_MSG_GETCHAIN, whether there is
 * such a chain: 1 or 0.  type: NFT_MSG_GET*.  -1 and *e. */
int link_count(struct link *l, uint16_t type, enum table_family family,
	       const char *table, const char *chain, struct err *e);

#endif
