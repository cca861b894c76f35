/* The rules file: plain text, a rule a line in ufw's words, and lines of
 * default, logging, containers, counters and startup; a # begins a comment.
 * The file is the firewall. */
#ifndef LIST_FILE_H
#define LIST_FILE_H

#include "../base/arena.h"
#include "../base/buf.h"
#include "../rule/names.h"
#include "settings.h"

struct rules_file {
	const char *path;
	bool missing;     /* there was none: the text is the defaults' */
	struct buf text;  /* as it is in the file, and as edited */
	/* The text before the first edit; without data: so many bytes of the
	 * text, to which edits have but added. */
	struct buf former;
	struct arena words; /* what the rules' strings point into */
	int lines;          /* ended by a newline */
	struct names names;
	int set_at[SETTINGS]; /* the last line of each, from 1; 0: none */
	struct policy policy;
};

/* Reads and understands the whole file, or the defaults where there is none.
 * -1 and *e, "FILE:LINE:COLUMN: why".  Either way rules_free releases it. */
int rules_load(struct rules_file *f, const char *path, struct err *e);
void rules_free(struct rules_file *f);

/* The text before any edit, of *len bytes. */
const char *rules_former(const struct rules_file *f, size_t *len);

/* The rule that is the same but for action, log and comment; -1: none. */
ptrdiff_t rules_find(const struct rules_file *f, const struct rule *r);

/* Edits of the text, after each of which the policy is read anew: pointers
 * into it are good no longer.  line: words without a newline, NULL: none.
 * -1 and *e. */
/* Before rule `at` from 0; behind the last line where there is none such. */
int rules_insert(struct rules_file *f, size_t at, const char *line,
		 struct err *e);
/* Rule `at` is line from now on, or with NULL gone. */
int rules_replace(struct rules_file *f, size_t at, const char *line,
		  struct err *e);
/* All rules are gone; the settings and what else is there stay. */
int rules_clear(struct rules_file *f, struct err *e);
/* A line of default, logging or startup, in the place of one that says the
 * same. */
int rules_set(struct rules_file *f, const char *line, struct err *e);

/* Whoever is about to change the file or load it holds its lock, *fd, closed
 * to let go; waits for others.  Makes the folder where there is none.  Where
 * nothing can be written there is nothing to lock, and *fd is -1.
 * -1 and *e: it cannot be had. */
int rules_lock(const char *path, int *fd, struct err *e);

#endif
