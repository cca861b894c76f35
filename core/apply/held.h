/* What the kernel holds, seen from the rules file. */
#ifndef APPLY_HELD_H
#define APPLY_HELD_H

#include "../base/buf.h"
#include "../compile/firewall.h"
#include "../link/link.h"

/* Texts for each of the others: family, table, chain, why. */
enum { HELD_OTHER = 4 };

struct held {
	bool active;
	bool differs; /* active, but not with what the policy compiles to */
	/* Each rule's, with `counters on`; NULL: none can be told, also where
	 * the kernel's rules are of another file. */
	struct tally *tallies;
	/* Base chains of others that drop too: family, table, chain and why,
	 * each followed by a NUL byte, again and again.  Names may hold any
	 * other byte. */
	struct buf others;
};

/* gate: as firewall_active has it; NULL: it is not active.  0, or -1 and *e.
 * held_free either way. */
int held_read(struct held *h, struct link *l, const struct policy *p,
	      const enum gate *gate, struct err *e);
void held_free(struct held *h);

/* Only the others, as above, of the hook: NF_INET_*.  Owned. */
int held_others(struct buf *others, struct link *l, uint32_t hook,
		struct err *e);

#endif
