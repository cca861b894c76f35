/* Netlink attributes being read. */
#ifndef WIRE_ATTRS_H
#define WIRE_ATTRS_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

/* The attributes of an nfnetlink message by type, 0..max; NULL: not there. */
void attrs_of_message(struct nlattr **attr, int max,
		      const struct nlmsghdr *head);

/* A number in network byte order; 0 if it is none. */
uint32_t attrs_u32(const struct nlattr *attr);

/* Does a list of expressions, as the kernel tells it, hold what ours does?
 * The kernel adds attributes of its own and counts in counters. */
bool attrs_same_exprs(const struct nlattr *ours, const struct nlattr *theirs);

#endif
