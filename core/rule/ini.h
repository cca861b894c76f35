/* The INI files that application profiles come in, as Python's configparser
 * reads them: ufw's users write for that one. */
#ifndef RULE_INI_H
#define RULE_INI_H

#include <stddef.h>

#include "profiles.h"

/* The sections of one file, not checked further; name, title, description
 * and ports point into its text and are NULL where they are missing. */
struct ini {
	struct profile *section;
	size_t n;
	struct buf bytes; /* what section points into; owned */
};

/* Cuts the text (ended by NUL) into sections, in place.  1: read, 0: the
 * file is not INI or says something twice, and is to be skipped whole,
 * -1: no memory.  ini_free in every case. */
int ini_parse(struct ini *out, char *text);
void ini_free(struct ini *ini);

#endif
