#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum {
	PAGE = 65536, /* or a multiple of a page, anywhere */
	MANY = 4 * PAGE,
	VERY_MANY = 64 * PAGE
};

int file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
	struct stat was;

	return file_read_stat(path, max, out, &was, e);
}

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

/* Whole pages of the file into those of a file in memory, which take the place
 * of the buffer's.  Where that cannot be, they are read as all others. */
static void read_pages(int fd, size_t n, struct buf *out)
{
	char *to = out->data + out->len;
	int pages = memfd_create("fwbox", MFD_CLOEXEC);

	if (pages >= 0 && sendfile(pages, fd, NULL, n) == (ssize_t)n &&
	    mmap(to, n, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_POPULATE,
		 pages, 0) == to &&
	    mprotect(to, n, PROT_READ | PROT_WRITE) == 0)
		out->len += n;
	else
		lseek(fd, (off_t)out->len, SEEK_SET);
	if (pages >= 0)
		close(pages);
}

/* Most of a file of n bytes, for which there is room in the empty buffer, or
 * nothing.  The pages of a long file are had from the kernel all in one:
 * touched one by one, as they are read to, they take longer than all that is
 * done with them.  Those of a very long one are huge. */
static void read_most(int fd, size_t n, struct buf *out)
{
	size_t before = (size_t)(-(uintptr_t)out->data % PAGE);

	if (n >= VERY_MANY)
		madvise(out->data + before, n - before, MADV_HUGEPAGE);
	else if (n >= MANY && read_bytes(fd, before, out) == (ssize_t)before)
		read_pages(fd, (n - before) / PAGE * PAGE, out);
}

static int read_all(int fd, size_t size, size_t max, struct buf *out)
{
	size_t start = out->len;
	ssize_t n;

	if (buf_reserve(out, size + 1) && !start)
		read_most(fd, size, out);
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

int file_read_stat(const char *path, size_t max, struct buf *out,
		   struct stat *was, struct err *e)
{
	/* Not blocking: a FIFO is to be refused, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = 1;

	memset(was, 0, sizeof(*was));
	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(e, "cannot open '%s'",
						     path);
	if (fstat(fd, was) < 0)
		rc = err_sys(e, "cannot look at '%s'", path);
	else if (S_ISDIR(was->st_mode))
		rc = err_set(e, "'%s' is a folder, not a file", path);
	else if (!S_ISREG(was->st_mode))
		rc = err_set(e, "'%s' is not a regular file", path);
	else if ((size_t)was->st_size > max)
		rc = err_set(e, "'%s' is too big: at most %zu bytes", path,
			     max);
	else if (read_all(fd, (size_t)was->st_size, max, out) < 0)
		rc = err_sys(e, "cannot read '%s'", path);
	close(fd);
	return rc;
}
