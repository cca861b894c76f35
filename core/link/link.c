#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "../wire/attrs.h"
#include "../wire/msg.h"

enum { RECV_BYTES = 32768, REQUEST_BYTES = 512, TRIES = 16 };

/* Why the kernel would not talk to us at all, in the user's words. */
static int refused(struct err *e, const char *what)
{
	switch (errno) {
	case EPERM:
	case EACCES:
		return err_set(e, "needs CAP_NET_ADMIN: run as root");
	case EPROTONOSUPPORT:
	case EAFNOSUPPORT:
	case EOPNOTSUPP:
	case EINVAL:
		return err_set(e, "the kernel has no nf_tables");
	default:
		return err_sys(e, "cannot %s", what);
	}
}

int link_open(struct link *l, struct err *e)
{
	int on = 1;

	l->seq = 0;
	l->socket = mnl_socket_open2(NETLINK_NETFILTER,
				     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!l->socket)
		return refused(e, "open a netlink socket");
	if (mnl_socket_bind(l->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		refused(e, "bind a netlink socket");
		link_close(l);
		return -1;
	}
	/* Errors need not carry a copy of the message (older kernels do). */
	mnl_socket_setsockopt(l->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

void link_close(struct link *l)
{
	if (l->socket)
		mnl_socket_close(l->socket);
	l->socket = NULL;
}

/* The first error wins: those behind it are often its consequences. */
static void note_error(struct outcome *o, int error, uint32_t seq)
{
	if (error && !o->error)
		*o = (struct outcome){error, seq};
}

/* One answer; q: what was asked, NULL for a batch, which answers nothing but
 * errors and acknowledgements. */
static void read_answer(const struct link *l, const struct question *q,
			const struct nlmsghdr *head, struct outcome *o)
{
	const struct nlmsgerr *answer = mnl_nlmsg_get_payload(head);
	uint32_t seq = head->nlmsg_seq;

	if (q && (seq != l->seq ||
		  head->nlmsg_pid != mnl_socket_get_portid(l->socket)))
		note_error(o, EPROTO, seq);
	else if (head->nlmsg_flags & NLM_F_DUMP_INTR)
		note_error(o, EINTR, seq);
	else if (q && head->nlmsg_type >= NLMSG_MIN_TYPE)
		q->each(head, q->ctx);
	else if (q && head->nlmsg_type == NLMSG_DONE)
		note_error(o, message_end(head), seq);
	else if (head->nlmsg_type != NLMSG_ERROR ||
		 mnl_nlmsg_get_payload_len(head) < sizeof(*answer))
		note_error(o, EBADMSG, seq);
	else
		note_error(o, message_errno(answer->error), seq);
}

/* Sends, and reads until the kernel has no more to say; it answers while it
 * takes the request, so nothing is waited for.  The number of answers, with
 * errno when there was none, or -1 and errno: cannot send. */
static int exchange(struct link *l, const void *data, size_t len,
		    const struct question *q, struct outcome *o)
{
	_Alignas(struct nlmsghdr) char bytes[RECV_BYTES];
	const struct nlmsghdr *head;
	int left, answers = 0;

	*o = (struct outcome){0};
	if (mnl_socket_sendto(l->socket, data, len) < 0)
		return -1;
	while ((left = (int)mnl_socket_recvfrom(l->socket, bytes,
						sizeof(bytes))) > 0)
		for (head = (void *)bytes; message_ok(head, left);
		     head = mnl_nlmsg_next(head, &left)) {
			read_answer(l, q, head, o);
			answers++;
		}
	/* ENOBUFS: more errors than the socket holds; the first are read. */
	if (errno != EAGAIN && q)
		note_error(o, errno, 0);
	return answers;
}

int link_commit(struct link *l, const struct batch *b, struct outcome *o,
		struct err *e)
{
	/* The kernel wants a batch in one piece, and room for its own head. */
	int room = b->bytes.len < 1 << 29 ? (int)b->bytes.len + 4096 : 1 << 29;
	int answers;

	if (b->bytes.len > 65536 &&
	    setsockopt(mnl_socket_get_fd(l->socket), SOL_SOCKET,
		       SO_SNDBUFFORCE, &room, sizeof(room)))
		return refused(e, "enlarge the netlink socket's buffer");
	answers = exchange(l, b->bytes.data, b->bytes.len, NULL, o);
	if (answers < 0)
		return refused(e, "send to the kernel");
	return answers ? 0 : err_sys(e, "no answer from the kernel");
}

static int ask_once(struct link *l, const struct question *q)
{
	_Alignas(struct nlmsghdr) char room[REQUEST_BYTES];
	struct msg m = {.room = sizeof(room)};
	bool one = q->type == NFT_MSG_GETGEN ||
		   (q->type == NFT_MSG_GETCHAIN && q->chain);
	struct outcome o;

	msg_begin(&m, room, NFNL_SUBSYS_NFTABLES << 8 | q->type,
		  one ? 0 : NLM_F_DUMP, q->family);
	if (q->table)
		msg_put(&m, MSG_STR(NFTA_RULE_TABLE), q->table, 0);
	if (q->chain)
		msg_put(&m, MSG_STR(one ? NFTA_CHAIN_NAME : NFTA_RULE_CHAIN),
			q->chain, 0);
	m.head->nlmsg_seq = ++l->seq;
	if (m.full)
		errno = ENAMETOOLONG;
	if (m.full || exchange(l, m.head, m.head->nlmsg_len, q, &o) < 0)
		return -1;
	errno = o.error;
	return o.error && o.error != ENOENT ? -1 : 0;
}

int link_ask(struct link *l, const struct question *q, struct err *e)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (!ask_once(l, q))
			return 0;
		if (errno != EINTR)
			return refused(e, "read the kernel's ruleset");
		q->restart(q->ctx);
	}
	return err_set(e, "the kernel's ruleset keeps changing: try again");
}

static void read_generation(const struct nlmsghdr *head, void *ctx)
{
	struct nlattr *attr[NFTA_GEN_MAX + 1];

	attrs_of_message(attr, NFTA_GEN_MAX, head);
	if (attr[NFTA_GEN_ID])
		*(uint32_t *)ctx = attrs_u32(attr[NFTA_GEN_ID]);
}

static void restart_number(void *ctx)
{
	*(uint32_t *)ctx = 0;
}

int link_generation(struct link *l, uint32_t *genid, struct err *e)
{
	struct question q = {
		.type = NFT_MSG_GETGEN, .each = read_generation,
		.restart = restart_number, .ctx = genid,
	};

	*genid = 0;
	if (link_ask(l, &q, e))
		return -1;
	return *genid ? 0 : err_set(e, "the kernel told no ruleset generation");
}

static void count_one(const struct nlmsghdr *head, void *ctx)
{
	(void)head;
	++*(uint32_t *)ctx;
}

int link_count(struct link *l, uint16_t type, enum table_family family,
	       const char *table, const char *chain, struct err *e)
{
	uint32_t n = 0;
	struct question q = {
		.type = type, .family = family, .table = table,
		.chain = chain, .each = count_one, .restart = restart_number,
		.ctx = &n,
	};

	return link_ask(l, &q, e) ? -1 : (int)n;
}
