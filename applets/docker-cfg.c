/* docker-cfg: edits daemon.json, keeping every byte it need not change, and
 * knows what dockerd will make of it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../core/base/file.h"
#include "../core/docker/check.h"
#include "../core/docker/daemon.h"
#include "../core/docker/expr.h"
#include "../core/docker/report.h"
#include "applet.h"
#include "options.h"

enum { FILE_MAX = 1 << 30, TRIES = 5 };

static const char usage[] =
	"usage: docker-cfg [OPTION]... [EXPR]...\n"
	"\n"
	"Edits " DAEMON_JSON " and keeps every byte it need not change.\n"
	"All EXPR are one edit: all or none. Without any, prints the file.\n"
	"\n"
	"  PATH=VALUE   sets a key     PATH+=VALUE  adds to a list\n"
	"  PATH         prints it      PATH-=VALUE  takes from a list\n"
	"  del(PATH)    deletes it; so does -d PATH\n"
	"\n"
	"PATH: .iptables, log-opts.max-size, .[\"log-opts\"], dns[0]\n"
	"VALUE: JSON; strings that dockerd knows need no quotes\n"
	"\n"
	"  -n              print the new file, change nothing\n"
	"  -r              print strings raw\n"
	"  -f FILE         another file\n"
	"  -b              keep the old file as FILE~\n"
	"  --any           set also what dockerd would refuse\n"
	"  --check         say what dockerd makes of the file; --json: as JSON\n"
	"  --keys          list dockerd's keys: type, default, since when\n"
	"  --no-iptables   stop Docker from writing firewall rules (with -b)\n"
	"  --undo          put FILE~ back\n"
	"  --reload        send SIGHUP to dockerd, where that is enough\n";

struct job {
	const char *file;
	bool dry, backup, check, json, keys, recipe, undo, reload;
	struct expr_run run;
	char **word; /* EXPR; -d is a word of its own before its PATH */
	int words;
	struct stat was; /* the file that run.text is from */
	bool bom;
	struct docker_check look;
	struct docker_daemon daemon;
	int errors;
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

static bool is_touched(void *context, const char *key)
{
	return expr_touched(&((struct job *)context)->run, key);
}

/* After an edit only what has to do with it is said. */
static void say_finding(void *context, const struct finding *f)
{
	struct job *j = context;
	bool error = f->level == FINDING_ERROR && !j->run.any;

	if (!is_touched(j, f->key) && !is_touched(j, f->other))
		return;
	warn("%s%s: %s", error ? "" : "warning: ", f->key, f->text);
	j->errors += error;
}

static void examine(struct job *j, finding_report *report, void *context)
{
	j->look.root = json_root(j->run.text.data, j->run.text.len);
	j->look.words = j->daemon.words.data;
	j->look.report = report;
	j->look.context = context;
	docker_check(&j->look);
}

/* What is written is JSON, and dockerd starts with it. */
static void judge(struct job *j)
{
	struct err e;

	no_memory(j->run.text.failed || j->run.out.failed ||
		  j->run.touched.failed);
	if (json_check(j->run.text.data, j->run.text.len, &e) < 0)
		die("the result would not be JSON: %d:%d: %s", e.line, e.col,
		    e.text);
	j->look.wanted = is_touched;
	examine(j, say_finding, j);
	if (j->errors)
		die("nothing changed: dockerd would not start (--any sets it "
		    "all the same)");
}

static void edit(struct job *j)
{
	struct expr_run *r = &j->run;
	struct err e;
	int i;

	r->out.len = r->touched.len = 0;
	r->edits = r->changed = false;
	if (j->recipe && (expr_set(r, "iptables", "false", &e) < 0 ||
			  expr_set(r, "ip6tables", "false", &e) < 0))
		die_err(&e);
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
	if (r->changed)
		judge(j);
}

static char *backup_path(const struct job *j)
{
	struct buf b = { 0 };

	buf_fmt(&b, "%s~", j->file);
	no_memory(b.failed);
	return b.data;
}

static void back_up(const struct job *j)
{
	char *path = backup_path(j);
	struct buf old = { 0 };
	struct replacement r;
	struct err e;
	int there = file_read(j->file, FILE_MAX, &old, &e);

	if (!there)
		buf_str(&old, "{}\n");
	if (there < 0 ||
	    replace_prepare(&r, path, there ? j->was.st_mode & 0777 : 0644,
			    old.data, old.len, &e) < 0 ||
	    replace_commit(&r, &e) < 0)
		die_err(&e);
	buf_free(&old);
	free(path);
}

/* False: somebody else changed the file since it was read. */
static bool store(struct job *j)
{
	struct replacement r;
	struct err e;

	if (j->backup)
		back_up(j);
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

static void undo(struct job *j)
{
	char *path = backup_path(j);
	struct err e;
	int there;

	load(j);
	j->run.text.len = 0;
	there = file_read(path, FILE_MAX, &j->run.text, &e);
	if (there < 0)
		die_err(&e);
	if (!there)
		die("no '%s' to put back", path);
	if (!store(j))
		die("'%s' changed meanwhile", j->file);
	unlink(path);
	free(path);
}

/* Whether SIGHUP brings all that was changed into effect. */
static bool is_reload_enough(const struct job *j)
{
	const char *s = j->run.touched.data;
	struct docker_key k;
	size_t len;

	for (; s && *s; s += len + 1) {
		len = strcspn(s, "\n"); /* the key with its quotes */
		if (len < 2 || !docker_key(s + 1, len - 2, &k) || !k.reload)
			return false;
	}
	return true;
}

static void reload(const struct job *j)
{
	if (!is_reload_enough(j))
		die("not reloaded: dockerd must be restarted for this");
	if (!j->daemon.pid)
		die("not reloaded: no dockerd runs that reads '%s'", j->file);
	if (kill(j->daemon.pid, SIGHUP) < 0)
		die_errno("cannot signal dockerd, process %d",
			  (int)j->daemon.pid);
}

static void say_effect(const struct job *j)
{
	if (j->recipe)
		print_str("Docker writes no firewall rules from its next start "
			  "on; docker-chains makes\nthose that containers "
			  "need\n");
	else if (!j->reload && j->daemon.pid)
		print_str(is_reload_enough(j)
			  ? "takes effect when dockerd reloads: --reload\n"
			  : "takes effect when dockerd is restarted\n");
}

static void run_edits(struct job *j)
{
	int tries = 0, lock = j->dry ? -1 : file_lock_folder(j->file);
	bool none = !j->words && !j->recipe;

	do {
		if (tries++ == TRIES)
			die("'%s' keeps changing meanwhile", j->file);
		load(j);
		edit(j);
		if (j->dry)
			none |= j->run.edits;
	} while (!none && j->run.changed && !store(j));
	if (none)
		print(j->run.text.data, j->run.text.len);
	print(j->run.out.data, j->run.out.len);
	if (!none && j->run.edits && !j->run.changed)
		print_str("unchanged\n");
	else if (!none && j->run.changed)
		say_effect(j);
	if (!none && j->reload && (j->run.changed || !j->run.edits))
		reload(j);
	if (lock >= 0)
		close(lock);
}

static int check(struct job *j)
{
	const struct finding bom = { FINDING_WARNING, "", "", "starts with a "
		"byte order mark, which dockerd before 23 refuses" };
	const struct finding empty = { FINDING_WARNING, "", "", "is empty, "
		"which dockerd before 23 refuses" };
	struct report r = { 0 };

	load(j);
	if (j->bom)
		report_finding(&r, &bom);
	if (j->was.st_nlink && j->was.st_size < 2)
		report_finding(&r, &empty);
	examine(j, report_finding, &r);
	report_effective(&r, &j->look);
	if (j->json)
		report_json(&r, j->file, &j->run.out);
	else
		buf_add(&j->run.out, r.lines.data, r.lines.len);
	no_memory(j->run.out.failed);
	print(j->run.out.data, j->run.out.len);
	report_free(&r);
	return r.errors ? STATUS_FAILED : 0;
}

static int list_keys(void)
{
	struct buf out = { 0 };

	report_keys(&out);
	no_memory(out.failed);
	print(out.data, out.len);
	buf_free(&out);
	return 0;
}

static void read_options(struct job *j, int argc, char **argv)
{
	static char dash_d[] = "-d";
	static const struct option_spec specs[] = {
		{ 'n', NULL, false },          { 'r', NULL, false },
		{ 'f', NULL, true },           { 'b', NULL, false },
		{ 'd', NULL, true },           { 'A', "any", false },
		{ 'C', "check", false },       { 'J', "json", false },
		{ 'K', "keys", false },        { 'N', "no-iptables", false },
		{ 'U', "undo", false },        { 'R', "reload", false },
		{ 0, NULL, false },
	};
	struct options o = { .argc = argc, .argv = argv, .at = 1 };
	int c;

	while ((c = options_next(&o, specs)) || o.at < argc) {
		j->dry |= c == 'n';
		j->run.raw |= c == 'r';
		j->backup |= c == 'b' || c == 'N';
		j->run.any |= c == 'A';
		j->check |= c == 'C';
		j->json |= c == 'J';
		j->recipe |= c == 'N';
		j->undo |= c == 'U';
		j->reload |= c == 'R';
		j->keys |= c == 'K';
		if (c == 'f')
			j->file = o.value;
		if (c == 'd')
			j->word[j->words++] = dash_d;
		if (c == 'd' || !c)
			j->word[j->words++] = c ? (char *)o.value
						: argv[o.at++];
	}
	if ((j->check || j->undo) &&
	    (j->words || j->recipe || j->check == j->undo))
		die_usage("--check and --undo go alone");
	if (j->json && !j->check)
		die_usage("--json goes with --check");
}

static int docker_cfg(int argc, char **argv)
{
	struct job j = { .file = DAEMON_JSON };
	int status = 0;

	/* An option in one word with its value makes two. */
	j.word = calloc((size_t)argc * 2, sizeof(*j.word));
	no_memory(!j.word);
	read_options(&j, argc, argv);
	if (!j.dry)
		daemon_find(&j.daemon, j.file, DAEMON_JSON);
	if (j.keys)
		status = list_keys();
	else if (j.check)
		status = check(&j);
	else if (j.undo)
		undo(&j);
	else
		run_edits(&j);
	daemon_free(&j.daemon);
	expr_free(&j.run);
	free(j.word);
	return status;
}

const struct applet docker_cfg_applet = {
	"docker-cfg", "set keys in Docker's daemon.json", usage, NULL,
	docker_cfg,
};
