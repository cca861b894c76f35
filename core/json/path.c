#include "path.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where a bare name ends. */
static size_t name_length(const char *s)
{
	size_t n = 0, one;

	while (s[n] && !is_space(s[n]) && !strchr(".[]\"=()", s[n])) {
		if ((s[n] == '+' || s[n] == '-') && s[n + 1] == '=')
			break;
		one = utf8_length(s + n);
		if (!one)
			break;
		n += one;
	}
	return n;
}

static const char *add_quoted(struct json_path *p, struct json_step *step,
			      const char *s)
{
	const char *why, *at, *end = json_scan_string(s, &why, &at);
	size_t start = p->names.len;

	if (!end)
		return NULL;
	json_decode((struct json){ s, end }, &p->names);
	step->key = p->names.data + start;
	step->len = p->names.len - start;
	return end;
}

static const char *add_name(struct json_path *p, struct json_step *step,
			    const char *s)
{
	size_t n = name_length(s);

	if (*s == '"')
		return add_quoted(p, step, s);
	if (!n)
		return NULL;
	step->key = p->names.data + p->names.len;
	step->len = n;
	buf_add(&p->names, s, n);
	return s + n;
}

/* Behind the '['. */
static const char *add_index(struct json_path *p, struct json_step *step,
			     const char *s)
{
	bool minus = *s == '-';
	const char *digits;
	long v = 0;

	if (*s == '"') {
		s = add_quoted(p, step, s);
		return s && *s == ']' ? s + 1 : NULL;
	}
	s += minus;
	for (digits = s; *s >= '0' && *s <= '9' && s - digits < 9; s++)
		v = v * 10 + (*s - '0');
	step->index = minus ? -v : v;
	return s > digits && *s == ']' && (v || !minus) ? s + 1 : NULL;
}

const char *json_path_parse(struct json_path *p, const char *s, struct err *e)
{
	const char *whole = s, *next;
	struct json_step *step;
	bool first = true;

	memset(p, 0, sizeof(*p));
	/* Decoded, the names are no longer than written: they never move. */
	if (!buf_reserve(&p->names, strlen(s))) {
		err_set(e, "out of memory");
		return NULL;
	}
	while (*s && (first || *s == '.' || *s == '[')) {
		if (first && *s == '.' && !utf8_length(s + 1))
			return s + 1;
		if (first && *s == '.' && strchr("+-= )", s[1]))
			return s + 1;
		if (p->n == JSON_STEPS) {
			err_usage(e, "path longer than 64 steps: '%s'", whole);
			return NULL;
		}
		step = &p->step[p->n];
		s += *s == '.';
		next = *s == '[' ? add_index(p, step, s + 1)
				 : add_name(p, step, s);
		if (!next) {
			err_usage(e, "not a path: '%s': wanted a name, a "
				  "string or [NUMBER] at '%s'", whole, s);
			return NULL;
		}
		p->n++;
		s = next;
		first = false;
	}
	return s;
}

void json_path_text(const struct json_path *p, size_t n, struct buf *out)
{
	size_t i;

	if (!n)
		buf_str(out, ".");
	for (i = 0; i < n; i++) {
		const struct json_step *s = &p->step[i];
		bool bare = s->len && s->key &&
			    name_length(s->key) >= s->len;

		if (!s->key) {
			buf_fmt(out, "[%ld]", s->index);
			continue;
		}
		if (i)
			buf_str(out, ".");
		if (bare)
			buf_add(out, s->key, s->len);
		else
			json_encode(s->key, s->len, out);
	}
}

void json_path_free(struct json_path *p)
{
	buf_free(&p->names);
}

static long count_items(struct json box)
{
	struct json_iter it = json_begin(box);
	long n = 0;

	while (json_next(&it))
		n++;
	return n;
}

long json_step_into(struct json *at, const struct json_step *step)
{
	struct json_iter it = json_begin(*at);
	long i, found = 0, want = step->index;

	if (!it.at || it.keyed != !!step->key)
		return 0;
	if (!step->key && want < 0)
		want += count_items(*at);
	for (i = 0; (step->key || !found) && json_next(&it); i++) {
		if (step->key ? !json_is(it.key, step->key, step->len)
			      : i != want)
			continue;
		*at = it.value; /* the walk has its own place */
		found++;
	}
	return found;
}

size_t json_follow(struct json root, const struct json_path *p,
		   struct json *at)
{
	size_t i;

	*at = root;
	for (i = 0; i < p->n && json_step_into(at, &p->step[i]); i++)
		;
	return i;
}
