/* What dockerd will make of a daemon.json. */
#ifndef DOCKER_CHECK_H
#define DOCKER_CHECK_H

#include "../json/json.h"
#include "keys.h"

/* What to look at, and how; and what was found there.  Start from {0}. */
struct docker_check {
	/* By the keys' index; NULL: all.  Of the rest nothing is said but what
	 * stops dockerd, where that is soon seen, as a warning. */
	const bool *touched;
	bool any;           /* what stops dockerd is a warning only */
	bool json;          /* findings as JSON, else as lines */
	const char *prefix; /* what begins each line */
	/* Filled in: the file's values by the keys' index; at is NULL where
	 * there is none. */
	struct json value[DOCKER_KEYS];
	struct buf out; /* the findings; owned by the caller */
	int errors;     /* how many of them stop dockerd */
};

/* Looks at each key by itself, and fills in c->value; -1: the root is no
 * object, and that is said. */
int docker_read(struct docker_check *c, struct json root);
/* After it: looks at what does not go together.  words: those that dockerd is
 * started with, each ended by a NUL byte, all by one more; NULL: not known. */
void docker_check(struct docker_check *c, const char *words);
/* The string that the key has in the file, decoded, or NULL.  Owned. */
char *docker_string(const struct docker_check *c, const struct docker_key *k);
/* Adds a finding of its own: 'n', some versions of dockerd care, 'w', dockerd
 * starts, but not as one may think, 'e', it does not start.  key: "" for
 * the whole file. */
void docker_say(struct docker_check *c, char level, const char *key,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* After docker_check, of a key that is true or false: as dockerd has it. */
bool docker_is_on(const struct docker_check *c, const struct docker_key *k);

/* Whether dockerd takes the value for the key.  0, or -1 and *e: "wants true
 * or false, not "no"". */
int docker_value(const struct docker_key *k, struct json value, struct err *e);

#endif
