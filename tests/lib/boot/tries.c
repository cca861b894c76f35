/* tries NETNS ADDRESS PORT...: tries the TCP ports from that network namespace
 * all the time, from before there is a network in it.  Nothing need listen: a
 * refusal is an answer too.  At its start and on SIGUSR1 it prints how many
 * changes there were in this namespace's ruleset, and for each port how many
 * tries and how many were answered. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HELD = 128, PORTS = 4 }; /* a try waits for the turn of its place */

struct port {
	unsigned long tries, answers;
};

struct try {
	int fd;
	struct port *port;
};

static volatile sig_atomic_t asked = 1;

static void ask(int signal)
{
	(void)signal;
	asked = 1;
}

/* The number of the ruleset's last change. */
static unsigned generation(int nfnetlink)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
		struct nlattr a;
		unsigned char value[256];
	} m = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof(m.g)),
		     .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN,
		     .nlmsg_flags = NLM_F_REQUEST}};
	unsigned char *v = m.value;

	if (send(nfnetlink, &m, m.h.nlmsg_len, 0) < 0 ||
	    recv(nfnetlink, &m, sizeof(m), 0) < 0)
		return 0;
	return (unsigned)v[0] << 24 | v[1] << 16 | v[2] << 8 | v[3];
}

static void finish(struct try *t)
{
	struct pollfd p = {.fd = t->fd, .events = POLLOUT};
	int error = ETIMEDOUT;
	socklen_t len = sizeof(error);

	if (t->fd < 0)
		return;
	if (poll(&p, 1, 0) > 0)
		getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	t->port->answers += !error || error == ECONNREFUSED;
	close(t->fd);
	t->fd = -1;
}

static void begin(struct try *t, struct sockaddr_in *to, struct port *port)
{
	t->port = port;
	t->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connect(t->fd, (struct sockaddr *)to, sizeof(*to)) &&
	    errno != EINPROGRESS) {
		port->answers += errno == ECONNREFUSED;
		close(t->fd);
		t->fd = -1;
		return;
	}
	port->tries++;
}

static void print(unsigned changes, const struct port *ports, int n)
{
	char line[256];
	int len = snprintf(line, sizeof(line), "%u", changes), i;

	for (i = 0; i < n; i++)
		len += snprintf(line + len, sizeof(line) - (size_t)len,
				" %lu %lu", ports[i].tries, ports[i].answers);
	line[len++] = '\n';
	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		exit(1);
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct port ports[PORTS] = {{0, 0}};
	struct try held[HELD];
	int n = argc - 3, nfnetlink = socket(AF_NETLINK, SOCK_RAW,
					     NETLINK_NETFILTER);
	unsigned first = generation(nfnetlink), i;

	if (n < 1 || n > PORTS || setns(open(argv[1], O_RDONLY), CLONE_NEWNET))
		return 1;
	inet_pton(AF_INET, argv[2], &to.sin_addr);
	signal(SIGUSR1, ask);
	for (i = 0; i < HELD; i++)
		held[i].fd = -1;
	for (i = 0;; i++) {
		finish(&held[i % HELD]);
		to.sin_port = htons((uint16_t)atoi(argv[3 + i % (unsigned)n]));
		begin(&held[i % HELD], &to, &ports[i % (unsigned)n]);
		if (asked) {
			asked = 0;
			print(generation(nfnetlink) - first, ports, n);
		}
		nanosleep(&pause, NULL);
	}
}
