/* Makes JSON texts of all layouts with one edit each, and writes them with
 * what became of them, a JSON line per case, for jq to judge:
 *	json_gen edit SEED N       edits them with core/json
 *	json_gen files SEED N DIR  DIR/I.json and DIR/I.expr, for docker-cfg
 *	json_gen pack SEED N DIR   the same cases with what DIR/I.json is now
 * `bytes` says whether all bytes outside of the edit stayed; the maker knows
 * where it put each value, and needs no parser for that. */
#include "core/json/edit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPOTS = 200, PATH_MAX_STEPS = 8, MAX_ITEMS = 5 };

/* A value that was made: where it is, and what is around it. */
struct spot {
	char path[600];     /* as jq and docker-cfg take it: .["a"][0] */
	char list[600];     /* as a JSON list, without its brackets */
	size_t start, end;  /* the value */
	size_t item;        /* its key, or itself in a list */
	size_t before;      /* end of the item before, 0: it is the first */
	size_t after;       /* start of the item behind, 0: it is the last */
	size_t last;        /* of a box: end of its last item, 0: empty */
	int items;          /* of a box */
	char kind;          /* '{', '[' or 's' */
	bool doubled;       /* it or a key above has doubles */
	int parent;         /* its box; -1: the root */
};

struct doc {
	struct buf text;
	struct spot spot[SPOTS];
	int n;
	const char *eol, *unit, *colon;
	int layout; /* 0 lines, 1 spaced, 2 compact, 3 anything */
};

enum edit_kind { SET, NEW, APPEND, DELETE, ADD, REMOVE, KINDS };

struct edit {
	const struct spot *spot;
	enum edit_kind kind;
	struct buf path, list, value, expr;
};

static uint64_t state;

static unsigned pick(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 20) % n;
}

#define ONE_OF(list) ((list)[pick(sizeof(list) / sizeof(*(list)))])

static const char *const names[] = {
	"iptables", "ip6tables", "log-opts", "max-size", "dns", "bip",
	"data-root", "a.b", "x y", "\xc3\xa4", "", "q\\\"", "labels", "hosts",
	"runtimes", "features", "\xf0\x9f\x90\xb3", "A", "a", "n0", "null",
	"b\\\\", "mtu",
};

static const char *const scalars[] = {
	"true", "false", "null", "0", "-0", "1500", "1.50", "1e3", "-1E-2",
	"\"\"", "\"10m\"", "\"\\u0061\\n\"", "\"\\ud83d\\udc33\"",
	"\"\xe2\x82\xac\"", "\"a,]}\"", "\"{[\\\"\"", "\"192.0.2.1\"",
	"123456789012345678", "\"\\\\\"",
};

static const char *const new_values[] = {
	"true", "false", "null", "7", "\"v\"", "[]", "{}", "[1,2]",
	"{\"k\": [true]}", "\"\\u00e4\\\"\"", "-1.5e3", "[ ]",
};

static const char *const members[] = {
	"\"10m\"", "\"v\"", "true", "null", "\"\\u0061\\n\"", "{\"k\":\"w\"}",
	"\"192.0.2.1\"",
};

static void new_line(struct doc *d, int depth)
{
	buf_str(&d->text, d->eol);
	while (depth--)
		buf_str(&d->text, d->unit);
}

static void noise(struct doc *d)
{
	static const char *const noises[] = { "", "", " ", "\n", "\t", "\r\n",
					      "  ", "\n\n    " };

	if (d->layout == 3)
		buf_str(&d->text, ONE_OF(noises));
}

/* Between the items of a box, or between a bracket and an item. */
static void make_gap(struct doc *d, int depth, bool comma)
{
	noise(d);
	if (comma)
		buf_str(&d->text, ",");
	if (d->layout == 0)
		new_line(d, depth);
	else if (d->layout == 1 && comma)
		buf_str(&d->text, " ");
	noise(d);
}

/* The key, sometimes with a letter of it escaped. */
static void make_key(struct doc *d, const char *name)
{
	buf_str(&d->text, "\"");
	if (name[0] > ' ' && name[0] < 0x7f && name[0] != '\\' && !pick(8))
		buf_fmt(&d->text, "\\u%04x", (unsigned)*name++);
	buf_fmt(&d->text, "%s\"", name);
	noise(d);
	buf_str(&d->text, d->colon);
	noise(d);
}

static int make_value(struct doc *d, int parent, int depth, size_t item);

static void name_child(struct doc *d, int parent, const char *name, int index,
		       char *path, char *list)
{
	const char *above = parent < 0 ? "" : d->spot[parent].path;
	const char *above_list = parent < 0 ? "" : d->spot[parent].list;
	const char *comma = *above_list ? "," : "";

	if (parent < 0) {
		path[0] = list[0] = '\0';
	} else if (name) {
		snprintf(path, 600, "%s%s[\"%s\"]", above, *above ? "" : ".",
			 name);
		snprintf(list, 600, "%s%s\"%s\"", above_list, comma, name);
	} else {
		snprintf(path, 600, "%s%s[%d]", above, *above ? "" : ".",
			 index);
		snprintf(list, 600, "%s%s%d", above_list, comma, index);
	}
}

static void make_items(struct doc *d, int self, int depth)
{
	bool keyed = d->spot[self].kind == '{', doubled;
	unsigned i, n = pick(MAX_ITEMS), first = pick(40);
	size_t before = 0;
	int child, prev = -1;

	for (i = 0; i < n && d->n < SPOTS - 2; i++) {
		const char *name = names[(first + i * 7) %
					 (sizeof(names) / sizeof(*names))];

		make_gap(d, depth + 1, i > 0);
		doubled = keyed && !pick(12);
		if (doubled) {
			make_key(d, name);
			buf_str(&d->text, ONE_OF(scalars));
			make_gap(d, depth + 1, true);
		}
		size_t item = d->text.len;

		if (keyed)
			make_key(d, name);
		child = d->n;
		name_child(d, self, keyed ? name : NULL, (int)i,
			   d->spot[child].path, d->spot[child].list);
		d->spot[child].doubled = doubled || d->spot[self].doubled;
		make_value(d, self, depth + 1, item);
		d->spot[child].before = before;
		if (prev >= 0)
			d->spot[prev].after = item;
		before = d->spot[child].end;
		prev = child;
	}
	d->spot[self].items = (int)i;
	d->spot[self].last = before;
	if (i)
		make_gap(d, depth, false);
	else
		noise(d);
}

static int make_value(struct doc *d, int parent, int depth, size_t item)
{
	int self = d->n++;
	struct spot *s = &d->spot[self];
	unsigned what = depth ? pick(8) : 0;

	s->parent = parent;
	s->item = item;
	s->start = d->text.len;
	s->before = s->after = s->last = 0;
	s->items = 0;
	s->kind = what < 3 && depth < 6 ? '{' : what < 5 && depth < 6 ? '['
								      : 's';
	if (s->kind == 's') {
		buf_str(&d->text, ONE_OF(scalars));
	} else {
		buf_str(&d->text, s->kind == '{' ? "{" : "[");
		make_items(d, self, depth);
		buf_str(&d->text, s->kind == '{' ? "}" : "]");
	}
	s->end = d->text.len;
	return self;
}

static void make_doc(struct doc *d)
{
	static const char *const units[] = { "\t", "  ", "    ", "        ",
					     "" };
	static const char *const colons[] = { ": ", ":", " : " };

	d->text.len = 0;
	d->n = 0;
	d->layout = (int)pick(4);
	d->eol = pick(4) ? "\n" : "\r\n";
	d->unit = ONE_OF(units);
	d->colon = ONE_OF(colons);
	d->spot[0].doubled = false;
	name_child(d, -1, NULL, 0, d->spot[0].path, d->spot[0].list);
	make_value(d, -1, 0, 0);
	if (pick(3))
		buf_str(&d->text, d->eol);
}

/* Adds steps that lead nowhere yet. */
static void extend(struct edit *e)
{
	static const char *const made[] = { "new", "new-1", "n.e w" };
	unsigned n = 1 + pick(3);

	if (e->kind == APPEND) {
		buf_fmt(&e->path, "[%d]", e->spot->items);
		buf_fmt(&e->list, "%s%d", e->list.len ? "," : "",
			e->spot->items);
		n = pick(2);
	}
	while (n--) {
		const char *name = ONE_OF(made);

		buf_fmt(&e->path, "[\"%s\"]", name);
		buf_fmt(&e->list, "%s\"%s\"", e->list.len ? "," : "", name);
	}
}

static void make_edit(const struct doc *d, struct edit *e)
{
	static const char *const ops[] = { "=", "=", "=", "", "+=", "-=" };
	int tries = 0;

	do {
		e->kind = pick(KINDS);
		e->spot = &d->spot[pick((unsigned)d->n)];
		if (++tries > 50) {
			e->kind = NEW;
			e->spot = &d->spot[0];
		}
	} while ((e->kind == NEW && e->spot->kind != '{') ||
		 (e->kind >= APPEND && e->kind != DELETE &&
		  e->spot->kind != '[') ||
		 (e->kind == DELETE && e->spot->parent < 0));
	e->path.len = e->list.len = e->value.len = e->expr.len = 0;
	buf_str(&e->path, *e->spot->path ? e->spot->path : ".");
	buf_str(&e->list, e->spot->list);
	if (e->kind == NEW || e->kind == APPEND)
		extend(e);
	buf_str(&e->value, e->kind >= ADD ? ONE_OF(members)
					  : ONE_OF(new_values));
	if (e->kind == DELETE)
		buf_fmt(&e->expr, "del(%s)", e->path.data);
	else
		buf_fmt(&e->expr, "%s %s %s", e->path.data, ops[e->kind],
			e->value.data);
}

/* Whether `now` is `was` with anything in place of [from, to). */
static bool frames(const struct buf *was, const struct buf *now, size_t from,
		   size_t to)
{
	size_t tail = was->len - to;

	return now->len >= from + tail &&
	       !memcmp(now->data, was->data, from) &&
	       !memcmp(now->data + now->len - tail, was->data + to, tail);
}

static bool bytes_stayed(const struct doc *d, const struct edit *e,
			 const struct buf *now)
{
	const struct spot *s = e->spot;
	const struct buf *was = &d->text;

	if (s->doubled)
		return true; /* its doubles went too */
	switch (e->kind) {
	case SET:
		return frames(was, now, s->start, s->end) &&
		       (now->len == was->len - (s->end - s->start) +
					e->value.len ||
			now->len == was->len);
	case NEW:
	case APPEND:
	case ADD:
		return s->last ? frames(was, now, s->last, s->last)
			       : frames(was, now, s->start, s->end);
	case DELETE:
		if (s->before)
			return frames(was, now, s->before, s->end);
		if (s->after)
			return frames(was, now, s->item, s->after);
		return frames(was, now, d->spot[s->parent].start + 1,
			      d->spot[s->parent].end - 1);
	default:
		return frames(was, now, s->start, s->end);
	}
}

static void apply(const struct edit *e, struct buf *now)
{
	struct text text = { 0 };
	struct json value = json_root(e->value.data, e->value.len);
	struct json_path p;
	struct err err;
	int rc;

	text_set(&text, now->data, now->len);
	now->len = 0;
	if (!json_path_parse(&p, e->path.data, &err))
		rc = -1;
	else if (e->kind == DELETE)
		rc = json_delete(&text, &p, &err);
	else if (e->kind == ADD)
		rc = json_add(&text, &p, value, &err);
	else if (e->kind == REMOVE)
		rc = json_remove(&text, &p, value, &err);
	else
		rc = json_set(&text, &p, value, &err);
	buf_add(now, text.data, text.len);
	if (rc < 0)
		buf_fmt(now, "\n%s: %s", e->expr.data, err.text);
	json_path_free(&p);
	text_free(&text);
}

static void report(const struct doc *d, const struct edit *e,
		   const struct buf *now)
{
	static const char *const ops[] = { "set", "set", "set", "delete",
					   "add", "remove" };
	struct buf line = { 0 };

	buf_fmt(&line, "{\"op\":\"%s\",\"path\":[%s],\"value\":%s,\"bytes\":"
		"%s,\"expr\":", ops[e->kind], e->list.len ? e->list.data : "",
		e->value.data, bytes_stayed(d, e, now) ? "true" : "false");
	json_encode(e->expr.data, e->expr.len, &line);
	buf_str(&line, ",\"doc\":");
	json_encode(d->text.data, d->text.len, &line);
	buf_str(&line, ",\"result\":");
	json_encode(now->data, now->len, &line);
	buf_str(&line, "}");
	puts(line.data);
	buf_free(&line);
}

static void file_path(char *out, const char *dir, int i, const char *ext)
{
	snprintf(out, 200, "%s/%d.%s", dir, i, ext);
}

static void save(const char *dir, int i, const char *ext, const struct buf *b)
{
	char path[200];
	FILE *f;

	file_path(path, dir, i, ext);
	f = fopen(path, "w");
	if (!f || fwrite(b->data, 1, b->len, f) != b->len || fclose(f))
		exit(1);
}

static void load(const char *dir, int i, struct buf *b)
{
	char path[200], bytes[4096];
	size_t n;
	FILE *f;

	file_path(path, dir, i, "json");
	f = fopen(path, "r");
	while (f && (n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		buf_add(b, bytes, n);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	static struct doc d;
	static struct edit e;
	struct buf now = { 0 };
	int i, n;

	if (argc < 4)
		return 2;
	state = strtoull(argv[2], NULL, 10) * 2654435761u + 88172645463325252u;
	n = atoi(argv[3]);
	for (i = 0; i < n; i++) {
		make_doc(&d);
		make_edit(&d, &e);
		now.len = 0;
		if (!strcmp(argv[1], "files")) {
			save(argv[4], i, "json", &d.text);
			save(argv[4], i, "expr", &e.expr);
			continue;
		}
		if (!strcmp(argv[1], "pack")) {
			load(argv[4], i, &now);
		} else {
			buf_add(&now, d.text.data, d.text.len);
			apply(&e, &now);
		}
		report(&d, &e, &now);
	}
	buf_free(&now);
	buf_free(&d.text);
	buf_free(&e.path);
	buf_free(&e.list);
	buf_free(&e.value);
	buf_free(&e.expr);
	return 0;
}
