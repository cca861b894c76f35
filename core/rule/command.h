/* ufw's rule commands: a rule, and what to do with it. */
#ifndef RULE_COMMAND_H
#define RULE_COMMAND_H

#include "names.h"
#include "rule.h"

enum rule_op { OP_ADD, OP_INSERT, OP_PREPEND, OP_DELETE, OP_DELETE_NUMBER };

struct rule_command {
	enum rule_op op;
	unsigned number;  /* where to insert, or what to delete, from 1; an
			   * insert at 0, ufw's `insert 00` or '', adds */
	struct rule rule; /* not for OP_DELETE_NUMBER */
	bool route;
	int first; /* the rule's words: [route and] from this one on */
};

/* Reads, as ufw does,
 *	[rule] (delete NUM | [delete | insert NUM | prepend] ACTION BODY)
 *	route [delete | insert NUM | prepend] ACTION BODY
 * A rule to delete may name a profile that is not known.
 * 0, or -1 and *e as rule_parse. */
int rule_command_parse(struct rule_command *out, char *const words[], int n,
		       struct names *names, struct err *e);
/* Appends the rule's words as a line of the rules file. */
void rule_command_line(struct buf *out, const struct rule_command *c,
		       char *const words[], int n);

#endif
