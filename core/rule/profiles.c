#include "profiles.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../config.h"
#include "../base/file.h"
#include "../base/num.h"
#include "ini.h"
#include "ports.h"
#include "proto.h"
#include "services.h"

/* What ufw reads of one folder, of a profile's name and of a field. */
enum { TEXT_MAX = 10 << 20, FIELD_MAX = 1024 };

/* Profiles for where no file has them; the name is the title too. */
static const char builtin[] =
	"[OpenSSH]\nports=22/tcp\n"
	"[SSH]\nports=22/tcp\n"
	"[WWW]\nports=80/tcp\n"
	"[WWW Secure]\nports=443/tcp\n"
	"[WWW Full]\nports=80,443/tcp\n"
	"[WWW Cache]\nports=8080/tcp\n"
	"[Nginx HTTP]\nports=80/tcp\n"
	"[Nginx HTTPS]\nports=443/tcp\n"
	"[Nginx Full]\nports=80,443/tcp\n"
	"[Nginx QUIC]\nports=443/udp\n"
	"[Apache]\nports=80/tcp\n"
	"[Apache Secure]\nports=443/tcp\n"
	"[Apache Full]\nports=80,443/tcp\n"
	"[DNS]\nports=53\n"
	"[SMTP]\nports=25/tcp\n"
	"[Mail submission]\nports=587/tcp\n"
	"[IMAP]\nports=143/tcp\n"
	"[IMAPS]\nports=993/tcp\n"
	"[POP3]\nports=110/tcp\n"
	"[POP3S]\nports=995/tcp\n"
	"[Postfix]\nports=25/tcp\n"
	"[Postfix SMTPS]\nports=465/tcp\n"
	"[Postfix Submission]\nports=587/tcp\n"
	"[Dovecot IMAP]\nports=143/tcp\n"
	"[Dovecot Secure IMAP]\nports=993/tcp\n"
	"[LDAP]\nports=389/tcp\n"
	"[LDAPS]\nports=636/tcp\n"
	"[Kerberos KDC]\nports=88\n"
	"[CUPS]\nports=631\n"
	"[NFS]\nports=2049,111/tcp|2049,111/udp\n"
	"[CIFS]\nports=137,138/udp|139,445/tcp\n"
	"[Samba]\nports=137,138/udp|139,445/tcp\n"
	"[Telnet]\nports=23/tcp\n"
	"[VNC]\nports=5900/tcp\n"
	"[WireGuard]\nports=51820/udp\n";

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* What Python's int() takes: digits, single underscores between them. */
static bool is_number(const char *s)
{
	size_t i;

	for (i = 0; s[i]; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';

		if (!digit && (s[i] != '_' || !i || s[i - 1] == '_'))
			return false;
	}
	return i && s[i - 1] != '_';
}

bool profile_name_valid(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!is_alnum(name[i]) && (!i || !strchr(" _-.+", name[i])))
			return false;
	return i && strcmp(name, "all") && !is_number(name);
}

static int spec_parse(struct port_spec *out, const char *s, size_t len,
		      struct names *names)
{
	const char *slash = memchr(s, '/', len);
	const struct proto *proto = proto_numbered(0);
	struct err ignored;
	size_t n = len;

	if (slash) {
		n = (size_t)(slash - s);
		proto = proto_named(slash + 1, len - n - 1);
	}
	if (!proto || proto->portless ||
	    (!proto->number && ports_multi(s, n)))
		return -1;
	out->proto = proto->number;
	out->ports = (struct ports){0};
	if (n == 3 && !memcmp(s, "any", n))
		return 0;
	return ports_parse(&out->ports, s, n, names, &ignored);
}

/* Cuts p->ports at the bars; 1, 0: wrong ports, -1: no memory. */
static int specs_parse(struct profile *p, struct names *names)
{
	const char *s;
	unsigned parts = 1;

	for (s = p->ports; *s; s++)
		parts += *s == '|';
	p->spec = calloc(parts, sizeof(*p->spec));
	if (!p->spec)
		return -1;
	for (s = p->ports; p->n_specs < parts; s++) {
		size_t len = strcspn(s, "|");

		if (spec_parse(&p->spec[p->n_specs], s, len, names)) {
			free(p->spec);
			p->spec = NULL;
			p->n_specs = 0;
			return 0;
		}
		p->n_specs++;
		s += len;
	}
	return 1;
}

static bool field_ok(const char *field)
{
	return field && *field && strlen(field) <= FIELD_MAX;
}

/* Is it a profile ufw would take?  1, 0: no, -1: no memory. */
static int check(struct profile *p, struct names *names)
{
	struct service service;

	if (p->builtin)
		p->title = p->description = p->name;
	if (strlen(p->name) > APP_NAME_MAX || !profile_name_valid(p->name) ||
	    service_listed(names, p->name, strlen(p->name), &service) ||
	    !field_ok(p->title) || !field_ok(p->description) ||
	    !field_ok(p->ports))
		return 0;
	return specs_parse(p, names);
}

/* Adds the profile; one of the same name goes. */
static int keep(struct names *n, const struct profile *p)
{
	struct profile *grown;
	size_t i;

	for (i = 0; i < n->n_profiles; i++)
		if (!strcmp(n->profile[i].name, p->name)) {
			free(n->profile[i].spec);
			n->profile[i] = *p;
			return 0;
		}
	grown = realloc(n->profile, (i + 1) * sizeof(*grown));
	if (!grown)
		return -1;
	n->profile = grown;
	n->profile[n->n_profiles++] = *p;
	return 0;
}

static int add_text(struct names *n, char *text, bool is_builtin)
{
	struct ini ini;
	int status = ini_parse(&ini, text);
	size_t i;

	for (i = 0; status == 1 && i < ini.n; i++) {
		struct profile *p = &ini.section[i];
		int good;

		p->builtin = is_builtin;
		good = check(p, n);
		if (good < 0 || (good && keep(n, p) < 0)) {
			free(p->spec);
			status = -1;
		}
	}
	ini_free(&ini);
	return status < 0 ? -1 : 0;
}

/* Not those that a package manager or an editor left behind. */
static int wanted(const struct dirent *d)
{
	static const char *const endings[] = {
		".dpkg-new", ".dpkg-old", ".dpkg-dist", ".rpmnew", ".rpmsave",
		"~",
	};
	size_t i, len = strlen(d->d_name);

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);

		if (len >= n && !strcmp(d->d_name + len - n, endings[i]))
			return 0;
	}
	return d->d_name[0] != '.';
}

/* Appends the folder's files, each ended by a NUL. */
static void read_folder(struct buf *text, const char *dir)
{
	struct dirent **entry;
	int i, n = scandir(dir, &entry, wanted, alphasort);
	size_t room = TEXT_MAX;
	struct buf path = {0};
	struct err ignored;

	for (i = 0; i < n; i++) {
		size_t before = text->len;

		path.len = 0;
		buf_fmt(&path, "%s/%s", dir, entry[i]->d_name);
		if (!path.failed &&
		    file_read(path.data, room, text, &ignored) == 1) {
			buf_add(text, "", 1);
			room -= text->len - before - 1;
		} else if (text->len > before) {
			text->len = before;
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	buf_free(&path);
}

static int by_name(const void *a, const void *b)
{
	const struct profile *p = a, *q = b;

	return strcmp(p->name, q->name);
}

int profiles_load(struct names *n, struct err *e)
{
	static const char *const usual[] = {PROFILE_DIRS, NULL};
	const char *const *dirs = n->profile_dirs ? n->profile_dirs : usual;
	struct buf *text = &n->profile_text;
	size_t at, len, i = 0;

	if (n->have_profiles)
		return 0;
	buf_add(text, builtin, sizeof(builtin));
	while (dirs[i])
		i++;
	while (i)
		read_folder(text, dirs[--i]);
	if (text->failed)
		goto no_memory;
	for (at = 0; at < text->len; at += len + 1) {
		len = strlen(text->data + at);
		if (add_text(n, text->data + at, !at) < 0)
			goto no_memory;
	}
	if (n->n_profiles)
		qsort(n->profile, n->n_profiles, sizeof(*n->profile), by_name);
	n->have_profiles = true;
	return 0;
no_memory:
	names_free(n);
	return err_set(e, "cannot read the application profiles: "
			  "out of memory");
}

int profile_find(struct names *n, const char *name,
		 const struct profile **out, struct err *e)
{
	size_t i;
	int found = 0;

	*out = NULL;
	if (profiles_load(n, e) < 0)
		return -1;
	for (i = 0; i < n->n_profiles; i++) {
		const struct profile *p = &n->profile[i];

		if (!strcmp(p->name, name)) {
			*out = p;
			return 1;
		}
		if (!strcasecmp(p->name, name)) {
			*out = p;
			found++;
		}
	}
	if (found > 1 && n->unknown_apps) {
		*out = NULL;
		return 0;
	}
	if (found > 1)
		return err_usage(e, "more than one profile is called '%s': "
				    "write it in its own letters", name);
	return found;
}

void names_free(struct names *n)
{
	size_t i;

	for (i = 0; i < n->n_profiles; i++)
		free(n->profile[i].spec);
	free(n->profile);
	buf_free(&n->services_text);
	buf_free(&n->profile_text);
	n->profile = NULL;
	n->n_profiles = 0;
	n->have_services = n->have_profiles = false;
}
