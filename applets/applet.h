/* What an applet is, and its four ways to speak and leave.  Each prints one
 * line, "applet: message", in one write. */
#ifndef APPLETS_APPLET_H
#define APPLETS_APPLET_H

#include <stddef.h>

#include "../core/base/err.h"

struct applet {
	const char *name;
	/* Its first line is for the list; empty: neither listed nor linked
	 * unless asked for by name.  What follows is what --help prints behind
	 * "usage: NAME", and more, or NULL, behind that.  Each is an array of
	 * such a name: unpacked only when it is wanted. */
	const char *usage, *more;
	int (*main)(int argc, char **argv); /* returns the exit status */
};

/* The name the running applet is called by; set once by main. */
extern const char *applet_name;
/* What stands in its place before a warning; NULL: nothing else. */
extern const char *warn_name;

void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Exit STATUS_FAILED; _errno adds ": " and strerror(errno). */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_errno(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
/* Exit STATUS_USAGE, with a hint to --help. */
_Noreturn void die_usage(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
/* Exits with e->status and says e->text. */
_Noreturn void die_err(const struct err *e);

/* To standard output, whole, or dies. */
void print(const void *bytes, size_t n);
void print_str(const char *s);

#endif
