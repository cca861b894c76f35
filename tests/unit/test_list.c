/* Edits of the rules file: what they leave in memory is what reading the
 * edited text anew comes to. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/list/file.h"
#include "core/rule/print.h"
#include "tap.h"

enum { ROUNDS = 300, EDITS = 12 };

static char path[] = "/tmp/test_list.XXXXXX";
static unsigned seed = 1;

static unsigned any(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static void put(const struct buf *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, text->data, text->len) != (ssize_t)text->len)
		exit(1);
	close(fd);
}

static bool same_rules(const struct policy *a, const struct policy *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->rules[i].line != b->rules[i].line ||
		    !rule_same(&a->rules[i].rule, &b->rules[i].rule) ||
		    !rule_same_comment(&a->rules[i].rule, &b->rules[i].rule))
			return false;
	return true;
}

/* Is f what its text, read anew, is? */
static bool is_read(const struct rules_file *f)
{
	struct rules_file anew;
	struct err e;
	bool same;

	put(&f->text);
	same = !rules_load(&anew, path, &e) && f->lines == anew.lines &&
	       !memcmp(f->set_at + 1, anew.set_at + 1,
		       sizeof(f->set_at) - sizeof(f->set_at[0])) &&
	       f->policy.incoming == anew.policy.incoming &&
	       f->policy.logging == anew.policy.logging &&
	       same_rules(&f->policy, &anew.policy);
	rules_free(&anew);
	return same;
}

static int edit(struct rules_file *f, struct err *e)
{
	static const char *const settings[] = {
		"logging off", "logging full", "default reject incoming",
		"default deny", "counters on",
	};
	char line[80];
	size_t at = any((unsigned)f->policy.n + 2);

	snprintf(line, sizeof(line), "allow %u/tcp%s", 1 + any(60000),
		 any(3) ? "" : " comment 'one more'");
	switch (any(40) ? any(5) : 5) {
	case 0:
		return rules_set(f, settings[any(5)], e);
	case 1:
		return at < f->policy.n ? rules_replace(f, at, line, e) : 0;
	case 2:
		return at < f->policy.n ? rules_replace(f, at, NULL, e) : 0;
	case 5:
		return rules_clear(f, e) || f->policy.n ? -1 : 0;
	case 3:
		return rules_insert(f, at, line, e);
	default:
		return rules_insert(f, f->policy.n, line, e);
	}
}

/* A file to begin with, some without a last newline. */
static void begin(struct buf *text)
{
	static const char *const lines[] = {
		"# a comment", "", "allow 22/tcp", "deny from 10.0.0.0/8",
		"logging low", "default deny incoming", "limit 80/tcp",
		"reject 25 comment 'as is'",
	};
	unsigned n = any(6);

	buf_add(text, "", 0);
	while (n--)
		buf_fmt(text, "%s%s", lines[any(8)], n || any(2) ? "\n" : "");
	put(text);
}

static bool one_round(void)
{
	struct rules_file f;
	struct buf text = {0};
	const char *former;
	struct err e;
	size_t len;
	bool good;
	int i;

	begin(&text);
	good = !rules_load(&f, path, &e) && is_read(&f);
	for (i = 0; good && i < EDITS; i++)
		good = !edit(&f, &e) && is_read(&f);
	former = rules_former(&f, &len);
	ok(good && len == text.len && !memcmp(former, text.data, len),
	   "edits of '%s'",
	   text.len < 20 ? "a short one" : "a longer one");
	if (!good)
		printf("# after %d:\n# %s\n", i, f.text.data);
	rules_free(&f);
	buf_free(&text);
	return good;
}

/* More than there was room for beside the first words. */
static void many_behind(void)
{
	struct rules_file f;
	struct buf none = {0};
	struct err e;
	bool good;
	char line[40];
	unsigned i;

	put(&none);
	good = !rules_load(&f, path, &e);
	for (i = 1; good && i <= 2000; i++) {
		snprintf(line, sizeof(line), "allow %u comment c%u", i, i);
		good = !rules_insert(&f, f.policy.n, line, &e);
	}
	ok(good && f.policy.n == 2000 && is_read(&f), "2,000 behind the last");
	ok(rules_insert(&f, f.policy.n, "allow nothing", &e) < 0 &&
	   strstr(e.text, ":2001:7: "), "a wrong one is told by its place");
	rules_free(&f);
}

int main(void)
{
	int i, fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	for (i = 0; i < ROUNDS; i++)
		if (!one_round())
			break;
	many_behind();
	unlink(path);
	return tap_done();
}
