/* A firewall as its file describes it: the defaults and the rules. */
#ifndef LIST_POLICY_H
#define LIST_POLICY_H

#include <stddef.h>

#include "../rule/rule.h"
#include "netfile.h"

enum { CONTAINERS_MAX = 32, NETFILES_MAX = 64 };

enum log_level { LOG_OFF, LOG_LOW, LOG_MEDIUM, LOG_HIGH, LOG_FULL };
/* What each is called. */
extern const char log_level_names[][8];

struct listed_rule {
	struct rule rule;
	int line; /* of the file, from 1 */
};

/* Packets and bytes. */
struct tally {
	uint64_t packets, bytes;
};

struct policy {
	enum action incoming, outgoing, routed; /* allow, deny or reject */
	enum log_level logging;
	bool counters; /* each rule counts what it decides */
	bool not_at_boot; /* fw-init --boot leaves it alone */
	struct listed_rule *rules; /* in the order they apply */
	size_t n, cap;
	size_t n_containers, n_netfiles;
	/* Interface names; a trailing * matches a prefix. */
	char containers[CONTAINERS_MAX][IFNAME_MAX + 1];
	struct netfile netfiles[NETFILES_MAX]; /* each FILE of an @FILE once */
};

/* Is there a rule with the action? */
bool policy_has(const struct policy *p, enum action action);

/* The file of an @FILE; rules_load has read them all. */
const struct netfile *policy_netfile(const struct policy *p, const char *path);

#endif
