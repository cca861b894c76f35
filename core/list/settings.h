/* The lines of the rules file that are no rules: default, logging, containers,
 * counters and startup. */
#ifndef LIST_SETTINGS_H
#define LIST_SETTINGS_H

#include "../base/words.h"
#include "policy.h"

/* Settings, and 0, which is none. */
enum { SET_INCOMING = 1, SET_OUTGOING, SET_ROUTED, SET_LOGGING,
       SET_CONTAINERS, SET_COUNTERS, SET_STARTUP, SETTINGS };

/* Which setting the line is, of at least one word, and then *p has it; 0:
 * none; -1 and *e, with the word: a wrong one. */
int setting_read(struct policy *p, const struct words *w, struct err *e);

#endif
