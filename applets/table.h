/* The rules as a table of To, Action and From, as ufw prints it. */
#ifndef APPLETS_TABLE_H
#define APPLETS_TABLE_H

#include "../core/list/policy.h"

enum {
	/* [ 1] before each row, the rows in the order of the rules; without
	 * it those for what comes in, goes out and is routed stand apart. */
	TABLE_NUMBERED = 1,
	/* The ports of applications. */
	TABLE_VERBOSE = 2,
	/* As ufw has it, to the byte: the rows of IPv4 before those of IPv6,
	 * numbered through, and with TABLE_VERBOSE a row for each part of an
	 * application.  Without it there is one row for each rule, numbered as
	 * fw-delete has it, and the columns are as wide as they need be. */
	TABLE_UFW = 4,
};

/* Appends an empty line, the heads and the rows, or without rules nothing.
 * tallies: one for each rule, shown before it; NULL: none. */
void table_print(struct buf *out, const struct policy *p, unsigned flags,
		 const struct tally *tallies);

/* Appends "10.0.0.0/8", "@FILE" or "any". */
void side_address(struct buf *out, const struct side *s, enum family family);

/* Appends text with a ? for each control character: what a terminal would
 * obey is not for others to say. */
void print_clean(struct buf *out, const char *text);

#endif
