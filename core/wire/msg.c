#include "msg.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdarg.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

void msg_begin(struct msg *m, void *at, unsigned type, unsigned flags,
	       unsigned family)
{
	struct nfgenmsg *nfg;

	m->head = mnl_nlmsg_put_header(at);
	m->head->nlmsg_type = (uint16_t)type;
	m->head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	nfg = mnl_nlmsg_put_extra_header(m->head, sizeof(*nfg));
	nfg->nfgen_family = (uint8_t)family;
	/* A batch's ends name the subsystem here, the others in the type. */
	if (type < NLMSG_MIN_TYPE + 2)
		nfg->res_id = htons(NFNL_SUBSYS_NFTABLES);
}

static void put_bytes(struct msg *m, uint16_t type, const void *data,
		      size_t len)
{
	if (m->full || len > UINT16_MAX - sizeof(struct nlattr) ||
	    !mnl_attr_put_check(m->head, m->room, type, len, data))
		m->full = true;
}

static void open_nest(struct msg *m, uint16_t type)
{
	struct nlattr *nest = NULL;

	if (!m->full && m->depth < MSG_DEPTH)
		nest = mnl_attr_nest_start_check(m->head, m->room, type);
	if (nest)
		m->nest[m->depth++] = nest;
	else
		m->full = true;
}

void msg_close(struct msg *m, unsigned depth)
{
	while (m->depth > depth) {
		struct nlattr *nest = m->nest[--m->depth];
		const char *end = mnl_nlmsg_get_payload_tail(m->head);

		if (end - (char *)nest > UINT16_MAX)
			m->full = true;
		else
			mnl_attr_nest_end(m->head, nest);
	}
}

static unsigned number(va_list *args)
{
	return va_arg(*args, unsigned);
}

static const void *pointer(va_list *args)
{
	return va_arg(*args, const void *);
}

/* A number's last len bytes. */
static void put_number(struct msg *m, uint16_t type, unsigned v, unsigned len)
{
	uint64_t wide = htobe64(v);

	put_bytes(m, type, (char *)&wide + sizeof(wide) - len, len);
}

static void put_all(struct msg *m, va_list *args)
{
	const char *data;
	unsigned what;
	uint16_t type;

	while ((what = number(args))) {
		type = what & 0xff;
		switch (what & ~0xffu) {
		case MSG_STR(0):
			data = pointer(args);
			put_bytes(m, type, data, strlen(data) + 1);
			break;
		case MSG_DATA(0):
			open_nest(m, type);
			data = pointer(args);
			put_bytes(m, NFTA_DATA_VALUE, data, number(args));
			msg_close(m, m->depth - 1);
			break;
		case MSG_BYTES(0):
			data = pointer(args);
			put_bytes(m, type, data, number(args));
			break;
		case MSG_OPEN(0):
			open_nest(m, type);
			break;
		case MSG_CLOSE(0):
			msg_close(m, type);
			break;
		case MSG_SKIP:
			number(args);
			break;
		default:
			put_number(m, type, number(args), what >> 8 ? what >> 8
								    : 4);
		}
	}
}

void msg_put(struct msg *m, ...)
{
	va_list args;

	va_start(args, m);
	put_all(m, &args);
	va_end(args);
}

void msg_expr(struct msg *m, const char *name, ...)
{
	va_list args;

	msg_put(m, MSG_CLOSE(1), MSG_OPEN(NFTA_LIST_ELEM),
		MSG_STR(NFTA_EXPR_NAME), name, MSG_OPEN(NFTA_EXPR_DATA), 0);
	va_start(args, name);
	put_all(m, &args);
	va_end(args);
}
