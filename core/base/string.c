/* Bytes one by one: statically linked, these take the place of libc's, which
 * look at words at a time and are five times the size.  What is looked at
 * here is short; for long texts libc's memchr stays. */
#include <features.h>

#ifndef __GLIBC__
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The compiler may call them where the source does not. */
#define KEPT __attribute__((used))

/* Of a loop without volatile the compiler would make a call of memset.  libc's
 * start calls it, before scripts/pack has put back what else there is. */
KEPT __attribute__((section(".start"))) void *memset(void *out, int c, size_t n)
{
	volatile char *p = out;

	while (n--)
		*p++ = (char)c;
	return out;
}

KEPT size_t strlen(const char *s)
{
	const volatile char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

KEPT char *strchr(const char *s, int c)
{
	while (*s != (char)c)
		if (!*s++)
			return NULL;
	return (char *)s;
}

/* How many of the first bytes are, or are not, in the set. */
static size_t span(const char *s, const char *set, bool in)
{
	const char *p = s, *c;

	for (; *p; p++) {
		for (c = set; *c && *c != *p; c++)
			;
		if (!*c == in)
			break;
	}
	return (size_t)(p - s);
}

KEPT size_t strspn(const char *s, const char *set)
{
	return span(s, set, true);
}

KEPT size_t strcspn(const char *s, const char *set)
{
	return span(s, set, false);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c | 32 : (unsigned char)c;
}

KEPT int strncasecmp(const char *a, const char *b, size_t n)
{
	int differ = 0;

	for (; n && !differ; n--, b++) {
		if (*a != *b)
			differ = lower(*a) - lower(*b);
		if (!*a++)
			break;
	}
	return differ;
}

KEPT int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

KEPT int strncmp(const char *a, const char *b, size_t n)
{
	while (n && *a && *a == *b)
		a++, b++, n--;
	return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

KEPT int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

KEPT char *strcpy(char *out, const char *s)
{
	return memcpy(out, s, strlen(s) + 1);
}

KEPT char *getenv(const char *name)
{
	size_t n = strlen(name);
	char **e;

	for (e = environ; e && *e; e++)
		if (!strncmp(*e, name, n) && (*e)[n] == '=')
			return *e + n + 1;
	return NULL;
}
#endif
