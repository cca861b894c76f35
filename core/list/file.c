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

enum { FILE_MAX = 1 << 28, LINES_MANY = 1 << 17 };

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

/* Room for so many rules. */
static int reserve(struct policy *p, size_t cap, struct err *e)
{
	struct listed_rule *grown = realloc(p->rules, cap * sizeof(*grown));

	if (!grown)
		return err_set(e, "out of memory");
	p->rules = grown;
	p->cap = cap;
	return 0;
}

/* Whether it points into the words it was parsed from. */
static bool keeps_words(const struct rule *r)
{
	return r->comment || r->src.file || r->dst.file || r->src.app ||
	       r->dst.app || *r->iif || *r->oif;
}

/* 1: the line's words are to stay, 0: not, -1 and *e. */
static int read_line(struct rules_file *f, const struct words *w, int line,
		     struct err *e)
{
	struct policy *p = &f->policy;
	struct rule *r;
	int setting;

	if (!w->n)
		return 0;
	setting = setting_read(p, w, e);
	if (setting < 0)
		return -1;
	f->set_at[setting] = line;
	if (setting)
		return 0;
	if (p->n == p->cap && reserve(p, 2 * p->cap, e))
		return -1;
	r = &p->rules[p->n].rule;
	if (rule_parse(r, w->word, w->n, &f->names, e) ||
	    read_netfile(p, r->src.file, e) || read_netfile(p, r->dst.file, e))
		return -1;
	p->rules[p->n++].line = line;
	return keeps_words(r);
}

static int misread(const struct rules_file *f, const struct words *w,
		   int line, struct err *e)
{
	int col = e->col;

	if (!col && w->n)
		col = w->col[e->word >= 0 && e->word < w->n ? e->word : 0];
	return err_place(e, f->path, line, col ? col : 1);
}

/* The lines of the text, and one that may be added; no more than are worth
 * it. */
static size_t count_lines(const struct buf *text)
{
	const char *at = text->data, *end = at + text->len;
	size_t n = 2;

	while (n < LINES_MANY && (at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		n++;
	}
	return n;
}

/* Every line of the text from `from` on, where a line begins. */
static int read_text(struct rules_file *f, size_t from, struct err *e)
{
	const char *line = f->text.data + from, *end, *next;
	const char *last = f->text.data + f->text.len;
	struct words w = {0};
	char *words;
	int kept;

	if (memchr(line, '\0', (size_t)(last - line)))
		return err_set(e, "%s: holds a NUL byte: not a text", f->path);
	for (; line; line = next) {
		end = memchr(line, '\n', (size_t)(last - line));
		next = end ? end + 1 : NULL;
		end = end ? end : last;
		words = arena_take(&f->words, (size_t)(end - line) + 1);
		if (!words)
			return err_set(e, "out of memory");
		kept = words_cut(&w, words, line, end, e) ? -1
		       : read_line(f, &w, f->lines + 1, e);
		if (kept < 0)
			return misread(f, &w, f->lines + 1, e);
		if (!kept)
			arena_undo(&f->words, words);
		f->lines += next != NULL;
	}
	return 0;
}

/* What is understood of the text, dropped: the defaults are left. */
static void forget(struct rules_file *f)
{
	static const char containers[][IFNAME_MAX + 1] = {CONTAINER_IFACES};
	struct policy *p = &f->policy;

	while (p->n_netfiles)
		netfile_free(&p->netfiles[--p->n_netfiles]);
	free(p->rules);
	*p = (struct policy){
		.incoming = ACT_DENY, .outgoing = ACT_ALLOW,
		.routed = ACT_DENY, .logging = LOG_LOW,
		.n_containers = sizeof(containers) / sizeof(containers[0]),
	};
	memcpy(p->containers, containers, sizeof(containers));
	memset(f->set_at, 0, sizeof(f->set_at));
	arena_free(&f->words);
	f->lines = 0;
}

static int reread(struct rules_file *f, struct err *e)
{
	forget(f);
	if (reserve(&f->policy, count_lines(&f->text), e))
		return -1;
	return read_text(f, 0, e);
}

static void default_text(struct rules_file *f)
{
	const struct policy *p = &f->policy;
	size_t i;

	forget(f);
	buf_str(&f->text, "# The firewall: a rule a line in ufw's words, the "
			  "first that matches decides.\n"
			  "default deny incoming\n"
			  "default allow outgoing\n"
			  "default deny routed\n"
			  "logging low\n"
			  "containers");
	for (i = 0; i < p->n_containers; i++)
		buf_fmt(&f->text, " %s", p->containers[i]);
	buf_str(&f->text, "\n");
}

int rules_load(struct rules_file *f, const char *path, struct err *e)
{
	int found;

	*f = (struct rules_file){.path = path};
	found = file_read(path, FILE_MAX, &f->text, e);
	if (found < 0)
		return -1;
	f->missing = !found;
	if (f->missing)
		default_text(f);
	f->former.len = f->text.len;
	return reread(f, e);
}

void rules_free(struct rules_file *f)
{
	forget(f);
	buf_free(&f->text);
	buf_free(&f->former);
	names_free(&f->names);
}

const char *rules_former(const struct rules_file *f, size_t *len)
{
	*len = f->former.len;
	return f->former.data ? f->former.data : f->text.data;
}

ptrdiff_t rules_find(const struct rules_file *f, const struct rule *r)
{
	size_t i;

	for (i = 0; i < f->policy.n; i++)
		if (rule_same_match(&f->policy.rules[i].rule, r))
			return (ptrdiff_t)i;
	return -1;
}

static void forget_line(struct rules_file *f, int number)
{
	struct policy *p = &f->policy;
	size_t i, left = 0;

	for (i = 0; i < p->n; i++) {
		if (p->rules[i].line == number)
			continue;
		p->rules[left] = p->rules[i];
		p->rules[left++].line -= p->rules[i].line > number;
	}
	p->n = left;
	for (i = 0; i < SETTINGS; i++)
		f->set_at[i] -= f->set_at[i] > number;
}

/* The text is another from now on. */
static int edited(struct rules_file *f, const struct buf *text, struct err *e)
{
	size_t len = f->former.len;

	if (f->former.data) {
		buf_free(&f->text);
	} else {
		f->former = f->text;
		f->former.len = len;
	}
	f->text = *text;
	return text->failed ? err_set(e, "out of memory") : 0;
}

/* Behind the last line. */
static int append(struct rules_file *f, const char *line, struct err *e)
{
	struct buf *text = &f->text;
	size_t from;

	if (text->len && text->data[text->len - 1] != '\n') {
		buf_str(text, "\n");
		f->lines++;
	}
	from = text->len;
	buf_fmt(text, "%s\n", line);
	return text->failed ? err_set(e, "out of memory")
			    : read_text(f, from, e);
}

/* Puts line before the given one, from 1 (0: at the end), in the place of
 * that one with `instead`. */
static int replace_line(struct rules_file *f, int number, bool instead,
			const char *line, struct err *e)
{
	struct buf text = {0};
	size_t from, to;
	const char *c;
	int left = number;

	for (c = line; c && *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return err_usage(e, "control character in a rule");
	if (!number)
		return append(f, line, e);
	for (from = 0; from < f->text.len && left != 1; from++)
		left -= f->text.data[from] == '\n';
	for (to = from; instead && to < f->text.len;)
		if (f->text.data[to++] == '\n')
			break;
	f->lines -= !line && f->text.data[to - 1] == '\n';
	buf_add(&text, f->text.data, from);
	if (line)
		buf_fmt(&text, "%s\n", line);
	buf_add(&text, f->text.data + to, f->text.len - to);
	if (edited(f, &text, e))
		return -1;
	if (line)
		return reread(f, e);
	forget_line(f, number);
	return 0;
}

int rules_insert(struct rules_file *f, size_t at, const char *line,
		 struct err *e)
{
	return replace_line(f, at < f->policy.n ? f->policy.rules[at].line : 0,
		      false, line, e);
}

int rules_replace(struct rules_file *f, size_t at, const char *line,
		  struct err *e)
{
	return replace_line(f, f->policy.rules[at].line, true, line, e);
}

int rules_clear(struct rules_file *f, struct err *e)
{
	const struct policy *p = &f->policy;
	const char *from = f->text.data;
	struct buf text = {0};
	size_t next = 0, n;
	int line;

	buf_add(&text, "", 0);
	for (line = 1; from && *from; line++, from += n) {
		n = strcspn(from, "\n");
		n += from[n] == '\n';
		if (next < p->n && p->rules[next].line == line)
			next++;
		else
			buf_add(&text, from, n);
	}
	return edited(f, &text, e) ? -1 : reread(f, e);
}

int rules_set(struct rules_file *f, const char *line, struct err *e)
{
	char *copy = strdup(line);
	struct words w;
	int setting;

	if (!copy)
		return err_set(e, "out of memory");
	setting = words_split(&w, copy, e);
	if (!setting)
		setting = setting_read(&f->policy, &w, e);
	free(copy);
	if (setting < 0) {
		e->status = STATUS_USAGE;
		return -1;
	}
	return replace_line(f, f->set_at[setting], f->set_at[setting], line,
			    e);
}

int rules_lock(const char *path, int *fd, struct err *e)
{
	struct buf name = {0};
	char *slash;
	int status = 0;

	buf_fmt(&name, "%s.lock", path);
	if (name.failed)
		return err_set(e, "out of memory");
	slash = strrchr(name.data, '/');
	if (slash) {
		*slash = '\0';
		mkdir(name.data, 0755);
		*slash = '/';
	}
	*fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0 && errno != EROFS && errno != ENOENT)
		status = err_sys(e, "cannot open '%s'", name.data);
	while (!status && *fd >= 0 && flock(*fd, LOCK_EX) < 0)
		if (errno != EINTR)
			status = err_sys(e, "cannot lock '%s'", name.data);
	buf_free(&name);
	return status;
}
