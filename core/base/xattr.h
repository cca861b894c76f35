/* Extended attributes: ACLs, security labels, the user's own. */
#ifndef BASE_XATTR_H
#define BASE_XATTR_H

/* Gives the file `to` those of `from`.  0, or -1 and errno when one that the
 * filesystem knows could not be carried over. */
int xattr_copy(int from, int to);

#endif
