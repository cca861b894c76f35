/* Puts back what pack.c packed: the constants before main and before any of
 * them is read; the code of the later applets when one of them is called. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expand.h"
#include "later.h"

/* Of pack.ld; both are whole pages. */
extern unsigned char packed[], constants[], constants_end[], later[],
	later_end[];

/* They are linked as what these are: writable. */
__attribute__((section(".constants"), used)) static char constant = 1;
__attribute__((section(".later"), used)) static char code = 1;

static const unsigned char *packed_code;

#ifdef __x86_64__
enum { CODE_HAS_CALLS = true };
#else
enum { CODE_HAS_CALLS = false };
#endif

/* Closes [at, end): nothing is written there any more. */
static void protect(unsigned char *at, const unsigned char *end, int how)
{
	static const char failed[] = "fwbox: mprotect: not permitted here\n";

	if (mprotect(at, (uintptr_t)end - (uintptr_t)at, how))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
}

__attribute__((constructor)) static void unpack(void)
{
	if (!*packed) /* straight from the linker, for gdb */
		return;
	packed_code = expand(constants, (uintptr_t)constants_end -
			     (uintptr_t)constants, packed + 1);
	protect(constants, constants_end, PROT_READ);
}

void later_unpack(int (*function)(int argc, char **argv))
{
	uintptr_t start = (uintptr_t)later, size = (uintptr_t)later_end - start;

	if (!packed_code || (uintptr_t)function - start >= size)
		return;
	expand(later, size, packed_code);
	if (CODE_HAS_CALLS)
		calls(later, size, true);
	protect(later, later_end, PROT_READ | PROT_EXEC);
	__builtin___clear_cache((char *)later, (char *)later_end);
	packed_code = NULL;
}
