/* A rule's statements -> the kernel's expressions (linux/netfilter/nf_tables.h,
 * NFTA_RULE_EXPRESSIONS). */
#ifndef WIRE_EXPR_H
#define WIRE_EXPR_H

#include "../nft/cmd.h"
#include "msg.h"

/* Sets of this rule that the kernel is yet to name get the numbers
 * first_set_id, +1, ... in the order of the statements. */
void expr_put_all(struct msg *m, const struct cmd *rule, uint32_t first_set_id);

/* A verdict as data, within an immediate or a verdict map's element: the
 * nests it opens stay so. */
void expr_put_verdict(struct msg *m, unsigned type, const struct verdict *v);

#endif
