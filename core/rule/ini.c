#include "ini.h"

#include <stdbool.h>
#include <string.h>

#include "../base/choose.h"

/* The file as far as it is read. */
struct reader {
	struct ini *ini;
	/* The value being read: more indented lines go on with it. */
	bool in_value;
	size_t indent;      /* of the line it began in */
	const char **field; /* where it goes; NULL: a key of no interest */
	char *end;          /* where its next byte goes */
};

static bool is_space(char c)
{
	return c && strchr(" \t\r\f\v\n", c);
}

/* The field of the last section that the key (n bytes) names, or NULL. */
static const char **field_of(struct ini *ini, const char *key, size_t n)
{
	struct profile *p = &ini->section[ini->n - 1];

	switch (word_index("title, description, ports", key, n, true)) {
	case 0:
		return &p->title;
	case 1:
		return &p->description;
	case 2:
		return &p->ports;
	}
	return NULL;
}

static void end_value(struct reader *r)
{
	if (r->in_value && r->field) {
		while (r->end > *r->field && is_space(r->end[-1]))
			r->end--;
		*r->end = '\0';
	}
	r->in_value = false;
}

/* The line s to end, without its space, goes on with the value. */
static void more_value(struct reader *r, const char *s, const char *end)
{
	if (!r->field)
		return;
	*r->end++ = '\n';
	memmove(r->end, s, (size_t)(end - s));
	r->end += end - s;
}

static int begin_section(struct reader *r, char *s, char *end)
{
	struct profile p = {.name = s + 1};
	struct ini *ini = r->ini;
	size_t i;

	end = memrchr(s, ']', (size_t)(end - s));
	if (end == s + 1)
		return 0;
	*end = '\0';
	for (i = 0; i < ini->n; i++)
		if (!strcmp(ini->section[i].name, s + 1))
			return 0;
	buf_add(&ini->bytes, &p, sizeof(p));
	ini->section = (struct profile *)(void *)ini->bytes.data;
	ini->n = ini->bytes.len / sizeof(p);
	return ini->bytes.failed ? -1 : 1;
}

static int begin_value(struct reader *r, char *s, char *end)
{
	char *value = s + strcspn(s, "=:");
	size_t n;

	if (value >= end || value == s || !r->ini->n)
		return 0;
	n = (size_t)(value - s);
	while (is_space(s[n - 1]))
		n--;
	for (value++; value < end && is_space(*value);)
		value++;
	r->field = field_of(r->ini, s, n);
	if (r->field && *r->field)
		return 0;
	if (r->field)
		*r->field = value;
	r->end = end;
	r->in_value = true;
	return 1;
}

/* One line, s to end; end points to its newline or to the final NUL. */
static int line(struct reader *r, char *s, char *end)
{
	char *start = s;
	size_t indent;

	while (end > s && is_space(end[-1]))
		end--;
	while (s < end && is_space(*s))
		s++;
	indent = (size_t)(s - start);
	if (s < end && (*s == '#' || *s == ';'))
		return 1;
	if (r->in_value && (s == end || indent > r->indent)) {
		more_value(r, s, end);
		return 1;
	}
	if (s == end)
		return 1;
	end_value(r);
	r->indent = indent;
	if (*s == '[' && memchr(s, ']', (size_t)(end - s)))
		return begin_section(r, s, end);
	return begin_value(r, s, end);
}

int ini_parse(struct ini *out, char *text)
{
	struct reader r = {.ini = out};
	int status = 1;

	*out = (struct ini){0};
	while (status == 1 && *text) {
		char *end = text + strcspn(text, "\n"), *next = end + !!*end;

		status = line(&r, text, end);
		text = next;
	}
	end_value(&r);
	return status;
}

void ini_free(struct ini *ini)
{
	buf_free(&ini->bytes);
	*ini = (struct ini){0};
}
