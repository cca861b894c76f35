/* One word out of a few. */
#ifndef BASE_CHOOSE_H
#define BASE_CHOOSE_H

#include "err.h"

/* Which of the names, ended by NULL, the word is, from 0.
 * -1 and *e: "bad WHAT 'WORD': must be ONE, TWO or THREE". */
int choose(const char *what, const char *word, const char *const names[],
	   struct err *e);

#endif
