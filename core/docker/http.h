/* Questions to Docker's engine over its unix socket: HTTP/1.1 (RFC 9112), GET
 * only, one question a connection. */
#ifndef DOCKER_HTTP_H
#define DOCKER_HTTP_H

#include "../base/buf.h"
#include "../base/err.h"

enum {
	HTTP_MAX = 16 << 20, /* bytes of an answer */
	HTTP_WAIT = 3000,    /* for the whole of it, ms */
};

/* Asks for what (a path and query).  1 with *fd, not blocking, for the answer
 * to be read from, 0 where nobody listens on the socket, -1 and *e; also when
 * who listens is neither root nor this user. */
int http_ask(const char *socket, const char *what, int *fd, struct err *e);
/* The whole answer, as it comes, until the other side closes.  0 or -1 and *e:
 * too long, or too slow.  Closes fd. */
int http_read(int fd, struct buf *answer, struct err *e);

/* Whether the answer's first bytes say that it is one to the question. */
bool http_is_ok(const char *answer, size_t len);
/* Leaves of a whole answer its body.  -1 and *e: it is none, or cut short. */
int http_body(struct buf *answer, struct err *e);

#endif
