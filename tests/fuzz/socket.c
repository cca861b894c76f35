#include "fuzz.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <sanitizer/asan_interface.h>

/* In place of libmnl's, by the linker; there is but one. */
struct mnl_socket {
	uint32_t asked; /* the sequence number */
};
static struct mnl_socket the_socket;
static const uint8_t *answers;
static size_t left;

/* Of the reader's buffer what is behind the datagram, which is not its to
 * look at until the next. */
static void *shut;
static size_t shut_len;

static void shut_off(void *from, size_t len)
{
	if (shut)
		__asan_unpoison_memory_region(shut, shut_len);
	shut = from;
	shut_len = len;
	if (from)
		__asan_poison_memory_region(from, len);
}

void kernel_says(const uint8_t *data, size_t size)
{
	shut_off(NULL, 0);
	answers = data;
	left = size;
}

/* Sequence numbers of 0 are the ones asked for. */
static void number(uint8_t *bytes, size_t n)
{
	struct nlmsghdr head;
	size_t step;

	while (n >= sizeof(head)) {
		memcpy(&head, bytes, sizeof(head));
		if (!head.nlmsg_seq)
			head.nlmsg_seq = the_socket.asked;
		memcpy(bytes, &head, sizeof(head));
		step = ((size_t)head.nlmsg_len + 3) / 4 * 4;
		if (step < sizeof(head) || step >= n)
			break;
		bytes += step;
		n -= step;
	}
}

ssize_t kernel_recv(int fd, void *bytes, size_t room, int flags)
{
	size_t n;

	(void)fd;
	(void)flags;
	shut_off(NULL, 0);
	errno = EAGAIN;
	if (left < 2)
		return -1;
	n = answers[0] | (size_t)answers[1] << 8;
	answers += 2;
	left -= 2;
	if (n >> 15)
		errno = n & 1 ? EINTR : ENOBUFS;
	if (n >> 15 || !n)
		return -1;
	if (n > left)
		n = left;
	if (n > room)
		n = room;
	memcpy(bytes, answers, n);
	answers += n;
	left -= n;
	number(bytes, n);
	shut_off((char *)bytes + n, room - n);
	return (ssize_t)n;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *bytes, size_t n)
{
	(void)s;
	return kernel_recv(-1, bytes, n, 0);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *bytes,
			  size_t n)
{
	struct nlmsghdr head;

	(void)s;
	demand(n >= sizeof(head));
	memcpy(&head, bytes, sizeof(head));
	the_socket.asked = head.nlmsg_seq;
	return (ssize_t)n;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *s, unsigned groups, pid_t pid)
{
	(void)s;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *s)
{
	(void)s;
	shut_off(NULL, 0);
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int type, void *value,
			  socklen_t n)
{
	(void)s;
	(void)type;
	(void)value;
	(void)n;
	return 0;
}

unsigned mnl_socket_get_portid(const struct mnl_socket *s)
{
	(void)s;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	(void)s;
	return -1;
}
