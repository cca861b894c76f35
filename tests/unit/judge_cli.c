/* For tests/verdicts.t: what judge says of packets.  Reads lines of words:
 *	rules FILE
 *	DIR FAMILY PROTO SADDR DADDR SPORT DPORT ICMPTYPE HOPS IIF OIF
 * with - for no interface, and answers each of the second kind with the
 * action and what decides. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/list/file.h"
#include "../../core/list/judge.h"
#include "../../core/list/shadow.h"
#include "../../core/rule/print.h"

enum { WORDS = 11 };

static void fail(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(1);
}

static void load(struct rules_file *f, const char *path)
{
	struct err e;

	rules_free(f);
	if (rules_load(f, path, &e))
		fail(e.text);
}

static void answer(const struct rules_file *f, char *const w[WORDS])
{
	struct packet k = {
		.dir = !strcmp(w[0], "in")    ? DIR_IN
		       : !strcmp(w[0], "out") ? DIR_OUT : DIR_ROUTE,
		.family = *w[1] == '4' ? FAMILY_4 : FAMILY_6,
		.proto = (uint8_t)atoi(w[2]),
		.sport = (uint16_t)atoi(w[5]), .dport = (uint16_t)atoi(w[6]),
		.icmp_type = (uint8_t)atoi(w[7]),
		.hoplimit = (uint8_t)atoi(w[8]),
		.iif = *w[9] == '-' ? NULL : w[9],
		.oif = *w[10] == '-' ? NULL : w[10],
	};
	int family = k.family == FAMILY_4 ? AF_INET : AF_INET6;
	struct judgement j;

	if (inet_pton(family, w[3], k.saddr) != 1 ||
	    inet_pton(family, w[4], k.daddr) != 1)
		fail("bad address");
	j = judge(&f->policy, &k);
	if (j.rule >= 0 && shadow_find(&f->policy, (size_t)j.rule) >= 0)
		fail("a rule decides of which fw-status says it never does");
	if (j.rule >= 0)
		printf("%s line %d\n", action_name(j.action),
		       f->policy.rules[j.rule].line);
	else
		printf("%s %s\n", action_name(j.action), j.why);
	fflush(stdout);
}

int main(void)
{
	struct rules_file f = {0};
	char *line = NULL, *rest, *words[WORDS];
	size_t size = 0;
	int n;

	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		rest = line;
		for (n = 0; rest && n < WORDS; n++)
			words[n] = strsep(&rest, " ");
		if (n == 2 && !strcmp(words[0], "rules"))
			load(&f, words[1]);
		else if (n == WORDS)
			answer(&f, words);
		else
			fail("bad line");
	}
	free(line);
	rules_free(&f);
	return 0;
}
