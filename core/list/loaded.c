#include "loaded.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../base/file.h"

static int write_new(const char *path, const struct buf *text)
{
	int fd, status;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return -1;
	status = file_write(fd, text->data, text->len);
	close(fd);
	return status;
}

int loaded_write(const char *path, const struct buf *text)
{
	struct buf name = {0}, temp = {0};
	int status = -1;

	buf_fmt(&name, "%s.loaded", path);
	buf_fmt(&temp, "%s.loaded~", path);
	if (!name.failed && !temp.failed && !write_new(temp.data, text))
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
