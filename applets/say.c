#include "applet.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line in one write: lines of several programs do not mix. */
static void say(const char *tail, const char *fmt, va_list args)
{
	char line[1024];
	size_t n;

	n = (size_t)snprintf(line, sizeof(line) / 2, "%s: ", applet_name);
	vsnprintf(line + n, sizeof(line) - n, fmt, args);
	n = strlen(line);
	if (tail) {
		snprintf(line + n, sizeof(line) - n, ": %s", tail);
		n = strlen(line);
	}
	if (n == sizeof(line) - 1)
		n--;
	line[n] = '\n';
	if (write(STDERR_FILENO, line, n + 1) < 0)
		return;
}

void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(NULL, fmt, args);
	va_end(args);
}

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(NULL, fmt, args);
	va_end(args);
	exit(STATUS_FAILED);
}

void die_errno(const char *fmt, ...)
{
	const char *cause = strerror(errno);
	va_list args;

	va_start(args, fmt);
	say(cause, fmt, args);
	va_end(args);
	exit(STATUS_FAILED);
}

void die_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("see --help", fmt, args);
	va_end(args);
	exit(STATUS_USAGE);
}

void die_err(const struct err *e)
{
	warn("%s", e->text);
	exit(e->status);
}

void print(const void *bytes, size_t n)
{
	const char *p = bytes;
	ssize_t done;

	while (n) {
		done = write(STDOUT_FILENO, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			die_errno("cannot write to standard output");
		p += done;
		n -= (size_t)done;
	}
}

void print_str(const char *s)
{
	print(s, strlen(s));
}
