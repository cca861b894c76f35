/* Puts the constants back where the linker has them (pack.ld), before main
 * and before any constant is read, and makes them read-only. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expand.h"

extern unsigned char packed[], constants[], constants_end[], constants_past[];

/* What the constants are linked with is writable, and so are they. */
__attribute__((section(".constants"), used)) static char writable = 1;

__attribute__((constructor)) static void unpack(void)
{
	static const char failed[] = "fwbox: cannot protect its constants\n";
	uintptr_t from = (uintptr_t)constants;

	if (!*packed) /* straight from the linker, for gdb */
		return;
	expand(constants, (uintptr_t)constants_end - from, packed + 1);
	if (mprotect(constants, (uintptr_t)constants_past - from, PROT_READ))
		_exit(write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0 ||
		      true);
}
