/* Lines of a file as words, and words as a line. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "buf.h"
#include "err.h"

enum { WORDS_LINE_MAX = 64 };

struct words {
	int n;
	char *word[WORDS_LINE_MAX]; /* ended by NUL */
	int col[WORDS_LINE_MAX];    /* the byte each began at, from 1 */
};

/* Cuts the line from `line` to `end`, which stands at a NUL or newline, at
 * spaces and tabs; the words go to `to`, which may be the line itself and else
 * has room for it and a byte more.  'Between these' all is as it stands;
 * "between these" \" and \\ are the bytes " and \.  A # where a word could
 * begin starts a comment.
 * 0, or -1 and *e with its column: an open quote, or too many words. */
int words_cut(struct words *out, char *to, const char *line, const char *end,
	      struct err *e);
/* The same in place, up to the NUL. */
int words_split(struct words *out, char *line, struct err *e);

/* Appends the word so that words_split reads it back, quoted if need be; a
 * newline cannot be in it. */
void words_quote(struct buf *out, const char *word);
/* Appends the words with a space between each two. */
void words_join(struct buf *out, char *const words[], int n);

#endif
