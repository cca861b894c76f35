/* The words of a command line, a line each behind the first byte: u, those of
 * ufw's rule commands; else those of fw-allow or one of its sisters.  What is
 * taken makes a line of the rules file that is the same rule, and so does the
 * rule printed. */
#include "fuzz.h"

#include <string.h>

#include "core/base/words.h"
#include "core/rule/command.h"
#include "core/rule/eval.h"
#include "core/rule/expand.h"
#include "core/rule/parse.h"
#include "core/rule/print.h"
#include "core/rule/targets.h"

enum { ARGS_MAX = 80 };

/* The line is a rule, and the rule is r. */
static void is_rule(char *line, const struct rule *r, struct names *names)
{
	struct rule again;
	struct words w;
	struct err e;

	demand(!words_split(&w, line, &e) &&
	       !rule_parse(&again, w.word, w.n, names, &e) &&
	       rule_same(r, &again) && rule_same_comment(r, &again));
}

static void check_rule(const struct rule *r, struct names *names)
{
	struct packet p = {.family = FAMILY_4, .proto = 6, .dport = 80};
	struct expansion x = expand_start(r);
	struct buf line = {0};
	struct match m;

	rule_print(&line, r);
	demand(!line.failed);
	is_rule(line.data, r, names);
	buf_free(&line);
	while (expand_next(&x, &m))
		demand(m.sport.n <= RULE_PORTS && m.dport.n <= RULE_PORTS);
	rule_matches(r, &p, NULL);
}

static bool is_printable(const char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' && *line != '\t')
			return false;
	return true;
}

static void command(char *const words[], int n, struct names *names)
{
	struct buf line = {0};
	struct rule_command c;
	struct err e = {0};

	if (rule_command_parse(&c, words, n, names, &e)) {
		demand(*e.text && e.word < n);
		return;
	}
	if (c.op == OP_DELETE_NUMBER)
		return;
	names->unknown_apps = c.op == OP_DELETE;
	check_rule(&c.rule, names);
	rule_command_line(&line, &c, words, n);
	demand(!line.failed);
	if (is_printable(line.data))
		is_rule(line.data, &c.rule, names);
	names->unknown_apps = false;
	buf_free(&line);
}

static void targets(enum action action, char *const words[], int n,
		    struct names *names)
{
	struct targets t;
	struct err e = {0};
	size_t i;

	if (targets_parse(&t, action, words, n, names, &e)) {
		demand(*e.text && e.word < n);
		return;
	}
	for (i = 0; i < t.n; i++) {
		demand(t.v[i].rule.action == action);
		check_rule(&t.v[i].rule, names);
		if (is_printable(t.v[i].line))
			is_rule(t.v[i].line, &t.v[i].rule, names);
	}
	targets_free(&t);
}

void fuzz_words(const uint8_t *data, size_t size)
{
	static const char *const dirs[] = {NULL};
	static struct names names = {.profile_dirs = dirs};
	char *words[ARGS_MAX + 1], *text, *rest;
	int n = 0;

	if (!size)
		return;
	text = rest = strndup((const char *)data + 1, size - 1);
	demand(text);
	while (n < ARGS_MAX && (words[n] = strsep(&rest, "\n")))
		n++;
	if (*data == 'u')
		command(words, n, &names);
	else
		targets((enum action)(*data % 4), words, n, &names);
	free(text);
}
