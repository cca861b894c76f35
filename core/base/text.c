#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

enum {
	SMALL = 1 << 14, /* what is smaller lies in the heap */
	SMALL_ROOM = 1 << 8,  /* before and behind */
	ROOM = 1 << 16, /* of others: whole pages of any size */
	/* For somebody who writes: 5 seconds. */
	WRITER_TRIES = 100, WRITER_MS = 50
};

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14; before, it fails */
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

/* fcntl; libc's knows of much else, and is long. */
static int control(int fd, int command, long value)
{
	return (int)syscall(SYS_fcntl, fd, command, value);
}

/* The file itself, mapped: pages of our own are dear to touch, and what is not
 * near an edit is but read.  While it is leased nobody of this machine changes
 * it: who opens it to write waits until the text is freed, for 45 seconds at
 * most (/proc/sys/fs/lease-break-time).  The signal that tells of him is one
 * that does nothing.  False: the room is as it was; if not even that can be
 * had, read() tells so. */
static bool map_leased(int fd, char *to, size_t len)
{
	struct stat now;

	if (control(fd, F_SETSIG, SIGURG) == 0 &&
	    control(fd, F_SETLEASE, F_RDLCK) == 0 &&
	    fstat(fd, &now) == 0 && (size_t)now.st_size == len &&
	    mmap(to, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd,
		 0) != MAP_FAILED &&
	    madvise(to, len, MADV_POPULATE_READ) == 0)
		return true;
	(void)mmap(to, len, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return false;
}

int text_read(struct text *t, const char *path, size_t max, bool hold,
	      struct stat *was, struct err *e)
{
	int fd, rc = file_open(path, max, &fd, was, e);
	size_t told = (size_t)was->st_size, most = SIZE_MAX;
	struct text got = {0};
	ssize_t len = (ssize_t)told;

	text_free(t);
	if (rc < 0)
		return -1;
	/* One that is there and tells no size may have one. */
	if (!make_room(&got, rc && !told ? SMALL : told)) {
		len = -1;
	} else if (hold && told >= SMALL && map_leased(fd, got.data, told)) {
		got.lease = fd;
	} else if (rc) {
		most = got.size - 2 * (size_t)(got.data - got.map);
		len = file_fill(fd, got.data, most);
	}
	if (len < 0)
		err_sys(e, "cannot read '%s'", path);
	else if ((size_t)len == most)
		len = err_set(e, "'%s' grows while it is read", path);
	if (rc && !got.lease)
		close(fd);
	if (len < 0) {
		text_free(&got);
	} else {
		got.len = (size_t)len;
		/* Behind its end a mapped file may hold what others left. */
		got.data[len] = '\0';
	}
	*t = got;
	return len < 0 ? -1 : rc;
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

bool text_end(struct text *t)
{
	bool wanted = t->lease && control(t->lease, F_GETLEASE, 0) != F_RDLCK;
	int tries;

	if (wanted)
		control(t->lease, F_SETLEASE, F_UNLCK);
	for (tries = 0; wanted && tries < WRITER_TRIES; tries++) {
		poll(NULL, 0, WRITER_MS);
		if (control(t->lease, F_SETLEASE, F_RDLCK) == 0)
			break; /* he has closed it */
	}
	text_free(t);
	return !wanted;
}

void text_free(struct text *t)
{
	if (t->lease)
		close(t->lease);
	if (t->size < ROOM)
		free(t->map);
	else
		munmap(t->map, t->size);
	*t = (struct text){0};
}
