/* What docker-cfg --check says of a daemon.json, in lines and as JSON. */
#ifndef DOCKER_REPORT_H
#define DOCKER_REPORT_H

#include "check.h"

/* After docker_check: appends its findings, and what the file sets or leaves
 * to the defaults of the keys that are about the firewall. */
void report(const struct docker_check *c, const char *file, struct buf *out);
/* Appends a line per key that dockerd knows. */
void report_keys(struct buf *out);

#endif
