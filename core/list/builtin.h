/* What is let in without a rule: the ICMP types and the DHCP and multicast
 * services without which a network does not work, as ufw's before.rules and
 * before6.rules have them. */
#ifndef LIST_BUILTIN_H
#define LIST_BUILTIN_H

#include "../rule/rule.h"

struct builtin_icmp {
	bool v6;
	uint8_t types[6], n;
	uint8_t hoplimit;     /* 0: any */
	bool from_link_local; /* fe80::/10 */
};

/* Those before ICMP_ROUTED_END are let through, those from ICMP_IN on are let
 * in, and of those the ones from ICMP_OUT to ICMP_OUT_END out. */
enum { ICMP_IN = 1, ICMP_OUT = 2, ICMP_ROUTED_END = 2, ICMP_OUT_END = 7,
       BUILTIN_ICMP = 8 };
extern const struct builtin_icmp builtin_icmp[BUILTIN_ICMP];

enum { BUILTIN_UDP = 6 };
extern const struct rule builtin_udp[BUILTIN_UDP];

#endif
