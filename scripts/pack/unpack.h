/* The program's code and constants are packed, in groups (scripts/pack). */
#ifndef PACK_UNPACK_H
#define PACK_UNPACK_H

/* Unpacks the groups up to the one that has this address in it, if they are
 * not yet.  Not there in a program that is not packed. */
void unpack(const void *wanted) __attribute__((weak));

#endif
