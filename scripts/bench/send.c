/* What a packet costs: sends UDP datagrams through veth pairs to targets in
 * turn, A B A B, on one processor, where the receiving side's work is done
 * before the send returns.
 *   send ROUNDS SOURCE-NAMESPACE < TARGETS > SAMPLES
 * A target is a line: case, name, namespace, IPv4 address, flows, parted by
 * tabs.  A flow is a letter: c a closed port, o an open port that never
 * answers, e a flow that was answered.  A sample is case, name and
 * closed=NS, open=NS or established=NS per packet. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { OPEN_PORT = 40000, CLOSED_PORT = 40002, BATCH = 16, TARGETS = 128,
       FLOWS = 3, SAMPLE_NS = 20000000, WINDOW_NS = 500000, BYTES = 18 };

static const char letters[FLOWS + 1] = "coe";
static const char *const flow_names[FLOWS] = {"closed", "open", "established"};

struct target {
	char label[80], net[64], address[16], flows[8];
	int client[FLOWS]; /* connected sockets; -1: not wanted */
};

static void die(const char *what)
{
	fprintf(stderr, "send: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void enter(const char *net)
{
	int fd = open(net, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(net);
	close(fd);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static struct sockaddr_in at(const char *address, int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port)};

	inet_pton(AF_INET, address, &a.sin_addr);
	return a;
}

/* The open port; what it does not read fills its queue and is then dropped. */
static int listener(const char *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), least = 0;
	struct timeval patience = {2, 0};
	struct sockaddr_in a = at(address, OPEN_PORT);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd < 0 || bind(fd, (void *)&a, sizeof(a)) < 0)
		die("listen");
	return fd;
}

static int client(const char *address, int port)
{
	struct timeval patience = {2, 0};
	struct sockaddr_in a = at(address, port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd < 0 || connect(fd, (void *)&a, sizeof(a)) < 0)
		die("connect");
	return fd;
}

/* There and back once, so that connection tracking knows the flow; it also
 * shows that the open port is open. */
static void establish(const struct target *t, int from, int to)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	char room[BYTES] = {0};

	if (send(from, room, sizeof(room), 0) < 0 ||
	    recvfrom(to, room, sizeof(room), 0, (void *)&peer, &len) < 0 ||
	    sendto(to, room, sizeof(room), 0, (void *)&peer, len) < 0 ||
	    recv(from, room, sizeof(room), 0) < 0)
		die(t->label);
}

static void prepare(struct target *t, const char *source)
{
	int to, i;

	enter(t->net);
	to = listener(t->address);
	enter(source);
	for (i = 0; i < FLOWS; i++)
		t->client[i] = !strchr(t->flows, letters[i]) ? -1
			: client(t->address, i ? OPEN_PORT : CLOSED_PORT);
	if (t->client[2] >= 0)
		establish(t, t->client[2], to);
}

/* Nanoseconds per packet, at least a window long. */
static double window(int fd, struct mmsghdr *messages)
{
	long long begun = now(), spent;
	long sent = 0;

	do {
		if (sendmmsg(fd, messages, BATCH, 0) != BATCH)
			die("send");
		sent += BATCH;
		spent = now() - begun;
	} while (spent < WINDOW_NS);
	return (double)spent / (double)sent;
}

/* Of the windows in a sample the fastest: what others do on the processor
 * only adds. */
static double sample(int fd)
{
	static char bytes[BYTES];
	struct iovec part = {bytes, sizeof(bytes)};
	struct mmsghdr messages[BATCH] = {0};
	long long end = now() + SAMPLE_NS;
	double best, took;
	int i;

	for (i = 0; i < BATCH; i++)
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &part,
						      .msg_iovlen = 1};
	best = window(fd, messages);
	while (now() < end) {
		took = window(fd, messages);
		if (took < best)
			best = took;
	}
	return best;
}

static int read_targets(struct target *t)
{
	char line[256], *tab;
	int n = 0;

	while (n < TARGETS && fgets(line, sizeof(line), stdin)) {
		tab = strchr(line, '\t');
		tab = tab ? strchr(tab + 1, '\t') : NULL;
		if (!tab || (size_t)(tab - line) >= sizeof(t->label) ||
		    sscanf(tab, " %63s %15s %7s", t[n].net, t[n].address,
			   t[n].flows) != 3)
			die(line);
		memcpy(t[n].label, line, (size_t)(tab - line));
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct target t[TARGETS];
	int n, i, k, round, rounds = argc == 3 ? atoi(argv[1]) : 0;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("processor");
	n = read_targets(t);
	for (i = 0; i < n; i++)
		prepare(&t[i], argv[2]);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < n; i++)
			for (k = 0; k < FLOWS; k++)
				if (t[i].client[k] >= 0)
					printf("%s\t%s=%.1f\n", t[i].label,
					       flow_names[k],
					       sample(t[i].client[k]));
	return 0;
}
