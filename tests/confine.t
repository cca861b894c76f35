#!/bin/bash
# What the program has the kernel refuse it.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}

# Each applet, before anything else it does.
for applet in $("$fwbox" --list); do
	strace -o "$tmp/log" -e trace=prctl,open "$fwbox" "$applet" --nothing \
		>/dev/null 2>&1
	like "$(head -n 2 "$tmp/log")" \
		'NO_NEW_PRIVS, 1, .* = 0.*MODE_FILTER, .* = 0' \
		"$applet: no new privileges, a filter of system calls"
done

# What the filter refuses, and what not.
cat >"$tmp/try.c" <<-'EOT'
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
EOT
if command -v musl-gcc >/dev/null; then
	musl-gcc -w -D_GNU_SOURCE -I. -idirafter /usr/include \
		-idirafter "/usr/include/$(gcc -print-multiarch)" \
		-static -o "$tmp/try" "$tmp/try.c" core/base/confine.c
	ok $? 'with musl'
	is "$("$tmp/try")" "a page: done
to execute it: Operation not permitted
one to execute: Out of memory
execve: Function not implemented
ptrace: Function not implemented
mount: Function not implemented
chroot: Function not implemented
a socket: done" 'what is refused'
else
	skip 'no musl-gcc' 'what is refused'
fi

# The one that stays.
unshare -n "$fwbox" docker-chains --watch --socket "$tmp/none" \
	-f "$tmp/none.json" --no-sysctl --force >"$tmp/out" 2>&1 &
pid=$!
at_exit "kill $pid"
for ((i = 0; i < 100; i++)); do
	status=$(<"/proc/$pid/status")
	[[ $status != *Seccomp:?2* ]] || break
	sleep 0.05
done
for ((i = 0; i < 100; i++)); do
	status=$(<"/proc/$pid/status")
	[[ $status != *CapPrm:?0000000000001000* ]] || break
	sleep 0.05
done
like "$status" 'Cap(Prm|Eff):.0000000000001000.*Seccomp:.2' \
	'docker-chains --watch: CAP_NET_ADMIN alone, filtered' ||
	diag "$status$(<"$tmp/out")"
like "$status" 'NoNewPrivs:.1' '... no new privileges'
done_testing
