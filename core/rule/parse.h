/* ufw's words to rules. */
#ifndef RULE_PARSE_H
#define RULE_PARSE_H

#include "names.h"
#include "rule.h"

/* Reads one rule: [route] ACTION BODY, such as
 *	allow 22/tcp
 *	limit in on eth0 log from 10.0.0.0/8 to any app OpenSSH comment 'x'
 *	route deny in on eth0 out on eth1 from @/etc/fwbox/bad
 * What ufw refuses is refused and what it accepts is accepted; beyond it
 * there is @FILE, an absolute path, for an address.  0, or -1 and *e with
 * STATUS_USAGE and e->word the word that is wrong, from 0 (-1: none is). */
int rule_parse(struct rule *out, char *const words[], int n,
	       struct names *names, struct err *e);

#endif
