/* So that nobody locks themselves out. */
#ifndef APPLETS_LOCKOUT_H
#define APPLETS_LOCKOUT_H

#include <stdbool.h>

#include "../core/list/policy.h"

/* Over SSH: dies if the rules would refuse the connection in use to begin
 * anew, unless somebody at the terminal says yes, or with lenient only warns.
 * With neither SSH nor a terminal, as from cloud-init, warns of an sshd that
 * nobody will reach. */
void lockout_check(const struct policy *new, bool lenient);

bool over_ssh(void);
/* Asks; true for y and yes, in whatever letters. */
bool says_yes(const char *question);

#endif
