/* For tests/ufw_status.py: prints the table of a rules file.  Arguments: the
 * file, and table.h's flags in letters: n, v, u. */
#include <stdio.h>
#include <string.h>

#include "../../applets/table.h"
#include "../../core/list/file.h"

int main(int argc, char **argv)
{
	struct rules_file f;
	struct buf out = {0};
	unsigned flags = 0;
	struct err e;

	if (argc != 3)
		return 2;
	flags |= strchr(argv[2], 'n') ? TABLE_NUMBERED : 0;
	flags |= strchr(argv[2], 'v') ? TABLE_VERBOSE : 0;
	flags |= strchr(argv[2], 'u') ? TABLE_UFW : 0;
	if (rules_load(&f, argv[1], &e)) {
		fprintf(stderr, "%s\n", e.text);
		rules_free(&f);
		return 1;
	}
	table_print(&out, &f.policy, flags, NULL);
	fputs(out.len ? out.data : "", stdout);
	buf_free(&out);
	rules_free(&f);
	return 0;
}
