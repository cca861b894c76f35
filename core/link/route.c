#include "route.h"

#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "../wire/attrs.h"

struct answer {
	uint32_t index;
	uint8_t source[16];
};

static int read_attr(const struct nlattr *attr, void *ctx)
{
	struct answer *a = ctx;
	uint16_t type = mnl_attr_get_type(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	if (type == RTA_OIF && len == sizeof(a->index))
		a->index = mnl_attr_get_u32(attr);
	if (type == RTA_PREFSRC && len <= sizeof(a->source))
		memcpy(a->source, mnl_attr_get_payload(attr), len);
	return MNL_CB_OK;
}

static void ask(struct mnl_socket *s, bool ipv6, const uint8_t *addr,
		struct answer *a, uint8_t *type)
{
	_Alignas(struct nlmsghdr) char bytes[8192];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	struct rtmsg *route;
	ssize_t n;

	head->nlmsg_type = RTM_GETROUTE;
	head->nlmsg_flags = NLM_F_REQUEST;
	route = mnl_nlmsg_put_extra_header(head, sizeof(*route));
	route->rtm_family = ipv6 ? AF_INET6 : AF_INET;
	route->rtm_dst_len = ipv6 ? 128 : 32;
	mnl_attr_put(head, RTA_DST, ipv6 ? 16 : 4, addr);
	if (mnl_socket_sendto(s, head, head->nlmsg_len) < 0)
		return;
	n = mnl_socket_recvfrom(s, bytes, sizeof(bytes));
	if (n > 0 && message_ok(head, (int)n) &&
	    head->nlmsg_type == RTM_NEWROUTE &&
	    mnl_nlmsg_get_payload_len(head) >= sizeof(*route)) {
		*type = route->rtm_type;
		mnl_attr_parse(head, sizeof(*route), read_attr, a);
	}
}

bool route_find(bool ipv6, const uint8_t *addr, struct route *out)
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct ifreq request = {.ifr_ifindex = 0};
	struct answer a = {0};
	bool found = false;

	*out = (struct route){.type = RTN_UNSPEC};
	if (!s)
		return false;
	ask(s, ipv6, addr, &a, &out->type);
	mnl_socket_close(s);
	if (a.index) {
		int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		request.ifr_ifindex = (int)a.index;
		found = fd >= 0 && !ioctl(fd, SIOCGIFNAME, &request);
		close(fd);
	}
	if (found)
		memcpy(out->iface, request.ifr_name, sizeof(out->iface));
	memcpy(out->source, a.source, sizeof(a.source));
	return found;
}
