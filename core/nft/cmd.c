#include "cmd.h"

size_t set_key_len(const struct set *s)
{
	size_t len = 0;
	int i;

	if (s->nfields == 1)
		return field_info(s->fields[0])->len;
	for (i = 0; i < s->nfields; i++)
		len += (field_info(s->fields[i])->len + 3u) & ~3u;
	return len;
}
