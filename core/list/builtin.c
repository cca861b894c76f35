#include "builtin.h"

#include <netinet/in.h>

const struct builtin_icmp builtin_icmp[BUILTIN_ICMP] = {
	{true, {1, 2, 3, 4, 128, 129}, 6, 0, false},
	{false, {3, 8, 11, 12}, 4, 0, false},
	/* Errors, echo; neighbour discovery and its inverse; multicast
	 * listeners; certification paths; multicast routers; and in alone
	 * home agents' addresses. */
	{true, {1, 2, 3, 4, 128, 129}, 6, 0, false},
	{true, {133, 134, 135, 136, 141, 142}, 6, 255, false},
	{true, {130, 131, 132, 143}, 4, 0, true},
	{true, {148, 149}, 2, 255, false},
	{true, {151, 152, 153}, 3, 1, true},
	{true, {144, 145, 146, 147}, 4, 0, false},
};

#define UDP_IN .action = ACT_ALLOW, .dir = DIR_IN, .proto = IPPROTO_UDP, \
	.iif = "", .oif = ""
#define PORT(p) {(const struct port_range[]){{p, p}}, 1}
#define LINK_LOCAL {10, {0xfe, 0x80}}

/* Answers of DHCP servers, and multicast DNS and service discovery. */
const struct rule builtin_udp[BUILTIN_UDP] = {
	{UDP_IN, .family = FAMILY_4, .src.ports = PORT(67),
	 .dst.ports = PORT(68)},
	{UDP_IN, .family = FAMILY_6,
	 .src = {.net = LINK_LOCAL, .ports = PORT(547)},
	 .dst = {.net = LINK_LOCAL, .ports = PORT(546)}},
	{UDP_IN, .family = FAMILY_4,
	 .dst = {.net = {32, {224, 0, 0, 251}}, .ports = PORT(5353)}},
	{UDP_IN, .family = FAMILY_4,
	 .dst = {.net = {32, {239, 255, 255, 250}}, .ports = PORT(1900)}},
	{UDP_IN, .family = FAMILY_6,
	 .dst = {.net = {128, {0xff, 2, [15] = 0xfb}}, .ports = PORT(5353)}},
	{UDP_IN, .family = FAMILY_6,
	 .dst = {.net = {128, {0xff, 2, [15] = 0x0f}}, .ports = PORT(1900)}},
};
