#include "file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RANDOM_DIGITS = 16 };

/* A file that replace_prepare made for the one called `file`. */
static bool is_temp(const char *name, const char *file)
{
	size_t n = strlen(TEMP_PREFIX), len = strlen(file);

	if (strncmp(name, TEMP_PREFIX, n) || strncmp(name + n, file, len))
		return false;
	name += n + len;
	return *name == '-' && strlen(name) == RANDOM_DIGITS + 1 &&
	       strspn(name + 1, "0123456789abcdef") == RANDOM_DIGITS;
}

/* Its owner may be that of the file already. */
static void remove_ours(const char *path, uid_t owner)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (st.st_uid == owner || st.st_uid == geteuid()))
		unlink(path);
	close(fd);
}

void file_sweep(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	struct buf at = {0};
	struct stat st = {.st_uid = geteuid()};
	struct dirent *entry;
	DIR *d;

	(void)stat(path, &st);
	buf_fmt(&at, "%.*s", (int)(file - path), path);
	d = at.failed ? NULL : opendir(at.len ? at.data : ".");
	while (d && (entry = readdir(d))) {
		if (!is_temp(entry->d_name, file))
			continue;
		at.len = (size_t)(file - path);
		buf_str(&at, entry->d_name);
		if (!at.failed)
			remove_ours(at.data, st.st_uid);
	}
	if (d)
		closedir(d);
	buf_free(&at);
}
