/* Where packets to an address leave, which is where its answers come in. */
#ifndef LINK_ROUTE_H
#define LINK_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct route {
	char iface[16];
	uint8_t source[16]; /* our address for it, network byte order, IPv4 in
			     * the first four; zero: the kernel told none */
	uint8_t type;       /* RTN_UNICAST, RTN_LOCAL, ... */
};

/* The kernel's route to addr (4 or 16 bytes, network byte order); false where
 * it tells none. */
bool route_find(bool ipv6, const uint8_t *addr, struct route *out);

#endif
