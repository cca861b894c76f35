/* Docker's networks as docker-chains understands them: what the engine, the
 * kernel's interfaces or the command line tell, and what the chains are made
 * of. */
#ifndef DOCKER_NETWORK_H
#define DOCKER_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/err.h"

/* The default network's bridge. */
#define DOCKER_BRIDGE "docker0"

enum { SUBNETS_MAX = 8 }; /* of one network */

/* A network or an address, IPv4 in the first four bytes; network byte order. */
struct subnet {
	uint8_t bytes[16];
	uint8_t bits; /* 32 or 128: an address */
	bool six;
};

/* What the engine calls gateway mode (27 and newer): nat masquerades and
 * publishes, routed does neither and lets published ports in from outside,
 * isolated has no gateway. */
enum gateway_mode {
	MODE_NAT, MODE_NAT_UNPROTECTED, MODE_ROUTED, MODE_ISOLATED
};

struct network {
	char bridge[16]; /* the interface */
	char name[64];   /* the engine's, may be cut short; "" where unknown */
	struct subnet subnets[SUBNETS_MAX];
	uint8_t nsubnets;
	bool internal, icc, masquerade;
	enum gateway_mode mode[2];  /* IPv4, IPv6 */
	struct subnet host_binding; /* bits 0: none */
	uint64_t created;           /* for the order of rules; 0: unknown */
};

/* A port of the host that leads to a container's; without a host_port, in
 * routed networks, the container's alone; without either its address. */
struct published {
	char bridge[16];
	struct subnet host, container; /* addresses; host 0.0.0.0 or ::: all */
	uint16_t host_port, port;      /* host byte order */
	uint8_t proto;                 /* IPPROTO_TCP, _UDP, _SCTP */
};

/* The arrays are malloc'ed, in the order of the engine's own rules. */
struct networks {
	struct network *networks;
	struct published *ports;
	size_t nnetworks, nports;
};

/* Room for one more of either, all 0, or NULL: no memory.  What is put there
 * leaves what it does not need 0: networks_same compares bytes. */
struct network *networks_add(struct networks *n);
struct published *networks_add_port(struct networks *n);
void networks_free(struct networks *n);
/* A network as one without options is, not yet with subnets. */
void network_init(struct network *n, const char *bridge);
/* Unless it has it; host bits are cleared.  False: it has too many. */
bool network_add_subnet(struct network *n, const struct subnet *s);
/* Whether that can be the name of a bridge: not "lo", and nothing that means
 * something to nft, iptables or a terminal. */
bool bridge_name_ok(const char *name);
/* Of "172.17.0.0/16"; host bits are cleared.  0, or -1 and *e. */
int subnet_parse(struct subnet *out, const char *text, struct err *e);
/* The network with that bridge, or NULL. */
struct network *networks_find(const struct networks *n, const char *bridge);
/* Whether both would give the same chains. */
bool networks_same(const struct networks *a, const struct networks *b);

#endif
