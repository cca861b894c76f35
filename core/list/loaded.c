#include "loaded.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int write_all(const char *path, const struct buf *text)
{
	int fd;
	size_t done = 0;
	ssize_t n = 0;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return -1;
	for (; done < text->len && n >= 0; done += (size_t)n)
		n = write(fd, text->data + done, text->len - done);
	close(fd);
	return n < 0 ? -1 : 0;
}

int loaded_write(const char *path, const struct buf *text)
{
	struct buf name = {0}, temp = {0};
	int status = -1;

	buf_fmt(&name, "%s.loaded", path);
	buf_fmt(&temp, "%s.loaded~", path);
	if (!name.failed && !temp.failed && !write_all(temp.data, text))
		status = rename(temp.data, name.data);
	buf_free(&name);
	buf_free(&temp);
	return status;
}

int loaded_read(struct rules_file *f, struct buf *name, const char *path,
		struct err *e)
{
	name->len = 0;
	buf_fmt(name, "%s.loaded", path);
	if (!name->failed)
		return rules_load(f, name->data, e);
	*f = (struct rules_file){0};
	return err_set(e, "out of memory");
}
