/* Distributions build libmnl.a with fortified stdio, whose checked variants
 * musl does not have.  The one caller is libmnl's printer for debugging, which
 * shares its object with the builders used here; nothing calls it, and an
 * output error from it is worth less than the 14 KB of printf behind it. */
#include <features.h>

#ifndef __GLIBC__
#include <stdio.h>

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...);

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
{
	(void)f;
	(void)flag;
	(void)fmt;
	return -1;
}
#endif
