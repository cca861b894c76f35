/* What dockerd will make of a daemon.json. */
#ifndef DOCKER_CHECK_H
#define DOCKER_CHECK_H

#include "../json/json.h"
#include "keys.h"

enum finding_level {
	FINDING_NOTE,    /* matters to some versions of dockerd */
	FINDING_WARNING, /* dockerd starts, but not as one may think */
	FINDING_ERROR,   /* dockerd does not start */
};

/* The strings live as long as the call that reports it. */
struct finding {
	enum finding_level level;
	const char *key, *other; /* what it is about; "": the whole file */
	const char *text; /* what is wrong, and what to do, without the key */
};

typedef void finding_report(void *context, const struct finding *f);

/* What to look at, and how; and what was found there. */
struct docker_check {
	struct json root;
	/* The words dockerd is started with, each ended by a NUL byte, all by
	 * one more; NULL: not known. */
	const char *words;
	/* Whether to look at this key by itself; NULL: at all. */
	bool (*wanted)(void *context, const char *key);
	finding_report *report;
	void *context;
	/* Filled in: the file's values by the keys' index; at is NULL where
	 * there is none.  Start from {0}. */
	struct json value[DOCKER_KEYS];
};

/* Looks at each key by itself and at what does not go together. */
void docker_check(struct docker_check *c);
/* After it: a key that is true or false, as dockerd will have it. */
bool docker_is_on(const struct docker_check *c, const struct docker_key *k);

/* Whether dockerd takes the value for k->type; if not, *why gets "wants true
 * or false, not "no"". */
bool docker_value_fits(const struct docker_key *k, struct json value,
		       struct buf *why);

#endif
