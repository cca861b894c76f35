#include "confine.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

/* Where this libc's system calls are known: musl's on these. */
#if defined(__GLIBC__)
#elif defined(__x86_64__) && !defined(__ILP32__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#endif

#ifdef ARCH
/* All below 384: what is not is refused. */
static const uint16_t allowed[] = {
	/* beside mmap and mprotect, when these are not to execute */
	SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk,
	/* files */
	SYS_read, SYS_readv, SYS_write, SYS_writev, SYS_pwrite64, SYS_close,
	SYS_lseek, SYS_openat, SYS_fstat, SYS_newfstatat, SYS_statx,
	SYS_getdents64, SYS_fcntl, SYS_flock, SYS_fsync, SYS_ftruncate,
	SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_faccessat, SYS_fgetxattr,
	SYS_flistxattr, SYS_fremovexattr, SYS_fsetxattr,
	SYS_readlinkat, SYS_unlinkat, SYS_mkdirat,
	SYS_renameat2, SYS_ioctl, SYS_inotify_init1, SYS_inotify_add_watch,
	SYS_dup3, SYS_linkat, SYS_symlinkat,
	/* sockets */
	SYS_socket, SYS_bind, SYS_connect, SYS_getsockname, SYS_getsockopt,
	SYS_setsockopt, SYS_sendto, SYS_sendmsg, SYS_recvfrom, SYS_recvmsg,
	SYS_ppoll, SYS_signalfd4,
	/* time and processes */
	SYS_clock_gettime, SYS_exit, SYS_exit_group, SYS_getpid, SYS_geteuid,
	SYS_uname, SYS_kill, SYS_clone, SYS_wait4, SYS_setsid,
	SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn,
	SYS_restart_syscall, SYS_getrandom, SYS_sysinfo, SYS_capget, SYS_capset,
#ifdef SYS_pwritev2
	SYS_pwritev2,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_open
	SYS_open, SYS_access, SYS_stat, SYS_lstat, SYS_readlink, SYS_unlink,
	SYS_rename, SYS_mkdir, SYS_rmdir, SYS_link, SYS_symlink, SYS_chmod,
	SYS_poll, SYS_fork, SYS_dup2,
#endif
};

/* The half of the third argument with the protection. */
enum { PROTECTION = offsetof(struct seccomp_data, args[2]) +
		    4 * (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) };

/* As an older kernel would: a newer libc goes another way then. */
#define REFUSED (SECCOMP_RET_ERRNO | ENOSYS)

/* The allowed ones as bits, in words that are compared in turn: such a program
 * the kernel makes ready in half the time of one that compares each number. */
enum {
	WORD_SHIFT = 5, BIT_MASK = 31, WORDS = 12,
	/* instructions */
	PER_WORD = 3, FIRST = 14, LAST = FIRST + WORDS * PER_WORD,
	COUNT = LAST + 5,
};

static void put_words(struct sock_filter *f)
{
	uint32_t bits[WORDS] = {0}, i;

	for (i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (allowed[i] >> WORD_SHIFT < WORDS)
			bits[allowed[i] >> WORD_SHIFT] |=
				UINT32_C(1) << (allowed[i] & BIT_MASK);
	for (i = 0; i < WORDS; i++, f += PER_WORD) {
		f[0] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, i, 0, PER_WORD - 1);
		f[1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, bits[i]);
		f[2] = (struct sock_filter)BPF_STMT(
			BPF_JMP | BPF_JA, (WORDS - 1 - i) * PER_WORD + 1);
	}
}

static void filter(void)
{
	struct sock_filter f[COUNT] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, REFUSED),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PROTECTION),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, BIT_MASK),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, WORD_SHIFT),
		[LAST] = BPF_STMT(BPF_RET | BPF_K, REFUSED),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, REFUSED),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {COUNT, f};

	put_words(f + FIRST);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void filter(void)
{
}
#endif

void confine(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	filter();
}

void confine_to_network(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct had[2], only[2] = {{0}};

	if (syscall(SYS_capget, &head, had))
		return;
	only[0].effective = had[0].effective & 1U << CAP_NET_ADMIN;
	only[0].permitted = had[0].permitted & 1U << CAP_NET_ADMIN;
	syscall(SYS_capset, &head, only);
}
