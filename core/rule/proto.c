#include "proto.h"

#include <string.h>

static const struct proto protos[] = {
	{"any", 0, false, false},  {"tcp", 6, false, false},
	{"udp", 17, false, false}, {"ah", 51, true, false},
	{"esp", 50, true, false},  {"gre", 47, true, false},
	{"ipv6", 41, true, true},  {"igmp", 2, true, true},
	{"vrrp", 112, true, false},
};

enum { PROTOS = sizeof(protos) / sizeof(protos[0]) };

const struct proto *proto_named(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (len < sizeof(protos[i].name) && !protos[i].name[len] &&
		    !memcmp(protos[i].name, name, len))
			return &protos[i];
	return NULL;
}

const struct proto *proto_numbered(uint8_t number)
{
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (protos[i].number == number)
			return &protos[i];
	return NULL;
}
