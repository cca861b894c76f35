/* Fuzzers, each a function over bytes that aborts when a property does not
 * hold: fuzz TARGET, then what libFuzzer takes; or, from any compiler,
 * fuzz TARGET FILE... */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

/* A property. */
#define demand(held) \
	((held) ? (void)0 : fuzz_broken(#held, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *property, const char *file, int line);

void fuzz_daemon(const uint8_t *data, size_t size);
void fuzz_engine(const uint8_t *data, size_t size);
void fuzz_json(const uint8_t *data, size_t size);
void fuzz_netfile(const uint8_t *data, size_t size);
void fuzz_nftables(const uint8_t *data, size_t size);
void fuzz_profiles(const uint8_t *data, size_t size);
void fuzz_rtnetlink(const uint8_t *data, size_t size);
void fuzz_rules(const uint8_t *data, size_t size);
void fuzz_services(const uint8_t *data, size_t size);
void fuzz_words(const uint8_t *data, size_t size);

/* What libFuzzer calls. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* files.c: the input's parts, of which each but the last ends with a byte of
 * 1, and what core/ reads as a file: of those added the last whose name is the
 * path's beginning.  Borrowed; no other file is there. */
struct part {
	const uint8_t *at;
	size_t len;
};
struct part part_next(const uint8_t **data, size_t *size);
void files_add(const char *path, struct part text);
void files_none(void);

/* socket.c: what the kernel answers on any netlink socket: datagrams, each
 * behind two bytes of its length, the lower one first; 0: the end of this
 * answer; from 0x8000 on: an error.  A sequence number of 0 is the one asked
 * for.  At the end of data there are no more answers. */
void kernel_says(const uint8_t *data, size_t size);
/* As recv(2), of what the kernel tells by itself. */
ssize_t kernel_recv(int fd, void *bytes, size_t room, int flags);

#endif
