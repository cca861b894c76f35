#include "command.h"

#include <string.h>
#include <strings.h>

#include "../base/num.h"
#include "../base/words.h"
#include "parse.h"

enum { POSITION_MAX = 1000000000, RULE_WORDS_MAX = 64 };

static bool is_number(const char *word, unsigned *number)
{
	return num_parse(word, strlen(word), POSITION_MAX, number);
}

static int bad_word(struct err *e, int i, int status)
{
	e->word = i;
	return status;
}

/* What stands before the action, from word i on; then *first is set. */
static int read_op(struct rule_command *c, char *const words[], int n, int i,
		   struct err *e)
{
	c->first = i;
	if (n - i > 1 && !strcasecmp(words[i], "delete")) {
		c->op = OP_DELETE;
		c->first = i + 1;
		if (!is_number(words[i + 1], &c->number))
			return 0;
		if (c->route)
			return bad_word(e, i + 1, err_usage(e, "a routed rule "
					"is deleted by 'delete NUMBER', "
					"without 'route'"));
		c->op = OP_DELETE_NUMBER;
	} else if (n > i && !strcasecmp(words[i], "prepend")) {
		c->op = OP_PREPEND;
		c->first = i + 1;
	} else if (n > i && !strcasecmp(words[i], "insert")) {
		c->op = OP_INSERT;
		c->first = i + 2;
		if (n - i < 4)
			return bad_word(e, i, err_usage(e, "'insert' needs a "
					"number and a rule"));
		if (*words[i + 1] && (!is_number(words[i + 1], &c->number) ||
				      !strcmp(words[i + 1], "0")))
			return bad_word(e, i + 1, err_usage(e, "cannot insert "
					"at '%s': must be a number from 1",
					words[i + 1]));
	}
	return 0;
}

/* The rule's words: [route] and all from first on. */
static int rule_words(char *all[RULE_WORDS_MAX], const struct rule_command *c,
		      char *const words[], int n)
{
	int i, count = 0;

	if (c->route)
		all[count++] = words[0];
	for (i = c->first; i < n && count < RULE_WORDS_MAX; i++)
		all[count++] = words[i];
	return count;
}

int rule_command_parse(struct rule_command *out, char *const words[], int n,
		       struct names *names, struct err *e)
{
	bool unknown_apps = names->unknown_apps;
	char *all[RULE_WORDS_MAX];
	int status, skip;

	*out = (struct rule_command){.op = OP_ADD};
	out->route = n > 0 && !strcmp(words[0], "route");
	skip = out->route || (n > 0 && !strcasecmp(words[0], "rule"));
	if (read_op(out, words, n, skip, e))
		return -1;
	if (out->op == OP_DELETE_NUMBER)
		return 0;
	skip = out->first;
	if (!out->route && skip < n && !strcmp(words[skip], "route") &&
	    skip)
		return bad_word(e, skip, err_usage(e, "'route' must be the "
						      "first word"));
	names->unknown_apps |= out->op == OP_DELETE;
	status = rule_parse(&out->rule, all, rule_words(all, out, words, n),
			    names, e);
	names->unknown_apps = unknown_apps;
	if (status && e->word >= out->route)
		e->word += out->first - out->route;
	return status;
}

void rule_command_line(struct buf *out, const struct rule_command *c,
		       char *const words[], int n)
{
	char *all[RULE_WORDS_MAX];

	words_join(out, all, rule_words(all, c, words, n));
}
