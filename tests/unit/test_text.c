/* A file's text, edited where it lies: beside the plainest way to do it. */
#include "core/base/text.h"
#include "tap.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct err e;

/* A file of so many bytes. */
static char *put(const char *path, size_t len)
{
	char *bytes = malloc(len + 1);
	FILE *f = fopen(path, "w");
	size_t i;

	for (i = 0; bytes && i < len; i++)
		bytes[i] = (char)('a' + i * 7 % 26 + i / 4096 % 3);
	if (!bytes || !f || fwrite(bytes, 1, len, f) != len || fclose(f))
		exit(1);
	return bytes;
}

static bool holds(const struct text *t, const char *bytes, size_t len)
{
	return t->len == len && !t->data[len] && !memcmp(t->data, bytes, len);
}

static void test_read(void)
{
	static const size_t sizes[] = {0, 1, 4096, 16383, 16384, 65535,
				       65536, 65537, 131072, 1000000, 1 << 20,
				       (1 << 21) - 1, 1 << 21, 3000001};
	struct text t = {0};
	struct stat was;
	char *bytes;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		bytes = put("file", sizes[i]);
		ok(text_read(&t, "file", 1 << 22, true, &was, &e) == 1 &&
		   holds(&t, bytes, sizes[i]) && was.st_nlink == 1,
		   "%zu bytes are read", sizes[i]);
		text_free(&t);
		free(bytes);
	}
	ok(text_read(&t, "file", 3000000, true, &was, &e) == -1 && !t.data,
	   "%s", e.text);
	ok(text_read(&t, "none", 1, true, &was, &e) == 0 && holds(&t, "", 0) &&
	   !was.st_nlink, "a missing one is empty");
	ok(text_read(&t, ".", 1, true, &was, &e) == -1 && !t.data,
	   "%s", e.text);
	ok(text_read(&t, "/proc/self/cmdline", 1 << 20, true, &was, &e) == 1 &&
	   t.len, "one that tells no size is read");
	text_free(&t);
	ok(!t.data && !t.map, "and given back");
}

/* Somebody has the file open to write to it: what was read is a copy. */
static void test_copy(size_t len)
{
	char *bytes = put("file", len);
	int writer = open("file", O_WRONLY);
	struct text t = {0};
	struct stat was;

	text_read(&t, "file", 1 << 22, true, &was, &e);
	if (writer < 0 || ftruncate(writer, 0) < 0 || write(writer, "x", 1) < 0)
		exit(1);
	ok(holds(&t, bytes, len), "%zu bytes stay when the file is cut", len);
	ok(text_end(&t), "and nobody waits");
	close(writer);
	free(bytes);
}

/* Somebody wants to open it for that: he waits until the text is freed, but not
 * where there is a copy in its place. */
static void test_lease(bool hold, bool edited)
{
	char *bytes = put("file", 100000);
	bool free_to = !hold || edited;
	struct text t = {0};
	struct stat was;
	int writer;

	text_read(&t, "file", 1 << 22, hold, &was, &e);
	if (edited)
		text_gap(&t, t.data + 50000, t.data + 50000, 200000);
	writer = open("file", O_WRONLY | O_NONBLOCK);
	ok(free_to == (writer >= 0), "%s, %s text: he %s it",
	   hold ? "held" : "not held", edited ? "other" : "the same",
	   free_to ? "gets" : "does not get");
	if (!edited)
		ok(holds(&t, bytes, 100000), "and the text stays");
	if (writer >= 0)
		close(writer);
	ok(text_end(&t) == free_to, "whether he waits is told");
	writer = open("file", O_WRONLY | O_NONBLOCK);
	ok(writer >= 0, "once it is freed he gets it");
	close(writer);
	free(bytes);
}

/* Who has waited for it writes all that he wants before the text's owner goes
 * on. */
static void test_writer(void)
{
	struct text t = {0};
	struct stat was;
	int writer, i;

	free(put("file", 100000));
	text_read(&t, "file", 1 << 22, true, &was, &e);
	if (fork() == 0) {
		writer = open("file", O_WRONLY | O_TRUNC);
		usleep(300000);
		_exit(write(writer, "his", 3) != 3);
	}
	for (i = 0; i < 100 && fcntl(t.lease, F_GETLEASE) == F_RDLCK; i++)
		usleep(10000);
	ok(!text_end(&t), "somebody wanted to write");
	text_read(&t, "file", 1 << 22, true, &was, &e);
	ok(holds(&t, "his", 3), "and has");
	text_free(&t);
	wait(NULL);
}

/* Who mapped it before may have written behind its end, in its last page. */
static void test_tail(void)
{
	char *bytes = put("file", 100000), *map;
	int fd = open("file", O_RDWR);
	struct text t = {0};
	struct stat was;

	map = mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		exit(1);
	memset(map + 100000, '!', 4096 - 100000 % 4096);
	munmap(map, 100000);
	close(fd);
	text_read(&t, "file", 1 << 22, true, &was, &e);
	ok(holds(&t, bytes, 100000), "nothing is behind the end");
	text_free(&t);
	free(bytes);
}

/* The same in a plain buffer. */
static void replace(char *bytes, size_t *n, size_t from, size_t to, char fill,
		    size_t len)
{
	memmove(bytes + from + len, bytes + to, *n - to);
	memset(bytes + from, fill, len);
	*n = *n - (to - from) + len;
}

static void test_gaps(size_t size, size_t most)
{
	char *bytes = put("file", size), *gap;
	struct text t = {0};
	bool good = true;
	size_t n = size, from, to, len;
	struct stat was;
	int i;

	bytes = realloc(bytes, size + 300 * most + 1);
	text_read(&t, "file", 1 << 22, true, &was, &e);
	for (i = 0; bytes && i < 300 && good; i++) {
		from = (size_t)rand() % (n + 1);
		/* Near an end, mostly. */
		from = i % 3 == 0 ? from : i % 3 == 1 ? from / 64
						      : n - from / 64;
		to = from + (size_t)rand() % (most + 1);
		to = to > n ? n : to;
		len = (size_t)rand() % (most + 1);
		gap = text_gap(&t, t.data + from, t.data + to, len);
		good = gap == t.data + from;
		memset(gap, 'A' + i % 26, len);
		replace(bytes, &n, from, to, (char)('A' + i % 26), len);
		good = good && holds(&t, bytes, n);
	}
	ok(good, "300 changes of %zu bytes, each of up to %zu", size, most);
	text_free(&t);
	free(bytes);
}

static void test_set(void)
{
	struct text t = {0};

	ok(text_set(&t, "abc", 3) && holds(&t, "abc", 3), "a copy");
	ok(text_set(&t, "", 0) && holds(&t, "", 0), "of nothing");
	ok(!text_gap(&t, t.data, t.data, SIZE_MAX / 2) && holds(&t, "", 0),
	   "too much is refused");
	text_free(&t);
}

int main(void)
{
	char folder[] = "/tmp/fwbox-text-XXXXXX";

	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 1;
	test_read();
	test_copy(1000);
	test_copy(100000);
	test_copy(3000000);
	test_lease(false, false);
	test_lease(true, false);
	test_lease(true, true);
	test_writer();
	test_tail();
	test_gaps(0, 50);
	test_gaps(5000, 300);
	test_gaps(100000, 90000);
	test_gaps(200000, 9);
	test_gaps(2200000, 200000);
	test_set();
	unlink("file");
	if (chdir("/") == 0)
		rmdir(folder);
	return tap_done();
}
