#include "service.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "file.h"

void service_tell(const char *what)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;
	int fd;

	if (!len || len > sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, len);
	if (*path == '@') /* not a file */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, what, strlen(what), MSG_NOSIGNAL, (struct sockaddr *)&to,
	       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

int service_pid(const char *path, struct err *e)
{
	struct replacement r;
	struct buf b = {0};
	int status;

	buf_fmt(&b, "%d\n", (int)getpid());
	status = b.failed ? err_set(e, "out of memory")
			  : replace_prepare(&r, path, 0644, b.data, b.len, e);
	if (!status)
		status = replace_commit(&r, e);
	buf_free(&b);
	return status;
}
