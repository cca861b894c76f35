#include "text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "file.h"

enum {
	SMALL = 1 << 14, /* what is smaller lies in the heap */
	SMALL_ROOM = 1 << 11, /* before and behind */
	ROOM = 1 << 16, /* of others: whole pages of any size */
	/* What is larger lies in a file in memory: where pages of our own are
	 * dear to touch, those of a file that are but read are not, and what
	 * is not near an edit is but read. */
	LARGE = 1 << 16,
	HUGE = 1 << 21, /* and what is larger than this, in huge pages */
	PIECE = 1 << 14
};

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14; before, it does nothing */
#endif

/* All 0. */
static void *get_room(size_t size)
{
	void *map;

	if (size < ROOM)
		return calloc(1, size);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return map == MAP_FAILED ? NULL : map;
}

static bool make_room(struct text *t, size_t len)
{
	size_t room = len < SMALL ? SMALL_ROOM : ROOM;
	size_t size = len < SMALL ? len + 2 * room + 1
				  : (len / room + 3) * room;
	char *map = len < SIZE_MAX / 2 ? get_room(size) : NULL;

	if (!map) {
		errno = ENOMEM;
		return false;
	}
	*t = (struct text){.data = map + room, .map = map, .size = size};
	return true;
}

static ssize_t read_piece(int fd, char *to, size_t n)
{
	ssize_t got;

	do
		got = read(fd, to, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Up to the file's end, or max bytes: the bytes read, -1 and errno. */
static ssize_t read_all(int fd, char *to, size_t max)
{
	size_t len = 0;
	ssize_t n = 0;

	while (len < max && (n = read_piece(fd, to + len, max - len)) > 0)
		len += (size_t)n;
	return n < 0 ? -1 : (ssize_t)len;
}

/* From one file to the other, by the kernel itself where it can. */
static ssize_t copy_piece(int fd, int to, size_t max)
{
	char piece[PIECE];
	ssize_t n;

	do
		n = sendfile(to, fd, NULL, max);
	while (n < 0 && errno == EINTR);
	if (n >= 0 || (errno != EINVAL && errno != ENOSYS && errno != EPERM))
		return n;
	n = read_piece(fd, piece, max < sizeof(piece) ? max : sizeof(piece));
	return n > 0 && file_write(to, piece, (size_t)n) < 0 ? -1 : n;
}

/* The same into a file in memory, which is mapped there: nobody else can
 * change it. */
static ssize_t copy_all(int fd, char *to, size_t max)
{
	int copy = memfd_create("text", MFD_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (copy < 0)
		return read_all(fd, to, max);
	while (len < max && (n = copy_piece(fd, copy, max - len)) > 0)
		len += (size_t)n;
	if (n >= 0 && len &&
	    mmap(to, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		 copy, 0) == MAP_FAILED)
		n = -1;
	close(copy);
	if (n < 0)
		return -1;
	madvise(to, len, MADV_POPULATE_READ);
	return (ssize_t)len;
}

int text_read(struct text *t, const char *path, size_t max, struct stat *was,
	      struct err *e)
{
	int fd, rc = file_open(path, max, &fd, was, e);
	size_t told = (size_t)was->st_size, most;
	struct text got = {0};
	ssize_t len = -1;

	text_free(t);
	if (rc < 0)
		return -1;
	/* One that is there and tells no size may have one. */
	if (!make_room(&got, rc && !told ? SMALL : told)) {
		err_sys(e, "cannot read '%s'", path);
		goto failed;
	}
	if (!rc) {
		*t = got;
		return 0;
	}
	most = got.size - 2 * (size_t)(got.data - got.map);
	if (told >= HUGE)
		madvise(got.map, got.size, MADV_HUGEPAGE);
	len = told < LARGE || told >= HUGE
	      ? read_all(fd, got.data, most) : copy_all(fd, got.data, most);
	if (len < 0)
		err_sys(e, "cannot read '%s'", path);
	else if ((size_t)len == most)
		len = err_set(e, "'%s' grows while it is read", path);
	got.len = (size_t)len;
failed:
	if (rc)
		close(fd);
	if (len < 0)
		text_free(&got);
	*t = got;
	return len < 0 ? -1 : 1;
}

bool text_set(struct text *t, const char *bytes, size_t len)
{
	text_free(t);
	if (!make_room(t, len))
		return false;
	memcpy(t->data, bytes, len);
	t->len = len;
	return true;
}

/* Room for so many bytes more, before and behind. */
static bool grow(struct text *t, size_t more)
{
	struct text grown = {0};

	if (more > SIZE_MAX / 4 || !make_room(&grown, t->len + 2 * more))
		return false;
	grown.data += more;
	memcpy(grown.data, t->data, t->len);
	grown.len = t->len;
	text_free(t);
	*t = grown;
	return true;
}

char *text_gap(struct text *t, const char *from, const char *to, size_t len)
{
	size_t before = (size_t)(from - t->data), gone = (size_t)(to - from);
	size_t behind = t->len - before - gone;
	bool front = before < behind;
	size_t room = (size_t)(t->data - t->map);

	if (!front)
		room = t->size - room - t->len - 1;
	if (len > gone && len - gone > room && !grow(t, len - gone))
		return NULL;
	if (front)
		t->data = memmove(t->data + ((ptrdiff_t)gone - (ptrdiff_t)len),
				  t->data, before);
	else
		memmove(t->data + before + len, t->data + before + gone,
			behind + 1);
	t->len = before + len + behind;
	return t->data + before;
}

void text_free(struct text *t)
{
	if (t->size < ROOM)
		free(t->map);
	else
		munmap(t->map, t->size);
	*t = (struct text){0};
}
