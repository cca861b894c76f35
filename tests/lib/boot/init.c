/* The first process of the guest.  It closes the host with what an initramfs of
 * nothing but the firewall has: no /proc, no /dev, no standard streams, no
 * shell; then the tests go on with busybox. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static char status[3][16]; /* text for the tests */

static void run(int nth, char *const *argv)
{
	char *const none[] = {NULL};
	int left;
	pid_t pid = fork();

	if (!pid) {
		execve(argv[0], argv, none);
		_exit(126);
	}
	while (waitpid(pid, &left, 0) != pid) {
	}
	snprintf(status[nth], sizeof(status[nth]), "%d",
		 WIFEXITED(left) ? WEXITSTATUS(left) : -WTERMSIG(left));
}

/* Those of a list, without modprobe; returns how many failed. */
static int load_modules(const char *list)
{
	FILE *f = fopen(list, "re");
	char path[256];
	int fd, failed = 0;

	while (f && fgets(path, sizeof(path), f)) {
		path[strcspn(path, "\n")] = '\0';
		fd = open(path, O_RDONLY | O_CLOEXEC);
		failed += syscall(SYS_finit_module, fd, "", 0) &&
			  errno != EEXIST;
		close(fd);
	}
	if (f)
		fclose(f);
	return failed;
}

int main(void)
{
	char *const install[] = {"/sbin/fwbox", "--install", "/links", NULL};
	char *const init[] = {"/links/fw-init", NULL};
	char *const allow[] = {"/links/fw-allow", "http", NULL};
	char *const argv[] = {"sh", "/guest.sh", status[0], status[1],
			      status[2], NULL};
	char *const env[] = {"PATH=/links:/sbin:/bin", NULL};
	int fd;

	for (fd = 0; fd < 3; fd++)
		close(fd);
	mkdir("/links", 0755);
	load_modules("/etc/fwbox/modules");
	run(0, install);
	run(1, init);
	run(2, allow);
	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	for (fd = 0; fd < 3; fd++)
		open("/dev/console", O_RDWR | O_NOCTTY);
	dprintf(1, "# guest: %d of the tests' modules not loaded\n",
		load_modules("/guest.modules"));
	execve("/bin/busybox", argv, env);
	return 1;
}
