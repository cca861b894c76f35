#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PROC_ROOM = 4000 };

ssize_t file_fill(int fd, char *to, size_t max)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, to + len, max - len);
		if (n > 0)
			len += (size_t)n;
	} while (len < max && (n > 0 || (n < 0 && errno == EINTR)));
	return n < 0 ? -1 : (ssize_t)len;
}

static int read_all(int fd, size_t size, size_t max, struct buf *out)
{
	size_t start = out->len, room;
	ssize_t n;

	/* And to have room for a small change; /proc tells no sizes. */
	buf_reserve(out, size + size / 64 + (size ? 1 : PROC_ROOM));
	do {
		if (!buf_reserve(out, out->cap > out->len + 1
				      ? out->cap - out->len - 1 : 4096)) {
			errno = ENOMEM;
			return -1;
		}
		room = out->cap - out->len - 1;
		n = file_fill(fd, out->data + out->len, room);
		if (n < 0)
			return -1;
		out->len += (size_t)n;
		if (out->len - start > max) {
			errno = EFBIG;
			return -1;
		}
	} while ((size_t)n == room);
	out->data[out->len] = '\0';
	return 0;
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
