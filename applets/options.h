/* The command line's options, one after the other. */
#ifndef APPLETS_OPTIONS_H
#define APPLETS_OPTIONS_H

#include <stdbool.h>

/* packed: there are many, and few are read. */
struct option_spec {
	char letter;      /* what options_next returns */
	const char *name; /* --name; NULL: the letter alone */
	bool value;       /* the next word, or what follows the = */
};

struct options {
	int argc;
	char **argv;
	int at;             /* the word looked at next, from 1 */
	int in_word;        /* how far in a word of several letters */
	const char *value;  /* of the option just returned */
};

/* The next option's letter, or 0: from argv[at] on there are other words.
 * -- ends the options.  specs end with a letter of 0.  Dies on one that is
 * not there, or without its value. */
int options_next(struct options *o, const struct option_spec *specs);

#endif
