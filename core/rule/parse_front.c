#include "parsing.h"

#include <string.h>
#include <strings.h>

#include "../base/choose.h"

/* As many are left for ufw once these are gone. */
enum { CLAUSE_WORDS_MAX = 13 };

/* Is there a `WORD on IF`? */
static bool names_iface(const struct parse *p, enum keyword key)
{
	int i;

	for (i = 0; (i = parse_find(p, i, key)) >= 0; i++)
		if (i + 2 < p->n && p->key[i + 1] == ON)
			return true;
	return false;
}

/* A routed rule may name two interfaces: the second one is taken here, and
 * then the words are those of any other rule. */
static int take_second_iface(struct parse *p)
{
	int in = parse_find(p, 0, IN), out = parse_find(p, 0, OUT);
	bool on_in = names_iface(p, IN), on_out = names_iface(p, OUT);
	int i = in > out ? in : out;

	if (on_in && on_out) {
		if (parse_iface(p, i + 2, &p->second))
			return -1;
		p->second_for = in > out ? &p->rule->iif : &p->rule->oif;
		parse_take(p, i, 3);
	} else if (!on_in && !on_out && i >= 0 && i < p->n - 1) {
		return parse_fail(p, i, "needs 'on INTERFACE'");
	}
	return 0;
}

static int set_action(struct parse *p)
{
	int action;

	if (!p->n)
		return err_usage(p->err, "no rule: must begin with allow, "
					 "deny, reject or limit");
	action = choose("action", p->word[0], "allow, deny, reject, limit",
			p->err);
	if (action < 0)
		return parse_at(p, 0);
	p->rule->action = (enum action)action;
	return 0;
}

static bool is_direction(const char *word)
{
	return !strcasecmp(word, "in") || !strcasecmp(word, "out");
}

/* [in|out] or (in|out) on IF: of the latter, `on` is taken. */
static int take_direction(struct parse *p)
{
	int i;

	if (p->n > 1 && is_direction(p->word[1])) {
		if (!strcasecmp(p->word[1], "out"))
			p->rule->dir = DIR_OUT;
		if (p->n > 2 && p->key[2] != ON)
			parse_take(p, 1, 1);
	}
	i = parse_find(p, 0, IN);
	if (i < 0)
		i = parse_find(p, 0, OUT);
	if (i < 0)
		return 0;
	if (!is_direction(p->word[1]))
		return parse_fail(p, i, "must stand right behind the action");
	if (p->n < 3 || strcasecmp(p->word[2], "on"))
		return parse_fail(p, i, "needs 'on INTERFACE'");
	parse_take(p, 2, 1);
	return 1;
}

static bool is_log(const char *word)
{
	return !strcasecmp(word, "log") || !strcasecmp(word, "log-all");
}

static int take_log(struct parse *p, bool has_iface)
{
	int i = 0;

	if (has_iface && p->n > 3 && is_log(p->word[3]))
		i = 3;
	else if (p->n > 2 && is_log(p->word[1]))
		i = 1;
	if (i) {
		p->rule->log = p->word[i][3] ? LOG_ALL : LOG_NEW;
		parse_take(p, i, 1);
	}
	i = parse_find(p, 0, LOG);
	if (i < 0)
		i = parse_find(p, 0, LOGALL);
	if (i >= 0)
		return parse_fail(p, i, "must stand before port and clauses");
	return 0;
}

static int take_comment(struct parse *p)
{
	int i = parse_find(p, 0, COMMENT);
	const char *s;

	if (i < 0)
		return 0;
	if (i == p->n - 1)
		return parse_fail(p, i, "needs a value");
	for (s = p->word[i + 1]; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 127 || *s == '\'') {
			err_usage(p->err, "a comment cannot have a \"'\" or "
					  "control characters");
			return parse_at(p, i + 1);
		}
	if (*p->word[i + 1])
		p->rule->comment = p->word[i + 1];
	parse_take(p, i, 2);
	return 0;
}

int parse_front(struct parse *p)
{
	int has_iface;

	if (p->route && take_second_iface(p))
		return -1;
	if (set_action(p))
		return -1;
	has_iface = take_direction(p);
	if (has_iface < 0 || take_log(p, has_iface) || take_comment(p))
		return -1;
	if (p->n < 2)
		return parse_fail(p, 0, "needs a port, service, profile or "
				  "clause");
	if (p->n > CLAUSE_WORDS_MAX)
		return parse_fail(p, CLAUSE_WORDS_MAX, "is one word too many");
	return 0;
}
