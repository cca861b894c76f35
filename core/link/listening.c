#include "listening.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "../wire/attrs.h"

struct asker {
	bool ipv6;
	void (*each)(const struct listening *l, void *ctx);
	void *ctx;
};

/* 1: there are more, 0: it was the last, -1: an error. */
static int read_message(const struct nlmsghdr *head, const struct asker *a)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(head);
	struct listening l;

	if (head->nlmsg_flags & NLM_F_DUMP_INTR)
		return -1;
	if (head->nlmsg_type == NLMSG_DONE)
		return message_end(head) ? -1 : 0;
	if (head->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    mnl_nlmsg_get_payload_len(head) < sizeof(*m))
		return -1;
	l.ipv6 = a->ipv6;
	l.address = (const uint8_t *)m->id.idiag_src;
	l.port = ntohs(m->id.idiag_sport);
	l.inode = m->idiag_inode;
	a->each(&l, a->ctx);
	return 1;
}

static bool ask(struct mnl_socket *s, const struct asker *a)
{
	_Alignas(struct nlmsghdr) char bytes[8192];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	struct inet_diag_req_v2 *req;
	int left, more = 1;

	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
	req->sdiag_family = a->ipv6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = 1 << TCP_LISTEN;
	if (mnl_socket_sendto(s, head, head->nlmsg_len) < 0)
		return false;
	while (more > 0 && (left = (int)mnl_socket_recvfrom(s, bytes,
						sizeof(bytes))) > 0)
		for (head = (void *)bytes; more > 0 && message_ok(head, left);
		     head = mnl_nlmsg_next(head, &left))
			more = read_message(head, a);
	return !more;
}

bool listening_ask(bool ipv6,
		   void (*each)(const struct listening *l, void *ctx),
		   void *ctx)
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_SOCK_DIAG,
						SOCK_CLOEXEC);
	struct asker a = {ipv6, each, ctx};
	bool told;

	if (!s)
		return false;
	told = ask(s, &a);
	mnl_socket_close(s);
	return told;
}
