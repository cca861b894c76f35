/* Rules back to words, and which rules are the same. */
#ifndef RULE_PRINT_H
#define RULE_PRINT_H

#include "rule.h"

const char *action_name(enum action action);

/* Appends the rule in its shortest words: parsed again they are the same
 * rule.  Names of services are numbers by now, names of profiles stay. */
void rule_print(struct buf *out, const struct rule *r);

/* Whether a packet fits the one just when it fits the other, in ufw's eyes:
 * the same but for action, log and comment.  Adding such a rule replaces. */
bool rule_same_match(const struct rule *a, const struct rule *b);
/* The same but for the comment. */
bool rule_same(const struct rule *a, const struct rule *b);
/* The same comment; an empty one is as none. */
bool rule_same_comment(const struct rule *a, const struct rule *b);

#endif
