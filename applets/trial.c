#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../core/apply/apply.h"
#include "../core/base/file.h"
#include "applet.h"

static void rollback_path(char out[4096], const char *path)
{
	if (snprintf(out, 4096, "%s.rollback", path) >= 4096)
		die("path too long: '%s'", path);
}

void trial_settle(const char *path)
{
	char former[4096];
	int fd;

	rollback_path(former, path);
	fd = open(former, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB))
		die("a change waits to be confirmed: fw-init --keep, or wait");
	if (rename(former, path))
		die_errno("cannot put '%s' back", former);
	warn("a change that was never confirmed is undone in '%s'", path);
	close(fd);
}

/* fork(2) alone: libc's also keeps the locks of threads in order, which here
 * are none, with 3 KB. */
static int split(void)
{
#ifdef SYS_fork
	return (int)syscall(SYS_fork);
#else
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

static void take_back(const struct trial *t, const char *path, bool active)
{
	struct rules_file f;
	struct link l;
	struct err e;
	enum gate gate;
	bool kept;

	if (rules_load(&f, t->path, &e) || link_open(&l, &e) ||
	    (active ? apply_firewall(&l, &f.policy, &gate, &e)
		    : remove_firewall(&l, &kept, &e)))
		die_err(&e);
	if (rename(t->path, path))
		die_errno("cannot put '%s' back", t->path);
	warn("not confirmed: the change is taken back");
}

_Noreturn static void guard(const struct trial *t, const struct edit *x,
			    int fd, bool active)
{
	struct stat st;
	struct err e;
	int lock;

	if (x->lock >= 0)
		close(x->lock); /* the caller's, who is at work yet */
	setsid(); /* no hangup of the caller's terminal reaches it */
	poll(NULL, 0, (int)x->options.confirm * 1000);
	if (rules_lock(x->options.path, &lock, &e))
		die_err(&e);
	if (!fstat(fd, &st) && st.st_nlink)
		take_back(t, x->options.path, active);
	exit(0);
}

void trial_begin(struct trial *t, const struct edit *x, bool active)
{
	struct replacement r;
	struct err e;
	int fd;

	rollback_path(t->path, x->options.path);
	if (replace_prepare(&r, t->path, 0600, x->former.data, x->former.len,
			    &e) || replace_commit(&r, &e))
		die_err(&e);
	fd = open(t->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || flock(fd, LOCK_EX))
		die_errno("cannot lock '%s'", t->path);
	t->guard = split();
	if (t->guard < 0)
		die_errno("cannot start the guard of the change");
	if (!t->guard)
		guard(t, x, fd, active);
	close(fd);
}

void trial_cancel(struct trial *t)
{
	if (!t->guard)
		return;
	kill(t->guard, SIGKILL);
	unlink(t->path);
}

void trial_wait(struct trial *t, unsigned seconds)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char line[64];

	if (!isatty(STDIN_FILENO)) {
		warn("taken back in %u seconds, unless confirmed: "
		     "fw-init --keep", seconds);
		return;
	}
	warn("taken back in %u seconds, unless you press Enter", seconds);
	if (poll(&in, 1, (int)seconds * 1000) == 1 &&
	    read(STDIN_FILENO, line, sizeof(line)) > 0 && !unlink(t->path))
		warn("confirmed");
}

int trial_keep(const char *path)
{
	char former[4096];

	rollback_path(former, path);
	if (!unlink(former))
		return 0;
	if (errno != ENOENT)
		die_errno("cannot remove '%s'", former);
	warn("no change waits to be confirmed");
	return 1;
}
