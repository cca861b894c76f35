/* Code that only some applets need lies packed until one of them is called;
 * the Makefile says which. */
#ifndef PACK_LATER_H
#define PACK_LATER_H

/* Before the function is called, wherever it is.  Not there (NULL) in a
 * program that is not packed. */
__attribute__((weak)) void later_unpack(int (*function)(int, char **));

#endif
