#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct err *e, int status, const char *fmt, va_list args)
{
	*e = (struct err){.status = status, .word = -1};
	vsnprintf(e->text, sizeof(e->text), fmt, args);
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(e, STATUS_FAILED, fmt, args);
	va_end(args);
	return -1;
}

int err_usage(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(e, STATUS_USAGE, fmt, args);
	va_end(args);
	return -1;
}

int err_sys(struct err *e, const char *fmt, ...)
{
	int cause = errno;
	va_list args;
	size_t n;

	va_start(args, fmt);
	fill(e, STATUS_FAILED, fmt, args);
	va_end(args);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(cause));
	errno = cause;
	return -1;
}

int err_place(struct err *e, const char *path, int line, int col)
{
	struct err cause = *e;

	err_set(e, "%s:%d:%d: %.400s", path, line, col, cause.text);
	e->line = line;
	e->col = col;
	return -1;
}
