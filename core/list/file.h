/* The rules file: plain text, a rule a line in ufw's words, and lines of
 * default, logging and containers; a # begins a comment.  The file is the firewall. */
#ifndef LIST_FILE_H
#define LIST_FILE_H

#include "../base/buf.h"
#include "../rule/names.h"
#include "policy.h"

struct rules_file {
	const char *path;
	bool missing;     /* there was none: the text is the defaults' */
	struct buf text;  /* as it is in the file, and as edited */
	struct buf words; /* what the rules' strings point into */
	struct names names;
	struct policy policy;
};

/* Reads and understands the whole file, or the defaults where there is none.
 * -1 and *e, "FILE:LINE:COLUMN: why".  Either way rules_free releases it. */
int rules_load(struct rules_file *f, const char *path, struct err *e);
void rules_free(struct rules_file *f);

/* Is there such a rule already? */
bool rules_have(const struct rules_file *f, const struct rule *r);
/* Adds a rule, and the line it came from as the last one of the text. */
int rules_append(struct rules_file *f, const struct rule *r, const char *line,
		 struct err *e);

/* Whoever is about to change the file or load it holds its lock, *fd, closed
 * to let go; waits for others.  Makes the folder where there is none.  Where
 * nothing can be written there is nothing to lock, and *fd is -1.
 * -1 and *e: it cannot be had. */
int rules_lock(const char *path, int *fd, struct err *e);

#endif
