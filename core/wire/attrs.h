/* Netlink messages and their attributes being read. */
#ifndef WIRE_ATTRS_H
#define WIRE_ATTRS_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "../list/policy.h"

/* Is a whole message at head, of which `left` bytes are there?  libmnl's own
 * takes a length from 2 GB on for a negative one. */
bool message_ok(const struct nlmsghdr *head, int left);

/* A message's error, as the kernel has it, as an errno: 0 if it is none,
 * EBADMSG if it cannot be one. */
int message_errno(int error);

/* The same of a dump's last message, an NLMSG_DONE; without one 0. */
int message_end(const struct nlmsghdr *head);

/* The attributes of an nfnetlink message by type, 0..max; NULL: not there. */
void attrs_of_message(struct nlattr **attr, int max,
		      const struct nlmsghdr *head);

/* The one of that type among those in a nest; NULL: not there, or no nest. */
const struct nlattr *attrs_find(const struct nlattr *nest, uint16_t type);

/* A number in network byte order; 0 if it is none, or NULL. */
uint32_t attrs_u32(const struct nlattr *attr);

/* Does a list of expressions, as the kernel tells it, hold what ours does?
 * The kernel adds attributes of its own and counts in counters. */
bool attrs_same_exprs(const struct nlattr *ours, const struct nlattr *theirs);

/* Adds what the counters among a rule's expressions (NULL: none) tell. */
void attrs_count(const struct nlattr *exprs, struct tally *t);

#endif
