/* One netlink message being written, through libmnl's checked builders: what
 * does not fit sets `full` and is an error in the end, never a cut. */
#ifndef WIRE_MSG_H
#define WIRE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct msg {
	struct nlmsghdr *head;
	size_t room; /* bytes that head may grow to */
	bool full;
};

/* Numbers go out in network byte order, as nfnetlink wants them. */
void msg_u8(struct msg *m, uint16_t type, uint8_t v);
void msg_u32(struct msg *m, uint16_t type, uint32_t v);
void msg_u64(struct msg *m, uint16_t type, uint64_t v);
void msg_str(struct msg *m, uint16_t type, const char *s);
void msg_bytes(struct msg *m, uint16_t type, const void *data, size_t len);
/* NULL when full; msg_close takes that. */
struct nlattr *msg_open(struct msg *m, uint16_t type);
void msg_close(struct msg *m, struct nlattr *nest);

#endif
