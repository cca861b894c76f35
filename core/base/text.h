/* A whole file's text, to be read and edited where it lies.  Start from {0};
 * text_free gives it back. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "err.h"

struct text {
	char *data; /* NULL while there is none; else a NUL byte follows */
	size_t len;
	char *map; /* what it lies in, with room before and behind it */
	size_t size;
	int lease; /* of the file while that itself is mapped; 0: none */
};

/* What the regular file at path holds, of at most max bytes, in the place of
 * what t held; *was tells which file it was.  hold: nobody else may change it,
 * where that can be had, until the text is freed or made longer; not to be
 * asked for where that may take long.  1: read, 0: there is none, *was is all
 * zero and the text is empty, -1: an error, told in *e. */
int text_read(struct text *t, const char *path, size_t max, bool hold,
	      struct stat *was, struct err *e);
/* A copy of the bytes in the place of what t held.  False: no memory. */
bool text_set(struct text *t, const char *bytes, size_t len);
/* Makes the text's bytes [from, to) len bytes, of any value, and returns where
 * they are now.  What moves is the shorter of what is before and behind them.
 * NULL: no memory, nothing changed. */
char *text_gap(struct text *t, const char *from, const char *to, size_t len);
void text_free(struct text *t);
/* The same.  False: meanwhile somebody wanted to write to the file that is
 * held; he has, or 5 seconds are over.  True tells nothing of another. */
bool text_end(struct text *t);

#endif
