/* The keys of daemon.json, as the current dockerd (29) has them. */
#ifndef DOCKER_KEYS_H
#define DOCKER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/err.h"

enum { DOCKER_KEYS = 88 };

/* All strings lie in the table.  A type is its letter there. */
struct docker_key {
	const char *name;
	const char *since;    /* "28.2"; "": before 23 */
	const char *standard; /* the default, JSON without quotes; of a choice
			       * all, as in base/choose.h, the default first */
	int index;            /* its place among the keys */
};

/* The key of that name: false when dockerd has none. */
bool docker_key(const char *name, size_t len, struct docker_key *k);
/* Steps through them all; start with {0}. */
bool docker_next_key(struct docker_key *k);
/* Always -1, and *e: there is no such key, and which one is most like it. */
int docker_unknown(const char *name, size_t len, struct err *e);
/* The key that a word of dockerd's command line ("--label=x", "-H") sets. */
bool docker_key_of_flag(const char *word, struct docker_key *k);

char docker_type(const struct docker_key *k);
/* Whether SIGHUP is enough for a change of it. */
bool docker_reloads(const struct docker_key *k);
/* Whether it decides what Docker does to the firewall. */
bool docker_of_firewall(const struct docker_key *k);

enum { TYPE_ANY = '-' }; /* not known here: anything goes */

/* What values of a type are: three letters, TYPE_IS... from there, and then
 * words: "true or false", "a list of addresses". */
const char *docker_type_text(char type);
enum {
	TYPE_JSON = 1,   /* their enum json_type, from '0' on */
	TYPE_MEMBER = 2, /* the type of a list's items, an object's members */
	TYPE_WORDS = 3,
};

#endif
