/* Addresses and networks in words. */
#ifndef RULE_ADDR_H
#define RULE_ADDR_H

#include <stdbool.h>

#include "rule.h"

/* Reads 10.0.0.0/8, 10.0.0.0/255.0.0.0, 2001:db8::/32 or an address without
 * a length, which is a host.  Bits past the length are cleared.  0 with the
 * family set, or -1 and *e. */
int net_parse(struct net *out, enum family *family, const char *s,
	      struct err *e);
/* Appends it in the shortest form, without the length if it is a host. */
void net_print(struct buf *out, const struct net *net, enum family family);
bool net_same(const struct net *a, const struct net *b);
/* Its last address, of len bytes: 4 or 16. */
void net_last(const struct net *net, uint8_t *last, size_t len);
/* Whether the address, in network byte order, of the same family, is in it. */
bool net_has(const struct net *net, const uint8_t *addr);

#endif
