/* Files: read, and replaced whole or not at all. */
#include "core/base/file.h"
#include "core/base/text.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct err e;

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(1);
	close(fd);
}

static bool holds(const char *path, const char *text)
{
	struct buf b = { 0 };
	bool same = file_read(path, 1000, &b, &e) == 1 && b.data &&
		    !strcmp(b.data, text);

	buf_free(&b);
	return same;
}

static int replace(const char *path, const char *text)
{
	struct replacement r;

	if (replace_prepare(&r, path, 0640, text, strlen(text), &e) < 0)
		return -1;
	return replace_commit(&r, &e);
}

static int files_in(const char *folder)
{
	char command[200];
	FILE *ls;
	int n = -1;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", folder);
	ls = popen(command, "r");
	if (ls && fscanf(ls, "%d", &n) != 1)
		n = -1;
	if (ls)
		pclose(ls);
	return n;
}

static void test_read(void)
{
	struct buf b = { 0 };

	ok(file_read("none", 9, &b, &e) == 0, "no file");
	ok(file_read("none/none", 9, &b, &e) == 0, "no folder");
	put("a", "12345");
	ok(file_read("a", 5, &b, &e) == 1 && b.len == 5, "read");
	ok(file_read("a", 5, &b, &e) == 1 && b.len == 10, "appended");
	ok(file_read("a", 4, &b, &e) < 0 && strstr(e.text, "too big"),
	   "%s", e.text);
	ok(file_read("/proc/self/status", 9, &b, &e) < 0 &&
	   strstr(e.text, "too large"), "one that tells no size: %s", e.text);
	ok(file_read(".", 9, &b, &e) < 0 && strstr(e.text, "is a folder"),
	   "%s", e.text);
	ok(file_read("a/b", 9, &b, &e) < 0 && strstr(e.text, "Not a dir"),
	   "%s", e.text);
	ok(!mkfifo("fifo", 0600) && file_read("fifo", 9, &b, &e) < 0 &&
	   strstr(e.text, "not a regular file"), "%s", e.text);
	buf_free(&b);
}

static void test_replace(void)
{
	struct stat st;

	ok(!replace("new", "one") && holds("new", "one"), "a new file");
	ok(!stat("new", &st) && (st.st_mode & 07777) == 0640,
	   "has the mode, whatever the umask");
	if (chmod("new", 0600) < 0)
		exit(1);
	ok(!replace("new", "two") && holds("new", "two"), "an old one");
	ok(!stat("new", &st) && (st.st_mode & 07777) == 0600,
	   "keeps its mode");
	ok(!replace("folder/new", "x") && holds("folder/new", "x"),
	   "a folder is made");
	ok(!stat("folder", &st) && (st.st_mode & 07777) == 0755, "with 0755");
	ok(replace("no/such/new", "x") < 0 && access("no", F_OK) < 0,
	   "%s", e.text);
	ok(replace("folder", "x") < 0 && strstr(e.text, "not a regular"),
	   "%s", e.text);
	ok(files_in("folder") == 1, "nothing is left beside");
}

static void test_links(void)
{
	struct stat st;

	if (symlink("new", "link") < 0 || symlink("folder/gone", "hang") < 0 ||
	    symlink("loop", "loop") < 0)
		exit(1);
	ok(!replace("link", "three") && holds("new", "three") &&
	   !lstat("link", &st) && S_ISLNK(st.st_mode), "a link stays");
	ok(!replace("hang", "four") && holds("folder/gone", "four"),
	   "one that led nowhere leads somewhere");
	ok(replace("loop", "x") < 0, "%s", e.text);
}

static void test_abort(void)
{
	struct replacement r = { 0 };

	replace_abort(&r);
	ok(!replace_prepare(&r, "fresh/file", 0644, "x", 1, &e), "prepared");
	ok(files_in("fresh") == 1, "waits in its folder");
	replace_abort(&r);
	ok(access("fresh", F_OK) < 0, "an aborted one takes its folder along");
	replace_abort(&r);
	ok(!replace_prepare(&r, "new", 0644, "x", 1, &e), "prepared again");
	replace_abort(&r);
	ok(holds("new", "three"), "the old file stays");
}

static void test_changed(void)
{
	struct replacement r;
	struct text t = { 0 };
	struct stat was;

	text_read(&t, "new", 99, true, &was, &e);
	ok(!replace_prepare(&r, "new", 0644, "x", 1, &e) &&
	   replace_is_current(&r, &was), "it is still that file");
	put("new", "other");
	ok(!replace_is_current(&r, &was), "and now is not");
	replace_abort(&r);
	ok(text_read(&t, "later", 99, true, &was, &e) == 0 &&
	   !replace_prepare(&r, "later", 0644, "x", 1, &e) &&
	   replace_is_current(&r, &was), "still none");
	put("later", "");
	ok(!replace_is_current(&r, &was), "and now there is");
	replace_abort(&r);
	text_free(&t);
}

static void test_lock(void)
{
	int a = file_lock_folder("folder/x");

	ok(a >= 0, "the folder is locked");
	close(a);
	ok(file_lock_folder("none/x") < 0, "none to lock");
}

static void test_sweep(void)
{
	struct replacement r;

	if (mkdir("sweep", 0755) < 0 || mkdir("sweep/.fwbox-f-0123456789abcde0",
					      0755) < 0 ||
	    symlink("f", "sweep/.fwbox-f-0123456789abcde1") < 0)
		exit(1);
	put("sweep/f", "text");
	put("sweep/.fwbox-g-0123456789abcdef", "of another file");
	put("sweep/.fwbox-f-g-0123456789abcdef", "of another file");
	put("sweep/.fwbox-f-0123456789abcdeg", "not of ours");
	put("sweep/.fwbox-f-0123456789abcdef", "left");
	ok(!replace_prepare(&r, "sweep/f", 0644, "x", 1, &e), "prepared");
	file_sweep("sweep/f");
	ok(files_in("sweep") == 6 &&
	   access("sweep/.fwbox-f-0123456789abcdef", F_OK) < 0,
	   "what was left for the file is gone, and nothing else");
	replace_abort(&r);
	file_sweep("no-folder/f");
	file_sweep("f");
}

int main(void)
{
	char folder[] = "/tmp/test-file-XXXXXX", command[64];

	umask(077);
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 1;
	test_read();
	test_replace();
	test_links();
	test_abort();
	test_changed();
	test_lock();
	test_sweep();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ok(system(command) == 0, "cleaned");
	return tap_done();
}
