/* Rules of the kernel, statement by statement. */
#ifndef COMPILE_BUILD_H
#define COMPILE_BUILD_H

#include "../nft/cmd.h"

/* A rule being put together for a chain; then emitted, it is empty again.
 * Too many statements are an error at the emit, not a cut. */
struct build {
	struct sink *sink;
	enum table_family family;
	const char *table;
	const char *chain;
	bool iptables, counted; /* counted: a counter before each verdict */
	int line;
	size_t n;
	struct stmt stmts[RULE_STMTS];
};

void build_match(struct build *b, enum field f, const void *value);
void build_not(struct build *b, enum field f, const void *value);
void build_u8(struct build *b, enum field f, uint8_t value);
void build_port(struct build *b, enum field f, uint16_t port);
void build_port_range(struct build *b, enum field f, uint16_t lo, uint16_t hi);
/* Any bit of the mask: ct state and status. */
void build_flags(struct build *b, enum field f, uint32_t mask);
/* An RTN_* type. */
void build_u32(struct build *b, enum field f, uint32_t value);
void build_prefix(struct build *b, enum field f, const void *value,
		  unsigned bits);
/* "eth0", or a prefix: "br-*" and "br-+". */
void build_iface(struct build *b, enum field f, const char *name, bool negate);
void build_lookup(struct build *b, const struct set *set);
void build_lookup_not(struct build *b, const struct set *set);
void build_limit(struct build *b, uint32_t per_minute, uint32_t burst);
void build_stmt(struct build *b, struct stmt s);

/* These end the rule and send it on. */
int build_emit(struct build *b, struct err *e);
int build_verdict(struct build *b, enum verdict_code code, struct err *e);
int build_jump(struct build *b, const char *chain, struct err *e);
int build_reject(struct build *b, enum reject_kind kind, struct err *e);

/* The table's parts. */
int build_table(struct build *b, struct err *e);
/* Adds the chain where there is none, and empties it; later rules go there. */
int build_chain(struct build *b, const char *name, const struct base *base,
		struct err *e);
/* Adds the chain where there is none, its rules as they are. */
int build_keep_chain(struct build *b, const char *name,
		     const struct base *base, struct err *e);
/* Takes the chain away, whether it is there or not. */
int build_drop_chain(struct build *b, const char *name, struct err *e);
/* A named set the same: added where there is none, and taken away. */
int build_set(struct build *b, const struct set *s, struct err *e);
int build_drop_set(struct build *b, const struct set *s, struct err *e);

#endif
