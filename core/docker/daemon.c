#include "daemon.h"
#include "../base/file.h"
#include "../base/num.h"

#include <dirent.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

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

static void add_variable(struct buf *out, const char *name, size_t len);

/* Adds the words up to the line's end, and returns where that is. */
static const char *add_words(struct buf *out, const char *s, bool expand)
{
	size_t n;

	for (;; s += n) {
		s += strspn(s, " \t\"'");
		n = strcspn(s, " \t\"'\n");
		if (!n)
			return s;
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
	static const char *const files[] = { "/etc/default/docker",
					     "/etc/conf.d/docker",
					     "/etc/sysconfig/docker" };
	struct buf text = { 0 };
	const char *s;
	size_t i;

	if (*name == '{') {
		name++;
		len -= 2;
	}
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		for (s = read_text(files[i], &text); *s; s += *s == '\n') {
			if (!strncmp(s, name, len) && s[len] == '=')
				s = add_words(out, s + len + 1, false);
			s += strcspn(s, "\n");
		}
	buf_free(&text);
}

/* The words of a unit's ExecStart=; each takes the place of those before. */
static void add_unit(struct buf *out, const char *path)
{
	struct buf text = { 0 };
	const char *s;

	for (s = read_text(path, &text); *s; s += *s == '\n') {
		if (!strncmp(s, "ExecStart=", 10)) {
			out->len = 0;
			s = add_words(out, s + 10, true);
		}
		s += strcspn(s, "\n");
	}
	buf_free(&text);
}

static void add_dropins(struct buf *out, const char *folder)
{
	DIR *dir = opendir(folder);
	struct buf path = { 0 };
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		path.len = 0;
		buf_fmt(&path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && !path.failed)
			add_unit(out, path.data);
	}
	if (dir)
		closedir(dir);
	buf_free(&path);
}

static void read_service(struct buf *out)
{
	add_unit(out, "/lib/systemd/system/docker.service");
	add_unit(out, "/usr/lib/systemd/system/docker.service");
	add_unit(out, "/etc/systemd/system/docker.service");
	add_dropins(out, "/usr/lib/systemd/system/docker.service.d");
	add_dropins(out, "/etc/systemd/system/docker.service.d");
	if (!out->len) { /* no systemd */
		buf_add(out, "dockerd", 8);
		add_variable(out, "DOCKER_OPTS", 11);
	}
}

/* Whether a dockerd started with these words (its name first) reads the
 * file; *out gets them without the name. */
static bool reads_file(const struct buf *words, const char *file,
		       const char *standard, struct buf *out)
{
	static const char flag[] = "--config-file";
	const char *end = words->data + words->len, *s, *next;

	for (s = words->data; s < end; s = next) {
		next = s + strlen(s) + 1;
		if (strncmp(s, flag, sizeof(flag) - 1) != 0)
			continue;
		s += sizeof(flag) - 1;
		if (*s == '=')
			standard = s + 1;
		else if (!*s && next < end)
			standard = next;
	}
	if (!words->len || strcmp(file, standard) != 0)
		return false;
	s = words->data + strlen(words->data) + 1;
	out->len = 0;
	buf_add(out, s, (size_t)(end - s));
	buf_add(out, "", 1);
	return !out->failed;
}

static bool read_process(struct docker_daemon *d, const char *pid,
			 const char *file, const char *standard)
{
	struct buf path = { 0 }, text = { 0 };
	unsigned number;
	bool found = false;

	buf_fmt(&path, "/proc/%.*s/comm", (int)strcspn(pid, "\n"), pid);
	if (!path.failed &&
	    num_parse(pid, strcspn(pid, "\n"), 1 << 30, &number) &&
	    !strcmp(read_text(path.data, &text), "dockerd\n")) {
		path.len = 0;
		buf_fmt(&path, "/proc/%u/cmdline", number);
		read_text(path.data, &text);
		found = reads_file(&text, file, standard, &d->words);
		if (found)
			d->pid = (pid_t)number;
	}
	buf_free(&path);
	buf_free(&text);
	return found;
}

/* The usual one is found by its pidfile; another takes a look at each
 * process. */
static bool find_process(struct docker_daemon *d, const char *file,
			 const char *standard)
{
	struct buf pid = { 0 };
	struct dirent *entry;
	bool found;
	DIR *proc;

	read_text("/var/run/docker.pid", &pid);
	found = pid.data && read_process(d, pid.data, file, standard);
	buf_free(&pid);
	if (found || !strcmp(file, standard))
		return found;
	proc = opendir("/proc");
	while (proc && !found && (entry = readdir(proc)))
		found = read_process(d, entry->d_name, file, standard);
	if (proc)
		closedir(proc);
	return found;
}

void daemon_find(struct docker_daemon *d, const char *file,
		 const char *standard)
{
	struct buf service = { 0 };

	*d = (struct docker_daemon){ 0 };
	if (!find_process(d, file, standard)) {
		read_service(&service);
		reads_file(&service, file, standard, &d->words);
	}
	buf_free(&service);
}

void daemon_free(struct docker_daemon *d)
{
	buf_free(&d->words);
}
