/* The system calls without libc, beside glibc's own. */
#include <errno.h>
#include <fcntl.h>
#include <features.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tap.h"

#undef __GLIBC__
#define open(path, ...) small_open(path, __VA_ARGS__)
#define mmap(at, len, prot, flags, fd, from) \
	small_mmap(at, len, prot, flags, fd, from)
#define fstat(fd, st) small_fstat(fd, st)
#define stat(path, st) small_stat(path, st)
#define fchmod(fd, mode) small_fchmod(fd, mode)
#define fchown(fd, uid, gid) small_fchown(fd, uid, gid)
#define isatty(fd) small_isatty(fd)
#define socket(family, type, protocol) small_socket(family, type, protocol)
#define recvmsg(fd, message, flags) small_recvmsg(fd, message, flags)
int small_open(const char *path, int flags, ...);
void *small_mmap(void *at, size_t len, int prot, int flags, int fd, off_t from);
int small_fstat(int fd, struct stat *st);
int small_stat(const char *path, struct stat *st);
int small_fchmod(int fd, mode_t mode);
int small_fchown(int fd, uid_t uid, gid_t gid);
int small_isatty(int fd);
int small_socket(int family, int type, int protocol);
ssize_t small_recvmsg(int fd, struct msghdr *message, int flags);
#include "core/base/system.c"
#undef open
#undef mmap
#undef fstat
#undef stat

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_mode == b->st_mode && a->st_nlink == b->st_nlink &&
	       a->st_uid == b->st_uid && a->st_gid == b->st_gid &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void test_stat(void)
{
	static const char *const paths[] = {"/", "/dev/null", "/etc/passwd",
					    "Makefile", "/proc/self/stat"};
	struct stat ours, theirs;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		ok(!small_stat(paths[i], &ours) && !stat(paths[i], &theirs) &&
			   same(&ours, &theirs),
		   "stat %s", paths[i]);
	ok(small_stat("/no/such", &ours) == -1 && errno == ENOENT,
	   "stat of nothing");
	ok(small_fstat(-1, &ours) == -1 && errno == EBADF, "fstat of nothing");
}

static void test_file(void)
{
	char name[] = "/tmp/test_system.XXXXXX";
	int fd = mkstemp(name);
	struct stat ours, theirs;

	struct stat made;
	char *page;
	int other;

	ok(fd >= 0 && !unlink(name), "a file");
	other = small_open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ok(other >= 0 && !stat(name, &made) && (made.st_mode & 07777) == 0600 &&
		   fcntl(other, F_GETFD) == FD_CLOEXEC,
	   "one made by open");
	ok(small_open(name, O_WRONLY | O_CREAT | O_EXCL, 0600) < 0 &&
		   errno == EEXIST,
	   "only once");
	close(other);
	unlink(name);
	ok(!small_fchmod(fd, 0640) && !small_fstat(fd, &ours) &&
		   !fstat(fd, &theirs) && same(&ours, &theirs) &&
		   (ours.st_mode & 07777) == 0640 && !ours.st_nlink,
	   "its mode, and that it has no name");
	ok(!small_fchown(fd, getuid(), getgid()), "its owner");
	ok(!small_isatty(fd), "is no terminal");
	ok(small_mmap(NULL, 1, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED &&
		   errno == EBADF,
	   "no file cannot be mapped");
	page = small_mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ok(page != MAP_FAILED && !*page && !munmap(page, 4096), "memory");
	close(fd);
}

static void test_socket(void)
{
	char got[8] = "", sent[] = "word";
	struct iovec room = {got, sizeof(got)};
	struct msghdr message = {.msg_iov = &room, .msg_iovlen = 1};
	int pair[2], fd = small_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ok(fd >= 0 && !close(fd), "a socket");
	ok(!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) &&
		   write(pair[0], sent, 4) == 4 &&
		   small_recvmsg(pair[1], &message, 0) == 4,
	   "a message");
	is(got, "word", "as it was sent");
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	test_stat();
	test_file();
	test_socket();
	return tap_done();
}
