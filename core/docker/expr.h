/* The expressions of docker-cfg: PATH, PATH=VALUE, PATH+=VALUE, PATH-=VALUE,
 * del(PATH). */
#ifndef DOCKER_EXPR_H
#define DOCKER_EXPR_H

#include "../json/path.h"

struct expr_run {
	struct buf text;    /* the file, JSON; edited */
	struct buf out;     /* what PATH prints, a line each */
	struct buf touched; /* the keys changed: JSON strings, a line each */
	bool raw;           /* print strings decoded */
	bool any;           /* JSON is taken as it is, wanted or not */
	bool edits;         /* whether any expression was an edit */
	bool changed;       /* whether any changed the text */
};

/* Does the expression; del: the word is a path to delete.  0 or -1 and *e;
 * the text is then to be thrown away. */
int expr_do(struct expr_run *run, const char *word, bool del, struct err *e);
/* Sets the path to the JSON value. */
int expr_set(struct expr_run *run, const char *path, const char *value,
	     struct err *e);
/* Whether the key is among those changed. */
bool expr_touched(const struct expr_run *run, const char *key);
void expr_free(struct expr_run *run);

#endif
