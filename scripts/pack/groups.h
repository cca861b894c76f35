#ifndef PACK_GROUPS_H
#define PACK_GROUPS_H

/* Of the image, in their order: what either of the first two of the Makefile's
 * applets use, and what only one of them does; then the third's, and so on. */
enum { COMMON, FIRST, SECOND };

/* Whether that group can be unpacked only after that other one. */
static inline int group_needs(unsigned group, unsigned other)
{
	return other < group && !(group == SECOND && other == FIRST);
}

#endif
