/* Docker's chains as iptables has them, rule for rule as the engine does it. */
#ifndef DOCKER_CLASSIC_H
#define DOCKER_CLASSIC_H

#include "../nft/cmd.h"

struct bridge {
	char name[16];
	uint8_t subnet[4]; /* network byte order */
	uint8_t bits;      /* of the subnet */
};

int chains_iptables(const struct bridge *br, struct sink *s, struct err *e);

#endif
