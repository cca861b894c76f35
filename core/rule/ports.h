/* Ports in words: 80, 6000:6010, 80,443, or a service's name. */
#ifndef RULE_PORTS_H
#define RULE_PORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"
#include "rule.h"

/* Whether the len bytes are numbers, ranges or lists by their look: digits,
 * commas and colons, a digit first and last. */
bool ports_numeric(const char *s, size_t len);
/* Whether they are more than one port: a list or a range. */
bool ports_multi(const char *s, size_t len);
/* Reads them, names of services included.  0 or -1 and *e. */
int ports_parse(struct ports *out, const char *s, size_t len,
		struct names *names, struct err *e);
/* Appends them as they are written in a rule. */
void ports_print(struct buf *out, const struct ports *ports);
bool ports_same(const struct ports *a, const struct ports *b);
/* Whether the port (host byte order) is among them; any port if n == 0. */
bool ports_have(const struct ports *ports, uint16_t port);

#endif
