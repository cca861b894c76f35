/* Runs of values in sorted order, as interval sets want them. */
#ifndef BASE_INTERVALS_H
#define BASE_INTERVALS_H

#include <stddef.h>
#include <stdint.h>

/* keys: n pairs of a first and a last value, each len bytes in network byte
 * order (at most 16).  Sorts them and makes one of those that overlap or
 * touch; returns how many are left. */
size_t intervals_merge(uint8_t *keys, size_t n, size_t len);

#endif
