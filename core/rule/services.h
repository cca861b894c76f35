/* Service names to ports, as getservbyname(3) finds them. */
#ifndef RULE_SERVICES_H
#define RULE_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

struct service {
	uint16_t port; /* of the first line that has the name */
	bool tcp, udp; /* which of the two have it; others exist (ddp, sctp) */
};

/* Looks the name (len bytes) or alias up: in the services file, in the table
 * of this binary, in the one and then the other.  A file that cannot be read
 * is as an empty one. */
bool service_listed(struct names *n, const char *name, size_t len,
		    struct service *out);
bool service_builtin(const char *name, size_t len, struct service *out);
bool service_find(struct names *n, const char *name, size_t len,
		  struct service *out);

#endif
