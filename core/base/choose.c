#include "choose.h"

#include <stdio.h>
#include <string.h>

int choose(const char *what, const char *word, const char *const names[],
	   struct err *e)
{
	size_t n;
	int i;

	for (i = 0; names[i]; i++)
		if (!strcmp(word, names[i]))
			return i;
	err_usage(e, "bad %s '%.100s': must be", what, word);
	for (i = 0; names[i]; i++) {
		n = strlen(e->text);
		snprintf(e->text + n, sizeof(e->text) - n, "%s %s",
			 !i ? "" : names[i + 1] ? "," : " or", names[i]);
	}
	return -1;
}
