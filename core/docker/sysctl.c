#include "sysctl.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* In the order of the bits below. */
static const char paths[] = "/proc/sys/net/ipv4/ip_forward\0"
			    "/proc/sys/net/ipv6/conf/all/forwarding\0"
			    "/proc/sys/net/bridge/bridge-nf-call-iptables\0"
			    "/proc/sys/net/bridge/bridge-nf-call-ip6tables\0";
enum { FORWARD4 = 1, FORWARD6 = 2, BRIDGED4 = 4, BRIDGED6 = 8 };

/* Containers of a network reach each other within their bridge, which asks
 * the chains only if it is told to. */
static unsigned needed(const struct networks *n, bool bridged)
{
	unsigned bits = FORWARD4;
	size_t i, j;

	for (i = 0; i < n->nnetworks; i++) {
		const struct network *net = &n->networks[i];
		unsigned own = net->icc && !bridged ? 0 : BRIDGED4;

		for (j = 0; j < net->nsubnets; j++)
			if (net->subnets[j].six)
				own |= FORWARD6 | own << 1;
		bits |= own;
	}
	return bits;
}

static bool is_on(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char now = '0';
	bool on = fd >= 0 && read(fd, &now, 1) == 1 && now != '0';

	if (fd >= 0)
		close(fd);
	return on;
}

static bool turn_on(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool on = fd >= 0 && write(fd, "1\n", 2) == 2;

	if (fd >= 0)
		close(fd);
	return on;
}

void sysctls_turn_on(const struct networks *n, bool bridged, bool leave,
		     struct buf *off)
{
	unsigned bits = needed(n, bridged);
	const char *path;

	for (path = paths; *path; path += strlen(path) + 1, bits >>= 1)
		if (bits & 1 && !is_on(path) && (leave || !turn_on(path)))
			buf_add(off, path, strlen(path) + 1);
}
