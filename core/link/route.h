/* Where packets to an address leave, which is where its answers come in. */
#ifndef LINK_ROUTE_H
#define LINK_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

/* The interface of the kernel's route to addr (4 or 16 bytes, network byte
 * order); false where it tells none. */
bool route_interface(bool ipv6, const uint8_t *addr, char name[16]);

#endif
