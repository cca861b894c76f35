/* Reading the engine's answers: inside core/docker only. */
#ifndef DOCKER_READING_H
#define DOCKER_READING_H

#include "../json/json.h"
#include "network.h"

/* An answer being read. */
struct reading {
	struct networks *n;
	struct buf word; /* the text looked at */
	struct err *e;
};

/* A member's text, "" where there is none; until the next call.  There is no
 * control character in it: a ? is in its place. */
const char *reading_text(struct reading *r, struct json object,
			 const char *name);
/* The member's address or network; bits is 0 where there is none. */
int reading_address(struct reading *r, struct json object, const char *name,
		    struct subnet *out);
/* Is it one address? */
bool reading_host(const struct subnet *s);

/* Adds the addresses and published ports of a container; the networks are
 * there already. */
int reading_container(struct reading *r, struct json object);

#endif
