/* The keys of daemon.json, as the current dockerd (29) has them. */
#ifndef DOCKER_KEYS_H
#define DOCKER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* The letters stand in the table in keys.c. */
enum docker_type {
	TYPE_ANY = 0,     /* not known here: anything goes */
	TYPE_BOOL = 'b',
	TYPE_INT = 'i',   /* from -1 on */
	TYPE_COUNT = 'n', /* from 0 on */
	TYPE_PORT = 'p',
	/* strings */
	TYPE_STRING = 's',
	TYPE_CHOICE = 'c', /* one of those in `standard` */
	TYPE_SIZE = 'z',   /* such as 64M; may be a number */
	TYPE_IP4 = '4',
	TYPE_IP6 = '6',
	TYPE_IP = 'a',
	TYPE_CIDR4 = '5', /* an address with its prefix length */
	TYPE_CIDR6 = '7',
	/* lists */
	TYPE_STRINGS = 'S',
	TYPE_LABELS = 'L', /* of NAME=VALUE */
	TYPE_URLS = 'U',   /* of http:// and https:// */
	TYPE_IPS = 'A',
	TYPE_POOLS = 'P',  /* of {"base": CIDR, "size": INT} */
	/* objects: of strings, of true or false, of objects, ... */
	TYPE_STRING_MAP = 'm',
	TYPE_BOOL_MAP = 'f',
	TYPE_OBJECT_MAP = 'o',
	TYPE_STRING_MAPS = 'M', /* of objects of strings */
	TYPE_OBJECT = 'O',      /* of all kinds */
};

enum { DOCKER_KEYS = 88 };

/* The strings lie in the table and end in a space or newline. */
struct docker_key {
	const char *name;
	size_t len;            /* of the name */
	enum docker_type type;
	unsigned since;        /* 282: dockerd 28.2; 0: before 23 */
	bool reload;           /* SIGHUP is enough */
	const char *standard;  /* the default; of a choice all, |-separated,
				* the default first */
	int index;             /* its place among the keys */
};

/* The key of that name: false when dockerd has none. */
bool docker_key(const char *name, size_t len, struct docker_key *k);
/* Steps through them all; start with {0}. */
bool docker_next_key(struct docker_key *k);
/* The key most like the name: false when none is. */
bool docker_nearest(const char *name, size_t len, struct docker_key *k);
/* The key that a word of dockerd's command line ("--label=x", "-H") sets. */
bool docker_key_of_flag(const char *word, struct docker_key *k);

/* The type of a list's items, of an object's members. */
enum docker_type docker_member_type(enum docker_type type);
/* Whether such values are strings. */
bool docker_is_string(enum docker_type type);
/* "true or false", "a list of addresses", ... */
const char *docker_type_name(enum docker_type type);

#endif
