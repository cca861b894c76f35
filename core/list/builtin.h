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

/* Those up to ICMP_ROUTED are let through, those from ICMP_IN on are let in,
 * the ones in between are both. */
enum { BUILTIN_ICMP = 8, ICMP_IN = 1, ICMP_ROUTED = 2 };
extern const struct builtin_icmp builtin_icmp[BUILTIN_ICMP];

enum { BUILTIN_UDP = 6 };
extern const struct rule builtin_udp[BUILTIN_UDP];

#endif
