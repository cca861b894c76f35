/* The least that an edit of a file in memory can be: reads FILE, looks at each
 * byte once, writes it to a new file and renames that over it.
 *   copy FILE */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int whole(ssize_t n, const struct stat *s)
{
	return n >= 0 && (off_t)n == s->st_size;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX], *bytes;
	unsigned long quotes = 0;
	struct stat s;
	off_t i;
	int in, out;

	if (argc != 2 || (in = open(argv[1], O_RDONLY | O_CLOEXEC)) < 0 ||
	    fstat(in, &s) || !s.st_size)
		return 1;
	bytes = mmap(NULL, (size_t)s.st_size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (bytes == MAP_FAILED ||
	    !whole(read(in, bytes, (size_t)s.st_size), &s))
		return 1;
	for (i = 0; i < s.st_size; i++)
		quotes += bytes[i] == '"';
	snprintf(path, sizeof(path), "%s.copy", argv[1]);
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return out < 0 || !whole(write(out, bytes, (size_t)s.st_size), &s) ||
	       fsync(out) || rename(path, argv[1]) || !quotes;
}
