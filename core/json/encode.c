/* Texts of others as JSON, for what else prints it. */
#include "json.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

size_t utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned char lo = 0x80, hi = 0xbf;
	size_t n, i;

	if (s[0] < 0x80)
		return s[0] != 0;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		lo = 0xa0; /* below: a shorter sequence would do */
	if (s[0] == 0xed)
		hi = 0x9f; /* above: surrogates */
	if (s[0] == 0xf0)
		lo = 0x90;
	if (s[0] == 0xf4)
		hi = 0x8f; /* above: past U+10FFFF */
	for (i = 1; i < n; i++, lo = 0x80, hi = 0xbf)
		if (s[i] < lo || s[i] > hi)
			return 0;
	return n;
}

void json_encode(const char *bytes, size_t len, struct buf *out)
{
	size_t i, n;

	buf_str(out, "\"");
	for (i = 0; i < len; i += n ? n : 1) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			buf_str(out, "\\");
		n = utf8_length(bytes + i);
		if ((unsigned char)bytes[i] < 0x20)
			buf_fmt(out, "\\u%04x", (unsigned)bytes[i]);
		else
			buf_add(out, n ? bytes + i : "\xef\xbf\xbd", n ? n : 3);
	}
	buf_str(out, "\"");
}

void json_fmt(struct buf *out, const char *fmt, ...)
{
	const void *value;
	va_list args;
	size_t n;

	va_start(args, fmt);
	for (; *fmt; fmt += n) {
		n = 1;
		if (*fmt == '%') {
			value = va_arg(args, const void *);
			n = 2;
			if (!value || (fmt[1] == 's' && !*(const char *)value))
				buf_str(out, "null");
			else if (fmt[1] == 'u')
				buf_fmt(out, "%llu", (unsigned long long)
					*(const uint64_t *)value);
			else if (fmt[1] == 'b')
				buf_str(out, *(const bool *)value ? "true"
								  : "false");
			else
				json_encode(value, strlen(value), out);
		} else if (*fmt >= 'a' && *fmt <= 'z') {
			n = strcspn(fmt, ":");
			buf_fmt(out, "\"%.*s\"", (int)n, fmt);
		} else {
			buf_add(out, fmt, n);
		}
	}
	va_end(args);
}
