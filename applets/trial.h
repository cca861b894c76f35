/* A change on trial: a process of its own takes it back after a time, unless
 * it is confirmed.  Until then the former rules lie beside the file, as
 * FILE.rollback, locked by that process; taking them away confirms. */
#ifndef APPLETS_TRIAL_H
#define APPLETS_TRIAL_H

#include "../core/apply/apply.h"
#include "firewall.h"

/* Dies where a change is on trial.  One whose process is gone, as after a
 * power cut, was never confirmed: the former file is put back. */
void trial_settle(const char *path);

struct trial {
	char path[4096]; /* of the former rules */
	int guard;       /* its process group, 0: none */
};

/* Before the change: the guard stands, and will go back to the rules that the
 * kernel holds now, or where the firewall is not active take it away.  They are
 * the file's, unless a person edited that since it was loaded: then they are in
 * FILE.loaded, and the edited one is also kept, as FILE.unconfirmed.
 * gate: as firewall_active has it; NULL: not active. */
void trial_begin(struct trial *t, const struct edit *x, struct link *l,
		 const enum gate *gate);
/* The kernel as the rules in `from` have it, which are to be those of path; or
 * where the firewall was not active without it.  0 or -1 and *e. */
int trial_restore(const char *path, const char *from, bool active,
		  struct err *e);
/* The change failed: nothing is to be taken back. */
void trial_cancel(struct trial *t);
/* Waits at a terminal for Enter; elsewhere leaves it to --keep. */
void trial_wait(const struct change_options *o);
/* --keep: 0, or 1 with nothing on trial. */
int trial_keep(const char *path);

#endif
