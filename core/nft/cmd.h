/* One change to the kernel's ruleset, as data: what the compilers make, and
 * what batch.h turns into netlink bytes and script.h into nft's words.
 * Everything a cmd points at is borrowed for the length of the call. */
#ifndef NFT_CMD_H
#define NFT_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/err.h"
#include "field.h"

enum { SET_FIELDS = 4, RULE_STMTS = 24 };

/* ct state and status bits, as the kernel numbers them. */
enum {
	CT_INVALID = 1, CT_ESTABLISHED = 2, CT_RELATED = 4, CT_NEW = 8,
	CT_STATUS_DNAT = 1 << 5,
};

enum verdict_code { V_ACCEPT, V_DROP, V_RETURN, V_JUMP, V_GOTO };

struct verdict {
	enum verdict_code code;
	const char *chain; /* of V_JUMP and V_GOTO */
};

/* A set of elements over one to four fields.  Keys are the fields' values in
 * the packet's byte order (see field.h), one behind the other, each padded to
 * four bytes when there are several; with SET_INTERVAL each element is a first
 * and a last key, sorted and apart. */
enum set_flags { SET_INTERVAL = 1, SET_DYNAMIC = 2 };

struct set {
	const char *name;              /* NULL: anonymous, its rule's */
	uint8_t flags; /* SET_* */
	uint8_t nfields;
	enum field fields[SET_FIELDS];
	uint8_t bits; /* of the first field, the rest being zero; 0: all */
	size_t n;
	const uint8_t *keys;           /* n (or with intervals 2n) keys */
	const struct verdict *verdicts; /* n of them: a verdict map; or NULL */
	uint32_t timeout_ms, size;     /* of SET_DYNAMIC, which has a name */
};

/* Bytes of one key of this set. */
size_t set_key_len(const struct set *s);

enum __attribute__((packed)) match_op {
	OP_EQ,     /* value is a */
	OP_PREFIX, /* the first `bits` bits are those of a */
	OP_RANGE,  /* a <= value <= b, in network byte order */
	OP_FLAGS,  /* any bit of the mask a is set */
};

struct comparison {
	enum field field;
	enum match_op op;
	bool negate;
	uint8_t bits;
	uint8_t a[VALUE_MAX], b[VALUE_MAX];
};

/* One of a set's elements, or with a map its verdict. */
struct lookup {
	const struct set *set;
	bool negate;
};

enum limit_unit { PER_MINUTE = 60, PER_HOUR = 3600 };

struct limit {
	uint32_t rate, burst;
	enum limit_unit unit;
	bool over; /* true above the rate instead of up to it */
};

enum reject_kind { REJECT_TCP_RESET, REJECT_PORT_UNREACH };

/* The dynamic set's element for this packet: made, and with renew its time
 * begun anew; with a rate the element has a limit of its own. */
struct meter {
	const struct set *set;
	bool renew;
	struct limit limit;
};

/* xt-compat: a match or target of iptables, its private struct as it is. */
struct xt {
	const char *name;
	uint8_t rev;
	const void *info;
	uint16_t len;
};

/* Where destination NAT leads to. */
struct dnat {
	const uint8_t *addr; /* 4 bytes, or with six 16; network byte order */
	bool six;
	uint16_t port;       /* host byte order */
};

enum stmt_kind {
	S_MATCH, S_LOOKUP, S_COUNTER, S_LIMIT, S_LOG, S_METER, S_REJECT,
	S_VERDICT, S_MASQUERADE, S_DNAT, S_XT_MATCH, S_XT_TARGET,
};

struct stmt {
	enum stmt_kind kind;
	union {
		struct comparison match;
		struct lookup lookup;
		struct limit limit;
		const char *log; /* the prefix */
		struct meter meter;
		enum reject_kind reject;
		struct verdict verdict;
		struct dnat dnat;
		struct xt xt;
	};
};

enum cmd_kind {
	CMD_ADD_TABLE, CMD_DELETE_TABLE,
	CMD_ADD_CHAIN, CMD_FLUSH_CHAIN, CMD_DELETE_CHAIN,
	CMD_ADD_SET, CMD_DELETE_SET,
	CMD_ADD_RULE,    /* behind the chain's last */
	CMD_DELETE_RULE, /* by handle */
};

enum table_family { TABLE_INET = 1, TABLE_IP = 2, TABLE_IP6 = 10 };

/* A base chain's place; type NULL: a regular chain. */
struct base {
	const char *type; /* "filter", "nat" */
	uint32_t hook;    /* NF_INET_* */
	int32_t priority;
	bool drop;        /* the policy; else accept */
};

struct cmd {
	enum cmd_kind kind;
	enum table_family family;
	const char *table;
	const char *chain;
	struct base base;
	const struct set *set;
	const struct stmt *stmts;
	size_t nstmts;
	uint64_t handle;
	bool iptables; /* in iptables-nft's spelling, so that it knows it */
	int line;      /* of the rules file this came from, 0: none */
	uint32_t rule; /* its number there, from 1; 0: none */
};

/* Takes one cmd after the other; -1 and *e stops the maker. */
struct sink {
	int (*put)(struct sink *s, const struct cmd *c, struct err *e);
};

#endif
