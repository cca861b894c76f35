#include "listening.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

struct asker {
	bool ipv6;
	void (*each)(const struct listening *l, void *ctx);
	void *ctx;
};

static int read_message(const struct nlmsghdr *head, void *ctx)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(head);
	const struct asker *a = ctx;
	struct listening l;

	if (mnl_nlmsg_get_payload_len(head) < sizeof(*m))
		return MNL_CB_ERROR;
	l.ipv6 = a->ipv6;
	l.address = (const uint8_t *)m->id.idiag_src;
	l.port = ntohs(m->id.idiag_sport);
	l.inode = m->idiag_inode;
	a->each(&l, a->ctx);
	return MNL_CB_OK;
}

static int ask(struct mnl_socket *s, struct asker *a)
{
	_Alignas(struct nlmsghdr) char bytes[8192];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	struct inet_diag_req_v2 *req;
	ssize_t n;
	int rc;

	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	req = mnl_nlmsg_put_extra_header(head, sizeof(*req));
	req->sdiag_family = a->ipv6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = 1 << TCP_LISTEN;
	if (mnl_socket_sendto(s, head, head->nlmsg_len) < 0)
		return MNL_CB_ERROR;
	do {
		n = mnl_socket_recvfrom(s, bytes, sizeof(bytes));
		if (n < 0)
			return MNL_CB_ERROR;
		rc = mnl_cb_run(bytes, (size_t)n, 0, 0, read_message, a);
	} while (rc == MNL_CB_OK);
	return rc;
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
	told = ask(s, &a) == MNL_CB_STOP;
	mnl_socket_close(s);
	return told;
}
