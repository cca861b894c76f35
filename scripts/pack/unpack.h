/* The program's code and constants are packed, in groups (scripts/pack). */
#ifndef PACK_UNPACK_H
#define PACK_UNPACK_H

/* Unpacks the group that has this address in it and those it needs, if they
 * are not yet. */
#ifdef PACKED
void unpack(const void *wanted);
#else
static inline void unpack(const void *wanted)
{
	(void)wanted;
}
#endif

#endif
