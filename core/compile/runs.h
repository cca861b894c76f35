/* A list of rules -> the kernel's rules, as few as can be: neighbours that do
 * the same to a packet become one lookup in a set, so that what a packet pays
 * does not grow with their number. */
#ifndef COMPILE_RUNS_H
#define COMPILE_RUNS_H

#include "rules.h"

/* Those of the direction into the current chain; past_nat as in rules.h.
 * boxes: the kernel has sets of concatenated intervals. */
void runs_compile(struct build *b, const struct policy *policy,
		  enum chain_dir dir, bool past_nat, bool boxes);

#endif
