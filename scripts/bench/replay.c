/* The least a program can do: opens a netlink socket, sends each ready-made
 * batch, reads the answers.
 *   replay BATCH...
 * Exit status 1 when the kernel refuses. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/netlink.h>

/* 0 when each answer is an acknowledgement without an error. */
static int read_answers(int fd)
{
	_Alignas(struct nlmsghdr) static char room[8192];
	const struct nlmsghdr *h;
	ssize_t n, left;

	while ((n = recv(fd, room, sizeof(room), MSG_DONTWAIT)) > 0) {
		h = (const void *)room;
		for (left = n; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
			if (h->nlmsg_type != NLMSG_ERROR ||
			    ((const struct nlmsgerr *)NLMSG_DATA(h))->error)
				return 1;
	}
	return 0;
}

static int send_file(int fd, const char *path)
{
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int file = open(path, O_RDONLY), room;
	struct stat st;
	void *data;

	if (file < 0 || fstat(file, &st) < 0)
		return 1;
	room = (int)st.st_size + 4096;
	if (st.st_size > 65536 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		return 1;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ,
		    MAP_PRIVATE | MAP_POPULATE, file, 0);
	if (data == MAP_FAILED ||
	    sendto(fd, data, (size_t)st.st_size, 0, (const void *)&kernel,
		   sizeof(kernel)) != st.st_size)
		return 1;
	return read_answers(fd);
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	int i, status = fd < 0;

	for (i = 1; i < argc && !status; i++)
		status = send_file(fd, argv[i]);
	return status;
}
