/* What the names in a rule mean: services and application profiles, read
 * when the first name is looked up and kept until names_free. */
#ifndef RULE_NAMES_H
#define RULE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/arena.h"
#include "../base/buf.h"

/* Start from {0} and set the first three as wanted.  Rules point
 * into it, so it outlives them. */
struct names {
	const char *services; /* a file like /etc/services; NULL: that one */
	/* Folders of profiles, ended by NULL, the first one's deciding;
	 * NULL: those of config.h. */
	const char *const *profile_dirs;
	/* Profiles that are not known are let through, for rules that are to
	 * be deleted: the profile may have gone before its rule. */
	bool unknown_apps;

	/* Filled when needed. */
	bool have_services, have_profiles;
	struct buf services_text, profile_text;
	struct arena arena;      /* ranges of ports, parts of profiles */
	struct buf profiles;     /* what profile points into */
	struct profile *profile; /* sorted by name */
	size_t n_profiles;
};

void names_free(struct names *n);

#endif
