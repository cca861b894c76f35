#include "ports.h"

#include <string.h>

#include "../base/num.h"
#include "services.h"

enum { PORT_MAX = 65535 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool ports_numeric(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_digit(s[i]) && s[i] != ',' && s[i] != ':')
			return false;
	return len && is_digit(s[0]) && is_digit(s[len - 1]);
}

static size_t separators(const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += s[i] == ',' || s[i] == ':';
	return n;
}

bool ports_multi(const char *s, size_t len)
{
	return separators(s, len);
}

static int number(uint16_t *out, const char *s, size_t len, struct err *e)
{
	unsigned value;

	if (!num_parse(s, len, PORT_MAX, &value) || !value)
		return err_usage(e, "bad port '%.*s': must be 1 to 65535",
				 (int)len, s);
	*out = (uint16_t)value;
	return 0;
}

/* One of a list. */
static int range_parse(struct port_range *out, const char *s, size_t len,
		       struct names *names, struct err *e)
{
	const char *colon = memchr(s, ':', len);
	struct service service;

	if (colon) {
		size_t n = (size_t)(colon - s);

		if (number(&out->lo, s, n, e) ||
		    number(&out->hi, colon + 1, len - n - 1, e))
			return -1;
		if (out->lo >= out->hi)
			return err_usage(e, "bad port range '%.*s': the first "
					    "must be below the last",
					 (int)len, s);
		return 0;
	}
	if (ports_numeric(s, len) || !len) {
		if (number(&out->lo, s, len, e))
			return -1;
	} else if (service_find(names, s, len, &service) && service.port) {
		out->lo = service.port;
	} else {
		return err_usage(e, "no service '%.*s'", (int)len, s);
	}
	out->hi = out->lo;
	return 0;
}

int ports_parse(struct ports *out, const char *s, size_t len,
		struct names *names, struct err *e)
{
	size_t i, start = 0, most = separators(s, len) + 1;
	struct port_range *range;

	*out = (struct ports){0};
	if (most > RULE_PORTS)
		return err_usage(e, "too many ports in '%.*s': at most 15, a "
				    "range counts as two", (int)len, s);
	range = arena_take(&names->arena, most * sizeof(*range));
	if (!range)
		return err_set(e, "out of memory");
	out->range = range;
	for (i = 0; i <= len; i++) {
		if (i < len && s[i] != ',')
			continue;
		if (range_parse(&range[out->n], s + start, i - start, names,
				e))
			return -1;
		out->n++;
		start = i + 1;
	}
	return 0;
}

void ports_print(struct buf *out, const struct ports *ports)
{
	unsigned i;

	for (i = 0; i < ports->n; i++) {
		const struct port_range *r = &ports->range[i];

		buf_fmt(out, r->lo == r->hi ? "%s%u" : "%s%u:%u",
			i ? "," : "", r->lo, r->hi);
	}
}

/* How often the range is in the list. */
static unsigned occurrences(const struct ports *ports, struct port_range r)
{
	unsigned i, n = 0;

	for (i = 0; i < ports->n; i++)
		n += ports->range[i].lo == r.lo && ports->range[i].hi == r.hi;
	return n;
}

bool ports_same(const struct ports *a, const struct ports *b)
{
	unsigned i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (occurrences(a, a->range[i]) != occurrences(b, a->range[i]))
			return false;
	return true;
}

bool ports_have(const struct ports *ports, uint16_t port)
{
	unsigned i;

	for (i = 0; i < ports->n; i++)
		if (port >= ports->range[i].lo && port <= ports->range[i].hi)
			return true;
	return !ports->n;
}
