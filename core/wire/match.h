/* The matching half of a rule's expressions: values loaded and compared. */
#ifndef WIRE_MATCH_H
#define WIRE_MATCH_H

#include "../nft/cmd.h"
#include "msg.h"

/* What the rule has matched so far, so that nothing is matched twice. */
struct known {
	bool nfproto_given; /* the table's family says it */
	bool iptables;
	uint8_t nfproto, l4proto;
	uint32_t set_id;
};

/* One expression: name, then what is put until match_close. */
struct nlattr *match_open(struct msg *m, const char *name,
			  struct nlattr **data);
void match_close(struct msg *m, struct nlattr *elem, struct nlattr *data);

/* Loads the field and compares it, after the protocols it depends on. */
void match_put(struct msg *m, struct known *k, const struct comparison *x);

/* The fields of a set's key, side by side in the registers from the first. */
void match_put_key(struct msg *m, struct known *k, const struct set *s);

#endif
