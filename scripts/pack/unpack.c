/* Puts back what pack.c packed, before main and before any of it is used:
 * constants and code, never writable and executable at once. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expand.h"

/* Of pack.ld; the image is whole pages. */
extern unsigned char packed[], image[], image_end[];

/* MADV_POPULATE_WRITE of Linux 5.14, not known to musl: all pages at once. */
enum { POPULATE_WRITE = 23 };

/* It is linked as what this is: writable. */
__attribute__((section(".image"), used)) static char first = 1;

#ifdef __x86_64__
enum { CODE_HAS_CALLS = true };
#else
enum { CODE_HAS_CALLS = false };
#endif

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

__attribute__((constructor)) static void unpack(void)
{
	static const char failed[] = "fwbox: no code can be made here\n";
	size_t size = (uintptr_t)image_end - (uintptr_t)image;

	if (!*packed) /* straight from the linker, for gdb */
		return;
	madvise(image, size, POPULATE_WRITE);
	expand(image, size, packed + 1);
	if (CODE_HAS_CALLS)
		calls(image, size, true);
	if (mprotect(image, size, PROT_READ | PROT_EXEC) &&
	    !map_as_file(image, size))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
	__builtin___clear_cache((char *)image, (char *)image_end);
}
