/* How a text is laid out, so that what is added to it fits in. */
#ifndef JSON_STYLE_H
#define JSON_STYLE_H

#include "path.h"

/* A piece of the text. */
struct slice {
	const char *at;
	size_t len;
};

/* How to write a new item into one array or object of the text. */
struct style {
	bool lines;          /* each item on a line of its own */
	struct slice gap;    /* between the last two items; len 0: one item */
	struct slice lead;   /* between opening bracket and first item */
	struct slice colon;  /* between key and value, the spaces with it */
	struct slice indent; /* what the lines of the neighbours start with */
	struct slice unit;   /* one step of indentation more */
	const char *eol;
};

/* The style for a new last item of box, a value of the text with items. */
struct style style_beside(const char *text, struct json box);
/* The style inside what takes the place of the value: null or an empty box. */
struct style style_inside(const char *text, struct json value);

/* Appends what separates a new last item from the one before. */
void style_gap(const struct style *s, struct buf *out);
/* Appends the value under the steps from `from` to the path's last, each
 * made as an object or list.  open: the first step's own brackets too. */
void style_make(const struct style *s, const struct json_path *p, size_t from,
		bool open, struct json value, struct buf *out);

#endif
