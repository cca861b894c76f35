/* The edits of the rules file, in words. */
#include <stdlib.h>
#include <string.h>

#include "../core/base/num.h"
#include "../core/base/words.h"
#include "../core/rule/parse.h"
#include "../core/rule/print.h"
#include "applet.h"
#include "firewall.h"

static unsigned read_number(const struct edit *x, const char *word)
{
	unsigned number;

	if (!num_parse(word, strlen(word), (unsigned)x->file.policy.n,
		       &number) || !number)
		die_usage("no rule number '%s': there are %zu", word,
			  x->file.policy.n);
	return number;
}

/* at: the rule it goes before. */
static void add_one(struct edit *x, const struct target *t, size_t at)
{
	ptrdiff_t found = rules_find(&x->file, &t->rule);
	const struct rule *old;
	struct err e;
	bool same;
	int status;

	if (found < 0) {
		status = rules_insert(&x->file, at, t->line, &e);
	} else {
		old = &x->file.policy.rules[found].rule;
		same = rule_same(old, &t->rule);
		if (same && (!t->rule.comment ||
			     rule_same_comment(old, &t->rule))) {
			warn("skipping existing rule '%s'", t->line);
			return;
		}
		/* As ufw does: it neither moves nor changes what is there. */
		if (!same && at != SIZE_MAX) {
			warn("skipping '%s': rule %zu is about the same "
			     "packets: delete it first", t->line,
			     (size_t)found + 1);
			return;
		}
		status = rules_replace(&x->file, (size_t)found, t->line, &e);
	}
	if (status)
		die_err(&e);
}

void edit_add(struct edit *x, enum action action, char **words, int n)
{
	size_t at = SIZE_MAX, i;
	struct targets t;
	struct err e;

	if (n > 0 && !strcmp(words[0], "prepend")) {
		at = 0;
		words++;
		n--;
	} else if (n > 1 && !strcmp(words[0], "insert")) {
		at = read_number(x, words[1]) - 1;
		words += 2;
		n -= 2;
	}
	if (targets_parse(&t, action, words, n, &x->file.names, &e))
		die_err(&e);
	for (i = 0; i < t.n; i++)
		add_one(x, &t.v[i], at == SIZE_MAX ? at : at + i);
	targets_free(&t);
}

static void delete_rule(struct edit *x, char **words, int n)
{
	struct buf line = {0};
	struct rule r;
	ptrdiff_t at;
	struct err e;

	x->file.names.unknown_apps = true;
	if (rule_parse(&r, words, n, &x->file.names, &e))
		die_err(&e);
	at = rules_find(&x->file, &r);
	if (at < 0 || x->file.policy.rules[at].rule.action != r.action) {
		words_join(&line, words, n);
		warn("no rule '%s'", line.failed ? "" : line.data);
		buf_free(&line);
		return;
	}
	if (rules_replace(&x->file, (size_t)at, NULL, &e))
		die_err(&e);
}

static int descending(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? 1 : -(x > y);
}

/* From the last to the first, so that the others keep their numbers. */
static void delete_numbers(struct edit *x, char **words, int n)
{
	unsigned *numbers = malloc((size_t)n * sizeof(*numbers));
	struct err e;
	int i;

	if (!numbers)
		die("out of memory");
	for (i = 0; i < n; i++)
		numbers[i] = read_number(x, words[i]);
	qsort(numbers, (size_t)n, sizeof(*numbers), descending);
	for (i = 0; i < n; i++) {
		if (i && numbers[i] == numbers[i - 1])
			continue;
		if (rules_replace(&x->file, numbers[i] - 1, NULL, &e))
			die_err(&e);
	}
	free(numbers);
}

void edit_delete(struct edit *x, char **words, int n)
{
	if (!n)
		die_usage("nothing to delete");
	if (words[0][0] >= '0' && words[0][0] <= '9')
		delete_numbers(x, words, n);
	else
		delete_rule(x, words, n);
}

void edit_set(struct edit *x, const char *setting, char **words, int n)
{
	struct buf line = {0};
	struct err e;

	buf_fmt(&line, "%s ", setting);
	words_join(&line, words, n);
	if (line.failed)
		die("out of memory");
	if (rules_set(&x->file, line.data, &e))
		die_err(&e);
	buf_free(&line);
}
