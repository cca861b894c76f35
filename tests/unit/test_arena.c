/* Memory that is given back all at once, and words cut from a text. */
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/words.h"
#include "tap.h"

enum { PIECES = 3000 };

static void test_pieces(void)
{
	static struct { uint8_t *at; size_t n; } piece[PIECES];
	struct arena a = {0};
	int i, spoilt = 0, unaligned = 0;
	size_t k;

	for (i = 0; i < PIECES; i++) {
		size_t n = i % 100 ? (size_t)(i * 7 % 61) : 20000;

		piece[i].at = arena_take(&a, n);
		piece[i].n = n;
		unaligned += (uintptr_t)piece[i].at % 8 != 0;
		memset(piece[i].at, i, n);
	}
	for (i = 0; i < PIECES; i++)
		for (k = 0; k < piece[i].n; k++)
			spoilt += piece[i].at[k] != (uint8_t)i;
	ok(!spoilt, "pieces of all sizes keep their bytes");
	ok(!unaligned, "each at a multiple of 8");
	arena_free(&a);
	ok(!a.last, "given back");
}

static void test_undo(void)
{
	struct arena a = {0};
	char *first = arena_take(&a, 40), *second = arena_take(&a, 7);

	arena_undo(&a, second);
	ok(arena_take(&a, 100) == second, "the last one's place again");
	second = arena_take(&a, 100000);
	arena_undo(&a, second);
	ok(arena_take(&a, 100000) == second && first != second,
	   "also that of a large one");
	arena_free(&a);
}

static void test_cut(void)
{
	static const char text[] = "allow 22 'a b'\nnext 'x\n'";
	const char *end = strchr(text, '\n');
	char to[sizeof(text)];
	struct words w;
	struct err e;

	ok(!words_cut(&w, to, text, end, &e) && w.n == 3 &&
	   !strcmp(w.word[2], "a b") && w.col[2] == 10, "a line of a text");
	ok(!memcmp(text, "allow 22 'a b'\n", 15), "which stays as it is");
	ok(words_cut(&w, to, end + 1, strrchr(text, '\n'), &e) && e.col == 6,
	   "a quote does not reach over its end");
}

int main(void)
{
	test_pieces();
	test_undo();
	test_cut();
	return tap_done();
}
