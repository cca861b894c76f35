#include "keys.h"

#include <string.h>

/* TYPE FLAG NAME, SINCE, DEFAULT.  The flag: * for those that SIGHUP reloads,
 * ! for those about the firewall.  Strings, for pointers to them would take as
 * much room again. */
static const char table[] =
	"b allow-direct-routing\0" "28.2\0" "false\0"
	"S*authorization-plugins\0\0\0"
	"5 bip\0\0\0"
	"7 bip6\0" "28.0\0\0"
	"s bridge\0\0\0"
	"s bridge-accept-fwmark\0" "29.0\0\0"
	"O builder\0\0\0"
	"S cdi-spec-dirs\0" "25.0\0" "[/etc/cdi,/var/run/cdi]\0"
	"s cgroup-parent\0\0\0"
	"s containerd\0\0\0"
	"s containerd-namespace\0\0" "moby\0"
	"i cpu-rt-period\0\0" "0\0"
	"i cpu-rt-runtime\0\0" "0\0"
	"b cri-containerd\0\0" "false\0"
	"s data-root\0\0" "/var/lib/docker\0"
	"b*debug\0\0" "false\0"
	"P default-address-pools\0\0\0"
	"c*default-cgroupns-mode\0\0" ", private, host\0"
	"4 default-gateway\0\0\0"
	"6 default-gateway-v6\0\0\0"
	"c*default-ipc-mode\0\0" "private, shareable\0"
	"M default-network-opts\0" "24.0\0\0"
	"s*default-runtime\0\0" "runc\0"
	"z*default-shm-size\0\0" "64M\0"
	"n*default-stop-timeout\0" "29.7\0" "10\0"
	"o default-ulimits\0\0\0"
	"A dns\0\0\0"
	"S dns-opts\0\0\0"
	"S dns-search\0\0\0"
	"L exec-opts\0\0\0"
	"s exec-root\0\0" "/var/run/docker\0"
	"b experimental\0\0" "false\0"
	"f*features\0\0\0"
	"c firewall-backend\0" "29.0\0" ", iptables, nftables\0"
	"5 fixed-cidr\0\0\0"
	"7 fixed-cidr-v6\0\0\0"
	"s group\0\0" "docker\0"
	"a host-gateway-ip\0\0\0"
	"A host-gateway-ips\0" "28.0\0\0"
	"S hosts\0\0" "[unix:///var/run/docker.sock]\0"
	"b!icc\0\0" "true\0"
	"b init\0\0" "false\0"
	"s init-path\0\0\0"
	"S*insecure-registries\0\0\0"
	"a ip\0\0" "0.0.0.0\0"
	"b!ip-forward\0\0" "true\0"
	"b ip-forward-no-drop\0" "28.0\0" "false\0"
	"b!ip-masq\0\0" "true\0"
	"b!ip6tables\0\0" "true\0"
	"b!iptables\0\0" "true\0"
	"b ipv6\0\0" "false\0"
	"L*labels\0\0\0"
	"b*live-restore\0\0" "false\0"
	"s log-driver\0\0" "json-file\0"
	"c log-format\0" "25.0\0" "text, json\0"
	"c log-level\0\0" "info, debug, warn, error, fatal, panic, trace\0"
	"m log-opts\0\0\0"
	"n*max-concurrent-downloads\0\0" "3\0"
	"n*max-concurrent-uploads\0\0" "5\0"
	"n*max-download-attempts\0\0" "5\0"
	"s metrics-addr\0\0\0"
	"s min-api-version\0" "29.0\0" "1.40\0"
	"n mtu\0\0" "1500\0"
	"n network-control-plane-mtu\0\0" "1500\0"
	"p*network-diagnostic-port\0\0" "0\0"
	"b no-new-privileges\0\0" "false\0"
	"L node-generic-resources\0\0\0"
	"O*nri-opts\0" "29.2\0\0"
	"s pidfile\0\0" "/var/run/docker.pid\0"
	"x proxies\0" "23.0\0\0"
	"b raw-logs\0\0" "false\0"
	"U*registry-mirrors\0\0\0"
	"b rootless\0\0" "false\0"
	"o*runtimes\0\0\0"
	"s seccomp-profile\0\0" "builtin\0"
	"b selinux-enabled\0\0" "false\0"
	"i*shutdown-timeout\0\0" "15\0"
	"s storage-driver\0\0\0"
	"S storage-opts\0\0\0"
	"s swarm-default-advertise-addr\0\0\0"
	"b tls\0\0" "false\0"
	"s tlscacert\0\0\0"
	"s tlscert\0\0\0"
	"s tlskey\0\0\0"
	"b tlsverify\0\0" "false\0"
	"b!userland-proxy\0\0" "true\0"
	"s userland-proxy-path\0\0\0"
	"s userns-remap\0\0\0";

bool docker_next_key(struct docker_key *k)
{
	const char *s = table;

	if (k->name) {
		s = k->standard + strlen(k->standard) + 1;
		k->index++;
	}
	if (!*s)
		return false;
	k->name = s + 2;
	k->since = k->name + strlen(k->name) + 1;
	k->standard = k->since + strlen(k->since) + 1;
	return true;
}

bool docker_key(const char *name, size_t len, struct docker_key *k)
{
	*k = (struct docker_key){0};
	while (docker_next_key(k))
		if (strlen(k->name) == len && !memcmp(k->name, name, len))
			return true;
	return false;
}

char docker_type(const struct docker_key *k)
{
	return k->name[-2];
}

bool docker_reloads(const struct docker_key *k)
{
	return k->name[-1] == '*';
}

bool docker_of_firewall(const struct docker_key *k)
{
	return k->name[-1] == '!';
}

/* Capitals and '_' are what a slip of the hand leaves of a name. */
static int folded(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : c;
}

static unsigned lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters to put in, take out or change to get from a to b. */
static unsigned distance(const char *a, size_t a_len, const char *b)
{
	unsigned row[40], corner, above; /* longer than any key */
	size_t i, j = 0;

	do
		row[j] = (unsigned)j;
	while (b[j++]);
	for (i = 0; i < a_len; i++) {
		corner = row[0]++;
		for (j = 0; b[j]; j++) {
			above = row[j + 1];
			corner += folded(a[i]) != folded(b[j]);
			row[j + 1] = lesser(corner,
					    lesser(row[j], above) + 1);
			corner = above;
		}
	}
	return row[strlen(b)];
}

int docker_unknown(const char *name, size_t len, struct err *e)
{
	static const char no_key[] =
		"no key of dockerd, which does not start with it";
	unsigned far, best = len < 3 ? 1 : len < 6 ? 2 : (unsigned)len / 3 + 1;
	const char *nearest = NULL;
	struct docker_key k = {0};

	while (len < 40 && docker_next_key(&k)) {
		far = distance(name, len, k.name);
		if (far <= best) {
			best = far;
			nearest = k.name;
		}
	}
	if (!nearest)
		return err_set(e, "%s", no_key);
	return err_set(e, "%s: did you mean '%s'?", no_key, nearest);
}

/* Whether the flag is the key, or its singular. */
static bool is_flag_of(const char *flag, size_t len, const char *key)
{
	if (strncmp(flag, key, --len))
		return false;
	key += len;
	return flag[len] == 'y' ? !strcmp(key, "ies") || !strcmp(key, "y")
				: *key == flag[len] &&
				  (!key[1] || !strcmp(key + 1, "s"));
}

bool docker_key_of_flag(const char *word, struct docker_key *k)
{
	static const char shorts[] = "bbridge Ddebug Ggroup Hhosts llog-level "
				     "ppidfile sstorage-driver ";
	const char *s = shorts;

	*k = (struct docker_key){0};
	if (*word++ != '-')
		return false;
	if (*word++ != '-') {
		while (*s && *s != word[-1])
			s += strcspn(s, " ") + 1;
		return *s && docker_key(s + 1, strcspn(s + 1, " "), k);
	}
	while (*word && *word != '=' && docker_next_key(k))
		if (is_flag_of(word, strcspn(word, "="), k->name))
			return true;
	return false;
}

const char *docker_type_text(char type)
{
	static const char texts[] =
		"b1-true or false\0"
		"i2-a whole number\0"
		"n2-a whole number from 0 on\0"
		"p2-a port from 0 to 65535\0"
		"s3-a string\0"
		"c3-one of \0"
		"z3-a size such as 64M\0"
		"43-an IPv4 address\0"
		"63-an IPv6 address\0"
		"a3-an address\0"
		"53-an address such as 10.1.0.1/24\0"
		"73-an address such as 2001:db8::1/64\0"
		"C3-\0" /* either of them */
		"l3-\0" /* items of L, U, P */
		"u3-\0"
		"q5-{\"base\": NETWORK, \"size\": LENGTH}\0"
		"S4sa list of strings\0"
		"L4la list of NAME=VALUE strings\0"
		"U4ua list of http:// or https:// addresses\0"
		"A4aa list of addresses\0"
		"P4qa list of {\"base\": NETWORK, \"size\": LENGTH}\0"
		"m5san object of strings\0"
		"x5san object of http-proxy, https-proxy and no-proxy\0"
		"f5ban object of true or false\0"
		"o5Oan object of objects\0"
		"M5man object of objects of strings\0"
		"O5-an object\0"
		"-0-JSON";
	const char *s = texts, *last;

	last = texts + sizeof(texts) - sizeof("-0-JSON");
	while (s < last && *s != type)
		s += strlen(s) + 1;
	return s;
}
