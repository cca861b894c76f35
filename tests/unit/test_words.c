/* Lines to words and back, and numbers. */
#include "core/base/num.h"
#include "core/base/words.h"
#include "tap.h"

static void splits(const char *line, const char *want)
{
	struct buf got = {0};
	struct words w;
	struct err e = {0};
	char copy[256];
	int i;

	snprintf(copy, sizeof(copy), "%s", line);
	if (!ok(!words_split(&w, copy, &e), "splits: %s", line))
		return;
	buf_str(&got, "");
	for (i = 0; i < w.n; i++)
		buf_fmt(&got, "<%d:%s>", w.col[i], w.word[i]);
	is(got.data ? got.data : "", want, "  into these");
	buf_free(&got);
}

static void fails(const char *line, int col, const char *want)
{
	struct words w;
	struct err e = {0};
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	ok(words_split(&w, copy, &e) < 0 && e.col == col &&
	   !strcmp(e.text, want), "refused: %s", line);
}

static void quotes(const char *word, const char *want)
{
	struct buf got = {0};
	struct words w;
	struct err e;

	words_quote(&got, word);
	is(got.data, want, "quoted");
	ok(!words_split(&w, got.data, &e) && w.n == 1 &&
	   !strcmp(w.word[0], word), "  and read back");
	buf_free(&got);
}

static void test_words(void)
{
	char many[200];
	struct buf line = {0};

	splits("", "");
	splits(" \t # only a comment", "");
	splits("allow 22/tcp", "<1:allow><7:22/tcp>");
	splits("  a\t b \r", "<3:a><6:b>");
	splits("a 'b c' d # e", "<1:a><3:b c><9:d>");
	splits("a#b '#c' \"d\\\"e\\\\f\"", "<1:a#b><5:#c><10:d\"e\\f>");
	splits("x'y z'\"q\"w ''", "<1:xy zqw><12:>");
	splits("'a\\b' \"a\\b\"", "<1:a\\b><7:ab>");
	fails("a 'b", 3, "a quote is not closed");
	fails("ab\"c\\\"", 3, "a quote is not closed");
	fails("\"\\", 1, "a quote is not closed");
	memset(many, ' ', sizeof(many));
	for (size_t i = 0; i < 130; i += 2)
		many[i] = 'x';
	many[130] = '\0';
	fails(many, 129, "too many words");
	quotes("ssh", "ssh");
	quotes("", "''");
	quotes("a b", "'a b'");
	quotes("#a", "'#a'");
	quotes("a#", "a#");
	quotes("a\"b", "'a\"b'");
	quotes("it's", "\"it's\"");
	quotes("it's \"\\\"", "\"it's \\\"\\\\\\\"\"");
	words_join(&line, (char *[]){"allow", "a b", "c"}, 3);
	is(line.data, "allow 'a b' c", "joined");
	buf_free(&line);
}

static void number(const char *s, unsigned max, int want)
{
	unsigned got = 77;

	ok(num_parse(s, strlen(s), max, &got) == (want >= 0) &&
	   got == (want >= 0 ? (unsigned)want : 77), "number '%s' to %u", s,
	   max);
}

static void test_numbers(void)
{
	number("0", 0, 0);
	number("1", 0, -1);
	number("7", 5, -1);
	number("10", 5, -1);
	number("65535", 65535, 65535);
	number("65536", 65535, -1);
	number("0000000000000000000000000000022", 65535, 22);
	number("4294967296", 4294967295u, -1);
	number("2147483647", 4294967295u, 2147483647);
	number("99999999999999999999999", 4294967295u, -1);
	number("", 9, -1);
	number("+1", 9, -1);
	number("-1", 9, -1);
	number(" 1", 9, -1);
	number("1x", 99, -1);
	number("0x1", 99, -1);
}

int main(void)
{
	test_words();
	test_numbers();
	return tap_done();
}
