/* The matching half of a rule's expressions: values loaded and compared. */
#ifndef WIRE_MATCH_H
#define WIRE_MATCH_H

#include "../nft/cmd.h"
#include "msg.h"

/* What the rule has matched so far, so that nothing is matched twice. */
struct known {
	bool nfproto_given; /* the table's family says it */
	bool iptables;
	bool xt; /* it has a match or target of iptables */
	uint8_t nfproto, l4proto;
	uint32_t set_id;
};

/* Loads the field and compares it, after the protocols it depends on. */
void match_put(struct msg *m, struct known *k, const struct comparison *x);

/* The fields of a set's key, side by side in the registers from the first. */
void match_put_key(struct msg *m, struct known *k, const struct set *s);

#endif
