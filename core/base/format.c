#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct output {
	char *out;
	size_t room, len;
};

struct spec {
	bool left, zero;
	int width, precision; /* precision -1: none */
	int size;             /* 0: int, 1: long or size_t, 2: long long */
};

static void put(struct output *o, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++, o->len++)
		if (o->len + 1 < o->room)
			o->out[o->len] = s[i];
}

static void put_padded(struct output *o, const struct spec *s, const char *text,
		       size_t n)
{
	size_t width = s->width > 0 ? (size_t)s->width : 0;
	size_t pad = width > n ? width - n : 0;

	if (s->left)
		put(o, text, n);
	while (pad--)
		put(o, s->zero && !s->left ? "0" : " ", 1);
	if (!s->left)
		put(o, text, n);
}

static void put_number(struct output *o, const struct spec *s,
		       unsigned long long v, unsigned base, bool negative)
{
	char digits[24], *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	if (negative)
		*--p = '-';
	put_padded(o, s, p, (size_t)(digits + sizeof(digits) - p));
}

static const char *read_int(const char *f, int *v)
{
	for (*v = 0; *f >= '0' && *f <= '9'; f++)
		*v = *v * 10 + (*f - '0');
	return f;
}

/* The conversion's letters after the %, up to its last. */
static const char *read_flags(const char *f, struct spec *s)
{
	*s = (struct spec){.precision = -1};
	for (; *f == '-' || *f == '0'; f++) {
		s->left |= *f == '-';
		s->zero |= *f == '0';
	}
	return f;
}

static unsigned long long take_unsigned(int size, va_list *args)
{
	return size == 0   ? va_arg(*args, unsigned)
	       : size == 1 ? va_arg(*args, unsigned long)
			   : va_arg(*args, unsigned long long);
}

static long long take_signed(int size, va_list *args)
{
	return size == 0   ? va_arg(*args, int)
	       : size == 1 ? va_arg(*args, long)
			   : va_arg(*args, long long);
}

static void convert(struct output *o, const struct spec *s, char c,
		    va_list *args)
{
	unsigned long long u;
	const char *text;
	long long d;
	char one;

	switch (c) {
	case 's':
		text = va_arg(*args, const char *);
		put_padded(o, s, text,
			   s->precision < 0
				   ? strlen(text)
				   : strnlen(text, (size_t)s->precision));
		break;
	case 'c':
		one = (char)va_arg(*args, int);
		put_padded(o, s, &one, 1);
		break;
	case 'd':
		d = take_signed(s->size, args);
		u = d < 0 ? 0 - (unsigned long long)d : (unsigned long long)d;
		put_number(o, s, u, 10, d < 0);
		break;
	case 'u':
	case 'x':
		u = take_unsigned(s->size, args);
		put_number(o, s, u, c == 'x' ? 16 : 10, false);
		break;
	default:
		put(o, &c, 1);
	}
}

size_t format_text(char *out, size_t room, const char *fmt, va_list args)
{
	struct output o = {out, room, 0};
	struct spec s;
	va_list rest;

	va_copy(rest, args);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(&o, fmt, 1);
			continue;
		}
		fmt = read_flags(fmt + 1, &s);
		if (*fmt == '*') {
			s.width = va_arg(rest, int);
			fmt++;
		} else {
			fmt = read_int(fmt, &s.width);
		}
		if (*fmt == '.' && fmt[1] == '*') {
			s.precision = va_arg(rest, int);
			fmt += 2;
		} else if (*fmt == '.') {
			fmt = read_int(fmt + 1, &s.precision);
		}
		for (; *fmt == 'l' || *fmt == 'z'; fmt++)
			s.size++;
		convert(&o, &s, *fmt, &rest);
	}
	va_end(rest);
	if (room)
		out[o.len < room ? o.len : room - 1] = '\0';
	return o.len;
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
