/* Names of a test's own, and rules from a line. */
#ifndef TESTS_RULE_FIXTURE_H
#define TESTS_RULE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/words.h"
#include "core/rule/command.h"
#include "core/rule/parse.h"
#include "core/rule/print.h"
#include "core/rule/profiles.h"
#include "tap.h"

static char fixture_dir[] = "/tmp/fwbox-rule-XXXXXX";
static char fixture_services[64], fixture_first[64], fixture_second[64];
static const char *fixture_dirs[] = {fixture_first, fixture_second, NULL};
static struct names fixture_names;

__attribute__((unused))
static void fixture_path(char out[64], const char *name)
{
	snprintf(out, 64, "%s/%s", fixture_dir, name);
}

__attribute__((unused))
static void fixture_file(const char *dir, const char *name, const char *text)
{
	char path[160];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

/* A services file and two empty folders of profiles. */
__attribute__((unused))
static void fixture_start(void)
{
	if (!mkdtemp(fixture_dir))
		abort();
	fixture_path(fixture_services, "services");
	fixture_path(fixture_first, "first");
	fixture_path(fixture_second, "second");
	fixture_file(fixture_dir, "services",
		     "# a comment\n"
		     "ssh\t22/tcp\t\t# Secure\n"
		     "domain 53/tcp\n"
		     "domain 53/udp\n"
		     "ntp 123/udp\n"
		     "http 80/tcp www\n"
		     "sctponly 99/sctp\n"
		     "two 1000/udp\n"
		     "two 1001/tcp\n"
		     "nothing\n"
		     "bad 70000/tcp\n"
		     "last 9/tcp");
	if (mkdir(fixture_first, 0755) || mkdir(fixture_second, 0755))
		abort();
	fixture_names = (struct names){
		.services = fixture_services, .profile_dirs = fixture_dirs,
	};
}

__attribute__((unused))
static void fixture_end(void)
{
	char remove[80];

	names_free(&fixture_names);
	snprintf(remove, sizeof(remove), "rm -rf %s", fixture_dir);
	if (system(remove))
		abort();
}

/* Parses a line of the rules file.  The words stay in a buffer that is used
 * again after four lines. */
__attribute__((unused))
static int rule_line(struct rule *out, const char *line, struct err *e)
{
	static char text[4][512];
	static unsigned turn;
	char *copy = text[turn++ % 4];
	struct words w;

	snprintf(copy, sizeof(text[0]), "%s", line);
	if (words_split(&w, copy, e))
		return -1;
	return rule_parse(out, w.word, w.n, &fixture_names, e);
}

#endif
