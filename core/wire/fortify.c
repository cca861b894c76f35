/* Distributions build libmnl.a with fortified stdio, whose checked variants
 * musl does not have: this one forwards.  Unused, it is left out. */
#include <features.h>

#ifndef __GLIBC__
#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
{
	va_list args;
	int n;

	(void)flag;
	va_start(args, fmt);
	n = vfprintf(f, fmt, args);
	va_end(args);
	return n;
}
#endif
