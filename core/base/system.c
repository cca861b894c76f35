/* System calls without what libc does for kernels from before nf_tables:
 * statically linked, these take the place of libc's, which are five times the
 * size. */
#include <features.h>

#ifndef __GLIBC__
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define KEPT __attribute__((used))

/* What statx(2) answers, as in linux/stat.h, which does not go together with
 * sys/stat.h. */
struct answer {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, unused;
	uint64_t inode, size, blocks, attributes_mask;
	struct {
		int64_t seconds;
		uint32_t nanoseconds, unused;
	} accessed, born, changed, modified;
	uint32_t device_major, device_minor, major, minor;
	uint64_t spare[14];
};
_Static_assert(sizeof(struct answer) == 256, "as the kernel has it");

enum { BASIC_STATS = 0x7ff };

static int look(int fd, const char *path, int flags, struct stat *st)
{
	struct answer a;

	if (syscall(SYS_statx, fd, path, flags, BASIC_STATS, &a))
		return -1;
	memset(st, 0, sizeof(*st));
	st->st_dev = makedev(a.major, a.minor);
	st->st_ino = a.inode;
	st->st_mode = a.mode;
	st->st_nlink = a.links;
	st->st_uid = a.uid;
	st->st_gid = a.gid;
	st->st_size = (off_t)a.size;
	st->st_mtim.tv_sec = a.modified.seconds;
	st->st_mtim.tv_nsec = (long)a.modified.nanoseconds;
	st->st_ctim.tv_sec = a.changed.seconds;
	st->st_ctim.tv_nsec = (long)a.changed.nanoseconds;
	return 0;
}

KEPT int fstat(int fd, struct stat *st)
{
	return look(fd, "", AT_EMPTY_PATH, st);
}

KEPT int stat(const char *path, struct stat *st)
{
	return look(AT_FDCWD, path, 0, st);
}

KEPT int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE,
			    mode);
}

#if defined(SYS_mmap) && !defined(__s390x__) /* there it takes a structure */
KEPT void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t from)
{
	return (void *)syscall(SYS_mmap, at, len, prot, flags, fd, from);
}
#endif

KEPT int fchmod(int fd, mode_t mode)
{
	return (int)syscall(SYS_fchmod, fd, mode);
}

KEPT int fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_fchown, fd, uid, gid);
}

KEPT int isatty(int fd)
{
	struct winsize size;

	return !syscall(SYS_ioctl, fd, TIOCGWINSZ, &size);
}

KEPT int socket(int family, int type, int protocol)
{
	return (int)syscall(SYS_socket, family, type, protocol);
}

KEPT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	return syscall(SYS_recvmsg, fd, message, flags);
}
#endif
