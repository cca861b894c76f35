/* The keys of daemon.json, as the current dockerd (29) has them. */
#ifndef DOCKER_KEYS_H
#define DOCKER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum docker_type {
	TYPE_ANY, /* not known here: anything goes */
	TYPE_BOOL,
	TYPE_INT,    /* from -1 on; TYPE_COUNT: from 0 on */
	TYPE_COUNT,
	TYPE_PORT,
	TYPE_STRING,
	TYPE_CHOICE, /* a string, one of those in `choice` */
	TYPE_SIZE,   /* a string such as 64M, or a number */
	TYPE_IP4,    /* addresses, networks: strings all */
	TYPE_IP6,
	TYPE_IP,
	TYPE_CIDR4,  /* an address with its prefix length */
	TYPE_CIDR6,
	TYPE_STRINGS, /* lists */
	TYPE_LABELS,  /* of NAME=VALUE */
	TYPE_URLS,    /* of http:// and https:// */
	TYPE_IPS,
	TYPE_POOLS,   /* of {"base": CIDR, "size": INT} */
	TYPE_STRING_MAP, /* objects whose members are strings, */
	TYPE_BOOL_MAP,   /* true or false, */
	TYPE_OBJECT_MAP, /* objects, */
	TYPE_STRING_MAPS, /* maps of strings; */
	TYPE_OBJECT,      /* one with members of all kinds */
};

/* When dockerd began to know it: version * 10, 230 for 23.0, 282 for 28.2;
 * 0: before 23. */
struct docker_key {
	const char *name;
	const char *standard; /* the default, as JSON; "": none */
	const char *choice;   /* |-separated */
	unsigned char type;  /* enum docker_type */
	unsigned char reload; /* SIGHUP is enough */
	unsigned short since;
};

/* All of them; a NULL name ends the list. */
extern const struct docker_key docker_keys[];

/* The key of that name, or NULL. */
const struct docker_key *docker_key(const char *name, size_t len);
/* The name most like it, or NULL when none is. */
const char *docker_nearest(const char *name, size_t len);
/* The type of a member of a value of the type: of a list's items, of a map's
 * values. */
enum docker_type docker_member_type(enum docker_type type);
/* Whether such values are strings. */
bool docker_type_is_string(enum docker_type type);
/* "true or false", "a list of addresses", ... */
const char *docker_type_name(enum docker_type type);
/* The key that a flag of dockerd's command line sets, from "--label=x" or
 * "-H": NULL when it is no flag, or no key. */
const struct docker_key *docker_key_of_flag(const char *word);

#endif
