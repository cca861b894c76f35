#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "../wire/msg.h"

enum { RECV_BYTES = 32768, REQUEST_BYTES = 512, DUMP_TRIES = 16 };

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
		return err_sys(e, "%s", what);
	}
}

int link_open(struct link *l, struct err *e)
{
	int on = 1;

	*l = (struct link){0};
	l->socket = mnl_socket_open2(NETLINK_NETFILTER,
				     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!l->socket)
		return refused(e, "cannot open a netlink socket");
	if (mnl_socket_bind(l->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		refused(e, "cannot bind a netlink socket");
		link_close(l);
		return -1;
	}
	/* Errors need not carry a copy of the message (older kernels do). */
	mnl_socket_setsockopt(l->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	l->portid = mnl_socket_get_portid(l->socket);
	return 0;
}

void link_close(struct link *l)
{
	if (l->socket)
		mnl_socket_close(l->socket);
	l->socket = NULL;
}

/* Runs the answers through each until the kernel has no more to say; it
 * answers while it takes the request, so nothing is waited for.
 * -1 and errno: the error the kernel sent, or the exchange's own. */
static int collect(struct link *l, mnl_cb_t each, void *ctx)
{
	char *bytes = malloc(RECV_BYTES);
	ssize_t n;
	int more = MNL_CB_OK, cause;

	if (!bytes)
		return -1;
	while (more > MNL_CB_STOP) {
		n = mnl_socket_recvfrom(l->socket, bytes, RECV_BYTES);
		more = n < 0 ? -1
			     : mnl_cb_run(bytes, (size_t)n, l->seq, l->portid,
					  each, ctx);
	}
	cause = errno;
	free(bytes);
	errno = cause;
	return more;
}

static int request(struct link *l, struct msg *m, mnl_cb_t each, void *ctx)
{
	m->head->nlmsg_seq = ++l->seq;
	if (mnl_socket_sendto(l->socket, m->head, m->head->nlmsg_len) < 0)
		return -1;
	return collect(l, each, ctx);
}

static struct msg open_request(void *room, uint16_t type, uint16_t flags,
			       uint8_t family)
{
	struct msg m = {.room = REQUEST_BYTES};
	struct nfgenmsg *nfg;

	m.head = mnl_nlmsg_put_header(room);
	m.head->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | type;
	m.head->nlmsg_flags = NLM_F_REQUEST | flags;
	nfg = mnl_nlmsg_put_extra_header(m.head, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	return m;
}

static int read_genid(const struct nlattr *attr, void *ctx)
{
	if (mnl_attr_get_type(attr) == NFTA_GEN_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		*(uint32_t *)ctx = ntohl(mnl_attr_get_u32(attr));
	return MNL_CB_OK;
}

static int read_generation(const struct nlmsghdr *head, void *ctx)
{
	mnl_attr_parse(head, sizeof(struct nfgenmsg), read_genid, ctx);
	return MNL_CB_STOP;
}

int link_generation(struct link *l, uint32_t *genid, struct err *e)
{
	char room[REQUEST_BYTES];
	struct msg m = open_request(room, NFT_MSG_GETGEN, 0, AF_UNSPEC);

	*genid = 0;
	if (request(l, &m, read_generation, genid) < 0)
		return refused(e, "cannot ask the kernel for its ruleset");
	if (!*genid)
		return err_set(e, "the kernel told no ruleset generation");
	return 0;
}

/* The first error wins: those behind it are often its consequences. */
static int read_outcome(const struct nlmsghdr *head, struct outcome *o)
{
	const struct nlmsgerr *answer = mnl_nlmsg_get_payload(head);

	if (head->nlmsg_type != NLMSG_ERROR ||
	    mnl_nlmsg_get_payload_len(head) < sizeof(*answer))
		return -1;
	if (answer->error && !o->error) {
		o->error = -answer->error;
		o->seq = head->nlmsg_seq;
	}
	return 0;
}

/* How many answers a buffer holds, all put into *o; -1: not answers. */
static int read_outcomes(const char *bytes, ssize_t n, struct outcome *o)
{
	const struct nlmsghdr *head = (const void *)bytes;
	int left = (int)n, count = 0;

	for (; mnl_nlmsg_ok(head, left); head = mnl_nlmsg_next(head, &left)) {
		if (read_outcome(head, o))
			return -1;
		count++;
	}
	return count;
}

static int receive_outcome(struct link *l, struct outcome *o, struct err *e)
{
	char *bytes = malloc(RECV_BYTES);
	int answers = 0, got = 0;
	ssize_t n;

	while (bytes && got >= 0) {
		n = mnl_socket_recvfrom(l->socket, bytes, RECV_BYTES);
		if (n < 0)
			break;
		got = read_outcomes(bytes, n, o);
		answers += got;
	}
	free(bytes);
	if (got < 0)
		return err_set(e, "the kernel's answer makes no sense");
	/* ENOBUFS: more errors than the socket holds; the first are read. */
	if (!answers)
		return err_sys(e, "no answer from the kernel");
	return 0;
}

int link_commit(struct link *l, const struct batch *b, struct outcome *o,
		struct err *e)
{
	/* The kernel wants a batch in one piece, and room for its own head. */
	int room = b->bytes.len < 1 << 29 ? (int)b->bytes.len + 4096 : 1 << 29;
	int fd = mnl_socket_get_fd(l->socket);

	*o = (struct outcome){0};
	if (b->bytes.len > 65536 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		return refused(e, "cannot enlarge the netlink socket's buffer");
	if (mnl_socket_sendto(l->socket, b->bytes.data, b->bytes.len) < 0)
		return refused(e, "cannot send to the kernel");
	return receive_outcome(l, o, e);
}

static int seen(const struct nlmsghdr *head, void *ctx)
{
	(void)head;
	*(bool *)ctx = true;
	return MNL_CB_STOP;
}

int link_has_chain(struct link *l, enum table_family family, const char *table,
		   const char *chain, struct err *e)
{
	char room[REQUEST_BYTES];
	struct msg m = open_request(room, NFT_MSG_GETCHAIN, 0,
				    (uint8_t)family);
	bool found = false;

	msg_str(&m, NFTA_CHAIN_TABLE, table);
	msg_str(&m, NFTA_CHAIN_NAME, chain);
	if (m.full)
		return err_set(e, "chain name too long");
	if (request(l, &m, seen, &found) < 0 && errno != ENOENT)
		return refused(e, "cannot ask the kernel for a chain");
	return found;
}

int link_dump(struct link *l, const struct dump *d, struct err *e)
{
	char room[REQUEST_BYTES];
	struct msg m;
	int tries;

	for (tries = 0; tries < DUMP_TRIES; tries++) {
		m = open_request(room, d->type, NLM_F_DUMP,
				 (uint8_t)d->family);
		if (d->type == NFT_MSG_GETRULE) {
			msg_str(&m, NFTA_RULE_TABLE, d->table);
			if (d->chain)
				msg_str(&m, NFTA_RULE_CHAIN, d->chain);
		}
		if (m.full)
			return err_set(e, "chain name too long");
		if (request(l, &m, d->each, d->ctx) >= 0)
			return 0;
		if (errno == ENOENT)
			return 0; /* no such table: nothing in it */
		if (errno != EINTR)
			return refused(e, "cannot read the kernel's ruleset");
		/* What is left of that dump goes away with its socket. */
		link_close(l);
		if (link_open(l, e))
			return -1;
		d->restart(d->ctx);
	}
	return err_set(e, "the kernel's ruleset keeps changing: try again");
}

static int count_one(const struct nlmsghdr *head, void *ctx)
{
	(void)head;
	++*(size_t *)ctx;
	return MNL_CB_OK;
}

static void count_anew(void *ctx)
{
	*(size_t *)ctx = 0;
}

int link_count_rules(struct link *l, enum table_family family,
		     const char *table, const char *chain, size_t *n,
		     struct err *e)
{
	struct dump d = {
		.type = NFT_MSG_GETRULE, .family = family, .table = table,
		.chain = chain, .each = count_one, .restart = count_anew,
		.ctx = n,
	};

	*n = 0;
	return link_dump(l, &d, e);
}
