/* Puts back what pack.c packed, before main and before any of it is used: the
 * constants, then read-only, and the code, never writable and executable at
 * once. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expand.h"

/* Of pack.ld; constants and code are whole pages. */
extern unsigned char packed[], constants[], constants_end[], code[],
	code_end[];

/* They are linked as what these are: writable. */
__attribute__((section(".constants"), used)) static char constant = 1;
__attribute__((section(".code"), used)) static char instruction = 1;

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
	const unsigned char *rest;
	size_t constant_size = (uintptr_t)constants_end - (uintptr_t)constants;
	size_t code_size = (uintptr_t)code_end - (uintptr_t)code;

	if (!*packed) /* straight from the linker, for gdb */
		return;
	rest = expand(constants, constant_size, packed + 1);
	expand(code, code_size, rest);
	if (CODE_HAS_CALLS)
		calls(code, code_size, true);
	if (mprotect(constants, constant_size, PROT_READ) ||
	    (mprotect(code, code_size, PROT_READ | PROT_EXEC) &&
	     !map_as_file(code, code_size)))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
	__builtin___clear_cache((char *)code, (char *)code_end);
}
