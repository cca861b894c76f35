#ifndef PACK_GROUPS_H
#define PACK_GROUPS_H

/* Of the image, in their order: what both the first and the second of the
 * Makefile's sets of applets use, then what only the first does, what only the
 * second does, what the third uses beside, and so on. */
enum { COMMON, FIRST, SECOND };

/* Whether that group can be unpacked only after that other one. */
static inline int group_needs(unsigned group, unsigned other)
{
	return other < group && !(group == SECOND && other == FIRST);
}

#endif
