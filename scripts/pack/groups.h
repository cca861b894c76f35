#ifndef PACK_GROUPS_H
#define PACK_GROUPS_H

enum { GROUPS = 6 };

/* Of the image, in their order: what both the first and the second of the
 * Makefile's three sets of applets use, the first's other things, what the
 * second and the third use, the second alone, the third alone, and the rest.
 * Whether a group can be unpacked only after that other one. */
static inline int group_needs(unsigned group, unsigned other)
{
	static const unsigned char needs[GROUPS] = {
		0, 1 << 0, 1 << 0, 1 << 0 | 1 << 2,
		1 << 0 | 1 << 1 | 1 << 2, (1 << 5) - 1
	};

	return needs[group] >> other & 1;
}

#endif
