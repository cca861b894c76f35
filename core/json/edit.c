#include "edit.h"
#include "style.h"

#include <string.h>

/* Puts `with` in the place of the text's bytes [from, to). */
static int splice(struct text *text, const char *from, const char *to,
		  const char *with, size_t len, struct err *e)
{
	char *gap = text_gap(text, from, to, len);

	if (!gap)
		return err_set(e, "out of memory");
	memcpy(gap, with, len);
	return 1;
}

/* Which items to take out of a box; what is NULL does not matter. */
struct drop {
	const struct json_step *key;
	const char *only, *not; /* the one, all but the one, starting there */
	const struct json *value;
};

static bool is_dropped(const struct drop *d, const struct json_iter *it)
{
	if (it->value.at == d->not || (d->only && it->value.at != d->only))
		return false;
	if (d->key && !json_is(it->key, d->key->key, d->key->len))
		return false;
	return !d->value || json_same(it->value, *d->value);
}

/* Moves what is kept of the text down over what is not.  The walk through
 * the box stays ahead of the moving, so one pass does. */
struct mover {
	char *to;         /* kept bytes end here */
	const char *from; /* bytes up to here are dealt with */
};

static void cut(struct mover *m, const char *start, const char *end)
{
	size_t n = (size_t)(start - m->from);

	memmove(m->to, m->from, n);
	m->to += n;
	m->from = end;
}

/* An item goes with the gap before it, or, when none before it stays, with
 * the gap behind it. */
static void move_kept(struct text *text, struct json box, const struct drop *d)
{
	struct mover m = { text->data, text->data };
	const char *end = box.at, *lead = end, *start;
	struct json_iter it = json_begin(box);
	bool kept = false, leading = false;

	for (; json_next(&it); end = it.value.end) {
		start = it.keyed ? it.key.at : it.value.at;
		if (leading)
			cut(&m, lead, start);
		leading = false;
		if (!is_dropped(d, &it))
			kept = true;
		else if (kept)
			cut(&m, end, it.value.end);
		else
			leading = true;
		lead = start;
	}
	text_gap(text, m.to, m.from, 0);
}

static int take_out(struct text *text, struct json box, const struct drop *d,
		    struct err *e)
{
	struct json_iter it = json_begin(box);
	bool all = true, any = false;

	while (json_next(&it)) {
		if (is_dropped(d, &it))
			any = true;
		else
			all = false;
	}
	if (any && all)
		return splice(text, box.at + 1, box.end - 1, "", 0, e);
	if (any)
		move_kept(text, box, d);
	return any;
}

/* As json_follow, and takes out the doubles met on the way: *changed. */
static size_t follow_single(struct text *text, const struct json_path *p,
			    struct json *at, bool *changed)
{
	struct json box;
	struct err none;
	size_t i = 0;

	*at = json_root(text->data, text->len);
	while (i < p->n) {
		struct drop others = { .key = &p->step[i] };
		long found;

		box = *at;
		found = json_step_into(at, &p->step[i]);
		if (!found)
			break;
		i++;
		if (found == 1)
			continue;
		others.not = at->at;
		take_out(text, box, &others, &none);
		*changed = true;
		*at = json_root(text->data, text->len);
		i = 0;
	}
	return i;
}

static int wrong_type(struct json at, const struct json_path *p, size_t n,
		      const char *wanted, struct err *e)
{
	struct buf where = { 0 };

	json_path_text(p, n, &where);
	err_set(e, "'%s' is %s, not %s", where.data ? where.data : "?",
		json_type_name(at), wanted);
	buf_free(&where);
	return -1;
}

static int bad_index(const struct json_path *p, size_t n, long items,
		     struct err *e)
{
	struct buf where = { 0 };

	json_path_text(p, n + 1, &where);
	err_set(e, "no '%s': the list has %ld items", where.data, items);
	buf_free(&where);
	return -1;
}

static long count_items(struct json box)
{
	struct json_iter it = json_begin(box);
	long n = 0;

	while (json_next(&it))
		n++;
	return n;
}

/* Puts the value, under the steps from n on that lead nowhere yet, into the
 * value `at` that the steps before lead to. */
static int make(struct text *text, const struct json_path *p, size_t n,
		struct json at, struct json value, struct err *e)
{
	bool keyed = p->step[n].key != NULL, null = json_type(at) == JSON_NULL;
	enum json_type wanted = keyed ? JSON_OBJECT : JSON_ARRAY;
	long items = count_items(at);
	struct buf add = { 0 };
	struct style s;
	size_t i;
	int rc;

	if (!null && json_type(at) != wanted)
		return wrong_type(at, p, n, keyed ? "an object" : "a list", e);
	if (!keyed && p->step[n].index != items)
		return bad_index(p, n, items, e);
	for (i = n + 1; i < p->n; i++)
		if (!p->step[i].key && p->step[i].index)
			return bad_index(p, i, 0, e);
	s = items ? style_beside(text->data, at)
		  : style_inside(text->data, at);
	if (items)
		style_gap(&s, &add);
	style_make(&s, p, n, !items, value, &add);
	if (items) {
		for (at.at = --at.end; strchr(" \t\r\n", at.at[-1]); at.at--)
			;
		at.end = at.at;
	}
	rc = add.failed ? err_set(e, "out of memory")
			: splice(text, at.at, at.end, add.data, add.len, e);
	buf_free(&add);
	return rc;
}

int json_set(struct text *text, const struct json_path *p, struct json value,
	     struct err *e)
{
	bool changed = false;
	struct json at;
	size_t n = follow_single(text, p, &at, &changed);

	if (n < p->n)
		return make(text, p, n, at, value, e);
	if (json_same(at, value))
		return changed;
	return splice(text, at.at, at.end, value.at,
		      (size_t)(value.end - value.at), e);
}

int json_delete(struct text *text, const struct json_path *p, struct err *e)
{
	struct json_path box_path = *p;
	struct json at, box;
	struct drop one = { 0 };
	bool changed;

	if (!p->n)
		return err_set(e, "cannot delete the whole file's value");
	if (json_follow(json_root(text->data, text->len), p, &at) < p->n)
		return 0;
	follow_single(text, p, &at, &changed);
	box_path.n--;
	json_follow(json_root(text->data, text->len), &box_path, &box);
	one.only = at.at;
	return take_out(text, box, &one, e);
}

/* One item to, or from, the list the path leads to. */
static int add_one(struct text *text, const struct json_path *p,
		   struct json value, struct err *e)
{
	struct json_path last = *p;
	struct json_iter it;
	bool changed = false;
	struct json at;
	size_t n = follow_single(text, p, &at, &changed);

	if (n == p->n && json_type(at) != JSON_ARRAY &&
	    json_type(at) != JSON_NULL)
		return wrong_type(at, p, n, "a list", e);
	if (n == p->n)
		for (it = json_begin(at); json_next(&it); )
			if (json_same(it.value, value))
				return changed;
	if (p->n == JSON_STEPS)
		return err_set(e, "path longer than %d steps", JSON_STEPS);
	last.step[last.n++] = (struct json_step){
		.index = n == p->n ? count_items(at) : 0
	};
	return make(text, &last, n, at, value, e);
}

static int remove_one(struct text *text, const struct json_path *p,
		      struct json value, struct err *e)
{
	struct drop d = { .value = &value };
	bool changed = false;
	struct json at;
	int rc;

	if (json_follow(json_root(text->data, text->len), p, &at) < p->n)
		return 0;
	if (json_type(at) == JSON_NULL)
		return 0;
	if (json_type(at) != JSON_ARRAY)
		return wrong_type(at, p, p->n, "a list", e);
	follow_single(text, p, &at, &changed);
	rc = take_out(text, at, &d, e);
	return rc ? rc : changed;
}

typedef int edit_one(struct text *text, const struct json_path *p,
		     struct json value, struct err *e);

/* A list stands for its items. */
static int for_each(edit_one *edit, struct text *text,
		    const struct json_path *p, struct json value,
		    struct err *e)
{
	struct json_iter it = json_begin(value);
	int rc, changed = 0;

	if (json_type(value) != JSON_ARRAY)
		return edit(text, p, value, e);
	while (json_next(&it)) {
		rc = edit(text, p, it.value, e);
		if (rc < 0)
			return rc;
		changed |= rc;
	}
	return changed;
}

int json_add(struct text *text, const struct json_path *p, struct json value,
	     struct err *e)
{
	return for_each(add_one, text, p, value, e);
}

int json_remove(struct text *text, const struct json_path *p,
		struct json value, struct err *e)
{
	return for_each(remove_one, text, p, value, e);
}
