/* Sorting in place, in n log n steps whatever the order was. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

/* As qsort; items of at most 512 bytes. */
void sort_items(void *items, size_t n, size_t size,
		int (*compare)(const void *, const void *));

#endif
