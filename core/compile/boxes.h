/* Rules of several dimensions at once, networks and ranges of ports among
 * them, as the elements of a set of concatenated intervals: a box in each
 * combination of their values.  No two have a value in common, for in the
 * kernel there is no first among such elements.
 *
 * Many kernels before 6.16 find elements that are none where the first field
 * has fewer parts than a later one (CVE-2024-57947, CVE-2025-38120).  A network
 * is one part and a range of ports one or several: so the ports stand first,
 * and only of one side. */
#ifndef COMPILE_BOXES_H
#define COMPILE_BOXES_H

#include "fold.h"

/* The dimensions in the order of a key's fields, then 0. */
extern const unsigned boxes_order[];

/* Whether rules of such dimensions can be boxes. */
bool boxes_can_be(unsigned dims);

/* Adds those of the part, which has all the dimensions of dims, unless earlier
 * ones hold them.  False, and nothing is added: one of them meets another, or
 * they would be too many. */
bool boxes_add(struct buf *boxes, const struct part *p, unsigned dims);

/* To *f, as fold does. */
void boxes_fold(struct fold *f, const struct buf *boxes);

#endif
