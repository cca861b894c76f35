/* Puts back what pack.c packed before any of it is used, constants and code,
 * never writable and executable at once: the first group before main, what
 * only some applets need when they are run. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "addresses.h"
#include "expand.h"
#include "unpack.h"

/* Of pack.ld and groups.awk; a group is whole pages. */
extern unsigned char packed[], image[], pointers_end[], image2[], image3[];
/* The linker's: the first of what is written at the start only. */
extern void (*__init_array_start[])(void);

/* MADV_POPULATE_WRITE of Linux 5.14, not known to musl: all pages at once. */
enum { POPULATE_WRITE = 23 };

/* It is linked as what this is: writable. */
__attribute__((section(".image"), used)) static char first = 1;

/* In the list of segments the place of the one of what is read only once the
 * program has started, which pack.c puts in. */
__asm__(".pushsection .note.relro, \"a\", %note\n.long 0\n.popsection");

/* How far the image is there, and what is next: 0 at first, as all that is
 * written to later. */
static size_t done;
static const unsigned char *next;

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

/* What pack.c knows to be a pointer becomes one. */
static void relocate(void)
{
	uint64_t *at = (void *)image, *end = (void *)pointers_end;

	for (; HAS_POINTERS && at < end; at++)
		if (*at >> 32 == POINTER)
			*at = (uintptr_t)image +
			      (uint64_t)(int32_t)(uint32_t)*at;
}

static void unpack_group(const struct tables *tables, size_t size)
{
	unsigned char *at = image + done;

	madvise(at, size, POPULATE_WRITE);
	next = expand(at, tables, next);
	if (HAS_DISTANCES)
		distances(image, done, done + size, true);
	if (!done)
		relocate();
	done += size;
}

void unpack(const void *wanted)
{
	size_t from = done, until = (size_t)((uintptr_t)wanted -
					     (uintptr_t)image), size;
	struct tables tables;

	/* What comes straight from the linker, for gdb, has 0s there. */
	if (until < from || !read_number(next))
		return;
	fill_tables(&tables, packed);
	while (until >= done && (size = read_number(next)))
		unpack_group(&tables, size);
	make_code(image + from, done - from);
}

static bool begins(const char *name, const char *with)
{
	while (*with && *name == *with)
		name++, with++;
	return !*with;
}

/* In one go what the applet of that name uses, by the groups of the Makefile;
 * where the name does not tell, the rest follows. */
static const void *likely(const char *name)
{
	return begins(name, "fw-") ? image2
	       : begins(name, "docker-ch") ? image3 : image;
}

/* And nothing that came with the file can be written from now on. */
__attribute__((constructor)) static void unpack_first(void)
{
	uintptr_t start = (uintptr_t)__init_array_start &
			  -(uintptr_t)getpagesize();

	next = packed + CODES_SIZE;
	unpack(likely(program_invocation_short_name));
	mprotect((void *)start, (uintptr_t)image - start, PROT_READ);
}
