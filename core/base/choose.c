#include "choose.h"

#include <string.h>
#include <strings.h>

int word_index(const char *list, const char *word, size_t len, bool fold)
{
	size_t n;
	int i;

	for (i = 0; *list; i++) {
		for (n = 0; list[n] && list[n] != ','; n++)
			;
		if (n == len && !(fold ? strncasecmp : strncmp)(list, word, n))
			return i;
		for (list += n; *list == ',' || *list == ' '; list++)
			;
	}
	return -1;
}

int choose(const char *what, const char *word, const char *list,
	   struct err *e)
{
	int i = word_index(list, word, strlen(word), false);

	if (i < 0)
		err_usage(e, "bad %s '%.100s': must be %s", what, word, list);
	return i;
}
