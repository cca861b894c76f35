#include "targets.h"

#include <stdlib.h>
#include <string.h>

#include "../base/choose.h"
#include "../base/words.h"
#include "parse.h"
#include "print.h"

/* A rule's words at most; rule_parse refuses as many. */
enum { RULE_WORDS_MAX = 64 };

/* Words that only a rule in full has. */
static bool is_grammar(const char *word)
{
	return word_index("in, out, on, log, log-all, from, to, proto, port, "
			  "app, route, comment", word, strlen(word), true) >= 0;
}

/* One rule of the words. */
static int add(struct targets *out, char *words[], int n, struct names *names,
	       struct err *e)
{
	struct target *t = &out->v[out->n];
	struct buf line = {0};

	if (rule_parse(&t->rule, words, n, names, e))
		return -1;
	words_join(&line, words, n);
	if (line.failed) {
		buf_free(&line);
		return err_set(e, "out of memory");
	}
	t->line = line.data;
	out->n++;
	return 0;
}

/* ACTION WORDS..., or route ACTION WORDS... */
static int add_full(struct targets *out, char *action,
		    char *const words[], int n, struct names *names,
		    struct err *e)
{
	bool route = !strcmp(words[0], "route");
	char *all[RULE_WORDS_MAX];

	if (n >= RULE_WORDS_MAX)
		return err_usage(e, "too many words");
	memcpy(all + 1, words, (size_t)n * sizeof(*all));
	all[0] = route ? words[0] : action;
	if (route)
		all[1] = action;
	if (!add(out, all, n + 1, names, e))
		return 0;
	if (e->word >= 0)
		e->word -= !route || e->word > 0;
	return -1;
}

/* ACTION WORD [comment TEXT] of words[i]; the comment is the last two. */
static int add_simple(struct targets *out, char *action,
		      char *const words[], int i, int n, bool comment,
		      struct names *names, struct err *e)
{
	char *all[] = {action, words[i], NULL, NULL};

	if (comment) {
		all[2] = words[n - 2];
		all[3] = words[n - 1];
	}
	if (!add(out, all, comment ? 4 : 2, names, e))
		return 0;
	if (e->word >= 2)
		e->word += n - 4;
	else if (e->word >= 0)
		e->word = i;
	return -1;
}

int targets_parse(struct targets *out, enum action action,
		  char *const words[], int n, struct names *names,
		  struct err *e)
{
	char verb[16];
	bool comment = n > 2 && !strcmp(words[n - 2], "comment");
	int i, simple = comment ? n - 2 : n;
	bool full = false;
	int status = 0;

	*out = (struct targets){0};
	if (n < 1)
		return err_usage(e, "nothing to %s: expected ports, services, "
				    "profiles or a rule", action_name(action));
	strcpy(verb, action_name(action));
	for (i = 0; i < simple; i++)
		full |= is_grammar(words[i]);
	out->v = calloc((size_t)n, sizeof(*out->v));
	if (!out->v)
		return err_set(e, "out of memory");
	if (full)
		status = add_full(out, verb, words, n, names, e);
	for (i = 0; !full && !status && i < simple; i++)
		status = add_simple(out, verb, words, i, n, comment, names, e);
	if (status)
		targets_free(out);
	return status;
}

void targets_free(struct targets *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->v[i].line);
	free(t->v);
	*t = (struct targets){0};
}
