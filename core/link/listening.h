/* TCP sockets that listen, as the kernel tells over sock_diag(7): it looks at
 * these alone, where for /proc/net/tcp it walks all that could be there. */
#ifndef LINK_LISTENING_H
#define LINK_LISTENING_H

#include <stdbool.h>
#include <stdint.h>

struct listening {
	bool ipv6;
	const uint8_t *address; /* 4 or 16 bytes, network byte order */
	uint16_t port;          /* host byte order */
	uint32_t inode;
};

/* Calls each for every one of IPv4's or IPv6's in this network namespace.
 * False where the kernel does not tell, or not to the end. */
bool listening_ask(bool ipv6,
		   void (*each)(const struct listening *l, void *ctx),
		   void *ctx);

#endif
