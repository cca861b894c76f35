#include "route.h"

#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

static int read_index(const struct nlattr *attr, void *ctx)
{
	if (mnl_attr_get_type(attr) == RTA_OIF &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		*(uint32_t *)ctx = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static uint32_t ask(struct mnl_socket *s, bool ipv6, const uint8_t *addr)
{
	char bytes[8192];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	struct rtmsg *route;
	uint32_t index = 0;
	ssize_t n;

	head->nlmsg_type = RTM_GETROUTE;
	head->nlmsg_flags = NLM_F_REQUEST;
	route = mnl_nlmsg_put_extra_header(head, sizeof(*route));
	route->rtm_family = ipv6 ? AF_INET6 : AF_INET;
	route->rtm_dst_len = ipv6 ? 128 : 32;
	mnl_attr_put(head, RTA_DST, ipv6 ? 16 : 4, addr);
	if (mnl_socket_sendto(s, head, head->nlmsg_len) < 0)
		return 0;
	n = mnl_socket_recvfrom(s, bytes, sizeof(bytes));
	if (n > 0 && mnl_nlmsg_ok(head, (int)n) &&
	    head->nlmsg_type == RTM_NEWROUTE)
		mnl_attr_parse(head, sizeof(*route), read_index, &index);
	return index;
}

bool route_interface(bool ipv6, const uint8_t *addr, char name[16])
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct ifreq request = {.ifr_ifindex = 0};
	bool found = false;

	if (!s)
		return false;
	request.ifr_ifindex = (int)ask(s, ipv6, addr);
	mnl_socket_close(s);
	if (request.ifr_ifindex) {
		int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		found = fd >= 0 && !ioctl(fd, SIOCGIFNAME, &request);
		close(fd);
	}
	if (found)
		memcpy(name, request.ifr_name, 16);
	return found;
}
