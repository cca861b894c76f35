/* One word out of a few. */
#ifndef BASE_CHOOSE_H
#define BASE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/* Which word of a list such as "allow, deny, reject" the len bytes are,
 * from 0; fold: in whatever letters.  -1: none of them. */
int word_index(const char *list, const char *word, size_t len, bool fold);

/* The same of a word of its own, which has to be in the list.
 * -1 and *e: "bad WHAT 'WORD': must be LIST". */
int choose(const char *what, const char *word, const char *list,
	   struct err *e);

#endif
