/* The protocols a rule may name. */
#ifndef RULE_PROTO_H
#define RULE_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proto {
	char name[5];
	uint8_t number; /* IPPROTO_*; 0: any */
	bool portless;
	bool ipv4_only;
};

/* NULL: a rule cannot name it. */
const struct proto *proto_named(const char *name, size_t len);
const struct proto *proto_numbered(uint8_t number);

#endif
