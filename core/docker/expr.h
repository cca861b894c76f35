/* The expressions of docker-cfg: PATH, PATH=VALUE, PATH+=VALUE, PATH-=VALUE,
 * del(PATH). */
#ifndef DOCKER_EXPR_H
#define DOCKER_EXPR_H

#include "../base/text.h"
#include "../json/path.h"
#include "keys.h"

struct expr_run {
	struct text text; /* the file, JSON; edited */
	struct buf out;   /* what PATH prints, a line each */
	bool raw;        /* print strings decoded */
	bool any;        /* what dockerd would refuse is taken */
	bool edits;      /* whether any expression was an edit */
	bool changed;    /* whether any changed the text */
	bool whole;      /* whether the text's whole value was changed */
	bool touched[DOCKER_KEYS]; /* the keys changed, by their index */
};

/* Does the expression; del: the word is a path to delete.  0 or -1 and *e;
 * the text is then to be thrown away. */
int expr_do(struct expr_run *run, const char *word, bool del, struct err *e);
void expr_free(struct expr_run *run);

#endif
