#include "applet.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line in one write: lines of several programs do not mix. */
static void say(const char *name, const char *text, const char *tail)
{
	char line[1024];
	size_t n = (size_t)snprintf(line, sizeof(line), "%s: %s%s\n",
				    name, text, tail);

	if (n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

static void vsay(const char *name, const char *fmt, va_list args,
		 const char *tail)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	say(name, text, tail);
}

void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(warn_name ? warn_name : applet_name, fmt, args, "");
	va_end(args);
}

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(applet_name, fmt, args, "");
	va_end(args);
	exit(STATUS_FAILED);
}

void die_errno(const char *fmt, ...)
{
	char cause[64];
	va_list args;

	snprintf(cause, sizeof(cause), ": %s", strerror(errno));
	va_start(args, fmt);
	vsay(applet_name, fmt, args, cause);
	va_end(args);
	exit(STATUS_FAILED);
}

void die_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsay(applet_name, fmt, args, ": see --help");
	va_end(args);
	exit(STATUS_USAGE);
}

void die_err(const struct err *e)
{
	say(applet_name, e->text, "");
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
