/* What tells how dockerd is started: its pid file, its command line, a unit,
 * a file of variables, with a byte of 1 between each two.  What is found are
 * words, each with its end, and one end more. */
#include "fuzz.h"

#include <string.h>

#include "core/docker/daemon.h"

void fuzz_daemon(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		"/pid", "/proc/", "/lib/systemd/system/", "/etc/default/",
	};
	struct docker_daemon d;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		files_add(paths[i], part_next(&data, &size));
	daemon_find(&d, "/json", "/json", "/pid");
	if (d.words.data)
		demand(!d.words.failed && d.words.len &&
		       !d.words.data[d.words.len - 1] &&
		       (d.words.len == 1 || !d.words.data[d.words.len - 2]));
	else
		demand(!d.pid);
	daemon_free(&d);
	files_none();
}
