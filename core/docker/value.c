#include "check.h"
#include "../base/choose.h"
#include "../json/path.h"
#include "../rule/addr.h"

#include <stdint.h>
#include <string.h>

static bool is_integer(struct json v, bool negative, int64_t max)
{
	const char *s = v.at;
	bool minus = *s == '-';
	int64_t n = 0;

	for (s += minus; s < v.end && *s >= '0' && *s <= '9'; s++)
		n = n < max ? n * 10 + (*s - '0') : max + 1;
	return s == v.end && n <= max && (negative || !minus || !n);
}

/* A size in words: 64M, 1.5gb, 100. */
static bool is_size(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n = strspn(s, digits);

	s += n;
	if (n && *s == '.')
		s += 1 + strspn(s + 1, digits);
	s += *s == ' ';
	if (*s && strchr("kKmMgGtTpP", *s)) {
		s++;
		s += *s == 'i';
	}
	s += *s == 'b' || *s == 'B';
	return n && !*s;
}

/* An address, or with `length` one with its prefix length.  What net_parse
 * takes beyond that, a netmask, dockerd does not. */
static bool is_address(char *text, int wanted, bool length)
{
	char *slash = strchr(text, '/');
	enum family family;
	struct net net;
	struct err e;

	if (!length && strchr(text, ':'))
		text[strcspn(text, "%")] = '\0'; /* fe80::1%eth0 */
	return !!slash == length && !(slash && strchr(slash, '.')) &&
	       net_parse(&net, &family, text, &e) == 0 &&
	       (!wanted || (wanted == 2) == (family == FAMILY_6));
}

/* Of the decoded string, which may be cut. */
static bool string_fits(const struct docker_key *k, char type, char *s)
{
	static const char addresses[] = "aC4567";
	const char *address = strchr(addresses, type);
	long i = address ? address - addresses : 0;

	if (type == 'l')
		return *s != '=' && strchr(s, '=');
	if (type == 'u')
		return !strncmp(s, "http://", 7) || !strncmp(s, "https://", 8);
	if (type == 'z')
		return is_size(s);
	if (!*s)
		return true; /* as if it were not there */
	if (type == 'c')
		return word_index(k->standard, s, strlen(s),
				  !strcmp(k->name, "log-level")) >= 0;
	return !address || is_address(s, (int)i / 2, i % 2);
}

/* The members of proxies are as keys to dockerd, which has no others. */
static bool is_proxy(struct json key)
{
	return json_is(key, "http-proxy", 10) ||
	       json_is(key, "https-proxy", 11) || json_is(key, "no-proxy", 8);
}

/* Calls itself once per level of the type, three at most; *bad: what does not
 * fit. */
static bool fits(const struct docker_key *k, char type, struct json v,
		 struct json *bad)
{
	static const struct json_step pool[] = {{.key = "base", .len = 4},
						{.key = "size", .len = 4}};
	const char *text = docker_type_text(type);
	enum json_type is = json_type(v);
	struct json_iter it = json_begin(v);
	struct json base = v, size = v;
	struct buf s = {0};
	bool good = true;

	*bad = v;
	if ((is == JSON_NULL && type != 'z') || type == TYPE_ANY)
		return true;
	if (is != (enum json_type)(text[TYPE_JSON] - '0'))
		return false;
	if (is == JSON_NUMBER)
		return is_integer(v, type == 'i', type == 'p'
				  ? 65535 : INT64_C(1) << 59);
	if (is == JSON_STRING) {
		json_decode(v, &s);
		buf_str(&s, ""); /* which may be all */
		good = s.failed || string_fits(k, type, s.data);
		buf_free(&s);
	}
	if (type == 'q')
		return json_step_into(&base, &pool[0]) &&
		       json_step_into(&size, &pool[1]) &&
		       fits(k, 'C', base, bad) &&
		       fits(k, 'n', size, bad);
	while (good && json_next(&it)) {
		good = fits(k, text[TYPE_MEMBER], it.value, bad);
		if (type == 'x' && !is_proxy(it.key)) {
			*bad = it.key;
			good = false;
		}
	}
	return good;
}

int docker_value(const struct docker_key *k, struct json value, struct err *e)
{
	const char *choice = docker_type(k) == 'c' ? k->standard : "";
	struct json bad;
	size_t n;

	if (fits(k, docker_type(k), value, &bad))
		return 0;
	n = (size_t)(bad.end - bad.at);
	for (n = n < 60 ? n : 60; (bad.at[n] & 0xc0) == 0x80; n--)
		; /* not within a character */
	return err_set(e, "wants %s%s, not %.*s",
		       docker_type_text(docker_type(k)) + TYPE_WORDS,
		       choice + strspn(choice, ", "), (int)n, bad.at);
}
