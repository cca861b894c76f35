/* For tests/ufw-syntax.t: reads rule commands, one a line with a tab between
 * words, and answers each with a line: "ok", a tab and the rule's fields, or
 * "bad", a tab and the error.  Arguments: services file, profiles folder,
 * the number of rules that insert and delete count among. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/rule/addr.h"
#include "../../core/rule/command.h"
#include "../../core/rule/print.h"
#include "../../core/rule/proto.h"

enum { LINE_WORDS = 100 };

static int by_low(const void *a, const void *b)
{
	const struct port_range *p = a, *q = b;

	return p->lo != q->lo ? p->lo - q->lo : p->hi - q->hi;
}

static void show_side(const struct side *side, enum family family)
{
	struct port_range range[RULE_PORTS];
	struct buf net = {0};
	unsigned i;

	if (side->file)
		buf_fmt(&net, "@%s", side->file);
	else if (side->net.len)
		net_print(&net, &side->net, family);
	else
		buf_str(&net, "any");
	printf("\t%s\t", net.data);
	buf_free(&net);
	for (i = 0; i < side->ports.n; i++)
		range[i] = side->ports.range[i];
	qsort(range, i, sizeof(*range), by_low);
	for (i = 0; i < side->ports.n; i++) {
		printf("%s%d", i ? "," : "", range[i].lo);
		if (range[i].hi != range[i].lo)
			printf(":%d", range[i].hi);
	}
	printf("\t%s", side->app ? side->app : "");
}

static void show(const struct rule *r)
{
	static const char *const dirs[] = {"in", "out", "route"};
	static const char *const logs[] = {"", "log", "log-all"};
	static const char *const families[] = {"both", "v4", "v6"};

	printf("ok\t%s\t%s\t%s\t%s\t%s\t%s\t%s", action_name(r->action),
	       dirs[r->dir], logs[r->log], families[r->family],
	       proto_numbered(r->proto)->name, r->iif, r->oif);
	show_side(&r->src, r->family);
	show_side(&r->dst, r->family);
	printf("\t%s\n", r->comment ? r->comment : "");
}

static void answer(char *line, struct names *names, unsigned rules)
{
	char *words[LINE_WORDS];
	struct rule_command c;
	struct err e;
	int n = 0;

	for (; line && n < LINE_WORDS; n++)
		words[n] = strsep(&line, "\t");
	if (rule_command_parse(&c, words, n, names, &e))
		printf("bad\tword %d: %s\n", e.word, e.text);
	else if (c.number > rules || (c.op == OP_DELETE_NUMBER && !c.number))
		printf("bad\tno rule %u\n", c.number);
	else if (c.op == OP_DELETE_NUMBER)
		printf("ok\tdelete\n");
	else
		show(&c.rule);
}

int main(int argc, char **argv)
{
	const char *dirs[] = {argc > 2 ? argv[2] : "", NULL};
	struct names names = {
		.services = argc > 1 ? argv[1] : NULL,
		.profile_dirs = dirs,
	};
	unsigned rules = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		answer(line, &names, rules);
	}
	free(line);
	names_free(&names);
	return fflush(stdout) ? 1 : 0;
}
