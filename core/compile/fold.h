/* What a run of rules has to say about the values of a packet's fields, as
 * the elements of a set: where several have a value, the first decides. */
#ifndef COMPILE_FOLD_H
#define COMPILE_FOLD_H

#include "rules.h"

enum { FOLD_KEY = 40, FOLD_LAST = 16 };

/* The key's bytes that are not used are zero, for items are compared whole. */
struct fold_item {
	/* A set's key; or, of one field, a first value at 0 and a last one at
	 * FOLD_LAST, which may be the same. */
	uint8_t key[FOLD_KEY];
	uint8_t order[4]; /* among the items, network byte order */
	uint8_t verdict;  /* index of rules_verdicts */
	uint8_t lives;    /* fold: something is left of it */
};

struct fold {
	struct buf keys, verdicts; /* as struct set has them */
	size_t n;
	size_t key_len;
	bool interval;             /* the keys are pairs */
	uint8_t verdict;           /* the last one's */
};

/* Sorts the n items, at least one; interval: they are pairs of values, of
 * key_len bytes each.  Adds to *f, which is empty but for key_len and
 * interval; its buffers are to be freed, and may have failed. */
void fold(struct fold *f, struct fold_item *items, size_t n);

#endif
