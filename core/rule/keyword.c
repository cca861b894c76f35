#include "keyword.h"

#include <string.h>

enum keyword keyword(const char *word)
{
	static const char names[][8] = {
		[PROTO] = "proto", [PORT] = "port",     [APP] = "app",
		[FROM] = "from",   [TO] = "to",         [IN] = "in",
		[OUT] = "out",     [LOG] = "log",       [LOGALL] = "log-all",
		[ON] = "on",       [COMMENT] = "comment",
	};
	int i;

	/* Most words of a long list are numbers. */
	if (*word < 'a' || *word > 't')
		return NO_KEYWORD;
	for (i = 0; i <= ON; i++)
		if (*word == *names[i] && word[1] == names[i][1] &&
		    !strcmp(word, names[i]))
			return (enum keyword)i;
	return NO_KEYWORD;
}
