#include "words.h"

#include <string.h>

static int fail(struct err *e, int col, const char *what)
{
	err_set(e, "%s", what);
	e->col = col;
	return -1;
}

/* Reads the quoted text at s (at its quote) to *to.  Behind it, or NULL. */
static const char *unquote(const char *s, const char *end, char **to)
{
	char quote = *s++;

	for (; s < end && *s != quote; s++) {
		if (quote == '"' && *s == '\\' && s + 1 < end)
			s++;
		*(*to)++ = *s;
	}
	return s < end ? s + 1 : NULL;
}

static inline __attribute__((always_inline)) bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Neither blank nor quote nor end; most are, and known with one look. */
static bool is_plain(char c)
{
	return (unsigned char)c > '\'';
}

int words_cut(struct words *out, char *to, const char *line, const char *end,
	      struct err *e)
{
	const char *s = line, *quote;

	for (out->n = 0;; out->n++) {
		while (is_blank(*s))
			s++;
		if (s >= end || *s == '#')
			return 0;
		if (out->n == WORDS_LINE_MAX)
			return fail(e, (int)(s - line) + 1, "too many words");
		out->col[out->n] = (int)(s - line) + 1;
		out->word[out->n] = to;
		for (;;) {
			while (is_plain(*s))
				*to++ = *s++;
			if (s >= end || is_blank(*s))
				break;
			if (*s != '\'' && *s != '"') {
				*to++ = *s++;
				continue;
			}
			quote = s;
			s = unquote(s, end, &to);
			if (!s)
				return fail(e, (int)(quote - line) + 1,
					    "a quote is not closed");
		}
		s += s < end; /* in place the NUL may go where it stood */
		*to++ = '\0';
	}
}

int words_split(struct words *out, char *line, struct err *e)
{
	return words_cut(out, line, line, line + strlen(line), e);
}

void words_quote(struct buf *out, const char *word)
{
	if (*word && *word != '#' && !strpbrk(word, " \t\r'\"")) {
		buf_str(out, word);
		return;
	}
	if (!strchr(word, '\'')) {
		buf_fmt(out, "'%s'", word);
		return;
	}
	buf_add(out, "\"", 1);
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			buf_add(out, "\\", 1);
		buf_add(out, word, 1);
	}
	buf_add(out, "\"", 1);
}

void words_join(struct buf *out, char *const words[], int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (i)
			buf_add(out, " ", 1);
		words_quote(out, words[i]);
	}
}
