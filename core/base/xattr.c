#include "xattr.h"
#include "buf.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <sys/xattr.h>

#define ACL "system.posix_acl_access"

/* Signatures over a file's bytes: the kernel makes new ones. */
static bool is_signature(const char *name)
{
	return !strcmp(name, "security.ima") || !strcmp(name, "security.evm");
}

/* The attribute's value: 1, 0 if it has none, -1. */
static int get(int fd, const char *name, struct buf *value)
{
	ssize_t n = fgetxattr(fd, name, NULL, 0);

	value->len = 0;
	if (n >= 0 && !buf_reserve(value, (size_t)n)) {
		errno = ENOMEM;
		return -1;
	}
	if (n > 0)
		n = fgetxattr(fd, name, value->data, (size_t)n);
	if (n < 0)
		return errno == ENODATA ? 0 : -1;
	value->len = (size_t)n;
	return 1;
}

/* What is the same already (a label that the folder gives to all its files)
 * is not set: that might not be allowed. */
static int copy_one(int from, int to, const char *name, struct buf *value,
		    struct buf *there)
{
	if (is_signature(name))
		return 0;
	if (get(from, name, value) < 0)
		return -1;
	if (get(to, name, there) > 0 && there->len == value->len &&
	    (!value->len || !memcmp(there->data, value->data, value->len)))
		return 0;
	return fsetxattr(to, name, value->data ? value->data : "", value->len,
			 0);
}

int xattr_copy(int from, int to)
{
	struct buf names = { 0 }, value = { 0 }, there = { 0 };
	ssize_t n = flistxattr(from, NULL, 0);
	size_t at = 0;
	int rc = 0;

	/* A folder's default ACL may have given the new file one. */
	fremovexattr(to, ACL);
	if (n > 0 && buf_reserve(&names, (size_t)n))
		n = flistxattr(from, names.data, (size_t)n);
	if (n < 0 || names.failed)
		rc = errno == ENOTSUP ? 0 : -1;
	while (rc == 0 && n > 0 && at < (size_t)n) {
		rc = copy_one(from, to, names.data + at, &value, &there);
		at += strlen(names.data + at) + 1;
	}
	buf_free(&names);
	buf_free(&value);
	buf_free(&there);
	return rc;
}
