/* Statically linked, this takes the place of libc's, which asks the kernel a
 * second time for what all since Linux 2.6.23 do. */
#include <features.h>

#ifndef __GLIBC__
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE,
			    mode);
}
#endif
