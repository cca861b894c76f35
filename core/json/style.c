#include "style.h"

#include <string.h>

static struct slice between(const char *from, const char *to)
{
	return (struct slice){ from, (size_t)(to - from) };
}

static bool has_newline(struct slice s)
{
	return s.len && memchr(s.at, '\n', s.len);
}

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

/* What the line that s stands in starts with. */
static struct slice line_indent(const char *text, const char *s)
{
	while (s > text && s[-1] != '\n')
		s--;
	return (struct slice){ s, blanks(s) };
}

/* The first item's start: its key or, in a list, its value. */
static const char *item_start(const struct json_iter *it)
{
	return it->keyed ? it->key.at : it->value.at;
}

/* What the text as a whole shows: line ends, unit, colon. */
static struct style style_of_text(const char *text)
{
	struct json root = { text + strspn(text, " \t\r\n"), NULL };
	struct json_iter it;
	struct style s = { .lines = true, .colon = { ": ", 2 },
			   .unit = { "  ", 2 }, .eol = "\n" };
	const char *newline = strchr(text, '\n');
	struct slice lead;

	root.end = root.at; /* where it ends does not matter here */
	it = json_begin(root);
	if (newline && newline > text && newline[-1] == '\r')
		s.eol = "\r\n";
	if (!json_next(&it))
		return s;
	lead = between(root.at + 1, item_start(&it));
	s.lines = has_newline(lead);
	if (s.lines)
		s.unit = line_indent(text, item_start(&it));
	if (it.keyed)
		s.colon = between(it.key.end, it.value.at);
	return s;
}

struct style style_inside(const char *text, struct json value)
{
	struct style s = style_of_text(text);

	s.indent = line_indent(text, value.at);
	return s;
}

struct style style_beside(const char *text, struct json box)
{
	struct style s = style_of_text(text);
	struct json_iter it = json_begin(box);
	const char *before, *start = box.at, *end = NULL;

	while (json_next(&it)) {
		before = end;
		start = item_start(&it);
		end = it.value.end;
		if (it.keyed)
			s.colon = between(it.key.end, it.value.at);
		if (before)
			s.gap = between(before, start);
		else
			s.lead = between(box.at + 1, start);
	}
	s.lines = has_newline(s.gap.len ? s.gap : s.lead);
	s.indent = line_indent(text, start);
	return s;
}

static void add_slice(struct buf *out, struct slice s)
{
	buf_add(out, s.at, s.len);
}

void style_gap(const struct style *s, struct buf *out)
{
	bool spaced = s->lead.len || s->colon.at[s->colon.len - 1] != ':';

	if (s->gap.len) {
		add_slice(out, s->gap);
		return;
	}
	buf_str(out, ",");
	if (s->lines)
		add_slice(out, s->lead);
	else if (spaced)
		buf_str(out, " ");
}

static void new_line(const struct style *s, size_t deeper, struct buf *out)
{
	buf_str(out, s->eol);
	add_slice(out, s->indent);
	while (deeper--)
		add_slice(out, s->unit);
}

void style_make(const struct style *s, const struct json_path *p, size_t from,
		bool open, struct json value, struct buf *out)
{
	size_t i, deeper = 0;

	for (i = from; i < p->n; i++) {
		const struct json_step *step = &p->step[i];

		if (i > from || open) {
			buf_str(out, step->key ? "{" : "[");
			deeper++;
			if (s->lines && step->key)
				new_line(s, deeper, out);
		}
		if (step->key) {
			json_encode(step->key, step->len, out);
			add_slice(out, s->colon);
		}
	}
	buf_add(out, value.at, (size_t)(value.end - value.at));
	while (i-- > from + !open) {
		deeper--;
		if (s->lines && p->step[i].key)
			new_line(s, deeper, out);
		buf_str(out, p->step[i].key ? "}" : "]");
	}
}
