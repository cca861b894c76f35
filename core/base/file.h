/* Whole files: read, and replaced so that at any moment the path holds the
 * old bytes or the new ones, whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"
#include "err.h"

/* Appends the regular file at path to out, at most max bytes.  1: read,
 * 0: there is no such file (or folder), -1: an error, told in *e. */
int file_read(const char *path, size_t max, struct buf *out, struct err *e);

/* A replacement under way: the new bytes wait, synced, in a file of an
 * unguessable name beside the old one. */
struct replacement {
	char *path; /* the file itself, symlinks followed; owned */
	char *temp; /* the waiting file; owned */
	int dir;    /* the folder they are in */
};

/* Prepares data as the new content of path.  A missing folder is made with
 * 0755 (one level), a missing file gets mode; of an existing one owner, mode,
 * and extended attributes are kept.  0 or -1 and *e, with nothing changed. */
int replace_prepare(struct replacement *r, const char *path, mode_t mode,
		    const void *data, size_t len, struct err *e);
/* Puts it in place and syncs the folder.  0 or -1 and *e.  Releases r. */
int replace_commit(struct replacement *r, struct err *e);
/* Drops it: the old file stays.  Releases r; harmless on a {0} or released. */
void replace_abort(struct replacement *r);

#endif
