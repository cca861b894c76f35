/* For tests/networks.t: the chains of networks as the engine would tell them,
 *	chains_cli NETWORKS CONTAINERS (own | iptables | 28) [publish]
 *		[containers]
 * NETWORKS and CONTAINERS being files with the bodies of its answers.  Prints
 * "changed" if anything was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/apply/apply.h"
#include "../../core/base/file.h"
#include "../../core/docker/classic.h"
#include "../../core/docker/engine.h"
#include "../../core/docker/xtables.h"

enum { FILE_MAX = 1 << 24 };

struct job {
	struct maker maker;
	struct chains chains;
	struct link link;
};

static void fail(const struct err *e)
{
	fprintf(stderr, "%s\n", e->text);
	exit(1);
}

static void take(int question, const char *path, struct networks *n)
{
	struct buf answer = {0};
	struct err e;

	buf_str(&answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	if (file_read(path, FILE_MAX, &answer, &e) < 0 ||
	    engine_take(question, &answer, n, &e))
		fail(&e);
	buf_free(&answer);
}

static int put4(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(ctx, false, s, e);
}

static int put6(void *ctx, struct sink *s, struct err *e)
{
	return chains_iptables(ctx, true, s, e);
}

static int make(const struct maker *m, struct sink *s, struct err *e)
{
	struct job *j = (struct job *)m;
	int six, status = 0;

	for (six = 0; six < 2 && !status; six++) {
		struct xtables x;

		status = xtables_read(&x, six ? TABLE_IP6 : TABLE_IP, &j->link,
				      e) ||
			 xtables_merge(&x, six ? put6 : put4, &j->chains, s, e)
			 ? -1 : 0;
		xtables_free(&x);
	}
	return status;
}

int main(int argc, char **argv)
{
	struct job j = {{make, true, true}, {0}, {0}};
	struct networks n = {0};
	bool changed = false;
	struct outcome o;
	struct err e;
	int i;

	if (argc < 4)
		return 2;
	take(ENGINE_NETWORKS, argv[1], &n);
	take(ENGINE_CONTAINERS, argv[2], &n);
	j.chains.networks = &n;
	j.chains.layouts = strcmp(argv[3], "28") ? LAYOUT_20 : LAYOUT_28;
	for (i = 4; i < argc; i++) {
		j.chains.publish |= !strcmp(argv[i], "publish");
		j.chains.containers |= !strcmp(argv[i], "containers");
	}
	if (link_open(&j.link, &e) ||
	    (strcmp(argv[3], "own")
		     ? apply(&j.link, &j.maker, &o, &e)
		     : chains_apply(&j.link, &j.chains, &changed, &e)))
		fail(&e);
	link_close(&j.link);
	networks_free(&n);
	if (changed)
		puts("changed");
	return 0;
}
