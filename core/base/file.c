#include "file.h"
#include "xattr.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

enum { MAX_LINKS = 40 };

/* A new string: the part of path up to its last slash, or ".", and name
 * behind it if given. */
static char *in_folder(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	struct buf b = { 0 };

	buf_add(&b, path, n);
	if (name)
		buf_str(&b, name);
	else if (!n)
		buf_str(&b, ".");
	if (b.failed)
		buf_free(&b);
	return b.data;
}

/* A new string: where the link at path leads.  Apart, because its frame is a
 * page, and most files are no links. */
__attribute__((noinline)) static char *read_link(const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	return *target == '/' ? strdup(target) : in_folder(path, target);
}

char *file_follow(const char *path)
{
	char *next, *at = strdup(path);
	struct stat st;
	int i;

	for (i = 0; at && i < MAX_LINKS; i++) {
		if (lstat(at, &st) < 0 || !S_ISLNK(st.st_mode))
			return at;
		next = read_link(at);
		if (!next && errno == EINVAL) /* any more */
			return at;
		free(at);
		at = next;
	}
	free(at);
	if (at)
		errno = ELOOP;
	return NULL;
}

static int open_folder(const char *path)
{
	char *folder = in_folder(path, NULL);
	int fd = -1;

	if (folder)
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return fd;
}

int file_lock_folder(const char *path)
{
	char *file = file_follow(path);
	int fd = file ? open_folder(file) : -1;

	free(file);
	while (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		close(fd);
		fd = -1;
	}
	return fd;
}

static int make_folder(struct replacement *r)
{
	char *folder = in_folder(r->path, NULL);
	int rc = -1;

	if (folder && mkdir(folder, 0755) == 0) {
		r->made_dir = true;
		rc = chmod(folder, 0755); /* whatever the umask */
	} else if (folder && errno == EEXIST) {
		rc = 0;
	}
	free(folder);
	return rc;
}

int file_write(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, data, len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* Opens the old file, if there is one, and notes in r->was which it is. */
static int open_old(struct replacement *r, int *old, struct err *e)
{
	*old = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*old < 0)
		return errno == ENOENT ? 0 : err_sys(e, "cannot open '%s'",
						     r->path);
	if (fstat(*old, &r->was) < 0)
		return err_sys(e, "cannot look at '%s'", r->path);
	if (!S_ISREG(r->was.st_mode))
		return err_set(e, "'%s' is not a regular file", r->path);
	return 0;
}

/* Everything into the waiting file, which nobody else sees complete until it
 * is synced. */
static int fill_temp(struct replacement *r, int fd, int old, mode_t mode,
		     const void *data, size_t len, struct err *e)
{
	if (file_write(fd, data, len) < 0)
		return err_sys(e, "cannot write beside '%s'", r->path);
	if (old >= 0 && (fchown(fd, r->was.st_uid, r->was.st_gid) < 0 ||
			 xattr_copy(old, fd) < 0))
		return err_sys(e, "cannot keep the owner and attributes of "
			       "'%s'", r->path);
	if (old >= 0 && !(mode & MODE_ANYWAY))
		mode = r->was.st_mode;
	if (fchmod(fd, mode & 07777) < 0)
		return err_sys(e, "cannot set the mode of '%s'", r->path);
	if (fsync(fd) < 0)
		return err_sys(e, "cannot sync '%s'", r->path);
	return 0;
}

/* A new file beside r->path; its name cannot be guessed. */
static int open_temp(struct replacement *r)
{
	const char *slash = strrchr(r->path, '/');
	uint64_t random;
	struct buf name = { 0 };

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -1;
	buf_fmt(&name, TEMP_PREFIX "%s-%016llx", slash ? slash + 1 : r->path,
		(unsigned long long)random);
	r->temp = name.failed ? NULL : in_folder(r->path, name.data);
	buf_free(&name);
	if (!r->temp)
		return -1;
	return open(r->temp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
		    O_CLOEXEC, 0600);
}

static int prepare(struct replacement *r, int *old, mode_t mode,
		   const void *data, size_t len, struct err *e)
{
	int fd, rc;

	r->dir = open_folder(r->path);
	if (r->dir < 0 && errno == ENOENT && make_folder(r) == 0)
		r->dir = open_folder(r->path);
	if (r->dir < 0)
		return err_sys(e, "cannot open the folder of '%s'", r->path);
	if (open_old(r, old, e) < 0)
		return -1;
	fd = open_temp(r);
	if (fd < 0) {
		rc = err_sys(e, "cannot make a file beside '%s'", r->path);
		free(r->temp);
		r->temp = NULL; /* nothing there to take away */
		return rc;
	}
	rc = fill_temp(r, fd, *old, mode, data, len, e);
	/* Some filesystems tell of a full disk only here. */
	if (close(fd) < 0 && rc == 0)
		rc = err_sys(e, "cannot write beside '%s'", r->path);
	return rc;
}

int replace_prepare(struct replacement *r, const char *path, mode_t mode,
		    const void *data, size_t len, struct err *e)
{
	int old = -1, rc;

	*r = (struct replacement){ .dir = -1 };
	r->path = file_follow(path);
	if (!r->path)
		return err_sys(e, "cannot follow '%s'", path);
	rc = prepare(r, &old, mode, data, len, e);
	if (old >= 0)
		close(old);
	if (rc < 0)
		replace_abort(r);
	return rc;
}

bool replace_is_current(const struct replacement *r, const struct stat *was)
{
	struct stat now;

	if (stat(r->path, &now) < 0)
		return errno == ENOENT && !was->st_nlink;
	return now.st_dev == was->st_dev && now.st_ino == was->st_ino &&
	       now.st_size == was->st_size &&
	       now.st_ctim.tv_sec == was->st_ctim.tv_sec &&
	       now.st_ctim.tv_nsec == was->st_ctim.tv_nsec;
}

static void release(struct replacement *r)
{
	if (r->dir >= 0 && r->path)
		close(r->dir);
	free(r->path);
	free(r->temp);
	*r = (struct replacement){ .dir = -1 };
}

void replace_abort(struct replacement *r)
{
	char *folder;

	if (r->temp)
		unlink(r->temp);
	folder = r->made_dir ? in_folder(r->path, NULL) : NULL;
	if (folder)
		rmdir(folder);
	free(folder);
	release(r);
}

/* Folders on some filesystems cannot be synced, and need not be. */
static int sync_folder(const struct replacement *r)
{
	return fsync(r->dir) == 0 || errno == EINVAL || errno == ENOTSUP ? 0
									 : -1;
}

/* The bytes of one file over those of another, from its first on.  0, or -1;
 * -2: not even opened. */
static int copy_over(const char *from, const char *to, int flags)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CLOEXEC | flags, 0600);
	char bytes[16384];
	off_t len = 0;
	ssize_t n = -1;

	while (out >= 0 && (n = file_fill(in, bytes, sizeof(bytes))) > 0) {
		if (file_write(out, bytes, (size_t)n) < 0) {
			n = -1;
			break;
		}
		len += n;
	}
	if (n == 0 && (ftruncate(out, len) < 0 || fsync(out) < 0))
		n = -1;
	if (in >= 0)
		close(in);
	if (out < 0)
		return -2;
	return close(out) < 0 || n < 0 ? -1 : 0;
}

/* For a file that something is mounted on.  The copy is complete before the
 * first byte is written and goes when the last one is. */
static int rewrite(struct replacement *r, struct err *e)
{
	struct buf saved = { 0 };
	int rc = 0, copied;

	buf_fmt(&saved, "%s" FILE_SAVED, r->path);
	if (saved.failed)
		return err_set(e, "out of memory");
	copied = copy_over(r->path, saved.data, O_CREAT | O_EXCL | O_NOFOLLOW);
	if (copied < 0 || sync_folder(r) < 0) {
		rc = err_sys(e, "cannot save '%s' as '%s'", r->path,
			     saved.data);
		if (copied > -2)
			unlink(saved.data);
	} else if (copy_over(r->temp, r->path, 0) == 0) {
		unlink(saved.data);
	} else {
		rc = err_sys(e, "cannot rewrite '%s'", r->path);
		if (copy_over(saved.data, r->path, 0) == 0)
			unlink(saved.data);
	}
	unlink(r->temp);
	buf_free(&saved);
	return rc;
}

int replace_commit(struct replacement *r, struct err *e)
{
	bool in_place = false;
	int rc = 0;

	if (rename(r->temp, r->path) == 0) {
		in_place = true;
		if (sync_folder(r) < 0)
			rc = err_sys(e, "'%s' is replaced, but cannot sync "
				     "its folder", r->path);
	} else if (errno == EBUSY) {
		rc = rewrite(r, e);
	} else {
		rc = err_sys(e, "cannot replace '%s'", r->path);
		replace_abort(r);
		return rc;
	}
	release(r);
	r->in_place = in_place;
	return rc;
}
