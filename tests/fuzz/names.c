/* What the names in a rule mean: files of profiles, of services and of
 * addresses. */
#include "fuzz.h"

#include <string.h>

#include "core/base/num.h"
#include "core/list/netfile.h"
#include "core/rule/addr.h"
#include "core/rule/ini.h"
#include "core/rule/ports.h"
#include "core/rule/profiles.h"
#include "core/rule/services.h"

static const char *const no_dirs[] = {NULL};

static char *copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	demand(text);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void check_profile(struct names *names, const struct profile *p)
{
	const struct profile *found;
	struct buf ports = {0};
	struct err e;
	unsigned i, k;

	demand(profile_name_valid(p->name) && strlen(p->name) <= APP_NAME_MAX &&
	       strlen(p->title) <= 1024 && strlen(p->description) <= 1024 &&
	       p->n_specs);
	demand(profile_find(names, p->name, &found, &e) == 1 && found == p);
	for (i = 0; i < p->n_specs; i++) {
		const struct ports *s = &p->spec[i].ports;

		demand(s->n <= RULE_PORTS);
		demand(s->n < 2 || p->spec[i].proto);
		for (k = 0; k < s->n; k++)
			demand(s->range[k].lo && s->range[k].lo <=
						 s->range[k].hi);
		ports_print(&ports, s);
	}
	demand(!ports.failed);
	buf_free(&ports);
}

/* Each text that the sections give lies within the file's. */
static void check_ini(const char *text, size_t len)
{
	char *cut = copy((const uint8_t *)text, len);
	size_t i, k;
	struct ini ini;

	len = strlen(cut);
	if (ini_parse(&ini, cut) != 1)
		ini.n = 0;
	for (i = 0; i < ini.n; i++) {
		const struct profile *p = &ini.section[i];
		const char *texts[] = {p->name, p->title, p->description,
				       p->ports};

		for (k = 0; k < 4; k++)
			demand(!texts[k] ||
			       (texts[k] >= cut && texts[k] + strlen(texts[k])
						   <= cut + len));
	}
	ini_free(&ini);
	free(cut);
}

/* Files of profiles, with a NUL between each two. */
void fuzz_profiles(const uint8_t *data, size_t size)
{
	struct names names = {.profile_dirs = no_dirs};
	struct err e;
	size_t i;

	check_ini((const char *)data, size);
	buf_add(&names.profile_text, data, size);
	buf_add(&names.profile_text, "", 1);
	demand(!profiles_load(&names, &e));
	for (i = 0; i < names.n_profiles; i++) {
		const struct profile *p = &names.profile[i];

		demand(!i || strcmp(p[-1].name, p->name) < 0);
		if (!p->builtin)
			check_profile(&names, p);
	}
	names_free(&names);
}

/* As getservent(3) reads a line: its words but for the comment. */
static bool line_means(char *line, const char *name, struct service *out)
{
	char *port, *proto, *word;
	bool named;
	unsigned n;

	line[strcspn(line, "#")] = '\0';
	word = strtok(line, " \t\r\f\v");
	named = word && !strcmp(word, name);
	port = strtok(NULL, " \t\r\f\v");
	proto = port ? strchr(port, '/') : NULL;
	if (!word || !proto ||
	    !num_parse(port, (size_t)(proto - port), UINT16_MAX, &n))
		return false;
	while ((word = strtok(NULL, " \t\r\f\v")))
		named |= !strcmp(word, name);
	out->port = (uint16_t)n;
	out->tcp = !strcmp(proto, "/tcp") || !strcmp(proto, "/any");
	out->udp = !strcmp(proto, "/udp") || !strcmp(proto, "/any");
	return named;
}

/* The first line decides about the port, all about the protocols. */
static bool text_means(const char *text, const char *name, struct service *out)
{
	char *rest = copy((const uint8_t *)text, strlen(text));
	char *all = rest, *line;
	struct service one;
	bool found = false;

	*out = (struct service){0};
	while ((line = strsep(&rest, "\n"))) {
		if (!line_means(line, name, &one))
			continue;
		if (!found)
			out->port = one.port;
		out->tcp |= one.tcp;
		out->udp |= one.udp;
		found = true;
	}
	free(all);
	return found;
}

/* A name, and behind a newline a file of services. */
void fuzz_services(const uint8_t *data, size_t size)
{
	struct names names = {.services = "/services"};
	char *name = copy(data, size), *text = strchr(name, '\n');
	struct service got, want;
	bool found;

	if (text && !memchr(name, '\0', size) && text > name) {
		*text++ = '\0';
		files_add("/services", (struct part){(uint8_t *)text,
						     strlen(text)});
		found = service_listed(&names, name, strlen(name), &got);
		if (!strpbrk(name, " \t\r\f\v#")) {
			demand(found == text_means(text, name, &want));
			demand(!found || (got.port == want.port &&
					  got.tcp == want.tcp &&
					  got.udp == want.udp));
		}
		names_free(&names);
	}
	files_none();
	free(name);
}

/* Sorted, apart, each with a first and a last address. */
static void check_keys(const struct netfile *f, enum family family)
{
	size_t len = family == FAMILY_4 ? 4 : 16, i;
	const uint8_t *key = family == FAMILY_4 ? f->keys4 : f->keys6;
	size_t n = family == FAMILY_4 ? f->n4 : f->n6;

	for (i = 0; i < n; i++, key += 2 * len) {
		demand(memcmp(key, key + len, len) <= 0);
		demand(!i || memcmp(key - len, key, len) < 0);
		demand(netfile_has(f, family, key) &&
		       netfile_has(f, family, key + len));
	}
}

/* Whether a file that was taken has what its lines say. */
static void check_lines(const struct netfile *f, char *text)
{
	enum family family;
	struct net net;
	struct err e;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		line += strspn(line, " \t\r");
		line[strcspn(line, " \t\r#")] = '\0';
		if (!*line)
			continue;
		demand(!net_parse(&net, &family, line, &e));
		demand(netfile_has(f, family, net.bytes));
	}
}

/* A file of addresses. */
void fuzz_netfile(const uint8_t *data, size_t size)
{
	struct netfile f;
	struct err e = {0};
	char *text = copy(data, size);

	files_add("/n", (struct part){data, size});
	if (netfile_read(&f, "/n", &e)) {
		demand(*e.text);
	} else {
		check_keys(&f, FAMILY_4);
		check_keys(&f, FAMILY_6);
		check_lines(&f, text);
	}
	netfile_free(&f);
	files_none();
	free(text);
}
