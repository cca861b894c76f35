#include "keys.h"

#include <string.h>

#define BOOL(name, since, standard) \
	{ name, standard, "", TYPE_BOOL, 0, since }
#define KEY(name, since, type, standard) \
	{ name, standard, "", type, 0, since }
#define LIVE(name, since, type, standard) \
	{ name, standard, "", type, 1, since }
#define CHOICE(name, since, standard, choice, live) \
	{ name, standard, choice, TYPE_CHOICE, live, since }

const struct docker_key docker_keys[] = {
	BOOL("allow-direct-routing", 282, "false"),
	LIVE("authorization-plugins", 0, TYPE_STRINGS, "[]"),
	KEY("bip", 0, TYPE_CIDR4, ""),
	KEY("bip6", 280, TYPE_CIDR6, ""),
	KEY("bridge", 0, TYPE_STRING, ""),
	KEY("bridge-accept-fwmark", 290, TYPE_STRING, ""),
	KEY("builder", 0, TYPE_OBJECT, "{}"),
	KEY("cdi-spec-dirs", 250, TYPE_STRINGS,
	    "[\"/etc/cdi\",\"/var/run/cdi\"]"),
	KEY("cgroup-parent", 0, TYPE_STRING, ""),
	KEY("containerd", 0, TYPE_STRING, ""),
	KEY("containerd-namespace", 0, TYPE_STRING, "\"moby\""),
	KEY("cpu-rt-period", 0, TYPE_INT, "0"),
	KEY("cpu-rt-runtime", 0, TYPE_INT, "0"),
	BOOL("cri-containerd", 0, "false"),
	KEY("data-root", 0, TYPE_STRING, "\"/var/lib/docker\""),
	LIVE("debug", 0, TYPE_BOOL, "false"),
	KEY("default-address-pools", 0, TYPE_POOLS, ""),
	CHOICE("default-cgroupns-mode", 0, "", "private|host", 1),
	KEY("default-gateway", 0, TYPE_IP4, ""),
	KEY("default-gateway-v6", 0, TYPE_IP6, ""),
	CHOICE("default-ipc-mode", 0, "\"private\"", "private|shareable", 1),
	KEY("default-network-opts", 240, TYPE_STRING_MAPS, "{}"),
	LIVE("default-runtime", 0, TYPE_STRING, "\"runc\""),
	LIVE("default-shm-size", 0, TYPE_SIZE, "\"64M\""),
	LIVE("default-stop-timeout", 297, TYPE_COUNT, "10"),
	KEY("default-ulimits", 0, TYPE_OBJECT_MAP, "{}"),
	KEY("dns", 0, TYPE_IPS, "[]"),
	KEY("dns-opts", 0, TYPE_STRINGS, "[]"),
	KEY("dns-search", 0, TYPE_STRINGS, "[]"),
	KEY("exec-opts", 0, TYPE_LABELS, "[]"),
	KEY("exec-root", 0, TYPE_STRING, "\"/var/run/docker\""),
	BOOL("experimental", 0, "false"),
	KEY("features", 0, TYPE_BOOL_MAP, "{}"),
	CHOICE("firewall-backend", 290, "", "iptables|nftables", 0),
	KEY("fixed-cidr", 0, TYPE_CIDR4, ""),
	KEY("fixed-cidr-v6", 0, TYPE_CIDR6, ""),
	KEY("group", 0, TYPE_STRING, "\"docker\""),
	KEY("host-gateway-ip", 0, TYPE_IP, ""),
	KEY("host-gateway-ips", 280, TYPE_IPS, "[]"),
	KEY("hosts", 0, TYPE_STRINGS, "[\"unix:///var/run/docker.sock\"]"),
	BOOL("icc", 0, "true"),
	BOOL("init", 0, "false"),
	KEY("init-path", 0, TYPE_STRING, ""),
	LIVE("insecure-registries", 0, TYPE_STRINGS, "[]"),
	KEY("ip", 0, TYPE_IP, "\"0.0.0.0\""),
	BOOL("ip-forward", 0, "true"),
	BOOL("ip-forward-no-drop", 280, "false"),
	BOOL("ip-masq", 0, "true"),
	BOOL("ip6tables", 0, "true"),
	BOOL("iptables", 0, "true"),
	BOOL("ipv6", 0, "false"),
	LIVE("labels", 0, TYPE_LABELS, "[]"),
	LIVE("live-restore", 0, TYPE_BOOL, "false"),
	KEY("log-driver", 0, TYPE_STRING, "\"json-file\""),
	CHOICE("log-format", 250, "\"text\"", "text|json", 0),
	CHOICE("log-level", 0, "\"info\"",
	       "debug|info|warn|error|fatal|panic|trace", 0),
	KEY("log-opts", 0, TYPE_STRING_MAP, "{}"),
	LIVE("max-concurrent-downloads", 0, TYPE_COUNT, "3"),
	LIVE("max-concurrent-uploads", 0, TYPE_COUNT, "5"),
	LIVE("max-download-attempts", 0, TYPE_COUNT, "5"),
	KEY("metrics-addr", 0, TYPE_STRING, ""),
	KEY("min-api-version", 290, TYPE_STRING, "\"1.40\""),
	KEY("mtu", 0, TYPE_COUNT, "1500"),
	KEY("network-control-plane-mtu", 0, TYPE_COUNT, "1500"),
	LIVE("network-diagnostic-port", 0, TYPE_PORT, "0"),
	BOOL("no-new-privileges", 0, "false"),
	KEY("node-generic-resources", 0, TYPE_LABELS, "[]"),
	LIVE("nri-opts", 292, TYPE_OBJECT, "{}"),
	KEY("pidfile", 0, TYPE_STRING, "\"/var/run/docker.pid\""),
	KEY("proxies", 230, TYPE_STRING_MAP, "{}"),
	BOOL("raw-logs", 0, "false"),
	LIVE("registry-mirrors", 0, TYPE_URLS, "[]"),
	BOOL("rootless", 0, "false"),
	LIVE("runtimes", 0, TYPE_OBJECT_MAP, "{}"),
	KEY("seccomp-profile", 0, TYPE_STRING, "\"builtin\""),
	BOOL("selinux-enabled", 0, "false"),
	LIVE("shutdown-timeout", 0, TYPE_INT, "15"),
	KEY("storage-driver", 0, TYPE_STRING, ""),
	KEY("storage-opts", 0, TYPE_STRINGS, "[]"),
	KEY("swarm-default-advertise-addr", 0, TYPE_STRING, ""),
	BOOL("tls", 0, "false"),
	KEY("tlscacert", 0, TYPE_STRING, ""),
	KEY("tlscert", 0, TYPE_STRING, ""),
	KEY("tlskey", 0, TYPE_STRING, ""),
	BOOL("tlsverify", 0, "false"),
	BOOL("userland-proxy", 0, "true"),
	KEY("userland-proxy-path", 0, TYPE_STRING, ""),
	KEY("userns-remap", 0, TYPE_STRING, ""),
	{ 0 }
};

const struct docker_key *docker_key(const char *name, size_t len)
{
	const struct docker_key *k;

	for (k = docker_keys; k->name; k++)
		if (strlen(k->name) == len && !memcmp(k->name, name, len))
			return k;
	return NULL;
}

/* 'A' as 'a', '_' as '-': what a slip of the hand leaves of a name. */
static int folded(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : c;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters to put in, take out or change to get from a to b. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
	size_t row[40], i, j, b_len = strlen(b), corner, old;

	for (j = 0; j <= b_len; j++)
		row[j] = j;
	for (i = 0; i < a_len; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; j < b_len; j++) {
			old = row[j + 1];
			row[j + 1] = least(row[j] + 1, old + 1, corner +
					   (folded(a[i]) != folded(b[j])));
			corner = old;
		}
	}
	return row[b_len];
}

const char *docker_nearest(const char *name, size_t len)
{
	size_t far, best = len < 6 ? 2 : len / 3 + 1;
	const struct docker_key *k;
	const char *nearest = NULL;

	if (len > 40)
		return NULL;
	for (k = docker_keys; k->name; k++) {
		far = distance(name, len, k->name);
		if (far < best || (far == best && !nearest)) {
			best = far;
			nearest = k->name;
		}
	}
	return nearest;
}

enum docker_type docker_member_type(enum docker_type type)
{
	switch (type) {
	case TYPE_STRINGS:
	case TYPE_LABELS:
	case TYPE_URLS:
	case TYPE_STRING_MAP:
		return TYPE_STRING;
	case TYPE_IPS:
		return TYPE_IP;
	case TYPE_BOOL_MAP:
		return TYPE_BOOL;
	case TYPE_STRING_MAPS:
		return TYPE_STRING_MAP;
	case TYPE_OBJECT_MAP:
	case TYPE_POOLS:
		return TYPE_OBJECT;
	default:
		return TYPE_ANY;
	}
}

bool docker_type_is_string(enum docker_type type)
{
	return type >= TYPE_STRING && type <= TYPE_CIDR6;
}

const char *docker_type_name(enum docker_type type)
{
	static const char *const names[] = {
		"any value",
		"true or false",
		"a whole number",
		"a whole number from 0 on",
		"a port from 0 to 65535",
		"a string",
		"one of",
		"a size such as \"64M\"",
		"an IPv4 address",
		"an IPv6 address",
		"an address",
		"an IPv4 address with its length, such as 10.1.0.1/24",
		"an IPv6 address with its length, such as 2001:db8::1/64",
		"a list of strings",
		"a list of NAME=VALUE strings",
		"a list of http:// or https:// addresses",
		"a list of addresses",
		"a list of {\"base\": NETWORK, \"size\": LENGTH}",
		"an object of strings",
		"an object of true or false",
		"an object of objects",
		"an object of objects of strings",
		"an object",
	};

	return names[type];
}

/* Whether the flag is the key, or its singular. */
static bool is_flag_of(const char *flag, size_t len, const char *key)
{
	size_t key_len = strlen(key);

	if (key_len == len || (key_len == len + 1 && key[len] == 's'))
		return !memcmp(flag, key, len);
	return key_len == len + 2 && flag[len - 1] == 'y' &&
	       !strcmp(key + len - 1, "ies") && !memcmp(flag, key, len - 1);
}

const struct docker_key *docker_key_of_flag(const char *word)
{
	static const char letters[] = "bDGHlps";
	static const char *const names[] = { "bridge", "debug", "group",
					     "hosts", "log-level", "pidfile",
					     "storage-driver" };
	const struct docker_key *k;
	const char *letter;
	size_t len;

	if (word[0] != '-' || !word[1])
		return NULL;
	if (word[1] != '-') {
		letter = strchr(letters, word[1]);
		return letter ? docker_key(names[letter - letters],
					   strlen(names[letter - letters]))
			      : NULL;
	}
	word += 2;
	len = strcspn(word, "=");
	if (len == 11 && !memcmp(word, "add-runtime", 11))
		return docker_key("runtimes", 8);
	for (k = docker_keys; k->name && len; k++)
		if (is_flag_of(word, len, k->name))
			return k;
	return NULL;
}
