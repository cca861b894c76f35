#include "lockout.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/base/choose.h"
#include "../core/base/num.h"
#include "../core/base/words.h"
#include "../core/link/route.h"
#include "../core/list/judge.h"
#include "applet.h"
#include "sockets.h"

enum { ANCESTORS_MAX = 64 };

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

bool over_ssh(void)
{
	struct packet ignored = {0};

	return find_connection(&ignored);
}

/* Reads no further than the line: what comes behind it is another's. */
bool says_yes(const char *question)
{
	char answer[8] = "";
	size_t n = 0;

	print_str(question);
	while (n < sizeof(answer) - 1 &&
	       read(STDIN_FILENO, answer + n, 1) == 1 && answer[n] != '\n')
		n++;
	return word_index("y, yes", answer, n, true) >= 0;
}

static void check_connection(struct packet *p, const struct policy *new,
			     bool lenient)
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
	if (lenient || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
		warn("this refuses the SSH connection in use (port %u): %s",
		     p->dport, why);
		if (lenient || says_yes("Go on all the same (y|n)? "))
			return;
		die("nothing changed");
	}
	die("nothing changed: this refuses the SSH connection in use (port "
	    "%u): %s: allow it first, or use --force", p->dport, why);
}

static void check_listeners(const struct policy *new)
{
	struct buf all = {0};
	const struct listener *l;
	char name[256];
	size_t i;

	listeners_add(&all, "tcp");
	listeners_add(&all, "tcp6");
	l = (const struct listener *)(const void *)all.data;
	for (i = 0; i < all.len / sizeof(*l); i++, l++)
		if (!judge_port_open(new, l->packet.dport) &&
		    listener_owner(l->inode, "sshd", name))
			warn("WARNING: sshd listens on port %s, which no rule "
			     "opens: nobody can log in: fw-allow %s/tcp",
			     l->port, l->port);
	buf_free(&all);
}

void lockout_check(const struct policy *new, bool lenient)
{
	struct packet p = {0};

	if (find_connection(&p))
		check_connection(&p, new, lenient);
	else if (!isatty(STDIN_FILENO))
		check_listeners(new);
}
