#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>

#include "../base/clock.h"
#include "../base/service.h"
#include "../wire/attrs.h"
#include "http.h"

/* All that happens to networks and to who is in them; of an engine's every
 * health check there are events, too. */
#define EVENTS "/events?filters=%7B%22type%22:[%22network%22,%22container%22]" \
	",%22event%22:[%22create%22,%22destroy%22,%22connect%22," \
	"%22disconnect%22,%22update%22,%22remove%22,%22start%22,%22die%22]%7D"

enum {
	SETTLE = 20,       /* what happens together is taken together, ms */
	FIRST_WORD = 1000, /* for the engine, at the beginning, ms */
	TRIES = 10,        /* to reach one whose socket just came */
};
#define NEVER INT64_MAX

/* What is waited for.  The folder of the engine's socket is looked at only
 * while the engine is not there. */
enum { SIGNALS, LINKS, RULES, ENGINE, FOLDER, SOURCES };

struct loop {
	const struct watch *w;
	struct link link;
	struct pollfd fd[SOURCES];
	int64_t due;     /* when refresh is to be called */
	int64_t connect; /* when the engine is to be tried */
	unsigned failures, tries;
	struct stat socket; /* the engine's, when it was tried last */
	bool up;    /* the engine has answered */
	bool ready; /* refresh has been successful */
	bool stop;
	char said[sizeof(((struct err *)0)->text)];
};

/* What keeps going wrong is said once. */
static void complain(struct loop *l, const struct err *e)
{
	if (strcmp(l->said, e->text) != 0)
		l->w->complain("%s", e->text);
	memcpy(l->said, e->text, sizeof(l->said));
}

static void within(int64_t *when, int ms)
{
	int64_t then = clock_ms() + ms;

	if (then < *when)
		*when = then;
}

/* What happens while things go wrong is looked at less often. */
static void soon(struct loop *l)
{
	within(&l->due, SETTLE << l->failures);
}

static void close_source(struct loop *l, int source)
{
	if (l->fd[source].fd >= 0)
		close(l->fd[source].fd);
	l->fd[source].fd = -1;
}

/* The folder of the engine's socket, to hear of its next start. */
static void watch_folder(struct loop *l)
{
	const char *slash = strrchr(l->w->socket, '/');
	struct buf folder = {0};
	int fd;

	close_source(l, FOLDER);
	buf_add(&folder, l->w->socket,
		slash ? (size_t)(slash - l->w->socket) : 0);
	buf_str(&folder, "/.");
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	l->fd[FOLDER].fd = fd;
	if (folder.failed ||
	    inotify_add_watch(fd, slash ? folder.data : ".",
			      IN_CREATE | IN_MOVED_TO | IN_ATTRIB |
			      IN_CLOSE_WRITE | IN_DELETE_SELF) < 0)
		close_source(l, FOLDER);
	buf_free(&folder);
}


static void reach_engine(struct loop *l)
{
	struct err e;
	int status;

	l->connect = NEVER;
	if (l->fd[ENGINE].fd >= 0)
		return;
	watch_folder(l); /* first: what comes now is heard of */
	stat(l->w->socket, &l->socket);
	status = http_ask(l->w->socket, EVENTS, &l->fd[ENGINE].fd, &e);
	if (status == 1)
		return;
	l->fd[ENGINE].fd = -1;
	if (status < 0)
		complain(l, &e);
	else if (l->tries < TRIES && !access(l->w->socket, F_OK))
		/* It is there, but nobody listens yet. */
		within(&l->connect, SETTLE << l->tries++);
}

/* Tried again at once only where there is another socket by now: asked on the
 * same, which may be systemd's, an engine that was stopped would start. */
static void lose_engine(struct loop *l)
{
	struct stat now;

	close_source(l, ENGINE);
	l->up = false;
	watch_folder(l);
	if (!stat(l->w->socket, &now) &&
	    (now.st_ino != l->socket.st_ino ||
	     now.st_mtim.tv_nsec != l->socket.st_mtim.tv_nsec))
		within(&l->connect, 0);
}

static void take_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (read(l->fd[SIGNALS].fd, &info, sizeof(info)) > 0) {
		if (info.ssi_signo != SIGHUP) {
			l->stop = true;
			continue;
		}
		l->tries = 0;
		within(&l->connect, 0);
		soon(l);
	}
}

static int find_bridge(const struct nlattr *attr, void *ctx)
{
	const struct nlattr *kind;

	if (mnl_attr_get_type(attr) != IFLA_LINKINFO)
		return MNL_CB_OK;
	kind = attrs_find(attr, IFLA_INFO_KIND);
	*(bool *)ctx = kind && mnl_attr_get_payload_len(kind) >= 6 &&
		       !memcmp(mnl_attr_get_payload(kind), "bridge", 6);
	return MNL_CB_STOP;
}

/* A bridge; or an address that is to stay, and means more than its link. */
static bool link_matters(const struct nlmsghdr *head)
{
	const struct ifaddrmsg *a = mnl_nlmsg_get_payload(head);
	bool bridge = false;

	if (head->nlmsg_type == RTM_NEWADDR || head->nlmsg_type == RTM_DELADDR)
		return mnl_nlmsg_get_payload_len(head) >= sizeof(*a) &&
		       a->ifa_scope == RT_SCOPE_UNIVERSE &&
		       a->ifa_flags & IFA_F_PERMANENT;
	mnl_attr_parse(head, sizeof(struct ifinfomsg), find_bridge, &bridge);
	return bridge;
}

/* Something in the tables that went, and not by us. */
static bool rules_matter(const struct loop *l, const struct nlmsghdr *head)
{
	struct nlattr *attr[NFTA_TABLE_NAME + 1];
	const char *table = l->w->tables;

	switch (head->nlmsg_type & 0xff) {
	case NFT_MSG_DELTABLE:
	case NFT_MSG_DELCHAIN:
	case NFT_MSG_DELRULE:
		break;
	default:
		return false;
	}
	/* The first attribute of each of them is the table's name. */
	attrs_of_message(attr, NFTA_TABLE_NAME, head);
	if (head->nlmsg_pid == mnl_socket_get_portid(l->link.socket) ||
	    !attr[NFTA_TABLE_NAME] ||
	    mnl_attr_validate(attr[NFTA_TABLE_NAME], MNL_TYPE_NUL_STRING) < 0)
		return false;
	while (*table && strcmp(mnl_attr_get_str(attr[NFTA_TABLE_NAME]),
				table) != 0)
		table += strlen(table) + 1;
	return *table;
}

static void take_messages(struct loop *l, int source)
{
	_Alignas(struct nlmsghdr) char bytes[16384];
	const struct nlmsghdr *head;
	bool matters = false;
	ssize_t n;
	int left;

	while ((n = recv(l->fd[source].fd, bytes, sizeof(bytes),
			 MSG_TRUNC)) > 0) {
		left = (int)n;
		if (n > (ssize_t)sizeof(bytes))
			matters = true; /* it was too long to be read */
		else
			for (head = (void *)bytes; message_ok(head, left);
			     head = mnl_nlmsg_next(head, &left))
				matters |= source == LINKS
						? link_matters(head)
						: rules_matter(l, head);
	}
	/* ENOBUFS: messages were lost, no matter which. */
	if (matters || errno != EAGAIN)
		soon(l);
}

/* Whatever the engine tells is an event, also that it listens. */
static void take_engine(struct loop *l)
{
	char bytes[4096];
	ssize_t n = read(l->fd[ENGINE].fd, bytes, sizeof(bytes));
	struct err e;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && (l->up || http_is_ok(bytes, (size_t)n))) {
		soon(l);
		l->up = true;
		close_source(l, FOLDER);
		return;
	}
	if (n > 0) {
		err_set(&e, "%s: the engine tells no events", l->w->socket);
		complain(l, &e);
	}
	lose_engine(l);
}

/* Of files that are called as the socket is, but for what is behind the last
 * dot: dockerd's pid file lies beside it, and where systemd holds the socket
 * that is all that changes. */
static void take_folder(struct loop *l)
{
	_Alignas(struct inotify_event) char bytes[4096];
	const struct inotify_event *event;
	const char *base = strrchr(l->w->socket, '/');
	const char *dot = strrchr(l->w->socket, '.');
	ssize_t n, at;
	bool ours = false;
	size_t stem;

	base = base ? base + 1 : l->w->socket;
	stem = dot > base ? (size_t)(dot - base) : strlen(base);
	n = read(l->fd[FOLDER].fd, bytes, sizeof(bytes));
	for (at = 0; at < n; at += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const void *)(bytes + at);
		ours |= !event->len || !strncmp(event->name, base, stem);
	}
	if (!ours)
		return;
	l->tries = 0;
	within(&l->connect, 0);
}

static void take(struct loop *l, int source)
{
	switch (source) {
	case SIGNALS:
		take_signals(l);
		break;
	case ENGINE:
		take_engine(l);
		break;
	case FOLDER:
		take_folder(l);
		break;
	default:
		take_messages(l, source);
	}
}

/* -1 and *e: it failed, and never did otherwise. */
static int refresh(struct loop *l, struct err *e)
{
	const struct watch *w = l->w;

	l->due = NEVER;
	/* Nothing else would tell that the engine is back. */
	if (l->fd[ENGINE].fd < 0 && l->fd[FOLDER].fd < 0)
		reach_engine(l);
	if (w->refresh(w->ctx, &l->link, l->up, e)) {
		if (!l->ready)
			return -1;
		complain(l, e);
		within(&l->due, 500 << (l->failures < 7 ? l->failures++ : 7));
		return 0;
	}
	l->failures = 0;
	l->said[0] = '\0';
	if (l->ready)
		return 0;
	if (w->pid_file && service_pid(w->pid_file, e))
		return -1;
	l->ready = true;
	service_tell("READY=1");
	return 0;
}

static int open_netlink(struct loop *l, int source, int bus, unsigned groups,
			struct err *e)
{
	struct sockaddr_nl a = {.nl_family = AF_NETLINK, .nl_groups = groups};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			bus);
	int room = 8 << 20;

	l->fd[source].fd = fd;
	/* Also of our own changes each rule is told: they must all fit. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof(a)))
		return 0;
	return err_sys(e, "cannot listen to the kernel");
}

static int begin(struct loop *l, struct err *e)
{
	sigset_t set;
	int i;

	for (i = 0; i < SOURCES; i++)
		l->fd[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	l->fd[SIGNALS].fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l->fd[SIGNALS].fd < 0)
		return err_sys(e, "cannot wait for signals");
	if (link_open(&l->link, e) ||
	    open_netlink(l, LINKS, NETLINK_ROUTE, RTMGRP_LINK |
			 RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, e) ||
	    open_netlink(l, RULES, NETLINK_NETFILTER,
			 1u << (NFNLGRP_NFTABLES - 1), e))
		return -1;
	reach_engine(l);
	/* One that is up is asked first: else what it made would not be there
	 * for a moment. */
	within(&l->due, l->fd[ENGINE].fd < 0 ? 0 : FIRST_WORD);
	return 0;
}

static int time_left(const struct loop *l)
{
	int64_t next = l->due < l->connect ? l->due : l->connect;
	int64_t left = next - clock_ms();

	return next == NEVER ? -1 : left < 0 ? 0 : (int)left;
}

int watch(const struct watch *w, struct err *e)
{
	struct loop l = {.w = w, .due = NEVER, .connect = NEVER};
	int i, status = begin(&l, e);

	while (!status && !l.stop) {
		poll(l.fd, SOURCES, time_left(&l));
		for (i = 0; i < SOURCES; i++)
			if (l.fd[i].fd >= 0 && l.fd[i].revents)
				take(&l, i);
		if (l.connect <= clock_ms())
			reach_engine(&l);
		if (!l.stop && l.due <= clock_ms())
			status = refresh(&l, e);
	}
	if (l.ready) {
		service_tell("STOPPING=1");
		if (w->pid_file)
			unlink(w->pid_file);
	}
	for (i = 0; i < SOURCES; i++)
		close_source(&l, i);
	link_close(&l.link);
	return status;
}
