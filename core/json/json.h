/* JSON as text: checked once, then read where it lies.  No tree is built, so
 * a reader needs no memory beside the text itself. */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buf.h"
#include "../base/err.h"

enum { JSON_DEPTH = 512 }; /* deepest nesting of arrays and objects */

/* Whether the text is one JSON value, by RFC 8259 to the letter, in valid
 * UTF-8, no BOM.  text[len] must be a NUL byte.  0, or -1 with the cause in
 * e->text and its place in e->line and e->col (characters, not bytes).
 * Everything below is for texts that passed. */
int json_check(const char *text, size_t len, struct err *e);

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* One value, as the bytes [at, end) of the text, which it borrows. */
struct json {
	const char *at, *end;
};

struct json json_root(const char *text, size_t len);
enum json_type json_type(struct json v);
/* "an object", "a string", ...: for messages. */
const char *json_type_name(struct json v);

/* Walks an array or object (of anything else, nothing):
 *	struct json_iter it = json_begin(v);
 *	while (json_next(&it))
 *		... it.key, it.value ... */
struct json_iter {
	const char *at, *end;
	bool keyed;
	struct json key; /* a string with its quotes; at is NULL in an array */
	struct json value;
};

struct json_iter json_begin(struct json box);
bool json_next(struct json_iter *it);

/* The member of that (decoded) name; of several the last, as dockerd and jq
 * have it.  False, and *out as it was, when there is none. */
bool json_get(struct json object, const char *name, struct json *out);
/* Whether the string, decoded, is these bytes. */
bool json_is(struct json string, const char *bytes, size_t len);
/* Appends the string decoded; it may hold NUL bytes (from \u0000). */
void json_decode(struct json string, struct buf *out);
/* Appends bytes as a JSON string with its quotes; each that is no UTF-8 becomes
 * U+FFFD.  Behind them there is a NUL byte or more of a valid text. */
void json_encode(const char *bytes, size_t len, struct buf *out);
/* Appends the format with its names in quotes and, in their places, what the
 * next pointer is to: %s a string ("": null), %b a bool, %u a uint64_t; NULL:
 * null. */
void json_fmt(struct buf *out, const char *fmt, ...);
/* Same meaning: members in any order, strings by what they decode to, numbers
 * by their spelling. */
bool json_same(struct json a, struct json b);

/* Length of the valid UTF-8 sequence at s (up to a NUL byte), 0 if none. */
size_t utf8_length(const char *s);
/* Where the string starting at the quote s ends, behind its closing quote;
 * NULL when it is not a JSON string, and then *why and *at tell. */
const char *json_scan_string(const char *s, const char **why, const char **at);

#endif
