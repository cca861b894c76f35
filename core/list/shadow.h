/* Rules that never have a say. */
#ifndef LIST_SHADOW_H
#define LIST_SHADOW_H

#include "policy.h"

/* In longer lists it is not looked for: each rule is held against those
 * before it. */
enum { SHADOW_MOST = 4096 };

/* The index of a rule before the i-th that alone decides about every packet
 * that fits the i-th; or -1: there is none, or the list is too long. */
ptrdiff_t shadow_find(const struct policy *p, size_t i);

#endif
