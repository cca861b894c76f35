#include "sort.h"

#include <stdlib.h>
#include <string.h>

typedef int (*compare_fn)(const void *, const void *);

static void swap(char *a, char *b, size_t size)
{
	char kept[512];

	memcpy(kept, a, size);
	memcpy(a, b, size);
	memcpy(b, kept, size);
}

/* Lets the item at `root` sink to where none below it is greater. */
static void sink(char *items, size_t root, size_t n, size_t size,
		 compare_fn compare)
{
	size_t child;

	while ((child = 2 * root + 1) < n) {
		char *c = items + child * size;

		if (child + 1 < n && compare(c, c + size) < 0)
			c += size, child++;
		if (compare(items + root * size, c) >= 0)
			return;
		swap(items + root * size, c, size);
		root = child;
	}
}

void sort_items(void *items, size_t n, size_t size, compare_fn compare)
{
	char *first = items;
	size_t i = 1;

	while (i < n && compare(first + (i - 1) * size, first + i * size) <= 0)
		i++;
	if (i >= n)
		return; /* as lists often are */
	for (i = n / 2; i-- > 0;)
		sink(first, i, n, size, compare);
	for (i = n; i-- > 1;) {
		swap(first, first + i * size, size);
		sink(first, 0, i, size, compare);
	}
}

/* Statically linked, this takes the place of libc's, in libc too. */
#ifndef __GLIBC__
void qsort(void *items, size_t n, size_t size, compare_fn compare)
{
	sort_items(items, n, size, compare);
}
#endif
