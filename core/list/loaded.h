/* FILE.loaded: the rules that the kernel was given last, as text beside the
 * file, which a person may have edited since.  It tells what a change on trial
 * goes back to; it is not synced, for the kernel's rules are gone with the
 * power too. */
#ifndef LIST_LOADED_H
#define LIST_LOADED_H

#include "file.h"

/* Only whoever holds the file's lock may.  -1: it cannot be written. */
int loaded_write(const char *path, const struct buf *text);
/* As rules_load does; f needs *name as long as it is used, the caller's to
 * free.  f->missing: there is none. */
int loaded_read(struct rules_file *f, struct buf *name, const char *path,
		struct err *e);

#endif
