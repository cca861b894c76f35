/* Docker's classic chains (20.10 to 26), which it makes itself unless
 * daemon.json says "iptables": false. */
#ifndef DOCKER_CHAINS_H
#define DOCKER_CHAINS_H

#include "../nft/cmd.h"

struct bridge {
	char name[16];
	uint8_t subnet[4]; /* network byte order */
	uint8_t bits;      /* of the subnet */
};

/* As base chains docker-forward and docker-postrouting of the table of
 * config.h.  DOCKER-USER is made when it is not there, its rules stay. */
int chains_native(const struct bridge *br, struct sink *s, struct err *e);
/* Takes them away; DOCKER-USER only if with_user. */
int chains_native_remove(bool with_user, struct sink *s, struct err *e);

/* As iptables has them, in ip filter and ip nat, rule for rule. */
int chains_iptables(const struct bridge *br, struct sink *s, struct err *e);

#endif
