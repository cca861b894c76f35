/* One firewall rule, as ufw's words describe it. */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"
#include "../base/err.h"

enum { RULE_PORTS = 15, IFNAME_MAX = 15, APP_NAME_MAX = 64 };

enum __attribute__((packed)) action {
	ACT_ALLOW, ACT_DENY, ACT_REJECT, ACT_LIMIT
};
/* Which list judges it. */
enum __attribute__((packed)) chain_dir { DIR_IN, DIR_OUT, DIR_ROUTE };
enum __attribute__((packed)) log_kind { LOG_NONE, LOG_NEW, LOG_ALL };
enum __attribute__((packed)) family { FAMILY_ANY, FAMILY_4, FAMILY_6 };

struct port_range {
	uint16_t lo, hi; /* host byte order, lo <= hi */
};

/* Ports as written, in that order; n == 0: any port. */
struct ports {
	const struct port_range *range;
	uint8_t n; /* at most RULE_PORTS */
};

/* An address or network; len == 0: any.  The bits past len are zero. */
struct net {
	uint8_t len;       /* prefix length in bits */
	uint8_t bytes[16]; /* network byte order; IPv4 in the first four */
};

struct profile; /* profiles.h */

/* Source or destination. */
struct side {
	struct net net;
	struct ports ports;
	const char *app;  /* profile name, NULL: none; then ports is empty */
	const struct profile *profile; /* of app; NULL: not known (deleting) */
	const char *file; /* the FILE of `from @FILE`, NULL: none */
};

/* Strings point into the words the rule was parsed from: they live as long as
 * those do.  Ranges of ports, a known profile and its name belong to the struct
 * names of the parser. */
struct rule {
	enum action action;
	enum chain_dir dir;
	enum log_kind log;
	enum family family; /* of the addresses; FAMILY_ANY: both tables */
	uint8_t proto;      /* IPPROTO_*, 0: any (with ports: tcp and udp) */
	/* "": any; "x+": a prefix.  ufw lets a rule that is not routed name the
	 * interface of the other way too: no packet fits such a one. */
	const char *iif, *oif;
	struct side src, dst;
	const char *comment; /* NULL: none */
};

#endif
