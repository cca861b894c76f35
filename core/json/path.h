/* Paths into a JSON text, as jq writes them (.iptables,
 * .["log-opts"]."max-size", .dns[0]) or bare (log-opts.max-size, dns[0]). */
#ifndef JSON_PATH_H
#define JSON_PATH_H

#include "json.h"

enum { JSON_STEPS = 64 };

struct json_step {
	const char *key; /* decoded, lies in the path's names; NULL: an index */
	size_t len;
	long index; /* from 0; negative: from the end, -1 the last */
};

struct json_path {
	struct json_step step[JSON_STEPS];
	size_t n; /* 0: the whole text */
	struct buf names;
};

/* Reads a path from s and returns where it stops: at the end, or at an
 * operator or ')'.  NULL and *e (a usage error) when it is no path.  The
 * path is owned: give it back with json_path_free, also after an error. */
const char *json_path_parse(struct json_path *p, const char *s, struct err *e);
/* Appends the first n steps as text, for messages: log-opts.max-size. */
void json_path_text(const struct json_path *p, size_t n, struct buf *out);
void json_path_free(struct json_path *p);

/* Follows the path as far as it leads: returns how many steps that were and
 * in *at the value reached.  Of a key's doubles the last counts. */
size_t json_follow(struct json root, const struct json_path *p,
		   struct json *at);
/* One step from *at into it: returns how many items it fits (more than one:
 * doubles), 0 with *at as it was. */
long json_step_into(struct json *at, const struct json_step *step);

#endif
