/* TAP from C: ok() per check, and `return tap_done()` at the end of main. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3), unused))
static bool ok(bool passed, const char *fmt, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	tap_failed += !passed;
	return passed;
}

__attribute__((unused))
static bool is(const char *got, const char *want, const char *name)
{
	bool same = got && want && !strcmp(got, want);

	if (!ok(same, "%s", name))
		printf("# got:  '%s'\n# want: '%s'\n", got ? got : "(null)",
		       want ? want : "(null)");
	return same;
}

__attribute__((unused))
static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
