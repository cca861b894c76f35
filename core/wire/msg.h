/* One netlink message being written, through libmnl's checked builders: what
 * does not fit sets `full` and is an error in the end, never a cut. */
#ifndef WIRE_MSG_H
#define WIRE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

enum { MSG_DEPTH = 8 };

struct msg {
	struct nlmsghdr *head;
	size_t room; /* bytes that head may grow to */
	bool full;
	unsigned depth; /* how many of nest are open */
	struct nlattr *nest[MSG_DEPTH];
};

/* What msg_put takes: an attribute's type, alone or in one of these, and its
 * value; then the next, and 0 at the end.  Numbers are unsigned, in host byte
 * order, and go out with four bytes if nothing else is said. */
#define MSG_U8(type) ((type) | 0x100u)     /* unsigned */
#define MSG_U64(type) ((type) | 0x800u)    /* unsigned */
#define MSG_STR(type) ((type) | 0x1000u)   /* const char * */
#define MSG_BYTES(type) ((type) | 0x2000u) /* const void *, unsigned length */
#define MSG_DATA(type) ((type) | 0x3000u)  /* likewise, as NFTA_DATA_VALUE */
#define MSG_SKIP 0x4000u                   /* leaves its number out */
#define MSG_OPEN(type) ((type) | 0x5000u)  /* no value: a nest begins */
#define MSG_CLOSE(depth) ((depth) | 0x6000u) /* no value: as msg_close */

/* A header at head->room bytes of `at`, then struct nfgenmsg. */
void msg_begin(struct msg *m, void *at, unsigned type, unsigned flags,
	       unsigned family);
void msg_put(struct msg *m, ...);
/* Ends nests, from the innermost, until depth are left. */
void msg_close(struct msg *m, unsigned depth);

/* The next expression of the list that is the message's outermost nest: its
 * name, and what is put as above.  It stays open, for more to be put, until
 * the next one or msg_close. */
void msg_expr(struct msg *m, const char *name, ...);

#endif
