/* The one reader of decimal numbers: digits alone, no sign, no space. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>

/* The len bytes at s as a number of at most max; leading zeros are allowed.
 * False, with *out untouched, when they are anything else. */
bool num_parse(const char *s, size_t len, unsigned max, unsigned *out);

#endif
