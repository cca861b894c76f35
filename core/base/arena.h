/* Memory that is given back all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* Start from {0}; arena_free gives it back. */
struct arena {
	struct arena_chunk *last;
};

/* n bytes, at a multiple of eight; NULL: no memory. */
void *arena_take(struct arena *a, size_t n);
/* Gives back what was taken last. */
void arena_undo(struct arena *a, void *taken);
void arena_free(struct arena *a);

#endif
