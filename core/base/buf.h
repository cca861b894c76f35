/* A growing run of bytes.  Start from {0}; buf_free gives it back.
 * A failed allocation sets `failed` and makes every later call do nothing,
 * so a writer checks once at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* NULL while empty; always followed by a NUL byte */
	size_t len, cap;
	bool failed;
};

/* Room for n more bytes (and the NUL): false when there is no memory. */
bool buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_fmt(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool buf_same(const struct buf *a, const struct buf *b);
void buf_free(struct buf *b);

#endif
