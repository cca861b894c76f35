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

struct finding {
	enum finding_level level;
	/* The keys it is about, decoded; cut when longer; "": none. */
	char key[64], other[24];
	char text[400]; /* what is wrong and what to do, without the key */
};

typedef void finding_report(void *context, const struct finding *f);

/* Looks at each key by itself and at what does not go together.  words: the
 * command line of dockerd, argv[0] left out, NULL-ended; NULL: not known. */
void docker_check(struct json root, const char *const *words,
		  finding_report *report, void *context);

/* Whether the value is of the type, so that dockerd takes it; what is not is
 * described at the end of f->text ("wants true or false, not 'no'"). */
bool docker_value_fits(const struct docker_key *k, enum docker_type type,
		       struct json value, struct finding *f);

/* The value of a key that is true or false, as dockerd will have it: what the
 * file says, or the default. */
bool docker_is_on(struct json root, const char *name);

#endif
