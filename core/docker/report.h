/* What docker-cfg --check says of a daemon.json, in lines and as JSON. */
#ifndef DOCKER_REPORT_H
#define DOCKER_REPORT_H

#include "check.h"

struct report {
	struct buf lines;
	struct buf found[FINDING_ERROR + 1]; /* members of lists, JSON */
	struct buf effective;                /* members of an object, JSON */
	int errors;
};

/* A finding_report; the context is the struct report. */
void report_finding(void *report, const struct finding *f);
/* Adds what the file sets, and what it leaves to the defaults of the keys
 * that are about the firewall; after docker_check. */
void report_effective(struct report *r, const struct docker_check *c);
/* Appends all of it as one JSON object. */
void report_json(const struct report *r, const char *file, struct buf *out);
/* Appends a line per key that dockerd knows. */
void report_keys(struct buf *out);
void report_free(struct report *r);

#endif
