#include "services.h"

#include <string.h>

#include "../../config.h"
#include "../base/choose.h"
#include "../base/file.h"
#include "../base/num.h"

enum { SERVICES_MAX = 4 << 20 };

/* The names this binary knows, in the file's format, but tcp is left
 * out; any: tcp and udp. */
static const char builtin[] =
	"echo 7/any\n" "discard 9/any sink\n" "daytime 13\n" "ftp-data 20\n"
	"ftp 21\n" "ssh 22\n" "telnet 23\n" "smtp 25 mail\n" "time 37/any\n"
	"whois 43 nicname\n" "tacacs 49/any\n" "domain 53/any\n"
	"bootps 67/udp\n" "bootpc 68/udp\n" "tftp 69/udp\n" "gopher 70\n"
	"finger 79\n" "http 80 www\n" "kerberos 88/any\n" "pop3 110 pop-3\n"
	"sunrpc 111/any portmapper\n" "auth 113 ident\n" "nntp 119\n"
	"ntp 123/udp\n" "netbios-ns 137/udp\n" "netbios-dgm 138/udp\n"
	"netbios-ssn 139\n" "imap2 143 imap\n" "snmp 161/any\n"
	"snmp-trap 162/any snmptrap\n" "bgp 179\n" "irc 194/any\n"
	"ldap 389/any\n" "https 443/any\n" "microsoft-ds 445\n"
	"kpasswd 464/any\n" "submissions 465 smtps\n" "isakmp 500/udp\n"
	"exec 512\n" "login 513\n" "shell 514\n" "syslog 514/udp\n"
	"printer 515\n" "dhcpv6-client 546/udp\n" "dhcpv6-server 547/udp\n"
	"rtsp 554/any\n" "nntps 563\n" "submission 587\n" "ipp 631\n"
	"ldaps 636\n" "domain-s 853/any\n" "rsync 873\n" "ftps-data 989\n"
	"ftps 990\n" "telnets 992\n" "imaps 993\n" "ircs 994\n" "pop3s 995\n"
	"socks 1080\n" "openvpn 1194/any\n" "ms-sql-s 1433\n"
	"l2f 1701/udp l2tp\n" "radius 1812/udp\n" "radius-acct 1813/udp\n"
	"mqtt 1883\n" "nfs 2049/any\n" "docker 2375\n" "docker-s 2376\n"
	"iscsi-target 3260\n" "mysql 3306\n" "ms-wbt-server 3389 rdp\n"
	"nut 3493\n" "svn 3690\n" "ipsec-nat-t 4500/udp\n" "sip 5060/any\n"
	"sip-tls 5061\n" "xmpp-client 5222\n" "xmpp-server 5269\n"
	"mdns 5353/udp\n" "postgresql 5432 postgres\n" "amqp 5672\n"
	"vnc 5900\n" "redis 6379\n" "ircd 6667\n" "http-alt 8080 webcache\n"
	"secure-mqtt 8883\n" "git 9418\n" "zabbix-agent 10050\n"
	"memcached 11211\n" "mongodb 27017\n" "wireguard 51820/udp\n";

#define BLANK " \t\r\f\v"

/* The n bytes from the line's second word on: PORT/PROTO, or without the
 * last what `proto` says, NULL: nothing. */
static bool read_port(const char *s, size_t n, const char *proto,
		      struct service *out)
{
	size_t digits = strspn(s, "0123456789"), len = proto ? 3 : 0;
	unsigned port;

	if (!num_parse(s, digits, UINT16_MAX, &port))
		return false;
	if (s[digits] == '/') {
		proto = s + digits + 1;
		len = n - digits - 1;
	}
	out->port = (uint16_t)port;
	out->tcp = word_index("tcp, any", proto, len, false) >= 0;
	out->udp = word_index("udp, any", proto, len, false) >= 0;
	return proto && n >= digits;
}

/* Does the line name it, and if so for which port and protocol? */
static bool line_has(const char *s, const char *name, size_t len,
		     const char *proto, struct service *out)
{
	bool found = false;
	size_t n;
	int i;

	for (i = 0;; i++, s += n) {
		s += strspn(s, BLANK);
		n = strcspn(s, BLANK "#\n");
		if (!n)
			return found && i > 1;
		if (i != 1)
			found |= n == len && !memcmp(s, name, n);
		else if (!read_port(s, n, proto, out))
			return false;
	}
}

/* Looks at the lines alone that have the name's bytes: a long list of rules
 * asks thousands of times. */
static bool text_find(const char *text, size_t size, const char *name,
		      size_t len, const char *proto, struct service *out)
{
	const char *last = text + size, *at = text, *line;
	struct service one = {0};
	bool found = false;

	*out = (struct service){0};
	while (len && (at = memmem(at, (size_t)(last - at), name, len))) {
		for (line = at; line > text && line[-1] != '\n';)
			line--;
		at += strcspn(at, "\n");
		at += at < last;
		if (!line_has(line, name, len, proto, &one))
			continue;
		if (!found)
			out->port = one.port;
		out->tcp |= one.tcp;
		out->udp |= one.udp;
		found = true;
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
	return n->services_text.len && !memchr(name, ' ', len) &&
	       text_find(n->services_text.data, n->services_text.len, name,
			 len, NULL, out);
}

bool service_builtin(const char *name, size_t len, struct service *out)
{
	return text_find(builtin, sizeof(builtin) - 1, name, len, "tcp", out);
}

bool service_find(struct names *n, const char *name, size_t len,
		  struct service *out)
{
	return service_listed(n, name, len, out) ||
	       service_builtin(name, len, out);
}
