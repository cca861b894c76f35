#include "msg.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

void msg_bytes(struct msg *m, uint16_t type, const void *data, size_t len)
{
	if (m->full || len > UINT16_MAX - sizeof(struct nlattr) ||
	    !mnl_attr_put_check(m->head, m->room, type, len, data))
		m->full = true;
}

void msg_u8(struct msg *m, uint16_t type, uint8_t v)
{
	msg_bytes(m, type, &v, sizeof(v));
}

void msg_u32(struct msg *m, uint16_t type, uint32_t v)
{
	v = htonl(v);
	msg_bytes(m, type, &v, sizeof(v));
}

void msg_u64(struct msg *m, uint16_t type, uint64_t v)
{
	v = htobe64(v);
	msg_bytes(m, type, &v, sizeof(v));
}

void msg_str(struct msg *m, uint16_t type, const char *s)
{
	msg_bytes(m, type, s, strlen(s) + 1);
}

struct nlattr *msg_open(struct msg *m, uint16_t type)
{
	struct nlattr *nest;

	nest = m->full ? NULL
		       : mnl_attr_nest_start_check(m->head, m->room, type);
	if (!nest)
		m->full = true;
	return nest;
}

void msg_close(struct msg *m, struct nlattr *nest)
{
	if (!nest)
		return;
	if ((size_t)((char *)mnl_nlmsg_get_payload_tail(m->head) -
		     (char *)nest) > UINT16_MAX)
		m->full = true;
	else
		mnl_attr_nest_end(m->head, nest);
}
