/* Rules of several dimensions at once, networks and ranges of ports among
 * them, as the elements of a set of concatenated intervals: a box in each
 * combination of their values.  No two have a value in common, for in the
 * kernel there is no first among such elements. */
#ifndef COMPILE_BOXES_H
#define COMPILE_BOXES_H

#include "fold.h"

/* Adds those of the part, which has all the dimensions of dims, unless earlier
 * ones hold them.  False, and nothing is added: one of them meets another, or
 * they would be too many. */
bool boxes_add(struct buf *boxes, const struct part *p, unsigned dims);

/* To *f, as fold does. */
void boxes_fold(struct fold *f, const struct buf *boxes);

#endif
