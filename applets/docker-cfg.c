/* docker-cfg: edits daemon.json, keeping every byte it need not change. */
#include "applet.h"

#include "../config.h"
#include "../core/base/file.h"
#include "../core/json/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 30, TRIES = 5 };

static const char usage[] =
	"usage: docker-cfg [-nr] [-f FILE] [EXPR...]\n"
	"\n"
	"Sets, prints and deletes keys of " DAEMON_JSON ".  All EXPR of a\n"
	"call are one edit: all or none.  Without EXPR, prints the file.\n"
	"\n"
	"  PATH=VALUE   sets           PATH+=VALUE  adds to a list\n"
	"  PATH         prints         PATH-=VALUE  takes from a list\n"
	"  del(PATH)    deletes        -d PATH      the same\n"
	"\n"
	"  -n           prints the new file, changes nothing\n"
	"  -r           prints strings raw\n"
	"  -f FILE      another file\n"
	"\n"
	"PATH is as in jq (.iptables, .[\"log-opts\"].\"max-size\", .dns[0])\n"
	"or bare (log-opts.max-size); VALUE is JSON.\n"
	"\n"
	"  docker-cfg .iptables=false\n"
	"  docker-cfg 'dns+=\"192.0.2.53\"'\n";

enum op { OP_PRINT, OP_SET, OP_ADD, OP_REMOVE, OP_DELETE };

struct job {
	const char *file;
	bool dry, raw;
	int words;
	char **word;      /* the EXPR, and behind each -d its PATH */
	struct stat was;  /* the file the text is from */
	struct buf text, value, out;
	bool edits, changed;
};

/* The value of the text after the operator. */
static int read_value(struct job *job, const char *s, struct json *value,
		      struct err *e)
{
	job->value.len = 0;
	buf_str(&job->value, s);
	if (job->value.failed)
		return err_set(e, "out of memory");
	if (json_check(job->value.data, job->value.len, e) < 0) {
		struct err cause = *e;

		return err_usage(e, "value '%s' is not JSON: %s", s,
				 cause.text);
	}
	*value = json_root(job->value.data, job->value.len);
	return 0;
}

static int print_value(struct job *job, const struct json_path *p,
		       struct err *e)
{
	struct json root = json_root(job->text.data, job->text.len), at;
	struct buf name = { 0 };

	if (json_follow(root, p, &at) < p->n) {
		json_path_text(p, p->n, &name);
		err_set(e, "'%s' is not set", name.data ? name.data : "?");
		buf_free(&name);
		return -1;
	}
	if (job->raw && json_type(at) == JSON_STRING)
		json_decode(at, &job->out);
	else
		buf_add(&job->out, at.at, (size_t)(at.end - at.at));
	buf_str(&job->out, "\n");
	return 0;
}

static int apply_op(struct job *job, const struct json_path *p, enum op op,
		    const char *rest, struct err *e)
{
	struct json value;

	if (op == OP_PRINT)
		return print_value(job, p, e);
	job->edits = true;
	if (op == OP_DELETE)
		return json_delete(&job->text, p, e);
	if (read_value(job, rest, &value, e) < 0)
		return -1;
	switch (op) {
	case OP_ADD:
		return json_add(&job->text, p, value, e);
	case OP_REMOVE:
		return json_remove(&job->text, p, value, e);
	default:
		return json_set(&job->text, p, value, e);
	}
}

static const char *skip_spaces(const char *s)
{
	return s + strspn(s, " \t\n");
}

/* What follows the path; *rest is then the value. */
static int read_op(const char **rest, enum op *op)
{
	const char *s = skip_spaces(*rest);

	*op = *s == '+' ? OP_ADD : *s == '-' ? OP_REMOVE : OP_SET;
	if (!*s) {
		*op = OP_PRINT;
		return 0;
	}
	s += *op != OP_SET;
	if (*s != '=' || s[1] == '=')
		return -1;
	*rest = skip_spaces(s + 1);
	return 0;
}

static int apply(struct job *job, const char *expr, bool delete, struct err *e)
{
	const char *start = skip_spaces(expr), *rest;
	bool call = !delete && !strncmp(start, "del(", 4);
	struct json_path p;
	enum op op = OP_DELETE;
	int rc = -1;

	rest = json_path_parse(&p, skip_spaces(start + (call ? 4 : 0)), e);
	if (!rest)
		goto out;
	if (call || delete) {
		rest = skip_spaces(rest);
		if (call && *rest == ')')
			rest = skip_spaces(rest + 1);
		else if (call)
			rest = "?";
		if (*rest) {
			err_usage(e, "not a path to delete: '%s'", expr);
			goto out;
		}
	} else if (read_op(&rest, &op) < 0) {
		err_usage(e, "not an expression: '%s': wanted =, += or -= "
			  "at '%s'", expr, rest);
		goto out;
	}
	rc = apply_op(job, &p, op, rest, e);
	if (rc > 0)
		job->changed = true;
out:
	json_path_free(&p);
	return rc < 0 ? -1 : 0;
}

/* No file, and a file of nothing but space, is as {}. */
static void load(struct job *job)
{
	struct err e;
	bool empty;

	job->text.len = 0;
	job->changed = false;
	if (file_read_stat(job->file, FILE_MAX, &job->text, &job->was, &e) < 0)
		die_err(&e);
	empty = !job->text.data ||
		job->text.data[strspn(job->text.data, " \t\r\n")] == '\0';
	if (empty && strlen(job->text.data ? job->text.data : "") ==
		     job->text.len) {
		job->text.len = 0;
		buf_str(&job->text, "{}\n");
	}
	if (job->text.failed)
		die("out of memory");
	if (json_check(job->text.data, job->text.len, &e) < 0)
		die("%s:%d:%d: %s", job->file, e.line, e.col, e.text);
}

static void edit(struct job *job)
{
	struct err e;
	int i;

	job->out.len = 0;
	for (i = 0; i < job->words; i++) {
		bool delete = !strcmp(job->word[i], "-d");

		i += delete;
		if (apply(job, job->word[i], delete, &e) < 0)
			die_err(&e);
	}
	/* What is written is valid whatever happened above. */
	if (job->changed && json_check(job->text.data, job->text.len, &e) < 0)
		die("the result would not be JSON: %d:%d: %s", e.line, e.col,
		    e.text);
}

/* 1: done, 0: the file is another by now. */
static int store(struct job *job)
{
	struct replacement r;
	struct err e;

	if (replace_prepare(&r, job->file, 0644, job->text.data,
			    job->text.len, &e) < 0)
		die_err(&e);
	if (!replace_is_current(&r, &job->was)) {
		replace_abort(&r);
		return 0;
	}
	if (replace_commit(&r, &e) < 0)
		die_err(&e);
	return 1;
}

static void run(struct job *job)
{
	int tries, lock = job->dry ? -1 : file_lock_folder(job->file);

	for (tries = 0; tries < TRIES; tries++) {
		load(job);
		edit(job);
		if (!job->words || (job->dry && job->edits)) {
			print(job->text.data, job->text.len);
			break;
		}
		if (job->edits && !job->changed)
			buf_str(&job->out, "unchanged\n");
		if (!job->changed || store(job))
			break;
	}
	if (tries == TRIES)
		die("'%s' keeps changing under the edit", job->file);
	print(job->out.data, job->out.len);
	if (lock >= 0)
		close(lock);
}

static int docker_cfg(int argc, char **argv)
{
	struct job job = { .file = DAEMON_JSON };
	int i;

	job.word = calloc((size_t)argc + 1, sizeof(*job.word));
	if (!job.word)
		die_errno("cannot start");
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-n"))
			job.dry = true;
		else if (!strcmp(argv[i], "--any"))
			;
		else if (!strcmp(argv[i], "-r"))
			job.raw = true;
		else if (!strcmp(argv[i], "-f") && i + 1 < argc)
			job.file = argv[++i];
		else if (!strcmp(argv[i], "-d") && i + 1 < argc) {
			job.word[job.words++] = argv[i++];
			job.word[job.words++] = argv[i];
		} else if (argv[i][0] == '-')
			die_usage("unknown option '%s'", argv[i]);
		else
			job.word[job.words++] = argv[i];
	}
	run(&job);
	free(job.word);
	buf_free(&job.text);
	buf_free(&job.value);
	buf_free(&job.out);
	return 0;
}

const struct applet docker_cfg_applet = {
	.name = "docker-cfg",
	.brief = "set keys in Docker's daemon.json",
	.usage = usage,
	.main = docker_cfg,
};
