#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/apply/apply.h"
#include "../core/apply/held.h"
#include "../core/base/file.h"
#include "../core/list/loaded.h"
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
	file_sweep(former);
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

int trial_restore(const char *path, const char *from, bool active,
		  struct err *e)
{
	struct rules_file f;
	struct link l = {0};
	enum gate gate;
	bool kept;
	int status = rules_load(&f, from, e) || link_open(&l, e) ||
		     (active ? apply_firewall(&l, &f.policy, &gate, e)
			     : remove_firewall(&l, &kept, e));

	if (!status && active)
		loaded_write(path, &f.text);
	link_close(&l);
	rules_free(&f);
	return -status;
}

/* 1: taken back, 0: there is nothing to take back, -1 and *e. */
static int take_back(const struct trial *t, const char *path, int fd,
		     bool active, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_sys(e, "cannot look at '%s'", t->path);
	if (!st.st_nlink)
		return 0;
	if (trial_restore(path, t->path, active, e))
		return -1;
	return rename(t->path, path) ? err_sys(e, "cannot put '%s' back",
					       t->path) : 1;
}

/* Whoever waits for the end of our caller's output does not wait for us. */
static void let_go_of_output(void)
{
	int null = isatty(STDERR_FILENO) ? -1 : open("/dev/null", O_RDWR);
	int fd;

	for (fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

/* Until the time is up, or the file has no name any more: it was kept. */
static void wait_for_end(const char *path, int fd, unsigned seconds)
{
	struct pollfd links = {.fd = inotify_init1(IN_CLOEXEC),
			       .events = POLLIN};
	char events[sizeof(struct inotify_event) + NAME_MAX + 1];
	struct sysinfo begin, now;
	struct stat st;
	long left;

	inotify_add_watch(links.fd, path, IN_ATTRIB);
	sysinfo(&begin);
	do {
		sysinfo(&now);
		left = (long)(seconds + begin.uptime - now.uptime);
		if (left <= 0 || poll(&links, 1, (int)left * 1000) < 1)
			break;
	} while (read(links.fd, events, sizeof(events)) > 0 &&
		 !fstat(fd, &st) && st.st_nlink);
	close(links.fd);
}

/* Nothing that fails for now keeps it from what it is there for. */
_Noreturn static void guard(const struct trial *t, const struct edit *x,
			    int fd, bool active)
{
	unsigned seconds = x->options.confirm;
	int status = -1, lock;
	struct err e;

	if (x->lock >= 0)
		close(x->lock); /* the caller's, who is at work yet */
	let_go_of_output();
	while (status < 0) {
		wait_for_end(t->path, fd, seconds);
		seconds = 1;
		lock = -1;
		if (!rules_lock(x->options.path, &lock, &e))
			status = take_back(t, x->options.path, fd, active, &e);
		if (lock >= 0)
			close(lock);
		if (status)
			warn("%s", status < 0 ? e.text : "not confirmed: the "
			     "change is taken back");
	}
	exit(0);
}

/* The guard in a session of its own before we go on: nothing that befalls our
 * terminal or process group from then on reaches it. */
static bool start_guard(struct trial *t, const struct edit *x, int fd,
			bool active)
{
	int status;

	t->guard = split();
	if (!t->guard) {
		setsid();
		status = split();
		if (!status)
			guard(t, x, fd, active);
		_exit(status < 0);
	}
	return t->guard > 0 && waitpid(t->guard, &status, 0) > 0 && !status;
}

static bool is_held(const struct policy *p, struct link *l,
		    const enum gate *gate)
{
	struct held h;
	struct err e;
	bool held = !held_read(&h, l, p, gate, &e) && !h.differs;

	held_free(&h);
	return held;
}

/* The former file's text; where that is not what the kernel holds, but what
 * was loaded last is, the text of that, and the file gets a second name. */
static void find_former(struct buf *former, const struct edit *x,
			struct link *l, const enum gate *gate)
{
	size_t len;
	const char *text = rules_former(&x->file, &len);
	struct buf name = {0};
	struct rules_file f = {0};
	struct err e;

	buf_add(former, text, len);
	if (gate && !loaded_read(&f, &name, x->options.path, &e) &&
	    !f.missing && !buf_same(&f.text, former) &&
	    is_held(&f.policy, l, gate)) {
		former->len = 0;
		buf_add(former, f.text.data, f.text.len);
		name.len = 0;
		buf_fmt(&name, "%s.unconfirmed", x->options.path);
		if (!name.failed && (!unlink(name.data) || errno == ENOENT) &&
		    !link(x->options.path, name.data))
			warn("'%s' was edited: it is also kept as '%s'",
			     x->options.path, name.data);
	}
	if (former->failed)
		die("out of memory");
	rules_free(&f);
	buf_free(&name);
}

void trial_begin(struct trial *t, const struct edit *x, struct link *l,
		 const enum gate *gate)
{
	struct buf former = {0};
	struct replacement r;
	struct err e;
	int fd;

	find_former(&former, x, l, gate);
	rollback_path(t->path, x->options.path);
	if (replace_prepare(&r, t->path, 0600, former.data, former.len, &e) ||
	    replace_commit(&r, &e))
		die_err(&e);
	buf_free(&former);
	fd = open(t->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || flock(fd, LOCK_EX) || !start_guard(t, x, fd, gate)) {
		unlink(t->path);
		die_errno("cannot start the guard of the change");
	}
	close(fd);
}

void trial_cancel(struct trial *t)
{
	if (!t->guard)
		return;
	kill(-t->guard, SIGKILL);
	unlink(t->path);
}

void trial_wait(const struct change_options *o)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char line[64];

	if (!isatty(STDIN_FILENO)) {
		warn("taken back in %u seconds, unless confirmed: "
		     "fw-init --keep", o->confirm);
		return;
	}
	warn("taken back in %u seconds, unless you press Enter", o->confirm);
	if (poll(&in, 1, (int)o->confirm * 1000) == 1 &&
	    read(STDIN_FILENO, line, sizeof(line)) > 0 &&
	    !trial_keep(o->path))
		warn("confirmed");
}

int trial_keep(const char *path)
{
	char former[4096];
	struct err e;
	int lock;

	rollback_path(former, path);
	/* Not while it is being taken back. */
	if (rules_lock(path, &lock, &e))
		die_err(&e);
	if (!unlink(former))
		return 0;
	if (errno != ENOENT)
		die_errno("cannot remove '%s'", former);
	warn("no change waits to be confirmed");
	return 1;
}
