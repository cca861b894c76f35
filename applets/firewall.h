/* What the fw-* applets share: the rules file and the kernel changed as one.
 * All of it dies on an error. */
#ifndef APPLETS_FIREWALL_H
#define APPLETS_FIREWALL_H

#include <stdbool.h>

#include "../core/list/file.h"
#include "../core/rule/targets.h"

/* The file that -r or $FWBOX_RULES names, else RULES_FILE. */
const char *firewall_path(const char *option);

/* The options that all changing applets have; what follows them. */
struct change_options {
	bool dry_run, force;
	/* As ufw has it: a lock-out is warned of but not refused, and that
	 * only the file changes is not said. */
	bool lenient;
	unsigned confirm; /* seconds; 0: not asked for */
	bool keep, boot;
	const char *path;
};
/* What --help says of them. */
extern const char change_options_usage[];
/* Reads them; returns the index of the first other word. */
int firewall_options(struct change_options *o, int argc, char **argv);

/* An edit of the rules file under its lock. */
struct edit {
	struct change_options options;
	int lock;
	struct rules_file file;
};

void edit_begin(struct edit *x, const struct change_options *o);
/* [insert NUM | prepend] [route] TARGET...: adds those that are not there
 * yet, and says which are; one that differs in its action is changed. */
void edit_add(struct edit *x, enum action action, char **words, int n);
/* NUM... or a rule. */
void edit_delete(struct edit *x, char **words, int n);
/* The setting default or logging. */
void edit_set(struct edit *x, const char *setting, char **words, int n);
/* Loads the rules into the kernel and replaces the file, both or neither.
 * load: also where the firewall is not active; else the file alone changes,
 * and that is said.  With -n prints the transaction instead. */
void edit_finish(struct edit *x, bool load);

/* An applet of one edit, from its options on. */
int edit_with(int argc, char **argv, bool load,
	      void (*edit)(struct edit *x, char **words, int n));

#endif
