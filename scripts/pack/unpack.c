/* Puts back what pack.c packed before any of it is used, constants and code,
 * never writable and executable at once: the first group before main, what
 * only some applets need when they are run. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "expand.h"
#include "unpack.h"

/* Of pack.ld and groups.awk; a group is whole pages. */
extern unsigned char packed[], image[];

/* MADV_POPULATE_WRITE of Linux 5.14, not known to musl: all pages at once. */
enum { POPULATE_WRITE = 23 };

/* It is linked as what this is: writable. */
__attribute__((section(".image"), used)) static char first = 1;

/* How far the image is there, and what is next. */
static unsigned char *end = image;
static const unsigned char *next = packed + CODES_SIZE;

/* Where no page that was written may become code (MemoryDenyWriteExecute of
 * systemd, PR_SET_MDWE): as a file in memory, which is mapped in its place. */
static bool map_as_file(unsigned char *at, size_t size)
{
	int fd = memfd_create("fwbox", MFD_CLOEXEC);
	bool ok = fd >= 0 && write(fd, at, size) == (ssize_t)size &&
		  mmap(at, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED,
		       fd, 0) == at;

	if (fd >= 0)
		close(fd);
	return ok;
}

static void make_code(unsigned char *at, size_t size)
{
	static const char failed[] = "fwbox: no code can be made here\n";

	if (mprotect(at, size, PROT_READ | PROT_EXEC) && !map_as_file(at, size))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
	__builtin___clear_cache((char *)at, (char *)at + size);
}

static void unpack_group(const struct tables *tables, size_t size)
{
	unsigned char *at = end;

	end += size;
	madvise(at, size, POPULATE_WRITE);
	next = expand(at, tables, next);
	if (HAS_CALLS)
		calls(image, (size_t)(at - image), (size_t)(end - image), true);
}

void unpack(const void *wanted)
{
	unsigned char *from = end;
	struct tables tables;
	size_t size;

	/* What comes straight from the linker, for gdb, has 0s there. */
	if ((uintptr_t)wanted < (uintptr_t)end || !read_number(next))
		return;
	fill_tables(&tables, packed);
	while ((uintptr_t)wanted >= (uintptr_t)end &&
	       (size = read_number(next)))
		unpack_group(&tables, size);
	make_code(from, (size_t)(end - from));
}

__attribute__((constructor)) static void unpack_first(void)
{
	unpack(image);
}
