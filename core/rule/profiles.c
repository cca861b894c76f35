#include "profiles.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../config.h"
#include "../base/choose.h"
#include "../base/file.h"
#include "../base/sort.h"
#include "ini.h"
#include "ports.h"
#include "proto.h"
#include "services.h"

/* What ufw reads of one folder, of a profile's name and of a field. */
enum { TEXT_MAX = 10 << 20, FIELD_MAX = 1024 };
enum { NAME_ROOM = 256 };

/* Profiles for where no file has them: the name, which is the title too, and
 * the ports. */
static const char builtin[] =
	"OpenSSH\0" "22/tcp\0"
	"SSH\0" "22/tcp\0"
	"WWW\0" "80/tcp\0"
	"WWW Secure\0" "443/tcp\0"
	"WWW Full\0" "80,443/tcp\0"
	"WWW Cache\0" "8080/tcp\0"
	"Nginx HTTP\0" "80/tcp\0"
	"Nginx HTTPS\0" "443/tcp\0"
	"Nginx Full\0" "80,443/tcp\0"
	"Nginx QUIC\0" "443/udp\0"
	"Apache\0" "80/tcp\0"
	"Apache Secure\0" "443/tcp\0"
	"Apache Full\0" "80,443/tcp\0"
	"DNS\0" "53\0"
	"SMTP\0" "25/tcp\0"
	"Mail submission\0" "587/tcp\0"
	"IMAP\0" "143/tcp\0"
	"IMAPS\0" "993/tcp\0"
	"POP3\0" "110/tcp\0"
	"POP3S\0" "995/tcp\0"
	"Postfix\0" "25/tcp\0"
	"Postfix SMTPS\0" "465/tcp\0"
	"Postfix Submission\0" "587/tcp\0"
	"Dovecot IMAP\0" "143/tcp\0"
	"Dovecot Secure IMAP\0" "993/tcp\0"
	"LDAP\0" "389/tcp\0"
	"LDAPS\0" "636/tcp\0"
	"Kerberos KDC\0" "88\0"
	"CUPS\0" "631\0"
	"NFS\0" "2049,111/tcp|2049,111/udp\0"
	"CIFS\0" "137,138/udp|139,445/tcp\0"
	"Samba\0" "137,138/udp|139,445/tcp\0"
	"Telnet\0" "23/tcp\0"
	"VNC\0" "5900/tcp\0"
	"WireGuard\0" "51820/udp\0";

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

/* Cuts p->ports at the bars; false: wrong ports, or no memory. */
static bool specs_parse(struct profile *p, struct names *names)
{
	const char *s = p->ports;
	size_t len, bars = 0;

	for (; *s; s++)
		bars += *s == '|';
	p->spec = arena_take(&names->arena, (bars + 1) * sizeof(*p->spec));
	names->profiles.failed |= !p->spec;
	for (s = p->ports; p->spec && p->n_specs <= bars; s += len + 1) {
		len = strcspn(s, "|");
		if (spec_parse(&p->spec[p->n_specs++], s, len, names))
			return false;
	}
	return p->spec;
}

static bool field_ok(const char *field)
{
	return field && *field && strlen(field) <= FIELD_MAX;
}

/* Is it a profile ufw would take?  A service's name is none, but those of this
 * binary are known not to be. */
static bool check(struct profile *p, struct names *names)
{
	struct service service;

	return strlen(p->name) <= APP_NAME_MAX && profile_name_valid(p->name) &&
	       (p->builtin || !service_listed(names, p->name, strlen(p->name),
					      &service)) &&
	       field_ok(p->title) && field_ok(p->description) &&
	       field_ok(p->ports) && specs_parse(p, names);
}

/* Adds the profile if it is one; another of the same name goes. */
static void add(struct names *n, struct profile *p)
{
	size_t i;

	if (!check(p, n))
		return;
	for (i = 0; i < n->n_profiles; i++)
		if (!strcmp(n->profile[i].name, p->name)) {
			n->profile[i] = *p;
			return;
		}
	buf_add(&n->profiles, p, sizeof(*p));
	n->profile = (struct profile *)(void *)n->profiles.data;
	n->n_profiles = n->profiles.len / sizeof(*p);
}

static void add_builtin(struct names *n)
{
	const char *s = builtin;
	struct profile p;

	while (*s) {
		p = (struct profile){.builtin = true};
		p.name = p.title = p.description = s;
		p.ports = s + strlen(s) + 1;
		s = p.ports + strlen(p.ports) + 1;
		add(n, &p);
	}
}

static void add_text(struct names *n, char *text)
{
	struct ini ini;
	int status = ini_parse(&ini, text);
	size_t i;

	n->profiles.failed |= status < 0;
	for (i = 0; status == 1 && i < ini.n; i++)
		add(n, &ini.section[i]);
	ini_free(&ini);
}

/* Not those that a package manager or an editor left behind. */
static bool wanted(const char *name)
{
	const char *end = strrchr(name, '.');
	size_t len = strlen(name);

	return *name != '.' && name[len - 1] != '~' &&
	       (!end || word_index(".dpkg-new, .dpkg-old, .dpkg-dist, .rpmnew, "
				   ".rpmsave", end, strlen(end), false) < 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The folder's files by their names, NAME_ROOM bytes each. */
static void list_folder(struct buf *out, const char *dir)
{
	char name[NAME_ROOM] = "";
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (wanted(entry->d_name)) {
			snprintf(name, sizeof(name), "%s", entry->d_name);
			buf_add(out, name, sizeof(name));
		}
	if (d)
		closedir(d);
	if (out->data)
		sort_items(out->data, out->len / NAME_ROOM, NAME_ROOM, by_name);
}

/* Appends the folder's files, each ended by a NUL. */
static void read_folder(struct buf *text, const char *dir)
{
	struct buf files = {0}, path = {0};
	size_t at, before, room = TEXT_MAX;
	struct err ignored;

	list_folder(&files, dir);
	for (at = 0; at < files.len; at += NAME_ROOM) {
		before = text->len;
		path.len = 0;
		buf_fmt(&path, "%s/%s", dir, files.data + at);
		if (!path.failed &&
		    file_read(path.data, room, text, &ignored) == 1) {
			buf_add(text, "", 1);
			room -= text->len - before - 1;
		} else {
			text->len = before;
		}
	}
	text->failed |= path.failed | files.failed;
	buf_free(&path);
	buf_free(&files);
}

static int by_profile_name(const void *a, const void *b)
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
	while (dirs[i])
		i++;
	while (i)
		read_folder(text, dirs[--i]);
	add_builtin(n);
	for (at = 0; at < text->len; at += len + 1) {
		len = strlen(text->data + at);
		add_text(n, text->data + at);
	}
	if (text->failed || n->profiles.failed)
		return err_set(e, "cannot read the application profiles: "
				  "out of memory");
	sort_items(n->profile, n->n_profiles, sizeof(*n->profile),
		   by_profile_name);
	n->have_profiles = true;
	return 0;
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
	arena_free(&n->arena);
	buf_free(&n->profiles);
	buf_free(&n->services_text);
	buf_free(&n->profile_text);
	n->profile = NULL;
	n->n_profiles = 0;
	n->have_services = n->have_profiles = false;
}
