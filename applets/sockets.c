#include "sockets.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../core/base/err.h"
#include "../core/base/file.h"
#include "../core/base/words.h"
#include "../core/link/listening.h"

enum { PROC_MAX = 1 << 20, PROC_ROOM = 4000 };

bool read_proc(struct buf *out, const char *pid, const char *name)
{
	char path[300];
	ssize_t n = -1;
	size_t room;
	int fd;

	out->len = 0;
	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	do { /* a read that is not full is the last */
		if (!buf_reserve(out, PROC_ROOM))
			break;
		room = out->cap - out->len - 1;
		n = read(fd, out->data + out->len, room);
		out->len += n > 0 ? (size_t)n : 0;
		out->data[out->len] = '\0';
	} while (n == (ssize_t)room && out->len < PROC_MAX);
	close(fd);
	return n >= 0 && !out->failed && out->len;
}

/* Each but for what is in *l already. */
static void add(struct buf *out, struct listener *l, unsigned port,
		const char *inode)
{
	l->packet.dport = (uint16_t)port;
	snprintf(l->port, sizeof(l->port), "%u", port);
	snprintf(l->inode, sizeof(l->inode), "%s", inode);
	buf_add(out, l, sizeof(*l));
}

static unsigned long hex(const char **s, int digits)
{
	unsigned long value = 0;

	for (; digits && **s > ' '; digits--, ++*s)
		value = value << 4 | (unsigned)(**s <= '9' ? **s - '0'
							 : **s - 'A' + 10);
	return value;
}

/* A line of /proc/net/tcp: number, local address:port, remote, state (0A
 * listens), five columns, inode.  Each 32 bits of the address are told as
 * a number of this machine's. */
static void add_line(struct buf *out, char *line, const char *proto)
{
	bool tcp = *proto == 't', v6 = proto[3];
	struct listener l = {.packet = {
		.family = v6 ? FAMILY_6 : FAMILY_4,
		.proto = tcp ? IPPROTO_TCP : IPPROTO_UDP,
	}};
	struct words w;
	struct err ignored;
	const char *at;
	uint32_t part;
	int i;

	if (words_split(&w, line, &ignored) || w.n < 10 ||
	    !strchr(w.word[1], ':') || (tcp && strcmp(w.word[3], "0A")))
		return;
	at = w.word[1];
	for (i = 0; i < (v6 ? 16 : 4); i += 4) {
		part = (uint32_t)hex(&at, 8);
		memcpy(l.packet.daddr + i, &part, sizeof(part));
	}
	at += *at == ':';
	add(out, &l, (unsigned)hex(&at, 4), w.word[9]);
}

static void add_told(const struct listening *told, void *out)
{
	struct listener l = {.packet = {
		.family = told->ipv6 ? FAMILY_6 : FAMILY_4,
		.proto = IPPROTO_TCP,
	}};
	char inode[sizeof(l.inode)];

	memcpy(l.packet.daddr, told->address, told->ipv6 ? 16 : 4);
	snprintf(inode, sizeof(inode), "%u", told->inode);
	add(out, &l, told->port, inode);
}

void listeners_add(struct buf *out, const char *proto)
{
	struct buf text = {0};
	char name[32], *line, *rest;
	struct err ignored;
	size_t before = out->len;

	if (*proto == 't' && listening_ask(proto[3], add_told, out))
		return;
	out->len = before;
	snprintf(name, sizeof(name), "/proc/self/net/%s", proto);
	rest = file_read(name, PROC_MAX, &text, &ignored) == 1 ? text.data
							       : NULL;
	while ((line = strsep(&rest, "\n")))
		add_line(out, line, proto);
	buf_free(&text);
}

/* Does the process have the socket of that inode open? */
static bool has_socket(const char *pid, const char *inode)
{
	char path[600], target[64], want[64];
	struct dirent *d;
	bool found = false;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	snprintf(want, sizeof(want), "socket:[%s]", inode);
	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid,
			 d->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		found = !strcmp(target, want);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The last part of the path of what the process runs. */
static const char *program(char path[256], const char *pid)
{
	char link[300];
	const char *slash;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%s/exe", pid);
	n = readlink(link, path, 255);
	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool listener_owner(const char *inode, const char *want, char name[256])
{
	char path[256];
	const char *at;
	struct dirent *d;
	bool found = false;
	DIR *dir = opendir("/proc");

	while (dir && !found && (d = readdir(dir))) {
		if (d->d_name[0] < '1' || d->d_name[0] > '9')
			continue;
		at = program(path, d->d_name);
		found = !strncmp(at, want, strlen(want)) &&
			has_socket(d->d_name, inode);
		if (found)
			memmove(name, at, strlen(at) + 1);
	}
	if (dir)
		closedir(dir);
	return found;
}
