#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PROC_ROOM = 4000 };

static ssize_t read_bytes(int fd, size_t n, struct buf *out)
{
	ssize_t got;

	do
		got = read(fd, out->data + out->len, n);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		out->len += (size_t)got;
	return got;
}

static int read_all(int fd, size_t size, size_t max, struct buf *out)
{
	size_t start = out->len;
	ssize_t n;

	/* And to have room for a small change; /proc tells no sizes. */
	buf_reserve(out, size + size / 64 + (size ? 1 : PROC_ROOM));
	do {
		if (out->len - start > max) {
			errno = EFBIG;
			return -1;
		}
		if (!buf_reserve(out, out->cap > out->len + 1
				      ? out->cap - out->len - 1 : 4096)) {
			errno = ENOMEM;
			return -1;
		}
		n = read_bytes(fd, out->cap - out->len - 1, out);
	} while (n > 0);
	out->data[out->len] = '\0';
	return (int)n;
}

int file_open(const char *path, size_t max, int *fd, struct stat *was,
	      struct err *e)
{
	int rc = 1;

	memset(was, 0, sizeof(*was));
	/* Not blocking: a FIFO is to be refused, not waited for. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return errno == ENOENT ? 0 : err_sys(e, "cannot open '%s'",
						     path);
	if (fstat(*fd, was) < 0)
		rc = err_sys(e, "cannot look at '%s'", path);
	else if (S_ISDIR(was->st_mode))
		rc = err_set(e, "'%s' is a folder, not a file", path);
	else if (!S_ISREG(was->st_mode))
		rc = err_set(e, "'%s' is not a regular file", path);
	else if ((size_t)was->st_size > max)
		rc = err_set(e, "'%s' is too big: at most %zu bytes", path,
			     max);
	if (rc < 0)
		close(*fd);
	return rc;
}

int file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
	struct stat was;
	int fd, rc = file_open(path, max, &fd, &was, e);

	if (rc <= 0)
		return rc;
	if (read_all(fd, (size_t)was.st_size, max, out) < 0)
		rc = err_sys(e, "cannot read '%s'", path);
	close(fd);
	return rc;
}
