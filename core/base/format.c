#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 24 };

struct spec {
	bool left, zero;
	int width, precision; /* precision -1: none */
	int size;             /* 0: int, 1: long or size_t, 2: long long */
};

static const char *read_int(const char *f, int *v)
{
	for (*v = 0; *f >= '0' && *f <= '9'; f++)
		*v = *v * 10 + (*f - '0');
	return f;
}

static unsigned long long take_number(int size, bool is_signed, va_list *args)
{
	unsigned long long v = size > 1 ? va_arg(*args, unsigned long long)
			       : size   ? va_arg(*args, unsigned long)
					: va_arg(*args, unsigned);

	if (is_signed && size < 2)
		v = (unsigned long long)(size ? (long)v : (int)v);
	return v;
}

/* The text of one conversion: at `out` if there is none yet; of *n bytes. */
static const char *convert(char out[DIGITS_MAX], const char *f,
			   const struct spec *s, va_list *args, size_t *n)
{
	char *p = out + DIGITS_MAX;
	unsigned long long v;
	bool negative;

	*n = 1;
	if (*f == 's') {
		f = va_arg(*args, const char *);
		*n = strnlen(f, (size_t)s->precision);
	} else if (*f == 'c') {
		*out = (char)va_arg(*args, int);
		f = out;
	} else if (*f == 'd' || *f == 'u' || *f == 'x') {
		v = take_number(s->size, *f == 'd', args);
		negative = *f == 'd' && v >> 63;
		if (negative)
			v = 0 - v;
		do {
			*--p = "0123456789abcdef"[v % (*f == 'x' ? 16 : 10)];
			v /= *f == 'x' ? 16 : 10;
		} while (v);
		if (negative)
			*--p = '-';
		*n = (size_t)(out + DIGITS_MAX - p);
		f = p;
	}
	return f;
}

/* Fills in what stands between the % and the conversion's letter. */
static const char *read_spec(const char *f, struct spec *s, va_list *args)
{
	for (; *f == '-' || *f == '0'; f++) {
		s->left |= *f == '-';
		s->zero |= *f == '0';
	}
	f = read_int(f, &s->width);
	if (*f == '.' && f[1] == '*') {
		s->precision = va_arg(*args, int);
		f += 2;
	} else if (*f == '.') {
		f = read_int(f + 1, &s->precision);
	}
	for (; *f == 'l' || *f == 'z'; f++)
		s->size++;
	return f;
}

size_t format_text(char *out, size_t room, const char *fmt, va_list args)
{
	size_t len = 0, i, n, width;
	char digits[DIGITS_MAX];
	const char *text;
	va_list rest;

	va_copy(rest, args);
	for (; *fmt; fmt++) {
		struct spec s = {.precision = -1};

		text = fmt;
		width = n = 1;
		if (*fmt == '%') {
			fmt = read_spec(fmt + 1, &s, &rest);
			text = convert(digits, fmt, &s, &rest, &n);
			width = n > (size_t)s.width ? n : (size_t)s.width;
		}
		for (i = 0; i < width; i++, len++) {
			size_t at = width == n || s.left ? i : i - (width - n);
			char c = at < n ? text[at]
				 : s.zero && !s.left ? '0' : ' ';

			if (len + 1 < room)
				out[len] = c;
		}
	}
	va_end(rest);
	if (room)
		out[len < room ? len : room - 1] = '\0';
	return len;
}

/* Statically linked, these take the place of libc's, also for what libc and
 * libmnl themselves format. */
#ifndef __GLIBC__
int vsnprintf(char *out, size_t room, const char *fmt, va_list args)
{
	size_t n = format_text(out, room, fmt, args);

	return n > INT_MAX ? -1 : (int)n;
}

int snprintf(char *out, size_t room, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out, room, fmt, args);
	va_end(args);
	return n;
}
#endif
