#include "check.h"
#include "../rule/addr.h"

#include <stdio.h>
#include <string.h>

static bool is_integer(struct json v, long min, long max)
{
	const char *s = v.at;
	bool minus = *s == '-';
	long n = 0;

	if (json_type(v) != JSON_NUMBER || v.end - s > 18)
		return false;
	for (s += minus; s < v.end && *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	n = minus ? -n : n;
	return s == v.end && n >= min && n <= max;
}

/* A size in words: 64M, 1.5gb, 100. */
static bool is_size(const char *s)
{
	size_t n = strspn(s, "0123456789.");

	s += n;
	s += *s == ' ';
	if (*s && strchr("bBkKmMgGtTpP", *s))
		s++;
	s += *s == 'i';
	s += *s == 'b' || *s == 'B';
	return n && !*s;
}

/* An address, or with `length` one with its prefix length.  What net_parse
 * takes beyond that, a netmask, dockerd does not. */
static bool is_address(const char *text, enum family wanted, bool length)
{
	const char *slash = strchr(text, '/');
	enum family family;
	struct net net;
	char copy[64];
	struct err e;

	if (!*text)
		return true; /* as if it were not there */
	if (!!slash != length || (slash && strchr(slash, '.')) ||
	    strlen(text) >= sizeof(copy))
		return false;
	memcpy(copy, text, strlen(text) + 1);
	if (!length && strchr(copy, ':'))
		copy[strcspn(copy, "%")] = '\0'; /* fe80::1%eth0 */
	return net_parse(&net, &family, copy, &e) == 0 &&
	       (wanted == FAMILY_ANY || family == wanted);
}

/* Whether s is one of "a|b|c\n", or empty. */
static bool is_choice(const char *choice, const char *s)
{
	size_t n, len = strlen(s);

	do {
		n = strcspn(choice, "|\n");
		if (n == len && !memcmp(choice, s, n))
			return true;
		choice += n + 1;
	} while (choice[-1] == '|');
	return !len;
}

static bool string_fits(const struct docker_key *k, enum docker_type type,
			const char *s)
{
	switch (type) {
	case TYPE_CHOICE:
		return is_choice(k->standard, s);
	case TYPE_SIZE:
		return is_size(s);
	case TYPE_IP4:
		return is_address(s, FAMILY_4, false);
	case TYPE_IP6:
		return is_address(s, FAMILY_6, false);
	case TYPE_IP:
		return is_address(s, FAMILY_ANY, false);
	case TYPE_CIDR4:
		return is_address(s, FAMILY_4, true);
	case TYPE_CIDR6:
		return is_address(s, FAMILY_6, true);
	default:
		return true;
	}
}

/* What an item of a list must be beyond its type. */
static bool item_fits(enum docker_type list, struct json item)
{
	struct buf s = { 0 };
	struct json base, size;
	const char *equals;
	bool fits = true;

	if (list == TYPE_POOLS) {
		if (!json_get(item, "base", &base) ||
		    json_type(base) != JSON_STRING ||
		    !json_get(item, "size", &size))
			return false;
		json_decode(base, &s);
		fits = s.data && is_address(s.data, FAMILY_ANY, true) &&
		       is_integer(size, 0, 128);
	} else if (list == TYPE_LABELS || list == TYPE_URLS) {
		json_decode(item, &s);
		equals = s.data ? strchr(s.data, '=') : NULL;
		fits = list == TYPE_LABELS
			? equals && equals > s.data
			: s.data && (!strncmp(s.data, "http://", 7) ||
				     !strncmp(s.data, "https://", 8));
	}
	buf_free(&s);
	return fits;
}

static bool fits(const struct docker_key *k, enum docker_type type,
		 struct json v, struct json *culprit);

static bool items_fit(const struct docker_key *k, enum docker_type type,
		      enum json_type box, struct json v, struct json *culprit)
{
	struct json_iter it = json_begin(v);

	if (json_type(v) != box)
		return false;
	while (json_next(&it)) {
		*culprit = it.value;
		if (!fits(k, docker_member_type(type), it.value, culprit) ||
		    !item_fits(type, it.value))
			return false;
	}
	*culprit = v;
	return true;
}

/* Calls itself once per level of the type, three at most. */
static bool fits(const struct docker_key *k, enum docker_type type,
		 struct json v, struct json *culprit)
{
	struct buf s = { 0 };
	bool good;

	*culprit = v;
	if (json_type(v) == JSON_NULL)
		return true;
	switch (type) {
	case TYPE_ANY:
		return true;
	case TYPE_BOOL:
		return json_type(v) == JSON_BOOL;
	case TYPE_INT:
		return is_integer(v, -1, 1L << 30);
	case TYPE_COUNT:
		return is_integer(v, 0, 1L << 30);
	case TYPE_PORT:
		return is_integer(v, 0, 65535);
	case TYPE_OBJECT:
		return json_type(v) == JSON_OBJECT;
	case TYPE_STRINGS:
	case TYPE_LABELS:
	case TYPE_URLS:
	case TYPE_IPS:
	case TYPE_POOLS:
		return items_fit(k, type, JSON_ARRAY, v, culprit);
	case TYPE_STRING_MAP:
	case TYPE_BOOL_MAP:
	case TYPE_OBJECT_MAP:
	case TYPE_STRING_MAPS:
		return items_fit(k, type, JSON_OBJECT, v, culprit);
	default:
		break;
	}
	if (type == TYPE_SIZE && json_type(v) == JSON_NUMBER)
		return is_integer(v, 0, 1L << 62);
	if (json_type(v) != JSON_STRING)
		return false;
	json_decode(v, &s);
	good = string_fits(k, type, s.data ? s.data : "");
	buf_free(&s);
	return good;
}

bool docker_value_fits(const struct docker_key *k, struct json value,
		       struct buf *why)
{
	const char *choice = k->standard;
	struct json bad;
	int n, shown;

	if (fits(k, k->type, value, &bad))
		return true;
	choice += *choice == '|'; /* the default has no name */
	n = k->type == TYPE_CHOICE ? (int)strcspn(choice, "\n") : 0;
	shown = (int)(bad.end - bad.at < 60 ? bad.end - bad.at : 60);
	buf_fmt(why, "wants %s%.*s, not %.*s", docker_type_name(k->type), n,
		choice, shown, bad.at);
	return false;
}
