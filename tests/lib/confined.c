/* What the kernel refuses a confined program, in words: those of confined.want,
 * which tests/confine.t and the guests of scripts/boot-test.sh compare. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/confine.h"

static char said[4096];

static void say(const char *what, int failed)
{
	sprintf(said + strlen(said), "%s: %s\n", what,
		failed ? strerror(errno) : "done");
}

int main(int argc, char **argv)
{
	char *none[] = {NULL};
	void *page;

	confine();
	if (argc > 1)
		confine_to_network();
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("a page", page == MAP_FAILED);
	say("to execute it", mprotect(page, 4096, PROT_EXEC));
	say("one to execute",
	    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE |
		 MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	say("execve", execve("/bin/true", none, none));
	say("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0) < 0);
	say("mount", mount("none", "/proc", "proc", 0, NULL));
	say("chroot", chroot("/"));
	say("a socket", socket(AF_UNIX, SOCK_STREAM, 0) < 0);
	write(1, said, strlen(said));
	return argv[0] == NULL;
}
