/* What the errors are called that this program can meet, in the words of
 * libc's strerror, whose place this takes when statically linked. */
#include <features.h>

#ifndef __GLIBC__
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int error;
	const char *text;
} texts[] = {
	{EPERM, "Operation not permitted"},
	{ENOENT, "No such file or directory"},
	{EINTR, "Interrupted system call"},
	{EIO, "I/O error"},
	{EAGAIN, "Resource temporarily unavailable"},
	{ENOMEM, "Out of memory"},
	{EACCES, "Permission denied"},
	{EBUSY, "Resource busy"},
	{EEXIST, "File exists"},
	{EXDEV, "Cross-device link"},
	{ENOTDIR, "Not a directory"},
	{EISDIR, "Is a directory"},
	{EINVAL, "Invalid argument"},
	{EMFILE, "No file descriptors available"},
	{ENFILE, "Too many open files in system"},
	{ETXTBSY, "Text file busy"},
	{EFBIG, "File too large"},
	{ENOSPC, "No space left on device"},
	{EROFS, "Read-only file system"},
	{EPIPE, "Broken pipe"},
	{ERANGE, "Result not representable"},
	{ENAMETOOLONG, "Filename too long"},
	{ENOSYS, "Function not implemented"},
	{ELOOP, "Symbolic link loop"},
	{EOPNOTSUPP, "Not supported"},
	{EDQUOT, "Quota exceeded"},
	{ENOBUFS, "No buffer space available"},
	{ECONNREFUSED, "Connection refused"},
	{ECONNRESET, "Connection reset by peer"},
	{ETIMEDOUT, "Operation timed out"},
};

char *strerror(int error)
{
	static char other[24]; /* the interface gives it nowhere else */
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].error == error)
			return (char *)texts[i].text;
	snprintf(other, sizeof(other), "error %d", error);
	return other;
}
#endif
