/* What the errors are called that this program can meet, in the words of
 * libc's strerror, whose place this takes when statically linked. */
#include <features.h>

#ifndef __GLIBC__
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const short errors[] = {
	EPERM, ENOENT, EINTR, EIO, EAGAIN, ENOMEM, EACCES, EBUSY, EEXIST,
	EXDEV, ENOTDIR, EISDIR, EINVAL, EMFILE, ENFILE, EFBIG, ENOSPC, EROFS,
	EPIPE, ERANGE, ENAMETOOLONG, ENOSYS, ELOOP, EOPNOTSUPP, EDQUOT,
	ENOBUFS, ECONNREFUSED,
};

/* A text each, in the same order. */
static const char texts[] =
	"Operation not permitted\0"
	"No such file or directory\0"
	"Interrupted system call\0"
	"I/O error\0"
	"Resource temporarily unavailable\0"
	"Out of memory\0"
	"Permission denied\0"
	"Resource busy\0"
	"File exists\0"
	"Cross-device link\0"
	"Not a directory\0"
	"Is a directory\0"
	"Invalid argument\0"
	"No file descriptors available\0"
	"Too many open files in system\0"
	"File too large\0"
	"No space left on device\0"
	"Read-only file system\0"
	"Broken pipe\0"
	"Result not representable\0"
	"Filename too long\0"
	"Function not implemented\0"
	"Symbolic link loop\0"
	"Not supported\0"
	"Quota exceeded\0"
	"No buffer space available\0"
	"Connection refused\0";

char *strerror(int error)
{
	static char other[24]; /* the interface gives it nowhere else */
	const char *text = texts;
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i] == error)
			return (char *)text;
		text += strlen(text) + 1;
	}
	snprintf(other, sizeof(other), "error %d", error);
	return other;
}
#endif
