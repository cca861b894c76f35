/* Edits of a JSON text where it lies.  Each changes the bytes it must and no
 * other: what it adds takes the style of its neighbours.
 *
 * The text must have passed json_check, and so must every value (which must
 * not lie in the text, and ends in a NUL byte).  Each returns 1: changed,
 * 0: it was so already, the text is untouched, -1: an error, told in *e, and
 * the text is then to be thrown away. */
#ifndef JSON_EDIT_H
#define JSON_EDIT_H

#include "../base/text.h"
#include "path.h"

/* Sets the value, making the objects and lists on the way to it; [N] may be
 * one past a list's end.  Of the path's keys no double is left. */
int json_set(struct text *text, const struct json_path *p, struct json value,
	     struct err *e);
/* Takes it out, with all its doubles. */
int json_delete(struct text *text, const struct json_path *p, struct err *e);
/* Appends the value to a list unless it is there; a value that is a list
 * itself stands for each of its items.  A missing list is made. */
int json_add(struct text *text, const struct json_path *p, struct json value,
	     struct err *e);
/* Takes all items of that value from a list; a list as in json_add. */
int json_remove(struct text *text, const struct json_path *p,
		struct json value, struct err *e);

#endif
