/* Whole files: read, and replaced so that at any moment the path holds the
 * old bytes or the new ones, whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "buf.h"
#include "err.h"

/* Appends the regular file at path to out, at most max bytes.  1: read,
 * 0: there is no such file (or folder), -1: an error, told in *e. */
int file_read(const char *path, size_t max, struct buf *out, struct err *e);
/* Opens the regular file at path, of at most max bytes, to read it; *was tells
 * which file it is, all zero if there is none.  1: *fd is the caller's,
 * 0: there is none, -1: an error, told in *e. */
int file_open(const char *path, size_t max, int *fd, struct stat *was,
	      struct err *e);

/* Reads until max bytes or the file's end: the bytes read, or -1 and errno. */
ssize_t file_fill(int fd, char *to, size_t max);
/* Writes all of it.  0, or -1 and errno. */
int file_write(int fd, const char *data, size_t len);

/* A replacement under way: the new bytes wait, synced, in a file of an
 * unguessable name beside the old one. */
struct replacement {
	char *path; /* the file itself, symlinks followed; owned */
	char *temp; /* the waiting file; owned */
	int dir;    /* the folder they are in */
	bool made_dir;    /* the folder is new: an abort takes it away again */
	bool in_place;    /* renamed, even where the sync behind it failed */
	struct stat was;  /* the old file; all zero: there was none */
};

enum { MODE_ANYWAY = 1 << 16 }; /* in a mode: even for one that is there */

/* Prepares data as the new content of path.  A missing folder is made with
 * 0755 (one level), a missing file gets mode; of an existing one owner, mode
 * (but with MODE_ANYWAY) and extended attributes are kept.  0 or -1 and *e,
 * with nothing changed. */
int replace_prepare(struct replacement *r, const char *path, mode_t mode,
		    const void *data, size_t len, struct err *e);
/* Puts it in place and syncs the folder.  0 or -1 and *e.  Releases r.
 * A file that cannot be renamed over because something is mounted there is
 * rewritten in place, with a copy of the old one beside it until that is
 * done: its path with FILE_SAVED behind. */
int replace_commit(struct replacement *r, struct err *e);
/* Drops it: the old file stays.  Releases r; harmless on a {0} or released. */
void replace_abort(struct replacement *r);
#define FILE_SAVED ".saved"

/* The waiting file of FILE: this, FILE, - and 16 digits. */
#define TEMP_PREFIX ".fwbox-"
/* Removes those that were left by somebody who died preparing to replace
 * path, whose links are followed already.  Only whoever holds the lock that
 * all who replace it hold may do that. */
void file_sweep(const char *path);

/* A new string: path with the links its last part may be followed; NULL and
 * errno. */
char *file_follow(const char *path);

/* Whether r would still replace the file that `was` describes, unchanged
 * since then (no file: still none). */
bool replace_is_current(const struct replacement *r, const struct stat *was);

/* Waits for the exclusive lock on the folder of path: a descriptor to close,
 * or -1 when there is no folder or it cannot be locked. */
int file_lock_folder(const char *path);

#endif
