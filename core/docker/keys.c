#include "keys.h"
#include "../base/num.h"

#include <string.h>

/* NAME TYPE[*] [SINCE [DEFAULT]]; * for those that SIGHUP reloads.  As text,
 * for an array of structs would take twice the room. */
static const char table[] =
	"allow-direct-routing b 282 false\n"
	"authorization-plugins S*\n"
	"bip 5\n"
	"bip6 7 280\n"
	"bridge s\n"
	"bridge-accept-fwmark s 290\n"
	"builder O\n"
	"cdi-spec-dirs S 250 [/etc/cdi,/var/run/cdi]\n"
	"cgroup-parent s\n"
	"containerd s\n"
	"containerd-namespace s 0 moby\n"
	"cpu-rt-period i 0 0\n"
	"cpu-rt-runtime i 0 0\n"
	"cri-containerd b 0 false\n"
	"data-root s 0 /var/lib/docker\n"
	"debug b* 0 false\n"
	"default-address-pools P\n"
	"default-cgroupns-mode c* 0 |private|host\n"
	"default-gateway 4\n"
	"default-gateway-v6 6\n"
	"default-ipc-mode c* 0 private|shareable\n"
	"default-network-opts M 240\n"
	"default-runtime s* 0 runc\n"
	"default-shm-size z* 0 64M\n"
	"default-stop-timeout n* 297 10\n"
	"default-ulimits o\n"
	"dns A\n"
	"dns-opts S\n"
	"dns-search S\n"
	"exec-opts L\n"
	"exec-root s 0 /var/run/docker\n"
	"experimental b 0 false\n"
	"features f\n"
	"firewall-backend c 290 |iptables|nftables\n"
	"fixed-cidr 5\n"
	"fixed-cidr-v6 7\n"
	"group s 0 docker\n"
	"host-gateway-ip a\n"
	"host-gateway-ips A 280\n"
	"hosts S 0 [unix:///var/run/docker.sock]\n"
	"icc b 0 true\n"
	"init b 0 false\n"
	"init-path s\n"
	"insecure-registries S*\n"
	"ip a 0 0.0.0.0\n"
	"ip-forward b 0 true\n"
	"ip-forward-no-drop b 280 false\n"
	"ip-masq b 0 true\n"
	"ip6tables b 0 true\n"
	"iptables b 0 true\n"
	"ipv6 b 0 false\n"
	"labels L*\n"
	"live-restore b* 0 false\n"
	"log-driver s 0 json-file\n"
	"log-format c 250 text|json\n"
	"log-level c 0 info|debug|warn|error|fatal|panic|trace\n"
	"log-opts m\n"
	"max-concurrent-downloads n* 0 3\n"
	"max-concurrent-uploads n* 0 5\n"
	"max-download-attempts n* 0 5\n"
	"metrics-addr s\n"
	"min-api-version s 290 1.40\n"
	"mtu n 0 1500\n"
	"network-control-plane-mtu n 0 1500\n"
	"network-diagnostic-port p* 0 0\n"
	"no-new-privileges b 0 false\n"
	"node-generic-resources L\n"
	"nri-opts O* 292\n"
	"pidfile s 0 /var/run/docker.pid\n"
	"proxies m 230\n"
	"raw-logs b 0 false\n"
	"registry-mirrors U*\n"
	"rootless b 0 false\n"
	"runtimes o*\n"
	"seccomp-profile s 0 builtin\n"
	"selinux-enabled b 0 false\n"
	"shutdown-timeout i* 0 15\n"
	"storage-driver s\n"
	"storage-opts S\n"
	"swarm-default-advertise-addr s\n"
	"tls b 0 false\n"
	"tlscacert s\n"
	"tlscert s\n"
	"tlskey s\n"
	"tlsverify b 0 false\n"
	"userland-proxy b 0 true\n"
	"userland-proxy-path s\n"
	"userns-remap s\n";

bool docker_next_key(struct docker_key *k)
{
	const char *s = k->standard, *end;

	k->index = s ? k->index + 1 : 0;
	s = s ? s + strcspn(s, "\n") + 1 : table;
	if (!*s)
		return false;
	k->name = s;
	k->len = strcspn(s, " ");
	s += k->len + 1;
	k->type = (enum docker_type)*s++;
	k->reload = *s == '*';
	s += k->reload;
	k->since = 0;
	if (*s == ' ') {
		s++;
		end = s + strspn(s, "0123456789");
		num_parse(s, (size_t)(end - s), 9999, &k->since);
		s = end;
	}
	k->standard = s + (*s == ' ');
	return true;
}

bool docker_key(const char *name, size_t len, struct docker_key *k)
{
	*k = (struct docker_key){ 0 };
	while (docker_next_key(k))
		if (k->len == len && !memcmp(k->name, name, len))
			return true;
	return false;
}

/* Capitals and '_' are what a slip of the hand leaves of a name. */
static int folded(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : c;
}

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters to put in, take out or change to get from a to b. */
static size_t distance(const char *a, size_t a_len, const char *b,
		       size_t b_len)
{
	size_t row[40], i, j, corner, above;

	for (j = 0; j <= b_len; j++)
		row[j] = j;
	for (i = 0; i < a_len; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; j < b_len; j++) {
			above = row[j + 1];
			corner += folded(a[i]) != folded(b[j]);
			row[j + 1] = lesser(corner,
					    lesser(row[j], above) + 1);
			corner = above;
		}
	}
	return row[b_len];
}

bool docker_nearest(const char *name, size_t len, struct docker_key *nearest)
{
	size_t far, best = len < 3 ? len / 2 : len < 6 ? 2 : len / 3 + 1;
	struct docker_key k = { 0 };
	bool found = false;

	while (len <= 40 && docker_next_key(&k)) {
		far = distance(name, len, k.name, k.len);
		if (far < best || (far == best && !found)) {
			best = far;
			*nearest = k;
			found = true;
		}
	}
	return found;
}

/* Whether the flag is the key, or its singular. */
static bool is_flag_of(const char *flag, size_t len, const struct docker_key *k)
{
	if (k->len == len || (k->len == len + 1 && k->name[len] == 's'))
		return !memcmp(flag, k->name, len);
	return k->len == len + 2 && flag[len - 1] == 'y' &&
	       !memcmp(k->name + len - 1, "ies", 3) &&
	       !memcmp(flag, k->name, len - 1);
}

bool docker_key_of_flag(const char *word, struct docker_key *k)
{
	static const char shorts[] = "b bridge D debug G group H host "
				     "l log-level p pidfile s storage-driver ";
	const char *s;
	size_t len;

	*k = (struct docker_key){ 0 };
	if (*word++ != '-' || !*word)
		return false;
	len = strcspn(word, "=");
	if (*word == '-') {
		word++;
		len--;
	} else {
		for (s = shorts; *s && *s != *word; s += 3 + len)
			len = strcspn(s + 2, " ");
		if (!*s)
			return false;
		word = s + 2;
		len = strcspn(word, " ");
	}
	if (len == 11 && !memcmp(word, "add-runtime", 11))
		return docker_key("runtimes", 8, k);
	while (len && docker_next_key(k))
		if (is_flag_of(word, len, k))
			return true;
	return false;
}

enum docker_type docker_member_type(enum docker_type type)
{
	static const char pairs[] = "SsLsUsmsAafbMmoOPO";
	const char *s;

	for (s = pairs; *s; s += 2)
		if (*s == (char)type)
			return (enum docker_type)s[1];
	return TYPE_ANY;
}

bool docker_is_string(enum docker_type type)
{
	return type != TYPE_ANY && strchr("scz46a57", (char)type);
}

const char *docker_type_name(enum docker_type type)
{
	static const char names[] =
		"btrue or false\0"
		"ia whole number\0"
		"na whole number from 0 on\0"
		"pa port from 0 to 65535\0"
		"sa string\0"
		"cone of \0"
		"za size such as 64M\0"
		"4an IPv4 address\0"
		"6an IPv6 address\0"
		"aan address\0"
		"5an address such as 10.1.0.1/24\0"
		"7an address such as 2001:db8::1/64\0"
		"Sa list of strings\0"
		"La list of NAME=VALUE strings\0"
		"Ua list of http:// or https:// addresses\0"
		"Aa list of addresses\0"
		"Pa list of {\"base\": NETWORK, \"size\": LENGTH}\0"
		"man object of strings\0"
		"fan object of true or false\0"
		"oan object of objects\0"
		"Man object of objects of strings\0"
		"Oan object\0";
	const char *s;

	for (s = names; s < names + sizeof(names) - 1; s += strlen(s) + 1)
		if (*s == (char)type)
			return s + 1;
	return "a value";
}
