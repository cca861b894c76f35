/* The C library's allocator, small: statically linked, this takes its place.
 * One thread only, as this program is.
 *
 * A block is a power of two of at least 32 bytes, with its class in a header
 * of 16.  Blocks given back wait in a list of their class.  What is 64 KiB
 * or more comes from mmap and goes back to it, and is had with its pages:
 * touched one by one, these take longer than all that is done with them.
 *
 * From the first block of 128 KiB on, all that is new lies in one region of
 * huge pages: the small ones in its first one, behind that what is large, block
 * behind block.  Only the last one makes room again, and once there is none any
 * more their pages go. */
#include <features.h>

#ifndef __GLIBC__
#include <errno.h>
#include <stdbool.h>
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
	CHUNK = 1 << 16,          /* fetched at a time for the small ones */
	PAGE = 1 << 16,           /* or a multiple of a page, anywhere */
	LARGE = 255,              /* the class of a mapping of its own */
	PLACED = 254,             /* and that of a block in the region */
	HUGE = 1 << 21,           /* a huge page's size, or a multiple of it */
	REGION = 1 << 24,
	ROOM = REGION - HUGE,     /* in it from a huge page's beginning on */
	REGION_SMALL = 1 << 18,   /* of that for the small ones */
	REGION_MIN = 1 << 17,
	REGION_MAX = REGION / 2,  /* what is larger has a mapping of its own */
	EAGER_MAX = 1 << 25,      /* of more, not all may be wanted */
};

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; before, it does nothing */
#endif

struct block {
	size_t size; /* of what is large; else unused */
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
	char *region, *room; /* and what is left of it */
	size_t placed;       /* blocks in it */
} heap;

/* Where the program's start has used some pages already (unpack.c). */
static _Alignas(HEADER) char first_chunk[CHUNK]
	__attribute__((section(".chunk")));

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (size >= HUGE)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}

static struct block *block_of(void *data)
{
	return (struct block *)(void *)((char *)data - HEADER);
}

static bool is_large(const struct block *b)
{
	return b->class >= PLACED;
}

static size_t capacity(const struct block *b)
{
	return (is_large(b) ? b->size : (size_t)1 << b->class) - HEADER;
}

/* In the region; NULL: no room. */
static void *place(size_t size)
{
	struct block *b;

	if (!heap.region && size >= REGION_MIN && size <= REGION_MAX) {
		heap.region = map(REGION);
		if (!heap.region)
			return NULL;
		/* Where a huge page begins. */
		heap.region += -(uintptr_t)heap.region & (HUGE - 1);
		heap.next = heap.region;
		heap.end = heap.room = heap.region + REGION_SMALL;
	}
	if (!heap.region || size > (size_t)(heap.region + ROOM - heap.room))
		return NULL;
	b = (struct block *)(void *)heap.room;
	heap.room += size;
	heap.placed++;
	return b;
}

/* Has the pages from `from` on to size. */
static void populate(struct block *b, size_t from, size_t size)
{
	if (size > from && size - from <= EAGER_MAX)
		madvise((char *)b + from, size - from, MADV_POPULATE_WRITE);
}

static void *large(size_t size)
{
	struct block *b = place(size);
	uint8_t class = b ? PLACED : LARGE;

	if (!b) {
		if (size >= HUGE)
			size = (size + HUGE - 1) & ~(size_t)(HUGE - 1);
		b = map(size);
		if (!b)
			return NULL;
		populate(b, 0, size);
	}
	b->size = size;
	b->class = class;
	return b->data;
}

static struct block *carve(size_t size)
{
	struct block *b;
	char *chunk = heap.next ? NULL : first_chunk;

	if ((size_t)(heap.end - heap.next) < size) {
		if (!chunk)
			chunk = map(CHUNK);
		if (!chunk)
			return NULL; /* what is left may do for another */
		heap.next = chunk;
		heap.end = chunk + CHUNK;
	}
	b = (struct block *)(void *)heap.next;
	heap.next += size;
	return b;
}

/* The last one in the region? */
static bool is_last(const struct block *b)
{
	return (const char *)b + b->size == heap.room;
}

/* A large block of another size, or NULL where it cannot be had so. */
static void *resize(struct block *b, size_t size)
{
	/* Up to here its pages are there. */
	size_t old = (b->size + PAGE - 1) & ~(size_t)(PAGE - 1);

	if (b->class == LARGE) {
		b = (void *)syscall(SYS_mremap, b, b->size, size,
				    MREMAP_MAYMOVE);
		if (b == MAP_FAILED)
			return NULL;
		populate(b, old, size);
	} else if (is_last(b) &&
		   size <= (size_t)(heap.region + ROOM - (char *)b)) {
		heap.room = (char *)b + size;
	} else {
		return NULL;
	}
	b->size = size;
	return b->data;
}

static void give_back(struct block *b)
{
	if (b->class == LARGE) {
		munmap(b, b->size);
		return;
	}
	if (is_last(b))
		heap.room = (char *)b;
	if (!--heap.placed) {
		heap.room = heap.region + REGION_SMALL;
		madvise(heap.room, ROOM - REGION_SMALL, MADV_DONTNEED);
	}
}

/* What is asked for, and the header. */
static size_t whole(size_t n)
{
	return (n + 2 * HEADER - 1) & ~(size_t)(HEADER - 1);
}

void *malloc(size_t n)
{
	uint8_t class = MIN_CLASS;
	struct block *b;

	if (n > SIZE_MAX / 2) {
		errno = ENOMEM;
		return NULL;
	}
	n = whole(n);
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
	if (is_large(b)) {
		give_back(b);
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

/* What was carved last grows where it is. */
static bool stretch(struct block *b, size_t n)
{
	size_t size = (size_t)1 << b->class;

	if ((char *)b + size != heap.next || b->class + 1 == LARGE_CLASS ||
	    n > 2 * size - HEADER || size > (size_t)(heap.end - heap.next))
		return false;
	heap.next += size;
	b->class++;
	return true;
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
	if (is_large(b) && n <= SIZE_MAX / 2) {
		moved = resize(b, whole(n));
		if (moved)
			return moved;
	} else if (!is_large(b) && stretch(b, n)) {
		return data;
	}
	moved = malloc(n);
	if (moved) {
		memcpy(moved, data, capacity(b));
		free(data);
	}
	return moved;
}
#endif
