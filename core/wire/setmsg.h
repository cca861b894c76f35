/* Sets and their elements as netlink messages (NFTA_SET_*). */
#ifndef WIRE_SETMSG_H
#define WIRE_SETMSG_H

#include "../nft/cmd.h"
#include "msg.h"

/* Both come behind the table's name. */
void setmsg_put_set(struct msg *m, const struct set *s, uint32_t id);

/* Bytes that a message of the elements from `first` on may need. */
size_t setmsg_elem_room(const struct set *s, size_t first);

/* As many elements from `first` on as one message takes: the next one. */
size_t setmsg_put_elems(struct msg *m, const struct set *s, uint32_t id,
			size_t first);

#endif
