#include "json.h"
#include "scan.h"

/* The text ends in a NUL byte, and NUL is valid nowhere: so no step below
 * needs to compare with the end before it looks at a byte. */
struct scan {
	const char *at, *end;
	const char *why; /* what was wanted, set where it went wrong */
};

static bool fail(struct scan *s, const char *why)
{
	s->why = why;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The four digits of \uXXXX, or -1. */
static int hex4(const char *s)
{
	int i, v = 0;

	for (i = 0; i < 4; i++) {
		int c = s[i] | 0x20;

		if (is_digit(s[i]))
			v = v * 16 + (s[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* At a backslash. */
static bool scan_escape(struct scan *s)
{
	int low, code;

	if (s->at[1] != 'u') {
		if (!s->at[1] || !strchr("\"\\/bfnrt", s->at[1]))
			return fail(s, "no such escape");
		s->at += 2;
		return true;
	}
	code = hex4(s->at + 2);
	if (code < 0)
		return fail(s, "\\u wants four hexadecimal digits");
	if (code >= 0xdc00 && code <= 0xdfff)
		return fail(s, "second half of a surrogate pair alone");
	if (code >= 0xd800 && code <= 0xdbff) {
		low = s->at[6] == '\\' && s->at[7] == 'u' ? hex4(s->at + 8)
							  : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(s, "half of a surrogate pair");
		s->at += 6;
	}
	s->at += 6;
	return true;
}

/* At the opening quote. */
static bool scan_string(struct scan *s)
{
	size_t n;

	s->at++;
	for (;;) {
		s->at = skip_plain(s->at, s->end);
		while (*s->at >= 0x20 && *s->at < 0x7f && *s->at != '"' &&
		       *s->at != '\\')
			s->at++;
		if (*s->at == '"') {
			s->at++;
			return true;
		}
		if (*s->at == '\\') {
			if (!scan_escape(s))
				return false;
			continue;
		}
		if ((unsigned char)*s->at < 0x20)
			return fail(s, "in a string: wanted its closing '\"'");
		n = utf8_length(s->at);
		if (!n)
			return fail(s, "not UTF-8");
		s->at += n;
	}
}

const char *json_scan_string(const char *text, const char **why,
			     const char **at)
{
	struct scan s = { text, text, NULL };

	if (*text != '"')
		fail(&s, "wanted a string");
	else if (scan_string(&s))
		return s.at;
	*why = s.why;
	*at = s.at;
	return NULL;
}

static bool scan_digits(struct scan *s)
{
	if (!is_digit(*s->at))
		return fail(s, "in a number: wanted a digit");
	while (is_digit(*s->at))
		s->at++;
	return true;
}

static bool scan_number(struct scan *s)
{
	if (*s->at == '-')
		s->at++;
	if (*s->at == '0' && is_digit(s->at[1])) {
		s->at++;
		return fail(s, "a number cannot start with 0");
	}
	if (!scan_digits(s))
		return false;
	if (*s->at == '.') {
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (*s->at == 'e' || *s->at == 'E') {
		s->at++;
		if (*s->at == '+' || *s->at == '-')
			s->at++;
		return scan_digits(s);
	}
	return true;
}

static bool scan_word(struct scan *s, const char *word)
{
	for (; *word; word++, s->at++)
		if (*s->at != *word)
			return fail(s, "wanted true, false or null");
	return true;
}

static bool scan_scalar(struct scan *s)
{
	switch (*s->at) {
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '/':
		return fail(s, "wanted a value: JSON has no comments");
	case ']':
	case '}':
		return fail(s, "wanted a value: is there a ',' too many?");
	case '\'':
		return fail(s, "wanted a value: strings stand in '\"'");
	}
	if (*s->at == '-' || is_digit(*s->at))
		return scan_number(s);
	return fail(s, "wanted a value");
}

/* A key and its colon. */
static bool scan_key(struct scan *s)
{
	s->at = skip_space(s->at);
	if (*s->at == '}')
		return fail(s, "wanted a key: is there a ',' too many?");
	if (*s->at == '/')
		return fail(s, "wanted a key: JSON has no comments");
	if (*s->at != '"')
		return fail(s, "wanted a key in '\"'");
	if (!scan_string(s))
		return false;
	s->at = skip_space(s->at);
	if (*s->at != ':')
		return fail(s, "wanted ':'");
	s->at++;
	return true;
}

/* Behind a value: closes what ends here, and steps over the comma if there
 * is one.  *depth is 0 afterwards when the text's value is complete. */
static bool scan_after(struct scan *s, const char *closer, int *depth)
{
	for (;;) {
		s->at = skip_space(s->at);
		if (!*depth)
			return true;
		if (*s->at != closer[*depth])
			break;
		s->at++;
		--*depth;
	}
	if (*s->at != ',')
		return fail(s, closer[*depth] == '}' ? "wanted ',' or '}'"
						     : "wanted ',' or ']'");
	s->at++;
	return closer[*depth] == ']' || scan_key(s);
}

static bool scan_text(struct scan *s)
{
	char closer[JSON_DEPTH + 1]; /* of each open box, from 1 */
	int depth = 0;

	do {
		s->at = skip_space(s->at);
		if (*s->at == '{' || *s->at == '[') {
			if (depth == JSON_DEPTH)
				return fail(s, "nested deeper than 512");
			closer[++depth] = *s->at++ == '{' ? '}' : ']';
			s->at = skip_space(s->at);
			if (*s->at != closer[depth]) {
				if (closer[depth] == '}' && !scan_key(s))
					return false;
				continue;
			}
		} else if (!scan_scalar(s)) {
			return false;
		}
		if (!scan_after(s, closer, &depth))
			return false;
	} while (depth);
	return true;
}

static void locate(struct err *e, const char *text, const char *at)
{
	e->line = e->col = 1;
	for (; text < at; text++) {
		if (*text == '\n') {
			e->line++;
			e->col = 1;
		} else if (((unsigned char)*text & 0xc0) != 0x80) {
			e->col++;
		}
	}
}

int json_check(const char *text, size_t len, struct err *e)
{
	struct scan s = { text, text + len, NULL };

	if (scan_text(&s)) {
		if (s.at == text + len)
			return 0;
		s.why = "wanted nothing more";
	}
	if (s.at == text + len)
		err_set(e, "unexpected end: %s", s.why);
	else if (*s.at > ' ' && *s.at < 0x7f)
		err_set(e, "unexpected '%c': %s", *s.at, s.why);
	else
		err_set(e, "unexpected byte 0x%02x: %s",
			(unsigned)(unsigned char)*s.at, s.why);
	locate(e, text, s.at);
	return -1;
}
