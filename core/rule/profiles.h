/* Application profiles: names for lists of ports, from INI files as ufw's. */
#ifndef RULE_PROFILES_H
#define RULE_PROFILES_H

#include "names.h"
#include "rule.h"

/* One part of a profile's ports, between two bars: 80,443/tcp */
struct port_spec {
	uint8_t proto; /* IPPROTO_*; 0: tcp and udp */
	struct ports ports;
};

struct profile {
	const char *name, *title, *description;
	const char *ports; /* as in the file: "80,443/tcp|53" */
	struct port_spec *spec;
	unsigned n_specs; /* at least one */
	bool builtin;     /* from this binary, no file has it */
};

/* Whether a profile may be called so. */
bool profile_name_valid(const char *name);
/* Reads the folders once; a file or profile that is not as it should be is
 * skipped.  After it n->profile and n->n_profiles hold all that are left.
 * 0, or -1 and *e: no memory. */
int profiles_load(struct names *n, struct err *e);
/* The profile of that name, letters' case ignored unless one fits exactly.
 * 1: found, 0: none (for deleting, n->unknown_apps, also: several fit),
 * -1 and *e: several fit, or no memory. */
int profile_find(struct names *n, const char *name,
		 const struct profile **out, struct err *e);

#endif
