/* What libmnl's printer for debugging wants of libc.  Nothing here calls that
 * printer, but it shares its object with the builders that are used, and
 * would bring 17 KB of stdio and character tables with it; what it gets is an
 * output stream that takes nothing.  (Distributions build libmnl.a with
 * fortified stdio, whose checked variants musl does not have anyway.) */
#include <features.h>

#ifndef __GLIBC__
#include <stdio.h>

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...);
const unsigned short **__ctype_b_loc(void);

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
{
	(void)f;
	(void)flag;
	(void)fmt;
	return -1;
}

int fprintf(FILE *f, const char *fmt, ...)
{
	(void)f;
	(void)fmt;
	return -1;
}

size_t fwrite(const void *data, size_t size, size_t n, FILE *f)
{
	(void)data;
	(void)size;
	(void)n;
	(void)f;
	return 0;
}

const unsigned short **__ctype_b_loc(void)
{
	static unsigned short no_classes[384]; /* -128 to 255 */
	static const unsigned short *classes;

	classes = no_classes + 128;
	return &classes;
}
#endif
