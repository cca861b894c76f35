/* Puts back what pack.c packed before any of it is used, constants and code,
 * never writable and executable at once: what its name tells before main, the
 * rest when an applet is run. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* What takes the time is in expand.h alone. */
#pragma GCC push_options
#pragma GCC optimize("Oz")
#include "addresses.h"
#include "tables.h"
#pragma GCC pop_options
#include "expand.h"
#pragma GCC optimize("Oz")
#include "groups.h"
#include "unpack.h"

/* Of pack.ld and groups.awk. */
extern unsigned char packed[], image[], image2[], image3[], image4[];
extern struct tables first_chunk;

#ifndef PAGESIZE /* where it differs */
#define PAGESIZE getpagesize()
#endif

/* MADV_POPULATE_WRITE of Linux 5.14, not known to musl: all pages at once. */
enum { POPULATE_WRITE = 23 };

/* It is linked as what this is: writable. */
__attribute__((section(".image"), used)) static char first = 1;

/* In the list of segments two places, for those that pack.c puts in. */
__asm__(".pushsection .note.image, \"a\", %note\n.byte 0\n.popsection");
__asm__(".pushsection .note.relro, \"a\", %note\n.balign 4\n"
	".globl relro_size\n.hidden relro_size\nrelro_size: .long 0\n"
	".popsection");

/* So many bytes from `packed` on came with the file, if libc writes to what is
 * there or before; else 0, and all of it is read only from the beginning.  Set
 * by pack.c. */
extern const uint32_t relro_size __attribute__((visibility("hidden")));
/* The linker's: the first of what comes with the file and is no code. */
extern void (*__init_array_start[])(void);

/* The groups that are there, as bits: 0 at first, as all that is written to
 * later. */
static unsigned done;

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

static void end_unless(bool ok)
{
	static const char failed[] = "fwbox: no code can be made here\n";

	if (!ok)
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
}

static void make_code(unsigned char *at, size_t size)
{
	end_unless(!mprotect(at, size, PROT_READ | PROT_EXEC) ||
		   map_as_file(at, size));
	__builtin___clear_cache((char *)at, (char *)at + size);
}

/* What pack.c knows to be a pointer becomes one.  A group's first word tells
 * where they end. */
static void relocate(unsigned char *group)
{
	uint64_t *at = (void *)group, *end = (void *)(group + *at);

	for (; at < end; at++)
		if (*at >> 32 == POINTER)
			*at = (uintptr_t)image +
			      (uint64_t)(int32_t)(uint32_t)*at;
}

static void unpack_group(const struct tables *tables, size_t from,
			 const unsigned char *head)
{
	size_t page = from & -(size_t)PAGESIZE;
	size_t end = from + read_number(head);

	madvise(image + page, end - page, POPULATE_WRITE);
	expand(image + from, tables, head);
	if (HAS_DISTANCES)
		distances(image, from, end, true);
	if (HAS_POINTERS)
		relocate(image + from);
}

/* Of the group that has that byte of the image, or the last one. */
static size_t find_end(size_t wanted, unsigned *group)
{
	const unsigned char *head = packed + CODES_SIZE;
	size_t end = 0, size;

	for (*group = 0; (size = read_number(head)); ++*group) {
		end += size;
		head += HEAD + read_number(head + NUMBER);
		if (wanted < end || !read_number(head))
			break;
	}
	return end;
}

static void unpack_with(struct tables *tables, const void *wanted)
{
	const unsigned char *head = packed + CODES_SIZE;
	unsigned last, i;
	size_t end = find_end((uintptr_t)wanted - (uintptr_t)image, &last);
	size_t at = 0, size;

	/* What comes straight from the linker, for gdb, has 0s there. */
	if (!end || done >> last & 1)
		return;
	end_unless(!done || !mprotect(image, end, PROT_READ | PROT_WRITE));
	fill_tables(tables, packed);
	for (i = 0; i <= last; i++, at += size) {
		size = read_number(head);
		if ((i == last || group_needs(last, i)) && !(done >> i & 1)) {
			unpack_group(tables, at, head);
			done |= 1U << i;
		}
		head += HEAD + read_number(head + NUMBER);
	}
	/* All in one call, with what of it is not there. */
	make_code(image, end);
}

void unpack(const void *wanted)
{
	struct tables tables;

	unpack_with(&tables, wanted);
}

static bool begins(const char *name, const char *with)
{
	while (*with && *name == *with)
		name++, with++;
	return !*with;
}

/* What the applet of that name uses, by the groups of the Makefile; where the
 * name does not tell, the rest follows. */
static const void *likely(const char *name)
{
	if (begins(name, "fw-"))
		return image3;
	if (!begins(name, "docker-c"))
		return image;
	return name[8] == 'h' ? image4 : image2; /* chains, cfg */
}

static void unpack_first(void)
{
	uintptr_t from = (uintptr_t)__init_array_start &
			 -(uintptr_t)PAGESIZE;

	unpack_with(&first_chunk, likely(program_invocation_short_name));
	/* And not before: libc may have a variable there for make_code. */
	if (relro_size)
		mprotect((void *)from, (uintptr_t)packed + relro_size - from,
			 PROT_READ);
}

/* Called by libc at a start: where it can be loaded anywhere, a list of such
 * functions would be pointers to put into what is only read. */
#ifdef __PIE__
void _init(void)
{
	unpack_first();
}
#else
__attribute__((constructor)) static void start(void)
{
	unpack_first();
}
#endif
