#include "http.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../base/clock.h"
#include "../base/num.h"

/* Who made the socket's file says nothing, and who may write to it asks for
 * no more than the file's mode gives: who answers is what counts. */
static int check_peer(int fd, struct err *e)
{
	struct ucred peer = {.uid = (uid_t)-1};
	socklen_t len = sizeof(peer);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
	if (!peer.uid || peer.uid == geteuid())
		return 0;
	return err_set(e, "user %u listens there, not root", peer.uid);
}

static int send_question(int fd, const char *what, struct err *e)
{
	struct buf b = {0};
	ssize_t n = -1;

	buf_fmt(&b, "GET %s HTTP/1.1\r\nHost: docker\r\n"
		"Connection: close\r\n\r\n", what);
	if (!b.failed)
		n = send(fd, b.data, b.len, MSG_NOSIGNAL);
	if (n >= 0 && (size_t)n == b.len)
		n = 0;
	buf_free(&b);
	return n ? err_sys(e, "cannot ask the engine") : 0;
}

int http_ask(const char *socket_path, const char *what, int *fd, struct err *e)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = strlen(socket_path);

	if (len >= sizeof(to.sun_path))
		return err_usage(e, "the socket's path is too long");
	memcpy(to.sun_path, socket_path, len);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return err_sys(e, "cannot open a socket");
	if (connect(*fd, (struct sockaddr *)&to, sizeof(to))) {
		close(*fd);
		if (errno == ENOENT || errno == ECONNREFUSED)
			return 0;
		return err_sys(e, "cannot reach the engine");
	}
	if (!check_peer(*fd, e) && !send_question(*fd, what, e))
		return 1;
	close(*fd);
	return -1;
}

static bool wait_for(int fd, int64_t until)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left = until - clock_ms();

	return left > 0 && poll(&p, 1, (int)left) > 0;
}

int http_read(int fd, struct buf *answer, struct err *e)
{
	int64_t until = clock_ms() + HTTP_WAIT;
	ssize_t n = 1;
	int status = 0;

	while (n && !status) {
		if (answer->len > HTTP_MAX || !buf_reserve(answer, 4096)) {
			status = err_set(e, "the engine's answer is too long");
			break;
		}
		n = read(fd, answer->data + answer->len,
			 answer->cap - answer->len - 1);
		if (n > 0)
			answer->len += (size_t)n;
		else if (n && errno != EAGAIN && errno != EINTR)
			status = err_set(e, "the engine hangs up");
		else if (n && !wait_for(fd, until))
			status = err_set(e, "the engine is too slow: not all "
					 "within 3 s");
	}
	close(fd);
	if (answer->data)
		answer->data[answer->len] = '\0';
	return status;
}

bool http_is_ok(const char *answer, size_t len)
{
	return len > 12 && !memcmp(answer, "HTTP/1.", 7) &&
	       !memcmp(answer + 8, " 200", 4);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Chunks joined at their beginning; their end, or NULL: they have none.  What
 * a chunk's size is followed by, and what follows the last, is passed over. */
static char *join_chunks(char *at, const char *end)
{
	char *out = at;
	size_t size;
	int i, digit;

	for (;;) {
		size = 0;
		for (i = 0; i < 8 && (digit = hex_digit(*at)) >= 0; i++, at++)
			size = size << 4 | (unsigned)digit;
		at = i ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (!at || (size_t)(end - ++at) < size)
			return NULL;
		if (!size)
			return out;
		memmove(out, at, size);
		out += size;
		at += size;
		if (end - at < 2 || at[0] != '\r' || at[1] != '\n')
			return NULL;
		at += 2;
	}
}

/* What follows the name (with its colon) in the head; NULL: not there. */
static const char *field(const char *head, const char *name)
{
	size_t len = strlen(name);

	while ((head = strchr(head, '\n')))
		if (!strncasecmp(++head, name, len))
			return head + len + strspn(head + len, " \t");
	return NULL;
}

static int cut_short(struct err *e)
{
	return err_set(e, "the engine's answer is cut short");
}

int http_body(struct buf *b, struct err *e)
{
	char *end = b->data + b->len, *body;
	const char *length;
	unsigned size;

	if (!b->len)
		return err_set(e, "the engine answers nothing");
	if (!http_is_ok(b->data, b->len))
		return err_set(e, "the engine does not answer '200 OK'");
	body = memmem(b->data, b->len, "\r\n\r\n", 4);
	if (!body)
		return cut_short(e);
	*body = '\0'; /* the head is text now */
	body += 4;
	length = field(b->data, "content-length:");
	if (field(b->data, "transfer-encoding: chunked")) {
		end = join_chunks(body, end);
	} else if (length) {
		size = HTTP_MAX + 1;
		num_parse(length, strspn(length, "0123456789"), HTTP_MAX,
			  &size);
		end = (size_t)(end - body) < size ? NULL : body + size;
	}
	if (!end)
		return cut_short(e);
	b->len = (size_t)(end - body);
	memmove(b->data, body, b->len);
	b->data[b->len] = '\0';
	return 0;
}
