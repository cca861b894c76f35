/* Puts back what pack.c packed: the constants before main and before any of
 * them is read; the code of the later applets when one of them is called. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
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

/* Expands and closes [at, end); returns where the packed form ends. */
static const unsigned char *put(unsigned char *at, const unsigned char *end,
				const unsigned char *from, int protection)
{
	static const char failed[] = "fwbox: mprotect: not permitted here\n";
	size_t len = (uintptr_t)end - (uintptr_t)at;

	from = expand(at, len, from);
	if (mprotect(at, len, protection))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
	return from;
}

__attribute__((constructor)) static void unpack(void)
{
	if (*packed) /* else straight from the linker, for gdb */
		packed_code = put(constants, constants_end, packed + 1,
				  PROT_READ);
}

void later_unpack(int (*function)(int argc, char **argv))
{
	uintptr_t start = (uintptr_t)later, size = (uintptr_t)later_end - start;

	if (!packed_code || (uintptr_t)function - start >= size)
		return;
	put(later, later_end, packed_code, PROT_READ | PROT_EXEC);
	__builtin___clear_cache((char *)later, (char *)later_end);
	packed_code = NULL;
}
