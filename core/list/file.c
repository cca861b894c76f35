#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../config.h"
#include "../base/file.h"
#include "../base/words.h"
#include "../rule/parse.h"
#include "../rule/print.h"

enum { FILE_MAX = 1 << 28 };

const struct netfile *policy_netfile(const struct policy *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->n_netfiles; i++)
		if (!strcmp(p->netfiles[i].path, path))
			return &p->netfiles[i];
	return NULL;
}

static int read_netfile(struct policy *p, const char *path, struct err *e)
{
	if (!path || policy_netfile(p, path))
		return 0;
	if (p->n_netfiles == NETFILES_MAX)
		return err_set(e, "too many files of addresses: at most %d",
			       NETFILES_MAX);
	return netfile_read(&p->netfiles[p->n_netfiles++], path, e);
}

static int add_rule(struct policy *p, const struct rule *r, int line,
		    struct err *e)
{
	size_t cap = p->cap ? 2 * p->cap : 16;
	struct listed_rule *grown;

	if (read_netfile(p, r->src.file, e) || read_netfile(p, r->dst.file, e))
		return -1;
	if (p->n == p->cap) {
		grown = realloc(p->rules, cap * sizeof(*grown));
		if (!grown)
			return err_set(e, "out of memory");
		p->rules = grown;
		p->cap = cap;
	}
	p->rules[p->n++] = (struct listed_rule){*r, line};
	return 0;
}

static int bad_word(struct err *e, int word)
{
	e->word = word;
	return -1;
}

/* default ACTION [incoming|outgoing|routed], as ufw's */
static int read_default(struct policy *p, const struct words *w,
			struct err *e)
{
	static const char *const names[] = {"allow", "deny", "reject"};
	const char *whose = w->n > 2 ? w->word[2] : "incoming";
	enum action action;

	if (w->n < 2 || w->n > 3)
		return err_set(e, "default takes a policy and a direction");
	for (action = ACT_ALLOW; action <= ACT_REJECT; action++)
		if (!strcmp(w->word[1], names[action]))
			break;
	if (action > ACT_REJECT) {
		err_set(e, "bad policy '%s': must be allow, deny or reject",
			w->word[1]);
		return bad_word(e, 1);
	}
	if (!strcmp(whose, "incoming") || !strcmp(whose, "input")) {
		p->incoming = action;
	} else if (!strcmp(whose, "outgoing") || !strcmp(whose, "output")) {
		p->outgoing = action;
	} else if (!strcmp(whose, "routed") || !strcmp(whose, "forward")) {
		p->routed = action;
	} else {
		err_set(e, "bad direction '%s': must be incoming, outgoing or "
			"routed", whose);
		return bad_word(e, 2);
	}
	return 0;
}

static int add_container(struct policy *p, const char *name, struct err *e)
{
	size_t len = strlen(name);

	if (p->n_containers == CONTAINERS_MAX)
		return err_set(e, "too many container interfaces: at most %d",
			       CONTAINERS_MAX);
	if (!len || len > IFNAME_MAX || strchr(name, '/') ||
	    strcspn(name, "*\"") + (name[len - 1] == '*') != len)
		return err_set(e, "bad interface '%s': must be 1 to %d "
			       "characters, a * only at the end",
			       name, IFNAME_MAX);
	memcpy(p->containers[p->n_containers++], name, len + 1);
	return 0;
}

/* logging LEVEL; on is low */
static int read_logging(struct policy *p, const struct words *w,
			struct err *e)
{
	static const char *const names[] = {"off", "low", "medium", "high",
					    "full"};
	enum log_level level;

	if (w->n != 2)
		return err_set(e, "logging takes a level");
	if (!strcmp(w->word[1], "on")) {
		p->logging = LOG_LOW;
		return 0;
	}
	for (level = LOG_OFF; level <= LOG_FULL; level++)
		if (!strcmp(w->word[1], names[level])) {
			p->logging = level;
			return 0;
		}
	err_set(e, "bad logging level '%s': must be off, low, medium, high or "
		"full", w->word[1]);
	return bad_word(e, 1);
}

/* containers NAME...; none of them: containers none */
static int read_containers(struct policy *p, const struct words *w,
			   struct err *e)
{
	int i;

	p->n_containers = 0;
	if (w->n == 2 && !strcmp(w->word[1], "none"))
		return 0;
	if (w->n < 2)
		return err_set(e, "containers takes interface names, or none");
	for (i = 1; i < w->n; i++)
		if (add_container(p, w->word[i], e))
			return bad_word(e, i);
	return 0;
}

static int read_line(struct rules_file *f, const struct words *w, int line,
		     struct err *e)
{
	struct rule r;

	if (!w->n)
		return 0;
	if (!strcmp(w->word[0], "default"))
		return read_default(&f->policy, w, e);
	if (!strcmp(w->word[0], "logging"))
		return read_logging(&f->policy, w, e);
	if (!strcmp(w->word[0], "containers"))
		return read_containers(&f->policy, w, e);
	if (rule_parse(&r, w->word, w->n, &f->names, e))
		return -1;
	return add_rule(&f->policy, &r, line, e);
}

static int misread(const struct rules_file *f, const struct words *w,
		   int line, struct err *e)
{
	struct err cause = *e;
	int col = cause.col;

	if (!col)
		col = cause.word >= 0 && cause.word < w->n
			      ? w->col[cause.word] : w->n ? w->col[0] : 1;
	err_set(e, "%s:%d:%d: %.400s", f->path, line, col, cause.text);
	e->line = line;
	e->col = col;
	return -1;
}

/* Every line of the text; the words stay in a copy of it. */
static int read_text(struct rules_file *f, struct err *e)
{
	char *line, *end, *stop;
	struct words w = {0};
	int n = 0;

	if (f->text.len && memchr(f->text.data, '\0', f->text.len))
		return err_set(e, "%s: holds a NUL byte: not a text", f->path);
	buf_add(&f->words, f->text.data, f->text.len);
	if (f->words.failed)
		return err_set(e, "out of memory");
	stop = f->words.data + f->words.len;
	for (line = f->words.data; line < stop; line = end + 1) {
		end = memchr(line, '\n', (size_t)(stop - line));
		if (!end)
			end = stop;
		*end = '\0';
		n++;
		if (words_split(&w, line, e) || read_line(f, &w, n, e))
			return misread(f, &w, n, e);
	}
	return 0;
}

static void default_text(struct buf *out)
{
	static const char *const containers[] = {CONTAINER_IFACES};
	size_t i;

	buf_str(out, "# The firewall: a rule a line in ufw's words, the first "
		     "that matches decides.\n"
		     "default deny incoming\n"
		     "default allow outgoing\n"
		     "default deny routed\n"
		     "logging low\n"
		     "containers");
	for (i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		buf_fmt(out, " %s", containers[i]);
	buf_str(out, "\n");
}

int rules_load(struct rules_file *f, const char *path, struct err *e)
{
	static const struct policy defaults = {
		.incoming = ACT_DENY, .outgoing = ACT_ALLOW,
		.routed = ACT_DENY, .logging = LOG_LOW,
	};
	static const char *const containers[] = {CONTAINER_IFACES};
	size_t i;
	int found;

	*f = (struct rules_file){.path = path, .policy = defaults};
	for (i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (add_container(&f->policy, containers[i], e))
			return -1;
	found = file_read(path, FILE_MAX, &f->text, e);
	if (found < 0)
		return -1;
	f->missing = !found;
	if (f->missing)
		default_text(&f->text);
	return read_text(f, e);
}

void rules_free(struct rules_file *f)
{
	buf_free(&f->text);
	buf_free(&f->words);
	names_free(&f->names);
	while (f->policy.n_netfiles)
		netfile_free(&f->policy.netfiles[--f->policy.n_netfiles]);
	free(f->policy.rules);
	f->policy.rules = NULL;
}

bool rules_have(const struct rules_file *f, const struct rule *r)
{
	size_t i;

	for (i = 0; i < f->policy.n; i++)
		if (rule_same(&f->policy.rules[i].rule, r))
			return true;
	return false;
}

int rules_append(struct rules_file *f, const struct rule *r, const char *line,
		 struct err *e)
{
	struct buf *t = &f->text;
	const char *c;
	size_t i;
	int number = 1;

	for (c = line; *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return err_usage(e, "control character in a rule");
	if (t->len && t->data[t->len - 1] != '\n')
		buf_str(t, "\n");
	buf_fmt(t, "%s\n", line);
	if (t->failed)
		return err_set(e, "out of memory");
	for (i = 0; i + 1 < t->len; i++)
		number += t->data[i] == '\n';
	return add_rule(&f->policy, r, number, e);
}

static void make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (!slash || slash == path)
		return;
	folder = strndup(path, (size_t)(slash - path));
	if (folder)
		mkdir(folder, 0755);
	free(folder);
}

int rules_lock(const char *path, int *fd, struct err *e)
{
	struct buf name = {0};
	int status = 0;

	make_folder(path);
	buf_fmt(&name, "%s.lock", path);
	if (name.failed)
		return err_set(e, "out of memory");
	*fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0 && errno != EROFS && errno != ENOENT)
		status = err_sys(e, "cannot open '%s'", name.data);
	while (*fd >= 0 && flock(*fd, LOCK_EX) < 0 && errno == EINTR)
		;
	buf_free(&name);
	return status;
}
