#include "json.h"
#include "scan.h"

/* All texts here have passed json_check, so the walks below check nothing
 * again; the NUL byte behind the text stops a number at its very end. */

static const char *string_end(const char *s, const char *end)
{
	for (s++;; s += 2) {
		s = skip_checked(s, end);
		while (*s != '"' && *s != '\\')
			s++;
		if (*s == '"')
			return s + 1;
	}
}

static const char *box_end(const char *s, const char *end)
{
	size_t depth = 0;

	do {
		s = skip_between(s, end);
		if (*s == '"') {
			s = string_end(s, end);
			continue;
		}
		depth += *s == '{' || *s == '[';
		depth -= *s == '}' || *s == ']';
		s++;
	} while (depth);
	return s;
}

/* end: of the box it is in. */
static const char *value_end(const char *s, const char *end)
{
	if (*s == '"')
		return string_end(s, end);
	if (*s == '{' || *s == '[')
		return box_end(s, end);
	while (*s > ' ' && *s != ',' && *s != ']' && *s != '}')
		s++;
	return s;
}

struct json json_root(const char *text, size_t len)
{
	while (len && strchr(" \n\r\t", text[len - 1]))
		len--;
	return (struct json){ skip_space(text), text + len };
}

enum json_type json_type(struct json v)
{
	switch (*v.at) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	}
	return JSON_NUMBER;
}

const char *json_type_name(struct json v)
{
	static const char *const names[] = { "null",     "true or false",
					     "a number", "a string",
					     "a list",   "an object" };

	return names[json_type(v)];
}

struct json_iter json_begin(struct json box)
{
	struct json_iter it = { 0 };

	if (*box.at == '{' || *box.at == '[') {
		it.at = box.at + 1;
		it.end = box.end;
		it.keyed = *box.at == '{';
	}
	return it;
}

bool json_next(struct json_iter *it)
{
	const char *s = it->at;

	if (!s)
		return false;
	s = skip_space(s);
	if (*s == ',')
		s = skip_space(s + 1);
	if (*s == '}' || *s == ']') {
		it->at = NULL;
		return false;
	}
	if (it->keyed) {
		it->key.at = s;
		it->key.end = s = string_end(s, it->end);
		s = skip_space(skip_space(s) + 1);
	}
	it->value.at = s;
	it->at = it->value.end = value_end(s, it->end);
	return true;
}

bool json_get(struct json object, const char *name, struct json *out)
{
	struct json_iter it = json_begin(object);
	size_t len = strlen(name);
	bool found = false;

	while (it.keyed && json_next(&it)) {
		if (!json_is(it.key, name, len))
			continue;
		*out = it.value;
		found = true;
	}
	return found;
}

static unsigned hex4(const char *s)
{
	unsigned v = 0;
	int i;

	for (i = 0; i < 4; i++)
		v = v * 16 + (s[i] <= '9' ? (unsigned)s[i] - '0'
					  : ((unsigned)s[i] | 0x20) - 'a' + 10);
	return v;
}

static size_t utf8_put(unsigned c, char *out)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t i;

	for (i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* Decodes what stands at *s, a byte or an escape, and steps over it; returns
 * how many bytes it put in out. */
static size_t decode_one(const char **s, char out[4])
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *named;
	unsigned c;

	if (**s != '\\') {
		out[0] = *(*s)++;
		return 1;
	}
	if ((*s)[1] != 'u') {
		named = strchr(from, (*s)[1]);
		out[0] = named ? to[named - from] : (*s)[1];
		*s += 2;
		return 1;
	}
	c = hex4(*s + 2);
	*s += 6;
	if (c >= 0xd800 && c <= 0xdbff) {
		c = 0x10000 + ((c - 0xd800) << 10) + (hex4(*s + 2) - 0xdc00);
		*s += 6;
	}
	return utf8_put(c, out);
}

bool json_is(struct json string, const char *bytes, size_t len)
{
	const char *s = string.at + 1, *end = string.end - 1;
	size_t n, done = 0;
	char out[4];

	while (s < end) {
		n = decode_one(&s, out);
		if (n > len - done || memcmp(bytes + done, out, n) != 0)
			return false;
		done += n;
	}
	return done == len;
}

void json_decode(struct json string, struct buf *out)
{
	const char *s = string.at + 1, *end = string.end - 1;
	char one[4];

	while (s < end) {
		size_t n = decode_one(&s, one);

		buf_add(out, one, n);
	}
}

static bool same_strings(struct json a, struct json b)
{
	const char *s = a.at + 1, *t = b.at + 1;
	size_t i = 0, j = 0, n = 0, m = 0;
	char one[4], other[4];

	/* A character may be an escape here, and some bytes there. */
	for (;; i++, j++) {
		if (i == n && s < a.end - 1)
			n = decode_one(&s, one), i = 0;
		if (j == m && t < b.end - 1)
			m = decode_one(&t, other), j = 0;
		if (i == n || j == m)
			return i == n && j == m;
		if (one[i] != other[j])
			return false;
	}
}

/* The member of b that counts for a key of a. */
static bool get_same(struct json b, struct json key, struct json *out)
{
	struct json_iter it = json_begin(b);
	bool found = false;

	while (json_next(&it)) {
		if (same_strings(it.key, key)) {
			*out = it.value;
			found = true;
		}
	}
	return found;
}

/* Whether each member of a is one of b, with the same value if `values`; of
 * a's doubles the last counts. */
static bool within(struct json a, struct json b, bool values)
{
	struct json_iter it = json_begin(a);
	struct json mine, theirs;

	while (json_next(&it)) {
		get_same(a, it.key, &mine);
		if (mine.at != it.value.at)
			continue;
		if (!get_same(b, it.key, &theirs) ||
		    (values && !json_same(mine, theirs)))
			return false;
	}
	return true;
}

/* Calls itself no deeper than JSON_DEPTH. */
bool json_same(struct json a, struct json b)
{
	struct json_iter x, y;
	bool more;

	if (json_type(a) != json_type(b))
		return false;
	switch (json_type(a)) {
	case JSON_STRING:
		return same_strings(a, b);
	case JSON_OBJECT:
		return within(a, b, true) && within(b, a, false);
	case JSON_ARRAY:
		x = json_begin(a);
		y = json_begin(b);
		while ((more = json_next(&x)) == json_next(&y))
			if (!more)
				return true;
			else if (!json_same(x.value, y.value))
				return false;
		return false;
	default:
		return a.end - a.at == b.end - b.at &&
		       memcmp(a.at, b.at, (size_t)(a.end - a.at)) == 0;
	}
}
