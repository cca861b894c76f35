/* docker-cfg: edits daemon.json, keeping every byte it need not change, and
 * knows what dockerd will make of it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../core/base/file.h"
#include "../core/docker/daemon.h"
#include "../core/docker/expr.h"
#include "../core/docker/report.h"
#include "applet.h"
#include "options.h"

enum { FILE_MAX = 1 << 30, TRIES = 5 };

static const char usage[] =
	"set keys in Docker's daemon.json\n"
	" [OPTION]... [EXPR]...\n"
	"\n"
	"Edits " DAEMON_JSON " and keeps every byte it need not change.\n"
	"All EXPR are one edit: all or none. Without any, prints the file.\n"
	"\n"
	"  PATH=VALUE  sets a key    PATH+=VALUE  adds to a list\n"
	"  PATH        prints it     PATH-=VALUE  takes from a list\n"
	"  del(PATH)   deletes it; so does -d PATH\n"
	"\n"
	"PATH: .iptables, log-opts.max-size, .[\"log-opts\"], dns[0]\n"
	"VALUE: JSON; strings that dockerd knows need no quotes\n"
	"\n"
	"  -n             print the new file, change nothing\n"
	"  -r             print strings raw\n"
	"  -f FILE        another file\n"
	"  -b             keep the old file as FILE~\n"
	"  --any          set also what dockerd would refuse\n"
	"  --check        say what dockerd makes of the file; --json: as JSON\n"
	"  --keys         list dockerd's keys: type, default, since when\n"
	"  --no-iptables  stop Docker from writing firewall rules (with -b)\n"
	"  --undo         put FILE~ back\n"
	"  --reload       send SIGHUP to dockerd, where that is enough\n";

/* What the options ask for, by the places of their letters in this. */
static const char letters[] = "nrbACJKNUR";
enum {
	DRY = 1 << 0,
	RAW = 1 << 1,
	BACKUP = 1 << 2,
	ANY = 1 << 3,
	CHECK = 1 << 4,
	JSON = 1 << 5,
	KEYS = 1 << 6,
	RECIPE = 1 << 7,
	UNDO = 1 << 8,
	RELOAD = 1 << 9,
};

struct job {
	const char *file;
	int asked;
	struct expr_run run;
	const char **word; /* EXPR; -d is a word of its own before its PATH */
	int words;
	int lock;        /* of the file's folder; -1: not held */
	struct stat was; /* the file that run.text is from */
	bool hold;       /* against others who write to it */
	bool bom;
	struct docker_check look;
	struct docker_daemon daemon;
};

static void no_memory(bool failed)
{
	if (failed)
		die("out of memory");
}

/* A file that is not there, or holds nothing but space, is as {}. */
static void load(struct job *j, const char *path)
{
	struct text *text = &j->run.text;
	struct buf saved = {0};
	bool cut_short;
	struct err e;

	if (text_read(text, path, FILE_MAX, j->hold, &j->was, &e) < 0)
		die_err(&e);
	j->bom = text->len >= 3 && !memcmp(text->data, "\xef\xbb\xbf", 3);
	if (j->bom)
		text_gap(text, text->data, text->data + 3, 0);
	else if (strspn(text->data, " \t\r\n") == text->len)
		no_memory(!text_set(text, "{}\n", 3));
	buf_fmt(&saved, "%s" FILE_SAVED, path);
	no_memory(saved.failed);
	cut_short = access(saved.data, F_OK) == 0;
	if (json_check(text->data, text->len, &e) == 0) {
		if (cut_short)
			warn("'%s' is the file before an edit that was cut "
			     "short: put it back or delete it", saved.data);
		buf_free(&saved);
		return;
	}
	if (text->len > 1 && (unsigned char)text->data[0] >= 0xfe)
		die("%s: UTF-16, not UTF-8", path);
	if (cut_short)
		die("%s:%d:%d: %s (the file before an edit that was cut short "
		    "is '%s')", path, e.line, e.col, e.text, saved.data);
	die("%s:%d:%d: %s", path, e.line, e.col, e.text);
}

/* What dockerd makes of the text, in j->look. */
static void examine(struct job *j)
{
	const struct text *text = &j->run.text;
	struct docker_key k;
	char *pidfile;

	if (docker_read(&j->look, json_root(text->data, text->len)) < 0)
		return;
	docker_key("pidfile", 7, &k);
	pidfile = docker_string(&j->look, &k);
	daemon_find(&j->daemon, j->file, DAEMON_JSON,
		    pidfile ? pidfile : k.standard);
	free(pidfile);
	docker_check(&j->look, j->daemon.words.data);
	no_memory(j->look.out.failed);
}

/* What is written is JSON, and dockerd starts with it. */
static void judge(struct job *j)
{
	struct docker_check *c = &j->look;
	struct err e;

	no_memory(j->run.out.failed);
	if (json_check(j->run.text.data, j->run.text.len, &e) < 0)
		die("the result would not be JSON: %d:%d: %s", e.line, e.col,
		    e.text);
	buf_free(&c->out);
	*c = (struct docker_check){
		.touched = j->run.whole ? NULL : j->run.touched,
		.any = j->asked & ANY,
		.prefix = "docker-cfg: ",
	};
	daemon_free(&j->daemon);
	examine(j);
	if (c->out.len && write(STDERR_FILENO, c->out.data, c->out.len) < 0)
		return;
	if (c->errors)
		die("nothing changed (--any sets it "
		    "all the same)");
}

static void edit(struct job *j)
{
	static const char *const recipe[] = {"iptables=false",
					     "ip6tables=false"};
	struct expr_run *r = &j->run;
	struct err e;
	int i;

	r->out.len = 0;
	r->edits = r->changed = false;
	for (i = 0; i < 2 && j->asked & RECIPE; i++)
		if (expr_do(r, recipe[i], false, &e) < 0)
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
	struct buf b = {0};

	buf_fmt(&b, "%s~", j->file);
	no_memory(b.failed);
	return b.data;
}

static void back_up(const struct job *j)
{
	char *path = backup_path(j);
	struct text old = {0};
	struct replacement r;
	struct stat was;
	struct err e;
	int there = text_read(&old, j->file, FILE_MAX, false, &was, &e);

	if (!there)
		no_memory(!text_set(&old, "{}\n", 3));
	if (there < 0 ||
	    replace_prepare(&r, path, MODE_ANYWAY |
			    (there ? j->was.st_mode & 0777 : 0644), old.data,
			    old.len, &e) < 0 ||
	    replace_commit(&r, &e) < 0)
		die_err(&e);
	text_free(&old);
	free(path);
}

/* What a killed docker-cfg left beside the file. */
static void sweep(const struct job *j)
{
	char *path = j->lock >= 0 ? file_follow(j->file) : NULL;

	if (path)
		file_sweep(path);
	free(path);
}

static void unlock(const struct job *j)
{
	if (j->lock >= 0)
		close(j->lock);
}

/* Of the text, which is freed.  False: somebody else changed the file since it
 * was read, or was about to. */
static bool store(struct job *j)
{
	struct replacement r;
	bool current;
	struct err e;

	sweep(j);
	if (j->asked & BACKUP)
		back_up(j);
	if (replace_prepare(&r, j->file, 0644, j->run.text.data,
			    j->run.text.len, &e) < 0)
		die_err(&e);
	current = text_end(&j->run.text);
	if (!current || !replace_is_current(&r, &j->was)) {
		replace_abort(&r);
		return false;
	}
	if (replace_commit(&r, &e) < 0)
		die_err(&e);
	return true;
}

/* Whether SIGHUP brings all that was changed into effect.  Of a key that is no
 * longer there dockerd keeps the value. */
static bool is_reload_enough(const struct job *j)
{
	struct docker_key k = {0};
	bool enough = !j->run.whole;

	while (docker_next_key(&k))
		enough &= !j->run.touched[k.index] ||
			  (docker_reloads(&k) && j->look.value[k.index].at);
	return enough;
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
	if (j->asked & RECIPE)
		print_str("Docker writes no firewall rules from its next start "
			  "on; docker-chains makes\nthose that containers "
			  "need\n");
	else if (!(j->asked & RELOAD) && j->daemon.pid)
		print_str(is_reload_enough(j)
			  ? "takes effect when dockerd reloads: --reload\n"
			  : "takes effect when dockerd is restarted\n");
}

/* Puts the former file back, byte for byte, whatever the present one holds. */
static void undo(struct job *j)
{
	char *path = backup_path(j);
	struct err e;

	j->lock = j->asked & DRY ? -1 : file_lock_folder(j->file);
	load(j, path);
	if (!j->was.st_nlink)
		die("no '%s' to put back", path);
	j->run.whole = true;
	judge(j);
	if (text_read(&j->run.text, path, FILE_MAX, false, &j->was, &e) < 0)
		die_err(&e);
	if (j->asked & DRY) {
		print(j->run.text.data, j->run.text.len);
	} else {
		if (stat(j->file, &j->was) < 0)
			j->was = (struct stat){0};
		if (!store(j))
			die("'%s' changed meanwhile", j->file);
		if (!(j->asked & BACKUP)) /* which is the file that was */
			unlink(path);
		say_effect(j);
		if (j->asked & RELOAD)
			reload(j);
	}
	free(path);
	unlock(j);
}

static void run_edits(struct job *j)
{
	bool dry = j->asked & DRY, whole = !j->words && !(j->asked & RECIPE);
	bool reloads = !dry && j->asked & RELOAD;
	int tries = 0;

	j->lock = dry ? -1 : file_lock_folder(j->file);
	j->hold = !dry && !whole;
	do {
		if (tries++ == TRIES)
			die("'%s' keeps changing meanwhile", j->file);
		load(j, j->file);
		edit(j);
		whole |= dry && j->run.edits;
	} while (!whole && j->run.changed && !store(j));
	if (reloads && !j->run.changed)
		examine(j);
	/* Nobody shall wait for who reads what is printed. */
	if (j->hold)
		text_free(&j->run.text);
	if (whole && !(j->asked & RELOAD))
		print(j->run.text.data, j->run.text.len);
	print(j->run.out.data, j->run.out.len);
	if (!whole && j->run.edits && !j->run.changed)
		print_str("unchanged\n");
	if (!whole && j->run.changed)
		say_effect(j);
	if (reloads)
		reload(j);
	unlock(j);
}

static int check(struct job *j)
{
	struct docker_check *c = &j->look;

	load(j, j->file);
	c->json = j->asked & JSON;
	c->prefix = "";
	if (j->bom)
		docker_say(c, 'w', "", "starts with a byte order mark, which "
			   "dockerd before 23 refuses");
	if (j->was.st_nlink && !j->was.st_size)
		docker_say(c, 'w', "", "is empty, which dockerd before 23 "
			   "refuses");
	examine(j);
	report(c, j->file, &j->run.out);
	return c->errors ? STATUS_FAILED : 0;
}

static void read_options(struct job *j, int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{'n', NULL, false},    {'r', NULL, false},
		{'f', NULL, true},     {'b', NULL, false},
		{'d', NULL, true},     {'A', "any", false},
		{'C', "check", false}, {'J', "json", false},
		{'K', "keys", false},  {'N', "no-iptables", false},
		{'U', "undo", false},  {'R', "reload", false},
		{0, NULL, false},
	};
	struct options o = {.argc = argc, .argv = argv, .at = 1};
	const char *letter;
	int c;

	while ((c = options_next(&o, specs)) || o.at < argc) {
		letter = c ? strchr(letters, c) : NULL;
		if (letter)
			j->asked |= 1 << (letter - letters);
		if (c == 'f')
			j->file = o.value;
		if (c == 'd')
			j->word[j->words++] = "-d";
		if (c == 'd' || !c)
			j->word[j->words++] = c ? o.value : argv[o.at++];
	}
	c = j->asked & (CHECK | UNDO | KEYS);
	if (c & (c - 1) || (c && (j->words || j->asked & RECIPE)))
		die_usage("--check, --keys and --undo go alone");
	if (j->asked & JSON && c != CHECK)
		die_usage("--json goes with --check");
	if (j->asked & RECIPE)
		j->asked |= BACKUP;
	j->run.raw = j->asked & RAW;
	j->run.any = j->asked & ANY;
}

static int docker_cfg(int argc, char **argv)
{
	struct job j = {.file = DAEMON_JSON};
	int status = 0;

	/* An option in one word with its value makes two. */
	j.word = calloc((size_t)argc * 2, sizeof(*j.word));
	no_memory(!j.word);
	read_options(&j, argc, argv);
	if (j.asked & CHECK)
		status = check(&j);
	else if (j.asked & KEYS)
		report_keys(&j.run.out);
	else if (j.asked & UNDO)
		undo(&j);
	else
		run_edits(&j);
	if (j.asked & (CHECK | KEYS)) {
		no_memory(j.run.out.failed);
		print(j.run.out.data, j.run.out.len);
	}
	buf_free(&j.look.out);
	daemon_free(&j.daemon);
	expr_free(&j.run);
	free(j.word);
	return status;
}

const struct applet docker_cfg_applet = {
	"docker-cfg", usage, NULL, docker_cfg,
};
