/* The C library's allocator, small: statically linked, this takes its place.
 * One thread only, as this program is.
 *
 * A block is a power of two of at least 32 bytes, with its class in a header
 * of 16.  Blocks given back wait in a list of their class.  What is 64 KiB
 * or more comes from mmap and goes back to it, and is had with its pages:
 * touched one by one, these take longer than all that is done with them. */
#include <features.h>

#ifndef __GLIBC__
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	HEADER = 16,
	MIN_CLASS = 5,
	LARGE_CLASS = 17,
	CHUNK = 1 << LARGE_CLASS, /* fetched at a time for the small ones */
	PAGE = 1 << 16,           /* or a multiple of a page, anywhere */
	LARGE = 255,              /* the class of a mapping of its own */
	HUGE_MIN = 1 << 21,       /* in huge pages, where there are any */
	EAGER_MAX = 1 << 25,      /* of more, not all may be wanted */
};

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; before, it does nothing */
#endif

struct block {
	size_t size; /* of a mapping; else unused */
	uint8_t class;
	union {
		struct block *next; /* while it is free */
		_Alignas(16) char data[1];
	};
};
_Static_assert(offsetof(struct block, data) == HEADER, "alignment");

/* The allocator's own state: malloc's interface has nowhere else for it. */
static struct {
	struct block *free[LARGE_CLASS];
	char *next, *end;
} heap;

static void *map(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct block *block_of(void *data)
{
	return (struct block *)(void *)((char *)data - HEADER);
}

static size_t capacity(const struct block *b)
{
	return (b->class == LARGE ? b->size : (size_t)1 << b->class) - HEADER;
}

static void *large(size_t size)
{
	struct block *b = map(size, size < HUGE_MIN ? MAP_POPULATE : 0);

	if (!b)
		return NULL;
	if (size >= HUGE_MIN)
		madvise(b, size, MADV_HUGEPAGE);
	if (size >= HUGE_MIN && size <= EAGER_MAX)
		madvise(b, size, MADV_POPULATE_WRITE);
	b->size = size;
	b->class = LARGE;
	return b->data;
}

static struct block *carve(size_t size)
{
	struct block *b;

	if (!heap.next || (size_t)(heap.end - heap.next) < size) {
		heap.next = map(CHUNK, 0);
		heap.end = heap.next + (heap.next ? CHUNK : 0);
	}
	if (!heap.next)
		return NULL;
	b = (struct block *)(void *)heap.next;
	heap.next += size;
	return b;
}

/* A block of its own of another size, or NULL where it cannot be had so. */
static void *resize(struct block *b, size_t size)
{
	/* Up to here its pages are there. */
	size_t old = (b->size + PAGE - 1) & ~(size_t)(PAGE - 1);

	b = (void *)syscall(SYS_mremap, b, b->size, size, MREMAP_MAYMOVE);
	if (b == MAP_FAILED)
		return NULL;
	b->size = size;
	if (size > old && size - old <= EAGER_MAX)
		madvise((char *)b + old, size - old, MADV_POPULATE_WRITE);
	return b->data;
}

void *malloc(size_t n)
{
	uint8_t class = MIN_CLASS;
	struct block *b;

	if (n > SIZE_MAX / 2) {
		errno = ENOMEM;
		return NULL;
	}
	n += HEADER;
	if (n > (size_t)1 << (LARGE_CLASS - 1))
		return large(n);
	while ((size_t)1 << class < n)
		class++;
	b = heap.free[class];
	if (b)
		heap.free[class] = b->next;
	else
		b = carve((size_t)1 << class);
	if (!b)
		return NULL;
	b->class = class;
	return b->data;
}

void free(void *data)
{
	int cause = errno;
	struct block *b;

	if (!data)
		return;
	b = block_of(data);
	if (b->class == LARGE) {
		munmap(b, b->size);
	} else {
		b->next = heap.free[b->class];
		heap.free[b->class] = b;
	}
	errno = cause;
}

void *calloc(size_t n, size_t size)
{
	void *data;

	if (size && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	data = malloc(n * size);
	return data ? memset(data, 0, n * size) : NULL;
}

void *realloc(void *data, size_t n)
{
	struct block *b;
	void *moved;

	if (!data)
		return malloc(n);
	b = block_of(data);
	if (n <= capacity(b))
		return data;
	if (b->class == LARGE && n <= SIZE_MAX / 2) {
		moved = resize(b, n + HEADER);
		if (moved)
			return moved;
	}
	moved = malloc(n);
	if (moved) {
		memcpy(moved, data, capacity(b));
		free(data);
	}
	return moved;
}
#endif
