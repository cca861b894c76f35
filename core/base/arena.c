#include "arena.h"

#include <stdlib.h>

enum { ALIGN = 8, CHUNK = 8000 };

struct arena_chunk {
	struct arena_chunk *before;
	size_t used, size;
	_Alignas(ALIGN) char bytes[];
};

void *arena_take(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->last;
	size_t size = CHUNK;

	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!c || n > c->size - c->used) {
		if (size < n)
			size = n;
		c = malloc(sizeof(*c) + size);
		if (!c)
			return NULL;
		*c = (struct arena_chunk){a->last, 0, size};
		a->last = c;
	}
	c->used += n;
	return c->bytes + c->used - n;
}

void arena_undo(struct arena *a, void *taken)
{
	a->last->used = (size_t)((char *)taken - a->last->bytes);
}

void arena_free(struct arena *a)
{
	struct arena_chunk *c;

	while ((c = a->last)) {
		a->last = c->before;
		free(c);
	}
}
