#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It doubles until it is large, and then grows by an eighth.  With HEADER bytes
 * of the allocator's before it a small one is a power of two. */
enum { HEADER = 16, FIRST_CAP = 256 - HEADER, LARGE = 1 << 20 };

bool buf_reserve(struct buf *b, size_t n)
{
	size_t need = b->len + n + 1;
	size_t cap = b->cap ? b->cap : FIRST_CAP;
	char *data;

	if (b->failed)
		return false;
	if (b->cap >= need)
		return true;
	while (cap < need && cap <= SIZE_MAX / 2)
		cap += cap < LARGE ? cap + HEADER : cap / 8;
	data = need > n && cap >= need ? realloc(b->data, cap) : NULL;
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0 || !buf_reserve(b, (size_t)n)) {
		b->failed = true;
		return;
	}
	va_start(args, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, args);
	va_end(args);
	b->len += (size_t)n;
}

bool buf_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	       (!a->len || !memcmp(a->data, b->data, a->len));
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}
