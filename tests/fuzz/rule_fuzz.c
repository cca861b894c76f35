/* Lines of a rules file, services and profiles from anywhere.
 *
 *	clang -g -O1 -std=c11 -D_GNU_SOURCE -I. \
 *		-fsanitize=fuzzer,address,undefined -o rule_fuzz \
 *		tests/fuzz/rule_fuzz.c core/rule/[a-z]*.c core/base/[a-z]*.c
 *	./rule_fuzz tests/fuzz/rule_corpus
 *
 * afl-clang-fast takes the same line.  The first byte says what the rest is:
 * S a services file, P a file of profiles, anything else a rule command,
 * which must print as words that are the same rule. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/words.h"
#include "core/rule/command.h"
#include "core/rule/eval.h"
#include "core/rule/ini.h"
#include "core/rule/parse.h"
#include "core/rule/print.h"
#include "core/rule/services.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses what was printed; the rule it is must be r. */
static void same_again(const struct rule *r, struct names *names)
{
	struct buf line = {0};
	struct rule again;
	struct words w;
	struct err e;

	rule_print(&line, r);
	if (line.failed || words_split(&w, line.data, &e) ||
	    rule_parse(&again, w.word, w.n, names, &e) ||
	    !rule_same(r, &again))
		abort();
	buf_free(&line);
}

static void fuzz_rule(char *line, struct names *names)
{
	struct packet p = {.family = FAMILY_4, .proto = 6, .dport = 80};
	struct rule_command c;
	struct words w;
	struct err e;

	if (words_split(&w, line, &e) ||
	    rule_command_parse(&c, w.word, w.n, names, &e))
		return;
	if (c.op == OP_DELETE_NUMBER)
		return;
	names->unknown_apps = c.op == OP_DELETE;
	same_again(&c.rule, names);
	names->unknown_apps = false;
	rule_matches(&c.rule, &p, NULL);
}

static void fuzz_services(const char *text, struct names *names)
{
	struct service s;

	buf_str(&names->services_text, text);
	names->have_services = true;
	service_listed(names, "ssh", 3, &s);
	service_listed(names, text, strcspn(text, " \n"), &s);
}

static void fuzz_profiles(char *text)
{
	size_t i, len = strlen(text);
	struct ini ini;
	int status = ini_parse(&ini, text);

	/* Every byte it gives out is looked at. */
	for (i = 0; status == 1 && i < ini.n; i++) {
		const struct profile *p = &ini.section[i];

		if (strlen(p->name) > len ||
		    (p->title && strlen(p->title) > len) ||
		    (p->description && strlen(p->description) > len) ||
		    (p->ports && strlen(p->ports) > len))
			abort();
	}
	ini_free(&ini);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dirs[] = {NULL};
	struct names names = {.services = "/nonexistent", .profile_dirs = dirs};
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (size && *text == 'S')
		fuzz_services(text + 1, &names);
	else if (size && *text == 'P')
		fuzz_profiles(text + 1);
	else
		fuzz_rule(text, &names);
	names_free(&names);
	free(text);
	return 0;
}
