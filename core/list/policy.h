/* A firewall as its file describes it: the defaults and the rules. */
#ifndef LIST_POLICY_H
#define LIST_POLICY_H

#include <stddef.h>

#include "../rule/rule.h"

enum { CONTAINERS_MAX = 32 };

struct listed_rule {
	struct rule rule;
	int line; /* of the file, from 1 */
};

struct policy {
	enum action incoming, outgoing, routed; /* allow, deny or reject */
	/* Interface names; a trailing * matches a prefix. */
	char containers[CONTAINERS_MAX][IFNAME_MAX + 1];
	size_t n_containers;
	struct listed_rule *rules; /* in the order they apply */
	size_t n, cap;
};

#endif
