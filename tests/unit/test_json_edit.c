/* Edits of JSON texts, byte for byte. */
#include "core/json/edit.h"
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

/* One edit written as on the command line; NULL want: refused, *why says. */
static void edit(const char *from, const char *expr, const char *want,
		 int want_rc, const char *why)
{
	struct text text = { 0 };
	struct json_path p;
	struct json value;
	struct err e = { 0 };
	const char *op = json_path_parse(&p, expr, &e);
	int rc = -1;

	text_set(&text, from, strlen(from));
	if (op && !*op) {
		rc = json_delete(&text, &p, &e);
	} else if (op) {
		const char *v = op + (*op == '=' ? 1 : 2);

		value = json_root(v, strlen(v));
		rc = *op == '+' ? json_add(&text, &p, value, &e) :
		     *op == '-' ? json_remove(&text, &p, value, &e) :
				  json_set(&text, &p, value, &e);
	}
	json_path_free(&p);
	ok(rc == want_rc, "%s: %d", expr, want_rc);
	if (rc >= 0)
		is(text.data, want ? want : from, flat(from));
	else
		ok(why && strstr(e.text, why), "%s", e.text);
	if (rc >= 0)
		ok(!json_check(text.data, text.len, &e) && text.data &&
		   strlen(text.data) == text.len, "still JSON");
	text_free(&text);
}

static void to(const char *from, const char *expr, const char *want)
{
	edit(from, expr, want, 1, NULL);
}

static void unchanged(const char *from, const char *expr)
{
	edit(from, expr, NULL, 0, NULL);
}

static void refused(const char *from, const char *expr, const char *why)
{
	edit(from, expr, NULL, -1, why);
}

static void test_replace(void)
{
	to("{\"a\": 1 }", "a=2", "{\"a\": 2 }");
	to("{\"a\":[1,{\"b\":true}]}", ".a[1].b=[]",
	   "{\"a\":[1,{\"b\":[]}]}");
	to("[1,2,3]", "[-1]=4", "[1,2,4]");
	to("[1,2,3]", ".[0]=4", "[4,2,3]");
	to(" 5\n", ".=6", " 6\n");
	to("{\"\\u0061\": 1}", "a=2", "{\"\\u0061\": 2}");
	to("{\"a.b\": 1}", "\"a.b\"=2", "{\"a.b\": 2}");
	to("{\"a\": null}", "a.b=1", "{\"a\": {\"b\": 1}}");
	unchanged("{\"a\":1}", "a=1");
	unchanged("{\"a\":\"\\u0062\"}", "a=\"b\"");
	unchanged("{\"a\":[ 1,2 ]}", "a=[1,2]");
}

static void test_styles(void)
{
	to("{}", "a=1", "{\n  \"a\": 1\n}");
	to("{}\n", "a.b=1", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
	to("{\r\n}\r\n", "a=1", "{\r\n  \"a\": 1\r\n}\r\n");
	to("{\"a\":1}", "b=2", "{\"a\":1,\"b\":2}");
	to("{\"a\": 1}", "b=2", "{\"a\": 1, \"b\": 2}");
	to("{ \"a\":1 }", "b=2", "{ \"a\":1, \"b\":2 }");
	to("{\"a\" : 1 , \"b\" : 2}", "c=3",
	   "{\"a\" : 1 , \"b\" : 2 , \"c\" : 3}");
	to("{\n\t\"a\": 1\n}\n", "b=2", "{\n\t\"a\": 1,\n\t\"b\": 2\n}\n");
	to("{\n\"a\": 1\n}", "b.c=2",
	   "{\n\"a\": 1,\n\"b\": {\n\"c\": 2\n}\n}");
	to("{\n        \"a\": {}\n}", "a.b=2",
	   "{\n        \"a\": {\n                \"b\": 2\n        }\n}");
	to("{\r\n    \"a\": 1\r\n}", "b.c.d=2",
	   "{\r\n    \"a\": 1,\r\n    \"b\": {\r\n        \"c\": {\r\n"
	   "            \"d\": 2\r\n        }\r\n    }\r\n}");
	to("{\n  \"a\": {\"b\": 1}\n}", "a.c=2",
	   "{\n  \"a\": {\"b\": 1, \"c\": 2}\n}");
	to("{\n  \"a\": 1\n, \"b\": 2\n}", "c=3",
	   "{\n  \"a\": 1\n, \"b\": 2\n, \"c\": 3\n}");
	to("{\n  \"a\":1\n}", "b.c=3",
	   "{\n  \"a\":1,\n  \"b\":{\n    \"c\":3\n  }\n}");
	to("{\"a\":{}}", "a.b.c=3", "{\"a\":{\"b\":{\"c\":3}}}");
	to("{\"a\": 1}", "\"q\\\"\"=2", "{\"a\": 1, \"q\\\"\": 2}");
}

static void test_doubles(void)
{
	to("{\"a\":1,\"a\":2}", "a=3", "{\"a\":3}");
	to("{\"a\":1,\"b\":0,\"a\":2}", "a=2", "{\"b\":0,\"a\":2}");
	to("{\"b\":0, \"\\u0061\":1, \"a\":2, \"a\":3, \"c\":4}", "a=3",
	   "{\"b\":0, \"a\":3, \"c\":4}");
	to("{\"a\":{\"x\":1},\"a\":{\"y\":2,\"y\":3}}", "a.y=4",
	   "{\"a\":{\"y\":4}}");
	to("{\"a\":1,\"b\":0,\"a\":2}", "a", "{\"b\":0}");
	to("{\"a\":1,\"a\":2}", "a", "{}");
}

static void test_delete(void)
{
	to("{\"a\":1}", "a", "{}");
	to("{\n  \"a\": 1\n}\n", "a", "{}\n");
	to("{\n  \"a\": 1,\n  \"b\": 2\n}", "a", "{\n  \"b\": 2\n}");
	to("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}");
	to("{\"a\": 1, \"b\": 2, \"c\": 3}", "b", "{\"a\": 1, \"c\": 3}");
	to("[1, 2, 3]", ".[0]", "[2, 3]");
	to("[1, 2, 3]", ".[-1]", "[1, 2]");
	to("{\"a\":{\"b\":[1,2]}}", "a.b[0]", "{\"a\":{\"b\":[2]}}");
	unchanged("{\"a\":1}", "b");
	unchanged("{\"a\":1}", "a.b.c");
	unchanged("[1]", ".[1]");
	refused("[1]", ".", "cannot delete the whole");
}

static void test_lists(void)
{
	to("{}", "a+=1", "{\n  \"a\": [1]\n}");
	to("{\"a\":[]}", "a+=1", "{\"a\":[1]}");
	to("{\"a\": null}", "a+=1", "{\"a\": [1]}");
	to("{\"a\": [1]}", "a+=[2,1,3]", "{\"a\": [1, 2, 3]}");
	to("{\"a\":[1]}", "a+=2", "{\"a\":[1,2]}");
	to("{\"a\": [\n  1\n]}", "a+=2", "{\"a\": [\n  1,\n  2\n]}");
	to("{\"a\": [1]}", "a[1]=2", "{\"a\": [1, 2]}");
	to("[ {\"b\": 1} ]", ".+={\"b\": 2}", "[ {\"b\": 1}, {\"b\": 2} ]");
	to("{\"a\": [1, 2, 1, 3, 1]}", "a-=1", "{\"a\": [2, 3]}");
	to("{\"a\": [1, 2]}", "a-=[2,1]", "{\"a\": []}");
	to("{\"a\": [\n  1,\n  2\n]}", "a-=2", "{\"a\": [\n  1\n]}");
	to("[{\"a\":1,\"b\":2}]", ".-={\"b\":2,\"a\":1}", "[]");
	unchanged("{\"a\":[\"x\"]}", "a+=\"\\u0078\"");
	unchanged("{\"a\":[1]}", "a-=2");
	unchanged("{\"a\":1}", "b-=2");
	unchanged("{\"a\":null}", "a-=2");
	refused("{\"a\":1}", "a+=1", "'a' is a number, not a list");
	refused("{\"a\":{}}", "a-=1", "'a' is an object, not a list");
}

static void test_refused(void)
{
	refused("{\"a\":1}", "a.b=1", "'a' is a number, not an object");
	refused("[]", "a=1", "'.' is a list, not an object");
	refused("{}", ".[0]=1", "'.' is an object, not a list");
	refused("{\"a\":[1]}", "a[2]=1", "no 'a[2]': the list has 1");
	refused("{\"a\":[1]}", "a[-2]=1", "no 'a[-2]'");
	refused("{}", "a[1]=1", "no 'a[1]': the list has 0");
	refused("{}", "a.b[1].c=1", "no 'a.b[1]'");
}

static void test_paths(void)
{
	static const struct {
		const char *in, *text, *rest;
	} good[] = {
		{ "a", "a", "" },
		{ ".a.b", "a.b", "" },
		{ ".a=1", "a", "=1" },
		{ "log-opts.max-size", "log-opts.max-size", "" },
		{ ".[\"log-opts\"].\"max-size\"", "log-opts.max-size", "" },
		{ ".\"a b\"[\"c.d\"]", "\"a b\".\"c.d\"", "" },
		{ ".a[0][-1]", "a[0][-1]", "" },
		{ ".", ".", "" },
		{ ".[0]", "[0]", "" },
		{ "a+=1", "a", "+=1" },
		{ "a-b-=1", "a-b", "-=1" },
		{ ". = 1", ".", " = 1" },
		{ "a)", "a", ")" },
		{ ".\"\\u0061\"", "a", "" },
		{ ".\"\"", "\"\"", "" },
	};
	static const char *const bad[] = {
		"..", ".a.", "a..b", "a[", "a[]", "a[x]", "a[1", "a[-]",
		"a[-0]", "a[9999999999]", ".\"a", "a[\"b\"", ".\"\\x\"",
		"=1", "\xff", ".a.=1", "(",
	};
	struct buf text = { 0 };
	struct json_path p;
	const char *rest;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		rest = json_path_parse(&p, good[i].in, &e);
		text.len = 0;
		json_path_text(&p, p.n, &text);
		is(rest, good[i].rest, good[i].in);
		is(text.data, good[i].text, good[i].in);
		json_path_free(&p);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		rest = json_path_parse(&p, bad[i], &e);
		ok(!rest && e.status == STATUS_USAGE, "no path: %s", bad[i]);
		json_path_free(&p);
	}
	buf_free(&text);
}

int main(void)
{
	test_replace();
	test_styles();
	test_doubles();
	test_delete();
	test_lists();
	test_refused();
	test_paths();
	return tap_done();
}
