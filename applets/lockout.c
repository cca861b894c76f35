#include "lockout.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/base/file.h"
#include "../core/base/num.h"
#include "../core/base/words.h"
#include "../core/link/route.h"
#include "../core/list/judge.h"
#include "applet.h"

enum { PROC_MAX = 1 << 20, ANCESTORS_MAX = 64 };

static bool read_address(struct packet *p, uint8_t *out, const char *word)
{
	p->family = strchr(word, ':') ? FAMILY_6 : FAMILY_4;
	return inet_pton(p->family == FAMILY_6 ? AF_INET6 : AF_INET, word,
			 out) == 1;
}

/* CLIENT PORT SERVER PORT, as sshd writes them. */
static bool read_connection(struct packet *p, const char *text)
{
	char copy[160];
	struct words w;
	struct err ignored;
	unsigned port[2];

	if (!text || strlen(text) >= sizeof(copy))
		return false;
	strcpy(copy, text);
	if (words_split(&w, copy, &ignored) || w.n != 4 ||
	    !read_address(p, p->saddr, w.word[0]) ||
	    !read_address(p, p->daddr, w.word[2]) ||
	    !num_parse(w.word[1], strlen(w.word[1]), 65535, &port[0]) ||
	    !num_parse(w.word[3], strlen(w.word[3]), 65535, &port[1]))
		return false;
	p->sport = (uint16_t)port[0];
	p->dport = (uint16_t)port[1];
	return true;
}

static bool read_proc(struct buf *out, const char *pid, const char *name)
{
	char path[300];
	struct err ignored;

	out->len = 0;
	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	return file_read(path, PROC_MAX, out, &ignored) == 1 && out->len;
}

/* The parent's number is the second behind the name, which ends with ')'. */
static bool find_parent(char pid[16], struct buf *text)
{
	const char *s = read_proc(text, pid, "stat")
				? strrchr(text->data, ')') : NULL;
	size_t n;

	if (!s || strlen(s) < 5)
		return false;
	n = strcspn(s += 4, " ");
	snprintf(pid, 16, "%.*s", (int)n, s);
	return strcmp(pid, "0") && strcmp(pid, "1");
}

/* sudo takes SSH_CONNECTION away, but one of those that began this has it. */
static bool find_connection(struct packet *p)
{
	static const char key[] = "SSH_CONNECTION=";
	bool found = read_connection(p, getenv("SSH_CONNECTION"));
	struct buf text = {0};
	char pid[16] = "self";
	size_t at;
	int i;

	for (i = 0; !found && i < ANCESTORS_MAX; i++) {
		if (!find_parent(pid, &text))
			break;
		if (!read_proc(&text, pid, "environ"))
			continue;
		for (at = 0; at < text.len; at += strlen(text.data + at) + 1)
			if (!strncmp(text.data + at, key, sizeof(key) - 1))
				found = read_connection(p, text.data + at +
							   sizeof(key) - 1);
	}
	buf_free(&text);
	return found;
}

static bool says_yes(void)
{
	char answer[8] = "";
	ssize_t n;

	print_str("Go on all the same (y|n)? ");
	n = read(STDIN_FILENO, answer, sizeof(answer) - 1);
	return n > 0 && (answer[0] | 32) == 'y';
}

static void check_connection(struct packet *p, const struct policy *new)
{
	struct route route;
	struct judgement j;
	const char *why;

	p->dir = DIR_IN;
	p->proto = IPPROTO_TCP;
	if (route_find(p->family == FAMILY_6, p->saddr, &route))
		p->iif = route.iface;
	j = judge(new, p);
	p->iif = NULL; /* it is this function's */
	if (j.action == ACT_ALLOW || j.action == ACT_LIMIT)
		return;
	why = j.why ? j.why : "a rule";
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		warn("this refuses the SSH connection in use (port %u): %s",
		     p->dport, why);
		if (says_yes())
			return;
		die("nothing changed");
	}
	die("nothing changed: this refuses the SSH connection in use (port "
	    "%u): %s: allow it first, or use --force", p->dport, why);
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

static bool sshd_has(const char *inode)
{
	struct buf name = {0};
	struct dirent *d;
	bool found = false;
	DIR *dir = opendir("/proc");

	while (dir && !found && (d = readdir(dir)))
		found = d->d_name[0] >= '1' && d->d_name[0] <= '9' &&
			read_proc(&name, d->d_name, "comm") &&
			!strncmp(name.data, "sshd", 4) &&
			has_socket(d->d_name, inode);
	if (dir)
		closedir(dir);
	buf_free(&name);
	return found;
}

/* A line of /proc/net/tcp: number, local address:port, remote, state (0A
 * listens), five columns, inode. */
static void check_listener(char *line, const struct policy *new)
{
	struct words w;
	struct err ignored;
	unsigned port = 0;
	const char *at;

	if (words_split(&w, line, &ignored) || w.n < 10)
		return;
	at = strchr(w.word[1], ':');
	if (!at || strcmp(w.word[3], "0A"))
		return;
	for (at++; *at; at++)
		port = port << 4 | (unsigned)(*at <= '9' ? *at - '0'
						      : *at - 'A' + 10);
	if (judge_port_open(new, (uint16_t)port) || !sshd_has(w.word[9]))
		return;
	warn("WARNING: sshd listens on port %u, which no rule opens: nobody "
	     "can log in: fw-allow %u/tcp", port, port);
}

static void check_listeners(const struct policy *new)
{
	struct buf text = {0};
	char *line, *rest;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		if (!read_proc(&text, "self", v6 ? "net/tcp6" : "net/tcp"))
			continue;
		rest = text.data;
		while ((line = strsep(&rest, "\n")))
			check_listener(line, new);
	}
	buf_free(&text);
}

void lockout_check(const struct policy *new)
{
	struct packet p = {0};

	if (find_connection(&p))
		check_connection(&p, new);
	else if (!isatty(STDIN_FILENO))
		check_listeners(new);
}
