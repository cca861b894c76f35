/* docker-cfg: edits daemon.json, keeping every byte it need not change. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../core/base/file.h"
#include "../core/json/expr.h"
#include "../core/json/json.h"
#include "applet.h"
#include "options.h"

enum { FILE_MAX = 1 << 30, TRIES = 5 };

static const char usage[] =
	"usage: docker-cfg [-n] [-r] [-f FILE] [EXPR]...\n"
	"\n"
	"Edits " DAEMON_JSON " and keeps every byte it need not change.\n"
	"All EXPR are one edit: all or none. Without any, prints the file.\n"
	"\n"
	"  PATH=JSON  sets a key     PATH+=JSON  adds to a list\n"
	"  PATH       prints it      PATH-=JSON  takes from a list\n"
	"  del(PATH)  deletes it; so does -d PATH\n"
	"\n"
	"PATH: .iptables, log-opts.max-size, .[\"log-opts\"], dns[0]\n"
	"\n"
	"  -n       print the new file, change nothing\n"
	"  -r       print strings raw\n"
	"  -f FILE  another file\n";

struct job {
	const char *file;
	bool dry;
	struct expr_run run;
	char **word; /* EXPR; -d is a word of its own before its PATH */
	int words;
	struct stat was; /* the file that run.text is from */
	bool bom;
};

static void no_memory(bool failed)
{
	if (failed)
		die("out of memory");
}

/* A file that is not there, or holds nothing but space, is as {}. */
static void load(struct job *j)
{
	struct buf *text = &j->run.text;
	struct err e;

	text->len = 0;
	buf_str(text, "");
	if (file_read_stat(j->file, FILE_MAX, text, &j->was, &e) < 0)
		die_err(&e);
	j->bom = text->len >= 3 && !memcmp(text->data, "\xef\xbb\xbf", 3);
	if (j->bom) {
		text->len -= 3;
		memmove(text->data, text->data + 3, text->len + 1);
	}
	if (!j->bom && strspn(text->data, " \t\r\n") == text->len) {
		text->len = 0;
		buf_str(text, "{}\n");
	}
	no_memory(text->failed);
	if (json_check(text->data, text->len, &e) == 0)
		return;
	if (text->len > 1 && (unsigned char)text->data[0] >= 0xfe)
		die("%s: UTF-16, not UTF-8", j->file);
	buf_fmt(&j->run.out, "%s" FILE_SAVED, j->file);
	if (!j->run.out.failed && access(j->run.out.data, F_OK) == 0)
		die("%s:%d:%d: %s (the file before an edit that was cut short "
		    "is '%s')", j->file, e.line, e.col, e.text,
		    j->run.out.data);
	die("%s:%d:%d: %s", j->file, e.line, e.col, e.text);
}

static void edit(struct job *j)
{
	struct expr_run *r = &j->run;
	struct err e;
	int i;

	r->out.len = 0;
	r->edits = r->changed = false;
	for (i = 0; i < j->words; i++) {
		bool del = !strcmp(j->word[i], "-d");

		if (expr_do(r, j->word[i += del], del, &e) < 0)
			die_err(&e);
	}
	if (r->edits && j->bom) {
		warn("took away the byte order mark, which dockerd before 23 "
		     "refuses");
		r->changed = true;
	}
	no_memory(r->text.failed || r->out.failed);
	if (r->changed && json_check(r->text.data, r->text.len, &e) < 0)
		die("the result would not be JSON: %d:%d: %s", e.line, e.col,
		    e.text);
}

/* False: somebody else changed the file since it was read. */
static bool store(struct job *j)
{
	struct replacement r;
	struct err e;

	if (replace_prepare(&r, j->file, 0644, j->run.text.data,
			    j->run.text.len, &e) < 0)
		die_err(&e);
	if (!replace_is_current(&r, &j->was)) {
		replace_abort(&r);
		return false;
	}
	if (replace_commit(&r, &e) < 0)
		die_err(&e);
	return true;
}

static void run_edits(struct job *j)
{
	int tries = 0, lock = j->dry ? -1 : file_lock_folder(j->file);
	bool whole = !j->words;

	do {
		if (tries++ == TRIES)
			die("'%s' keeps changing meanwhile", j->file);
		load(j);
		edit(j);
		whole |= j->dry && j->run.edits;
	} while (!whole && j->run.changed && !store(j));
	if (whole)
		print(j->run.text.data, j->run.text.len);
	print(j->run.out.data, j->run.out.len);
	if (!whole && j->run.edits && !j->run.changed)
		print_str("unchanged\n");
	if (lock >= 0)
		close(lock);
}

static void read_options(struct job *j, int argc, char **argv)
{
	static char dash_d[] = "-d";
	static const struct option_spec specs[] = {
		{'n', NULL, false}, {'r', NULL, false},
		{'f', NULL, true}, {'d', NULL, true}, {0, NULL, false},
	};
	struct options o = {.argc = argc, .argv = argv, .at = 1};
	int c;

	while ((c = options_next(&o, specs)) || o.at < argc) {
		j->dry |= c == 'n';
		j->run.raw |= c == 'r';
		if (c == 'f')
			j->file = o.value;
		if (c == 'd')
			j->word[j->words++] = dash_d;
		if (c == 'd' || !c)
			j->word[j->words++] = c ? (char *)o.value
						: argv[o.at++];
	}
}

static int docker_cfg(int argc, char **argv)
{
	struct job j = {.file = DAEMON_JSON};

	/* An option in one word with its value makes two. */
	j.word = calloc((size_t)argc * 2, sizeof(*j.word));
	no_memory(!j.word);
	read_options(&j, argc, argv);
	run_edits(&j);
	expr_free(&j.run);
	free(j.word);
	return 0;
}

const struct applet docker_cfg_applet = {
	"docker-cfg", "set keys in Docker's daemon.json", usage, NULL,
	docker_cfg,
};
