#ifndef PACK_GROUPS_H
#define PACK_GROUPS_H

/* Of the image, in their order: what both the first and the second of the
 * Makefile's three sets of applets use, the first's other things, the second's,
 * what the third uses beside, and the rest. */
enum { COMMON, FIRST, SECOND, THIRD, REST, GROUPS };

/* Whether that group can be unpacked only after that other one. */
static inline int group_needs(unsigned group, unsigned other)
{
	return other < group && !(group == SECOND && other == FIRST);
}

#endif
