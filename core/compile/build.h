/* Rules of the kernel, statement by statement. */
#ifndef COMPILE_BUILD_H
#define COMPILE_BUILD_H

#include "../nft/cmd.h"

/* A rule being put together for a chain; then emitted, it is empty again.
 * The first error, too many statements too, sets `failed` and *e; from then
 * on nothing is emitted, so a maker looks once at the end. */
struct build {
	struct sink *sink;
	struct err *e;
	enum table_family family;
	const char *table;
	const char *chain;
	bool iptables; /* as iptables has them: a counter before each verdict */
	int failed;             /* 0, or -1 */
	int line;      /* and the rule's number: what a cmd comes from */
	uint32_t rule;
	size_t n;
	struct stmt stmts[RULE_STMTS + 1]; /* the last: of those too many */
};

/* For the table of config.h; returns b.  (Kept out of line, so that b stays in
 * a register: a structure known to be on the stack costs more at each call.) */
__attribute__((noinline))
struct build *build_start(struct build *b, struct sink *s, struct err *e);

/* The rule's next statement, all zero but for its kind. */
struct stmt *build_stmt(struct build *b, enum stmt_kind kind);
/* Compares the field for equality, the rest being zero. */
struct comparison *build_match(struct build *b, enum field f,
			       const void *value);
void build_u8(struct build *b, enum field f, uint8_t value);
void build_port_range(struct build *b, enum field f, uint16_t lo, uint16_t hi);
void build_port(struct build *b, enum field f, uint16_t port);
/* Any bit of the mask: ct state and status. */
void build_flags(struct build *b, enum field f, uint32_t mask);
void build_prefix(struct build *b, enum field f, const void *value,
		  unsigned bits);
/* "eth0", or a prefix: "br-*" and "br-+". */
void build_iface(struct build *b, enum field f, const char *name, bool negate);
/* Borrowed until the rule is emitted. */
struct lookup *build_lookup(struct build *b, const struct set *set);

/* The l4protos that have ports. */
extern const struct set build_tcp_udp;

/* These end the rule and send it on. */
void build_emit(struct build *b);
void build_verdict(struct build *b, enum verdict_code code);
void build_jump(struct build *b, const char *chain);
void build_goto(struct build *b, const char *chain);
void build_reject(struct build *b, enum reject_kind kind);

/* The table's parts. */
void build_table(struct build *b);
/* Adds the chain where there is none, and empties it; later rules go there. */
void build_chain(struct build *b, const char *name, const struct base *base);
/* Adds the chain where there is none, its rules as they are. */
void build_keep_chain(struct build *b, const char *name,
		      const struct base *base);
/* Takes the chain away, whether it is there or not. */
void build_drop_chain(struct build *b, const char *name);
/* Several, one behind the other, the last followed by "". */
void build_drop_chains(struct build *b, const char *names);
/* A named set the same: added where there is none, and taken away. */
void build_set(struct build *b, const struct set *s);
void build_drop_set(struct build *b, const struct set *s);

#endif
