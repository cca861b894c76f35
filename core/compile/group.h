/* Rules that ask the same of a packet but for the values: they become one rule
 * with a set, or a map of what each value comes to. */
#ifndef COMPILE_GROUP_H
#define COMPILE_GROUP_H

#include "rules.h"

struct group {
	unsigned dims;     /* 0: none goes with it */
	/* Those that are not the same for all, which the set is about; until
	 * there are two rules 0. */
	unsigned varying;
	bool boxes;        /* networks and ranges in all of them at once */
	bool single;       /* no item of one dimension is an interval */
	bool mixed;        /* what they do is not the same for all */
	uint32_t n;        /* rules; of one alone 0 */
	struct buf items;  /* struct fold_item, or what boxes_add has */
	struct buf few;    /* of boxes the first of them, as struct part */
	struct part first; /* with all that they have in common */
};

/* So many rules at least, one by one, take a packet longer than a set of
 * boxes, which the kernel looks up a byte's half at a time. */
enum { BOXES_LEAST = 16 };

/* The dimensions by which it can be one of a group, or 0. */
unsigned group_dims(const struct part *p);
/* A group of p alone, which is to be freed. */
void group_start(struct group *g, const struct part *p, unsigned dims);
void group_free(struct group *g);
/* Is p the same as they are but for the values? */
bool group_asks_same(const struct group *g, const struct part *p,
		     unsigned dims);
/* May p come before them or behind, all the same? */
bool group_commutes(const struct group *g, const struct part *p);

/* One that asks the same into the group; false: it does not fit. */
bool group_join(struct group *g, const struct part *p);
/* Also by networks and ranges in more than one dimension. */
bool group_fits_boxes(const struct group *g, const struct part *p);
bool group_join_boxes(struct group *g, const struct part *p);
/* The same as tcp's for udp, behind it, into the group for both. */
bool group_join_udp(struct group *tcp, struct group *udp);

/* Into the current chain. */
void group_compile(struct build *b, struct group *g);

#endif
