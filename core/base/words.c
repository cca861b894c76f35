#include "words.h"

#include <string.h>

static int fail(struct err *e, int col, const char *what)
{
	err_set(e, "%s", what);
	e->col = col;
	return -1;
}

/* Reads the quoted text at s (at its quote) to *to.  Behind it, or NULL. */
static char *unquote(char *s, char **to)
{
	char quote = *s++;

	for (; *s != quote; s++) {
		if (quote == '"' && *s == '\\' && s[1])
			s++;
		if (!*s)
			return NULL;
		*(*to)++ = *s;
	}
	return s + 1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Neither blank nor quote nor end; most are, and known with one look. */
static bool is_plain(char c)
{
	return (unsigned char)c > '\'';
}

int words_split(struct words *out, char *line, struct err *e)
{
	char *s = line;

	out->n = 0;
	for (;;) {
		char *to, last;

		while (is_blank(*s))
			s++;
		if (!*s || *s == '#')
			return 0;
		if (out->n == WORDS_LINE_MAX)
			return fail(e, (int)(s - line) + 1, "too many words");
		out->col[out->n] = (int)(s - line) + 1;
		out->word[out->n] = to = s;
		while (is_plain(*s) || (*s && !is_blank(*s))) {
			char *quote = s;

			if (is_plain(*s) || (*s != '\'' && *s != '"')) {
				*to++ = *s++;
				continue;
			}
			s = unquote(s, &to);
			if (!s)
				return fail(e, (int)(quote - line) + 1,
					    "a quote is not closed");
		}
		out->n++;
		last = *s;
		*to = '\0';
		s += last != '\0';
	}
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
