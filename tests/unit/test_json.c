/* JSON: what is one, what it decodes to, and how it is read. */
#include "core/json/json.h"
#include "tap.h"


/* The text on one line, for names. */
static const char *flat(const char *text)
{
	static char line[60];
	size_t i;

	for (i = 0; text[i] && i < sizeof(line) - 1; i++)
		line[i] = text[i] < ' ' || text[i] == '#' ? '~' : text[i];
	line[i] = '\0';
	return line;
}

static void takes(const char *text)
{
	struct err e;

	ok(json_check(text, strlen(text), &e) == 0, "takes %s", flat(text));
}

static void refuses_n(const char *text, size_t len, int line, int col,
		      const char *what)
{
	struct err e;

	if (!ok(json_check(text, len, &e) < 0 && e.line == line &&
		e.col == col && strstr(e.text, what),
		"refuses %s: %d:%d %s", flat(text), line, col, what))
		printf("# got %d:%d: %s\n", e.line, e.col, e.text);
}

static void refuses(const char *text, int line, int col, const char *what)
{
	refuses_n(text, strlen(text), line, col, what);
}

static void test_taken(void)
{
	static const char *const texts[] = {
		"{}", "[]", "null", "true", "false", "0", "-0", "\"\"",
		"-1.5e+10", "1E400", "0e0", " [ ] ", "\r\n\t{ }\r\n",
		"{\"a\":{\"b\":[1,2,{\"c\":null}]}}", "\"\\u0000\"",
		"\"\\ud83d\\ude00\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"{\"a\":1,\"a\":2}", "\"\x7f\"", "\"\xc2\x80\"",
		"\"\xe0\xa0\x80\"", "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"",
		"\"\xf0\x90\x80\x80\"", "\"\xf4\x8f\xbf\xbf\"",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		takes(texts[i]);
}

static void test_refused(void)
{
	refuses("", 1, 1, "unexpected end");
	refuses("  \n ", 2, 2, "unexpected end");
	refuses("{", 1, 2, "unexpected end: wanted a key");
	refuses("{\"a\":1,}", 1, 8, "unexpected '}'");
	refuses("[1,2,]", 1, 6, "unexpected ']'");
	refuses("[1 2]", 1, 4, "wanted ',' or ']'");
	refuses("{\"a\" 1}", 1, 6, "wanted ':'");
	refuses("{\n\t\"a\": tru\n}", 2, 10, "0x0a: wanted true");
	refuses("{} x", 1, 4, "wanted nothing more");
	refuses("// hi\n{}", 1, 1, "no comments");
	refuses("{'a':1}", 1, 2, "wanted a key in '\"'");
	refuses("['a']", 1, 2, "strings stand in");
	refuses("[01]", 1, 3, "cannot start with 0");
	refuses("[+1]", 1, 2, "unexpected '+'");
	refuses("[1.]", 1, 4, "wanted a digit");
	refuses("[.5]", 1, 2, "wanted a value");
	refuses("[1e]", 1, 4, "wanted a digit");
	refuses("[-]", 1, 3, "wanted a digit");
	refuses("NaN", 1, 1, "wanted a value");
	refuses("\"a\nb\"", 1, 3, "byte 0x0a: in a string");
	refuses("\"abc", 1, 5, "unexpected end: in a string");
	refuses("\"\\x\"", 1, 2, "no such escape");
	refuses("\"\\", 1, 2, "no such escape");
	refuses("\"\\u12g4\"", 1, 2, "four hexadecimal");
	refuses("\"\\ud800\"", 1, 2, "half of a surrogate");
	refuses("\"\\ud800\\u0041\"", 1, 2, "half of a surrogate");
	refuses("\"\\udc00\"", 1, 2, "second half");
	refuses("\"\xff\"", 1, 2, "0xff: not UTF-8");
	refuses("\"\xc0\x80\"", 1, 2, "not UTF-8");
	refuses("\"\xe0\x80\x80\"", 1, 2, "not UTF-8");
	refuses("\"\xed\xa0\x80\"", 1, 2, "not UTF-8");
	refuses("\"\xf0\x80\x80\x80\"", 1, 2, "not UTF-8");
	refuses("\"\xf4\x90\x80\x80\"", 1, 2, "not UTF-8");
	refuses("\"\xe2\x82", 1, 2, "not UTF-8");
	refuses("\xef\xbb\xbf{}", 1, 1, "0xef");
	refuses("\"\xc3\xa4\xc3\xb6\" x", 1, 6, "nothing more");
	refuses_n("{}\0", 3, 1, 3, "0x00");
	refuses_n("[\"a\0b\"]", 7, 1, 4, "0x00");
}

static void test_depth(void)
{
	char text[2 * JSON_DEPTH + 3] = { 0 };
	struct err e;

	memset(text, '[', JSON_DEPTH);
	memset(text + JSON_DEPTH, ']', JSON_DEPTH);
	ok(!json_check(text, 2 * JSON_DEPTH, &e), "takes 512 deep");
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	ok(json_check(text, 2 * JSON_DEPTH + 2, &e) < 0 && e.col == 513,
	   "refuses 513 deep");
}

static struct json root(const char *text)
{
	return json_root(text, strlen(text));
}

static void decodes(const char *text, const char *want, size_t len)
{
	struct buf b = { 0 };

	json_decode(root(text), &b);
	ok(b.len == len && !memcmp(b.data ? b.data : "", want, len) &&
	   json_is(root(text), want, len), "decodes %s", text);
	buf_free(&b);
}

static void test_strings(void)
{
	struct buf b = { 0 };

	decodes("\"\"", "", 0);
	decodes("\"a\\n\\\"\\/\"", "a\n\"/", 4);
	decodes("\"\\u0069p\"", "ip", 2);
	decodes("\"\\u00e4\\u20ac\"", "\xc3\xa4\xe2\x82\xac", 5);
	decodes("\"\\uD83D\\uDe00\"", "\xf0\x9f\x98\x80", 4);
	decodes("\"a\\u0000b\"", "a\0b", 3);
	ok(!json_is(root("\"ab\""), "a", 1), "a longer one is another");
	ok(!json_is(root("\"a\""), "ab", 2), "a shorter one too");
	json_encode("a\"\\\n\xc3\xa4", 6, &b);
	is(b.data, "\"a\\\"\\\\\\u000a\xc3\xa4\"", "encodes");
	buf_free(&b);
}

static void test_reading(void)
{
	const char *text = "{ \"a\" : [1, \"}\\\"]\" ,{}], \"\\u0061b\":true,"
			   "\"a\":[ null,-1e3]}";
	struct json v = root(text), item;
	struct json_iter it;
	int n = 0;

	ok(json_type(v) == JSON_OBJECT, "an object");
	for (it = json_begin(v); json_next(&it); n++)
		;
	ok(n == 3, "of three members");
	ok(json_get(v, "ab", &item) && json_type(item) == JSON_BOOL,
	   "an escaped key is the key");
	ok(json_get(v, "a", &item) && item.end - item.at == 12,
	   "of doubles the last");
	it = json_begin(item);
	ok(json_next(&it) && !it.key.at && json_type(it.value) == JSON_NULL,
	   "first item");
	ok(json_next(&it) && json_type(it.value) == JSON_NUMBER, "second");
	ok(!json_next(&it) && !json_next(&it), "and no more");
	ok(!json_get(v, "b", &item) && !json_get(root("[]"), "b", &item) &&
	   !json_get(root("1"), "b", &item), "what is not there");
	is(json_type_name(root(" 1 ")), "a number", "type by name");
}

static void same(const char *a, const char *b, bool want)
{
	ok(json_same(root(a), root(b)) == want &&
	   json_same(root(b), root(a)) == want, "%s %s %s", a,
	   want ? "is" : "is not", b);
}

static void test_same(void)
{
	same("1", " 1 ", true);
	same("1", "1.0", false);
	same("\"a\"", "\"\\u0061\"", true);
	same("\"a\"", "\"ab\"", false);
	same("[1,2]", "[ 1 , 2 ]", true);
	same("[1,2]", "[2,1]", false);
	same("[1]", "[1,2]", false);
	same("[]", "{}", false);
	same("{\"a\":1,\"b\":2}", "{\"b\":2,\"\\u0061\":1}", true);
	same("{\"a\":1,\"a\":2}", "{\"a\":2}", true);
	same("{\"a\":1}", "{\"a\":1,\"b\":2}", false);
	same("{\"a\":{\"b\":[]}}", "{\"a\":{\"b\":[ ]}}", true);
}

int main(void)
{
	test_taken();
	test_refused();
	test_depth();
	test_strings();
	test_reading();
	test_same();
	return tap_done();
}
