#include "daemon.h"
#include "../base/file.h"
#include "../base/num.h"

#include <dirent.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

/* Ended by an empty one.  Of two folders' files the later name counts, of the
 * same name the later folder's. */
static const char units[] = "/lib/systemd/system/docker.service\0"
			    "/usr/lib/systemd/system/docker.service\0"
			    "/run/systemd/system/docker.service\0"
			    "/etc/systemd/system/docker.service\0";
static const char dropins[] = "/usr/lib/systemd/system/docker.service.d\0"
			      "/run/systemd/system/docker.service.d\0"
			      "/etc/systemd/system/docker.service.d\0";
static const char settings[] = "/etc/default/docker\0"
			       "/etc/conf.d/docker\0"
			       "/etc/sysconfig/docker\0";

/* The file's text; *b is empty when there is none. */
static const char *read_text(const char *path, struct buf *b)
{
	struct err ignored;

	b->len = 0;
	buf_str(b, "");
	if (b->failed || file_read(path, FILE_MAX, b, &ignored) < 0)
		return "";
	return b->data;
}

/* Behind what the line, or NUL, at s ends with. */
static const char *next_line(const char *s)
{
	s += strcspn(s, "\n");
	return s + (*s == '\n');
}

static void add_variable(struct buf *out, const char *name, size_t len);

/* Adds the words up to the line's end. */
static void add_words(struct buf *out, const char *s, bool expand)
{
	size_t n;

	for (;; s += n) {
		s += strspn(s, " \t\"'");
		n = strcspn(s, " \t\"'\n");
		if (!n)
			return;
		if (n == 1 && *s == '\\' && s[1] == '\n') {
			n = 2; /* the line goes on */
		} else if (expand && *s == '$') {
			add_variable(out, s + 1, n - 1);
		} else {
			buf_add(out, s, n);
			buf_add(out, "", 1);
		}
	}
}

/* The words of a NAME="WORDS" that service files set for their commands. */
static void add_variable(struct buf *out, const char *name, size_t len)
{
	struct buf text = {0};
	const char *s, *file;

	if (*name == '{' && len > 1) {
		name++;
		len -= 2;
	}
	for (file = settings; *file; file += strlen(file) + 1)
		for (s = read_text(file, &text); *s; s = next_line(s))
			if (!strncmp(s, name, len) && s[len] == '=')
				add_words(out, s + len + 1, false);
	buf_free(&text);
}

/* The words of a unit's ExecStart=; each takes the place of those before.
 * Whether there is one. */
static bool add_unit(struct buf *out, const char *path)
{
	struct buf text = {0};
	bool found = false;
	const char *s;

	for (s = read_text(path, &text); *s; s = next_line(s)) {
		if (strncmp(s, "ExecStart", 9))
			continue;
		s += 9 + strspn(s + 9, " \t");
		if (*s == '=') {
			out->len = 0;
			add_words(out, s + 1, true);
			found = true;
		}
	}
	buf_free(&text);
	return found;
}

/* The name of the file that counted last is in *last. */
static void add_dropins(struct buf *out, const char *folder, struct buf *last)
{
	DIR *dir = opendir(folder);
	struct buf path = {0};
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		path.len = 0;
		buf_fmt(&path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] == '.' || path.failed ||
		    (last->len && strcmp(entry->d_name, last->data) < 0) ||
		    !add_unit(out, path.data))
			continue;
		last->len = 0;
		buf_str(last, entry->d_name);
	}
	if (dir)
		closedir(dir);
	buf_free(&path);
}

static void read_service(struct buf *out)
{
	struct buf last = {0};
	const char *s;

	for (s = units; *s; s += strlen(s) + 1)
		add_unit(out, s);
	for (s = dropins; *s; s += strlen(s) + 1)
		add_dropins(out, s, &last);
	if (!out->len) { /* no systemd */
		buf_add(out, "dockerd", 8);
		add_variable(out, "DOCKER_OPTS", 11);
	}
	buf_free(&last);
}

/* Whether a dockerd started with these words (its name first) reads the
 * file; *out gets them without the name. */
static bool reads_file(const struct buf *words, const char *file,
		       const char *standard, struct buf *out)
{
	static const char flag[] = "--config-file";
	const char *s = words->data, *end = s + words->len;

	if (!words->len)
		return false;
	end -= !end[-1]; /* a process may leave its last NUL out */
	for (; s < end; s += strlen(s) + 1) {
		if (strncmp(s, flag, sizeof(flag) - 1) != 0)
			continue;
		s += sizeof(flag) - 1;
		if (*s == '=' || (!*s && s + 1 < end))
			s++;
		standard = s;
	}
	if (strcmp(file, standard) != 0)
		return false;
	s = words->data + strlen(words->data) + 1;
	out->len = 0;
	if (s < end)
		buf_add(out, s, (size_t)(end - s) + 1);
	buf_add(out, "", 1);
	return !out->failed;
}

/* Whether the words are those of a dockerd. */
static bool is_dockerd(const char *name)
{
	const char *slash = strrchr(name, '/');

	return !strcmp(slash ? slash + 1 : name, "dockerd");
}

void daemon_find(struct docker_daemon *d, const char *file,
		 const char *standard, const char *pidfile)
{
	struct buf text = {0}, path = {0};
	unsigned pid;

	*d = (struct docker_daemon){0};
	read_text(pidfile, &text);
	if (text.data && num_parse(text.data, strcspn(text.data, "\n"), 1 << 30,
				   &pid)) {
		buf_fmt(&path, "/proc/%u/cmdline", pid);
		if (!path.failed && is_dockerd(read_text(path.data, &text)) &&
		    reads_file(&text, file, standard, &d->words))
			d->pid = (pid_t)pid;
	}
	text.len = 0;
	if (!d->pid) {
		read_service(&text);
		reads_file(&text, file, standard, &d->words);
	}
	buf_free(&text);
	buf_free(&path);
}

void daemon_free(struct docker_daemon *d)
{
	buf_free(&d->words);
}
