#include "fuzz.h"

#include <string.h>

#include "core/base/file.h"

enum { FILES_MAX = 8 };

static struct {
	const char *path;
	struct part text;
} files[FILES_MAX];
static size_t n_files;

/* In place of core's own, by the linker. */
int __wrap_file_read(const char *path, size_t max, struct buf *out,
		     struct err *e);

struct part part_next(const uint8_t **data, size_t *size)
{
	struct part p = {*data, *size};
	const uint8_t *end = *size ? memchr(*data, 1, *size) : NULL;

	if (end)
		p.len = (size_t)(end - p.at);
	*data += p.len + !!end;
	*size -= p.len + !!end;
	return p;
}

void files_add(const char *path, struct part text)
{
	demand(n_files < FILES_MAX);
	files[n_files].path = path;
	files[n_files++].text = text;
}

void files_none(void)
{
	n_files = 0;
}

int __wrap_file_read(const char *path, size_t max, struct buf *out,
		     struct err *e)
{
	size_t i = n_files;

	while (i--) {
		if (strncmp(path, files[i].path, strlen(files[i].path)) != 0)
			continue;
		if (files[i].text.len > max)
			return err_set(e, "cannot read '%s'", path);
		buf_add(out, "", 0);
		buf_add(out, files[i].text.at, files[i].text.len);
		return 1;
	}
	return 0;
}
