#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { CHUNK = 8000 };

struct arena_chunk {
	struct arena_chunk *before;
	size_t used, size;
	_Alignas(8) char bytes[];
};

void *arena_take(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->last;
	size_t align = n % 8 ? 4 : 8;
	size_t at = c ? (c->used + align - 1) & ~(align - 1) : 0;

	if (!c || c->size < at || c->size - at < n) {
		size_t size = n > CHUNK ? n : CHUNK;

		if (n > SIZE_MAX / 2)
			return NULL;
		c = malloc(sizeof(*c) + size);
		if (!c)
			return NULL;
		*c = (struct arena_chunk){a->last, 0, size};
		a->last = c;
		at = 0;
	}
	c->used = at + n;
	return c->bytes + at;
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
