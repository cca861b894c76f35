#include "fold.h"

#include <stddef.h>
#include <string.h>

#include "../base/sort.h"

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(struct fold_item, verdict));
}

/* The next value, or with -1 the one before. */
static void step(uint8_t *key, size_t len, int by)
{
	while (len-- > 0) {
		key[len] = (uint8_t)(key[len] + by);
		if (key[len] != (by > 0 ? 0 : 0xff))
			return;
	}
}

/* An element from first to last; one that touches the one before and does the
 * same becomes one with it. */
static void put(struct fold *f, const uint8_t *first, const uint8_t *last,
		struct fold_item *item)
{
	uint8_t *before, next[FOLD_LAST];

	item->lives = 1;
	if (f->n && f->interval && !f->keys.failed &&
	    f->verdict == item->verdict) {
		before = (uint8_t *)f->keys.data + f->keys.len - f->key_len;
		memcpy(next, before, f->key_len);
		step(next, f->key_len, 1);
		if (!memcmp(next, first, f->key_len)) {
			memcpy(before, last, f->key_len);
			return;
		}
	}
	f->n++;
	f->verdict = item->verdict;
	buf_add(&f->keys, first, f->key_len);
	if (f->interval)
		buf_add(&f->keys, last, f->key_len);
	buf_add(&f->verdicts, &rules_verdicts[item->verdict],
		sizeof(struct verdict));
}

/* Goes along the values.  `open` holds the items that have the value at hand
 * or would, if those before them ended: the first of them decides, and each
 * comes later in order than the one before it and lasts longer. */
struct sweep {
	struct fold *f;
	struct fold_item **open;
	size_t n;
	uint8_t at[FOLD_LAST]; /* so far the elements are done */
};

static int compare_ends(const struct fold_item *a, const uint8_t *b)
{
	return memcmp(a->key + FOLD_LAST, b, FOLD_LAST);
}

/* Those that end before x begins; NULL: all. */
static void close_before(struct sweep *s, const struct fold_item *x)
{
	while (s->n && (!x || compare_ends(s->open[0], x->key) < 0)) {
		const uint8_t *last = s->open[0]->key + FOLD_LAST;

		put(s->f, s->at, last, s->open[0]);
		memcpy(s->at, last, FOLD_LAST);
		step(s->at, s->f->key_len, 1);
		s->n--;
		memmove(s->open, s->open + 1, s->n * sizeof(*s->open));
	}
}

static void open_item(struct sweep *s, struct fold_item *x)
{
	uint8_t before[FOLD_LAST];
	size_t i = 0, end;

	while (i < s->n && memcmp(s->open[i]->order, x->order, 4) < 0)
		i++;
	if (i && compare_ends(s->open[i - 1], x->key + FOLD_LAST) >= 0)
		return;
	if (!i && s->n && memcmp(s->at, x->key, FOLD_LAST) < 0) {
		memcpy(before, x->key, FOLD_LAST);
		step(before, s->f->key_len, -1);
		put(s->f, s->at, before, s->open[0]);
	}
	if (!i)
		memcpy(s->at, x->key, FOLD_LAST);
	for (end = i; end < s->n; end++)
		if (compare_ends(s->open[end], x->key + FOLD_LAST) > 0)
			break;
	memmove(s->open + i + 1, s->open + end,
		(s->n - end) * sizeof(*s->open));
	s->open[i] = x;
	s->n += 1 + i - end;
}

static void sweep(struct fold *f, struct fold_item *items, size_t n)
{
	struct sweep s = {.f = f};
	struct buf room = {0};
	size_t i;

	if (!buf_reserve(&room, n * sizeof(*s.open))) {
		f->keys.failed = true;
		return;
	}
	s.open = (struct fold_item **)(void *)room.data;
	for (i = 0; i < n; i++) {
		close_before(&s, &items[i]);
		open_item(&s, &items[i]);
	}
	close_before(&s, NULL);
	buf_free(&room);
}

void fold(struct fold *f, struct fold_item *items, size_t n)
{
	size_t i;

	sort_items(items, n, sizeof(*items), compare);
	if (f->interval) {
		sweep(f, items, n);
		return;
	}
	for (i = 0; i < n; i++)
		if (!i || memcmp(items[i].key, items[i - 1].key, FOLD_KEY))
			put(f, items[i].key, items[i].key, &items[i]);
}
