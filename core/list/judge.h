/* What a firewall does with one packet that begins a connection, told without
 * a kernel: for fw-why, and so that nobody locks themselves out. */
#ifndef LIST_JUDGE_H
#define LIST_JUDGE_H

#include "../rule/eval.h"
#include "policy.h"

struct judgement {
	enum action action; /* allow, deny, reject or limit */
	ptrdiff_t rule;     /* the index of the rule that decides, or -1: */
	const char *why;    /* what else does; NULL with a rule */
};

struct judgement judge(const struct policy *p, const struct packet *packet);

/* Whether it is one of those that containers are behind. */
bool judge_is_container(const struct policy *p, const char *iface);

/* Does any rule let somebody in to the tcp port? */
bool judge_port_open(const struct policy *p, uint16_t port);

#endif
