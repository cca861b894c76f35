/* What the parts of the applet ufw share.  All of it dies on an error. */
#ifndef APPLETS_UFW_H
#define APPLETS_UFW_H

#include "firewall.h"

struct ufw {
	struct change_options change; /* --dry-run in it */
	bool force;                   /* ask nothing */
	char **words;                 /* from the command's name on */
	int n;
	bool active;    /* the firewall is in the kernel */
	struct edit x;
	struct buf out; /* printed in the end */
};

/* Which word of the list word i is, in whatever letters. */
int ufw_choice(const struct ufw *u, int i, const char *list);
/* Asks what is in out, which is then empty, or says that nothing is done. */
bool ufw_confirmed(struct ufw *u);
/* Takes what out has from there on away again if it has it already. */
void ufw_once(struct buf *out, size_t from);

/* Has the rule a row in ufw's list of the family? */
bool ufw_in_family(const struct rule *r, bool v6);
unsigned ufw_count(const struct policy *p, bool v6);
/* Appends the rule as ufw's words for both families. */
void ufw_rule_words(struct buf *out, const struct rule *r);


void ufw_rule(struct ufw *u);
void ufw_status(struct ufw *u);
void ufw_show(struct ufw *u);

#endif
