/* What of daemon.json, and of the words that dockerd is started with, decides
 * about its networks. */
#ifndef DOCKER_SETTINGS_H
#define DOCKER_SETTINGS_H

#include "network.h"

struct docker_settings {
	bool running;         /* dockerd is */
	bool manages;         /* Docker makes its own rules */
	bool icc, masquerade; /* of the default network */
	bool proxy;           /* docker-proxy serves published ports */
	char bridge[16];      /* of the default network; "": there is none */
	char socket[108];     /* the first unix:// of hosts; "": none */
	struct subnet bip[2]; /* its subnets, IPv4 and IPv6; bits 0: unknown */
};

/* As the file has it, or without one dockerd by itself.  standard: the file
 * that dockerd reads unless it is told of another.  0, or -1 and *e: it is
 * no JSON object, or its bridge or its addresses are none. */
int docker_settings(struct docker_settings *out, const char *file,
		    const char *standard, struct err *e);

#endif
