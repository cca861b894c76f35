#include "services.h"

#include <string.h>

#include "../../config.h"
#include "../base/file.h"
#include "../base/num.h"

enum { SERVICES_MAX = 4 << 20 };

/* The names this binary knows, in the file's format; any: tcp and udp. */
static const char builtin[] =
	"echo 7/any\n" "discard 9/any sink\n" "daytime 13/tcp\n"
	"ftp-data 20/tcp\n" "ftp 21/tcp\n" "ssh 22/tcp\n" "telnet 23/tcp\n"
	"smtp 25/tcp mail\n" "time 37/any\n" "whois 43/tcp nicname\n"
	"tacacs 49/any\n" "domain 53/any\n" "bootps 67/udp\n"
	"bootpc 68/udp\n" "tftp 69/udp\n" "gopher 70/tcp\n" "finger 79/tcp\n"
	"http 80/tcp www\n" "kerberos 88/any\n" "pop3 110/tcp pop-3\n"
	"sunrpc 111/any portmapper\n" "auth 113/tcp ident\n" "nntp 119/tcp\n"
	"ntp 123/udp\n" "netbios-ns 137/udp\n" "netbios-dgm 138/udp\n"
	"netbios-ssn 139/tcp\n" "imap2 143/tcp imap\n" "snmp 161/any\n"
	"snmp-trap 162/any snmptrap\n" "bgp 179/tcp\n" "irc 194/any\n"
	"ldap 389/any\n" "https 443/any\n" "microsoft-ds 445/tcp\n"
	"kpasswd 464/any\n" "submissions 465/tcp smtps\n" "isakmp 500/udp\n"
	"exec 512/tcp\n" "login 513/tcp\n" "shell 514/tcp\n"
	"syslog 514/udp\n" "printer 515/tcp\n" "dhcpv6-client 546/udp\n"
	"dhcpv6-server 547/udp\n" "rtsp 554/any\n" "nntps 563/tcp\n"
	"submission 587/tcp\n" "ipp 631/tcp\n" "ldaps 636/tcp\n"
	"domain-s 853/any\n" "rsync 873/tcp\n" "ftps-data 989/tcp\n"
	"ftps 990/tcp\n" "telnets 992/tcp\n" "imaps 993/tcp\n"
	"ircs 994/tcp\n" "pop3s 995/tcp\n" "socks 1080/tcp\n"
	"openvpn 1194/any\n" "ms-sql-s 1433/tcp\n" "l2f 1701/udp l2tp\n"
	"radius 1812/udp\n" "radius-acct 1813/udp\n" "mqtt 1883/tcp\n"
	"nfs 2049/any\n" "docker 2375/tcp\n" "docker-s 2376/tcp\n"
	"iscsi-target 3260/tcp\n" "mysql 3306/tcp\n"
	"ms-wbt-server 3389/tcp rdp\n" "nut 3493/tcp\n" "svn 3690/tcp\n"
	"ipsec-nat-t 4500/udp\n" "sip 5060/any\n" "sip-tls 5061/tcp\n"
	"xmpp-client 5222/tcp\n" "xmpp-server 5269/tcp\n" "mdns 5353/udp\n"
	"postgresql 5432/tcp postgres\n" "amqp 5672/tcp\n" "vnc 5900/tcp\n"
	"redis 6379/tcp\n" "ircd 6667/tcp\n" "http-alt 8080/tcp webcache\n"
	"secure-mqtt 8883/tcp\n" "git 9418/tcp\n" "zabbix-agent 10050/tcp\n"
	"memcached 11211/tcp\n" "mongodb 27017/tcp\n" "wireguard 51820/udp\n";

static const char *token(const char **at, const char *end, size_t *len)
{
	const char *s = *at, *start;

	while (s < end && memchr(" \t\r\f\v", *s, 5))
		s++;
	start = s;
	while (s < end && !memchr(" \t\r\f\v", *s, 5))
		s++;
	*at = s;
	*len = (size_t)(s - start);
	return start;
}

/* Does the line name it, and if so for which port and protocol? */
static bool line_has(const char *s, const char *end, const char *name,
		     size_t len, unsigned *port, const char **proto)
{
	const char *word = token(&s, end, &(size_t){0}), *slash;
	bool found;
	size_t n, digits;

	found = (size_t)(s - word) == len && !memcmp(word, name, len);
	word = token(&s, end, &n);
	slash = memchr(word, '/', n);
	digits = slash ? (size_t)(slash - word) : 0;
	if (!num_parse(word, digits, UINT16_MAX, port))
		return false;
	*proto = slash + 1;
	while (!found && (word = token(&s, end, &n)) && n)
		found = n == len && !memcmp(word, name, len);
	return found;
}

static bool proto_is(const char *s, const char *end, const char *proto)
{
	size_t n = strcspn(s, " \t\r\f\v#\n");

	return s + n <= end && n == 3 &&
	       (!memcmp(s, proto, 3) || !memcmp(s, "any", 3));
}

/* Looks at the lines alone that have the name's bytes: a long list of rules
 * asks thousands of times. */
static bool text_find(const char *text, const char *name, size_t len,
		      struct service *out)
{
	const char *last = text + strlen(text), *at = text;
	bool found = false;

	*out = (struct service){0};
	while (len && (at = memmem(at, (size_t)(last - at), name, len))) {
		const char *end = at + strcspn(at, "\n"), *line = at, *proto;
		unsigned port;

		while (line > text && line[-1] != '\n')
			line--;
		at = end + (end < last);
		end = line + strcspn(line, "#\n");
		if (!line_has(line, end, name, len, &port, &proto))
			continue;
		if (!found)
			out->port = (uint16_t)port;
		found = true;
		out->tcp |= proto_is(proto, end, "tcp");
		out->udp |= proto_is(proto, end, "udp");
	}
	return found;
}

bool service_listed(struct names *n, const char *name, size_t len,
		    struct service *out)
{
	struct err ignored;

	if (!n->have_services) {
		n->have_services = true;
		if (file_read(n->services ? n->services : NAMES_SERVICES,
			      SERVICES_MAX, &n->services_text, &ignored) < 0)
			buf_free(&n->services_text);
	}
	return n->services_text.data &&
	       text_find(n->services_text.data, name, len, out);
}

bool service_builtin(const char *name, size_t len, struct service *out)
{
	return text_find(builtin, name, len, out);
}

bool service_find(struct names *n, const char *name, size_t len,
		  struct service *out)
{
	return service_listed(n, name, len, out) ||
	       service_builtin(name, len, out);
}
