/* Addresses in text, RFC 4291 and 5952: statically linked, these take the
 * place of libc's larger ones. */
#include <features.h>

#ifndef __GLIBC__
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool parse4(const char *s, uint8_t *out)
{
	unsigned value, digits;
	int i;

	for (i = 0; i < 4; i++) {
		for (value = digits = 0; *s >= '0' && *s <= '9'; s++) {
			if (digits++ && !value)
				return false; /* a leading zero */
			value = value * 10 + (unsigned)(*s - '0');
			if (value > 255)
				return false;
		}
		if (!digits || *s != (i < 3 ? '.' : '\0'))
			return false;
		s++;
		out[i] = (uint8_t)value;
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One group of up to four digits; how many there were. */
static int parse_group(const char *s, unsigned *value)
{
	int n = 0, digit;

	for (*value = 0; n < 5 && (digit = hex_digit(s[n])) >= 0; n++)
		*value = *value << 4 | (unsigned)digit;
	return n;
}

static bool parse6(const char *s, uint8_t *out)
{
	int at = 0, gap = -1, n;
	unsigned value;

	memset(out, 0, 16);
	if (*s == ':' && *++s != ':')
		return false;
	while (*s) {
		if (*s == ':' && gap < 0) {
			gap = at;
			s++;
			continue;
		}
		n = parse_group(s, &value);
		if (s[n] == '.' && at <= 12) {
			if (!parse4(s, out + at))
				return false;
			at += 4;
			break;
		}
		if (n < 1 || n > 4 || at > 14)
			return false;
		out[at++] = (uint8_t)(value >> 8);
		out[at++] = (uint8_t)value;
		s += n;
		if (*s && (*s != ':' || !*++s))
			return false;
	}
	if (gap < 0)
		return at == 16;
	if (at > 14)
		return false;
	memmove(out + 16 - (at - gap), out + gap, (size_t)(at - gap));
	memset(out + gap, 0, (size_t)(16 - at));
	return true;
}

int inet_pton(int family, const char *text, void *out)
{
	uint8_t bytes[16];
	bool v4 = family == AF_INET;

	if (!(v4 ? parse4(text, bytes) : parse6(text, bytes)))
		return 0;
	memcpy(out, bytes, v4 ? 4 : 16);
	return 1;
}

/* The longest run of zero groups, two or more: where it begins, and its end. */
static void find_gap(const uint8_t *v, int *from, int *to)
{
	int i, start = 0;

	*from = *to = -1;
	for (i = 0; i <= 8; i++) {
		if (i < 8 && !v[2 * i] && !v[2 * i + 1])
			continue;
		if (i - start > 1 && i - start > *to - *from) {
			*from = start;
			*to = i;
		}
		start = i + 1;
	}
}

const char *inet_ntop(int family, const void *value, char *out, socklen_t room)
{
	const uint8_t *v = value;
	char text[INET6_ADDRSTRLEN], *p = text;
	int i, from, to;

	if (family == AF_INET) {
		snprintf(text, sizeof(text), "%d.%d.%d.%d", v[0], v[1], v[2],
			 v[3]);
	} else {
		find_gap(v, &from, &to);
		*p = '\0';
		for (i = 0; i < 8; i++) {
			if (i == from) {
				p += snprintf(p, 3, i ? ":" : "::");
				i = to - 1;
				continue;
			}
			p += snprintf(p, 6, i < 7 ? "%x:" : "%x",
				      (unsigned)(v[2 * i] << 8 |
						 v[2 * i + 1]));
		}
	}
	if (strlen(text) >= room) {
		errno = ENOSPC;
		return NULL;
	}
	return strcpy(out, text);
}
#endif
