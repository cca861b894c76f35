/* Texts of others as JSON, for what else prints it. */
#include "json.h"

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
