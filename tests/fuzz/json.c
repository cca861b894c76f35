/* JSON's parser and patcher.  The input is an expression, a newline and a
 * text.  Properties: what is refused changes nothing; an edited text is JSON
 * and has the value; doing the edit again changes nothing; and taking it back
 * gives the first bytes. */
#include "fuzz.h"

#include <string.h>

#include "core/docker/expr.h"
#include "core/docker/report.h"
#include "core/json/edit.h"

/* What is said of the text is JSON when it is asked for. */
static void look_at(const struct text *text, bool json)
{
	static const char words[] = "--icc=false\0-H\0--label=a\0";
	struct docker_check look = {.json = json, .prefix = ""};
	struct buf out = {0};
	struct err e;

	if (docker_read(&look, json_root(text->data, text->len)) == 0)
		docker_check(&look, words);
	report(&look, "a \"file\"", &out);
	demand(!json || json_check(out.data, out.len, &e) == 0);
	buf_free(&look.out);
	buf_free(&out);
}

/* How often the path's keys are there: more than once, and a set takes the
 * others away, which is not taken back. */
static bool is_single(struct json at, const struct json_path *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (json_step_into(&at, &p->step[i]) > 1)
			return false;
	return true;
}

static bool same_text(const struct text *a, const struct text *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void set_and_take_back(const struct text *text, const char *expr)
{
	static const char one[] = "{\"one\": [1]}";
	struct json value = json_root(one, sizeof(one) - 1);
	struct json root = json_root(text->data, text->len), at, old = root;
	struct text now = { 0 };
	struct buf kept = { 0 };
	struct json_path p;
	struct err e;
	size_t n = 0;
	int rc = -1;

	text_set(&now, text->data, text->len);
	if (json_path_parse(&p, expr, &e)) {
		n = json_follow(root, &p, &old);
		rc = json_set(&now, &p, value, &e);
	}
	if (rc >= 0 && json_check(now.data, now.len, &e) == 0) {
		root = json_root(now.data, now.len);
		demand(json_follow(root, &p, &at) == p.n &&
		       json_same(at, value));
		demand(json_set(&now, &p, value, &e) == 0);
	} else {
		rc = -1; /* refused, or now nested too deep */
	}
	root = json_root(text->data, text->len);
	if (rc > 0 && is_single(root, &p) && n == p.n) {
		buf_add(&kept, old.at, (size_t)(old.end - old.at));
		demand(json_set(&now, &p, json_root(kept.data, kept.len), &e)
		       >= 0);
		demand(same_text(&now, text));
	} else if (rc > 0 && is_single(root, &p) && n + 1 == p.n &&
		   json_begin(old).at && old.end - old.at > 2 &&
		   (json_begin(old).keyed || p.step[n].index >= 0)) {
		struct json_iter it = json_begin(old);

		demand(json_delete(&now, &p, &e) == 1);
		demand(!json_next(&it) || same_text(&now, text));
	}
	json_path_free(&p);
	text_free(&now);
	buf_free(&kept);
}

void fuzz_json(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	struct expr_run run = { .raw = size & 1, .any = size & 2 };
	struct buf expr = { 0 };
	struct text text = { 0 };
	struct err e;

	if (!newline)
		return;
	buf_add(&expr, data, (size_t)(newline - data));
	text_set(&text, (const char *)newline + 1,
		 size - (size_t)(newline - data) - 1);
	if (json_check(text.data, text.len, &e) < 0) {
		demand(e.line > 0 && e.col > 0 && *e.text);
	} else {
		demand(json_same(json_root(text.data, text.len),
				 json_root(text.data, text.len)));
		text_set(&run.text, text.data, text.len);
		if (expr_do(&run, expr.data, false, &e) == 0 && !run.changed)
			demand(same_text(&run.text, &text));
		else if (run.changed && json_check(run.text.data, run.text.len,
						   &e) == 0)
			look_at(&run.text, size & 4);
		look_at(&text, size & 4);
		set_and_take_back(&text, expr.data);
	}
	expr_free(&run);
	buf_free(&expr);
	text_free(&text);
}
