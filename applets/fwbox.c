/* The program itself: it acts by the name it is called by, as busybox does. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../config.h"
#include "../core/base/buf.h"
#include "../core/base/confine.h"
#include "../scripts/pack/unpack.h"
#include "applet.h"

enum { STATUS_NO_APPLET = 127 };

#define DECLARE(name) extern const struct applet name##_applet;
#define ADDRESS(name) &name##_applet,
APPLETS(DECLARE)
static const struct applet *const applets[] = {APPLETS(ADDRESS)};
enum { APPLET_COUNT = sizeof(applets) / sizeof(applets[0]) };

const char *applet_name, *warn_name;

static const char about[] =
	"fwbox " VERSION ": a firewall and Docker's networking in one binary\n"
	"\n"
	"usage: fwbox APPLET [ARGUMENT...]\n"
	"       fwbox --list | --install [-s] [--ufw] DIR | --version | "
	"--help\n"
	"\n"
	"Applets, also called by links of their names:\n";

static const struct applet *find(const char *name)
{
	size_t i;

	for (i = 0; i < APPLET_COUNT; i++)
		if (!strcmp(applets[i]->name, name))
			return applets[i];
	return NULL;
}

static const char *behind_line(const char *text)
{
	return strchr(text, '\n') + 1;
}

static bool is_listed(const struct applet *a)
{
	return *a->usage != '\n';
}

static int list(bool brief)
{
	struct buf out = {0};
	const struct applet *a;
	size_t i;

	if (!brief)
		buf_str(&out, about);
	for (i = 0; i < APPLET_COUNT; i++) {
		a = applets[i];
		if (!is_listed(a))
			continue;
		if (brief)
			buf_fmt(&out, "%s\n", a->name);
		else
			buf_fmt(&out, "  %-14s %.*s", a->name,
				(int)(behind_line(a->usage) - a->usage),
				a->usage);
	}
	if (out.failed)
		die("out of memory");
	print(out.data, out.len);
	buf_free(&out);
	return 0;
}

/* The name is taken away first: a link to an older binary gives way. */
static void link_one(const char *self, const char *dir, const char *name,
		     bool symbolic)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX)
		die("path too long: '%s'", dir);
	if (unlink(path) && errno != ENOENT)
		die_errno("cannot replace '%s'", path);
	if (symbolic ? symlink(self, path) : link(self, path))
		die_errno("cannot link '%s' to '%s'", path, self);
}

static int install(int argc, char **argv)
{
	bool symbolic = false, ufw = false;
	const char *called = (const char *)getauxval(AT_EXECFN);
	char self[PATH_MAX];
	struct stat st;
	ssize_t n;
	size_t i;

	for (; argc > 1; argc--, argv++) {
		symbolic |= !strcmp(argv[0], "-s");
		ufw |= !strcmp(argv[0], "--ufw");
		if (argv[0][0] != '-')
			break;
	}
	if (argc != 1)
		die_usage("--install takes one folder");
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0)
		self[n] = '\0';
	else if (*called == '/') /* in an initramfs */
		snprintf(self, sizeof(self), "%s", called);
	else
		die_errno("cannot find this binary in /proc");
	if (stat(argv[0], &st) || !S_ISDIR(st.st_mode))
		die("no folder '%s'", argv[0]);
	for (i = 0; i < APPLET_COUNT; i++)
		if (is_listed(applets[i]) || ufw)
			link_one(self, argv[0], applets[i]->name, symbolic);
	return 0;
}

static int fwbox(int argc, char **argv)
{
	if (argc < 2 || !strcmp(argv[1], "--help"))
		return list(false);
	if (!strcmp(argv[1], "--list"))
		return list(true);
	if (!strcmp(argv[1], "--install"))
		return install(argc - 2, argv + 2);
	if (strcmp(argv[1], "--version"))
		die_usage("unknown option '%s'", argv[1]);
	print_str("fwbox " VERSION "\n");
	return 0;
}

/* What it does as none of the others. */
static const struct applet fwbox_applet = {"fwbox", NULL, NULL, fwbox};

static void print_usage(const struct applet *a)
{
	print_str("usage: ");
	print_str(a->name);
	print_str(behind_line(a->usage));
	if (a->more)
		print_str(a->more);
}

static int run(const struct applet *a, int argc, char **argv)
{
	bool help = argc == 2 && a->usage && !strcmp(argv[1], "--help");

	applet_name = a->name;
	unpack(help ? a->usage : (const void *)(uintptr_t)a->main);
	/* That one may stay, and shall be small: no huge pages. */
	if (a == &docker_chains_applet)
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	confine();
	if (!help)
		return a->main(argc, argv);
	print_usage(a);
	return 0;
}

static int not_found(const char *name)
{
	warn("applet '%s' not found", name);
	return STATUS_NO_APPLET;
}

/* By the name of no applet: the applet is the first argument. */
static int by_argument(int argc, char **argv)
{
	const struct applet *a;

	if (argc < 2 || argv[1][0] == '-')
		return run(&fwbox_applet, argc, argv);
	a = find(argv[1]);
	return a ? run(a, argc - 1, argv + 1) : not_found(argv[1]);
}

/* A file opened as 0, 1 or 2 would be taken for a standard stream; what is
 * put there instead gives an error when it is read or written. */
static void fill_standard_streams(void)
{
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			return;
}

int main(int argc, char **argv)
{
	const char *slash, *name = argc ? argv[0] : "fwbox";
	const struct applet *a;

	applet_name = "fwbox";
	fill_standard_streams();
	slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	if (*name == '-') /* a login shell's */
		name++;
	a = find(name);
	if (a)
		return run(a, argc, argv);
	if (strncmp(name, "fwbox", 5))
		return not_found(name);
	return by_argument(argc, argv);
}
