/* What the rules say about one packet, without a kernel: for the check that
 * nobody locks themselves out, for fw-why, and for tests. */
#ifndef RULE_EVAL_H
#define RULE_EVAL_H

#include <stddef.h>

#include "rule.h"

struct packet {
	enum chain_dir dir; /* the list that judges it */
	enum family family; /* FAMILY_4 or FAMILY_6 */
	uint8_t proto;      /* IPPROTO_* */
	uint8_t saddr[16], daddr[16]; /* network byte order; IPv4: first four */
	uint16_t sport, dport; /* host byte order; for tcp and udp */
	uint8_t icmp_type;     /* for icmp and icmpv6 */
	uint8_t hoplimit;      /* of IPv6; 0: what it has to be */
	const char *iif, *oif; /* NULL or "": none, as iif of what we send */
};

/* Whether the address is in the FILE of an @FILE. */
struct net_files {
	bool (*has)(void *ctx, const char *file, enum family family,
		    const uint8_t *addr);
	void *ctx;
};

/* Whether the packet fits the rule; with files NULL no address is in any
 * file.  The default policies, established connections and the built-in
 * accepts are not the rules' and are the caller's to know. */
bool rule_matches(const struct rule *r, const struct packet *p,
		  const struct net_files *files);
/* The index of the first of n rules that it fits, or -1. */
ptrdiff_t rules_first_match(const struct rule *const rules[], size_t n,
			    const struct packet *p,
			    const struct net_files *files);

#endif
