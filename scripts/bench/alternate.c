/* Runs the contestants of a plan in turn and prints a line for each run: case,
 * contestant, wall=NS cpu=NS rss=KB, parted by tabs.
 *   alternate ROUNDS PLAN LOG
 * The plan is a word a line.  @contestant is followed by its case, its name
 * and the path of its network namespace; @prepare and @run by the words of a
 * command.  What @prepare runs is not counted.  %N in a word is a number, one
 * higher each round.  What the commands print goes to LOG, or what they print
 * to standard output to FILE where the first word is >FILE; a command that
 * fails ends it all.
 *
 * It is small and static and starts commands with vfork, because Linux counts
 * the memory of the process that called exec into the peak of the new one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORDS_MAX = 64, ROOM = 8192, CONTESTANTS_MAX = 64,
	FIRST_NUMBER = 20001, REST_US = 50000
};

struct plan {
	char **line;
	size_t n;
};

struct figures {
	long long wall, cpu; /* nanoseconds */
	long rss;            /* KB, of the largest process */
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "alternate: %s: %s\n", what, why);
	exit(1);
}

static struct plan read_plan(const char *path)
{
	struct plan p = {0};
	FILE *f = fopen(path, "re");
	char room[ROOM];

	if (!f)
		die(path, strerror(errno));
	while (fgets(room, sizeof(room), f)) {
		p.line = realloc(p.line, (p.n + 1) * sizeof(*p.line));
		room[strcspn(room, "\n")] = '\0';
		if (!p.line || !(p.line[p.n++] = strdup(room)))
			die(path, "out of memory");
	}
	fclose(f);
	return p;
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void run(char *const argv[], int out, int log, struct figures *f)
{
	struct rusage u;
	int status;
	pid_t pid = vfork();

	if (pid < 0)
		die("vfork", strerror(errno));
	if (!pid) {
		dup2(out, 1);
		dup2(log, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (wait4(pid, &status, 0, &u) < 0)
		if (errno != EINTR)
			die("wait4", strerror(errno));
	if (status)
		die(argv[0], "failed");
	f->cpu += (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000LL +
		  (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000LL;
	if (u.ru_maxrss > f->rss)
		f->rss = u.ru_maxrss;
}

/* The word with the number for %N; in *room, which it moves on. */
static char *expand(char **room, const char *end, const char *word, int number)
{
	const char *at = strstr(word, "%N");
	char *out = *room;
	size_t left = (size_t)(end - out);
	int n = at ? snprintf(out, left, "%.*s%d%s", (int)(at - word), word,
			      number, at + 2)
		   : snprintf(out, left, "%s", word);

	if (n < 0 || (size_t)n >= left)
		die(word, "too long");
	*room += n + 1;
	return out;
}

/* Runs the command whose words begin at line i; the line behind them. */
static size_t command(const struct plan *p, size_t i, int number, int log,
		      struct figures *f)
{
	char room[ROOM], *argv[WORDS_MAX], *at = room;
	int n = 0, out;

	for (; i < p->n && *p->line[i] != '@'; i++) {
		if (n == WORDS_MAX - 1)
			die(p->line[i], "too many words");
		argv[n++] = expand(&at, room + sizeof(room), p->line[i],
				   number);
	}
	argv[n] = NULL;
	if (n && *argv[0] == '>') {
		out = open(argv[0] + 1, O_WRONLY | O_CREAT | O_TRUNC |
			   O_CLOEXEC, 0644);
		if (out < 0)
			die(argv[0], strerror(errno));
		run(argv + 1, out, log, f);
		close(out);
	} else if (n) {
		run(argv, log, log, f);
	}
	return i;
}

/* All commands of a kind of the contestant whose commands begin at i. */
static void commands(const struct plan *p, size_t i, const char *kind,
		     int number, int log, struct figures *f)
{
	while (i < p->n && strcmp(p->line[i], "@contestant")) {
		if (!strcmp(p->line[i], kind))
			i = command(p, i + 1, number, log, f);
		else
			i++;
	}
}

/* The contestant at line i, once. */
static void contest(const struct plan *p, size_t i, int number, int log)
{
	struct figures f = {0}, unused = {0};
	char **head = p->line + i + 1;
	long long begun;
	int net;

	if (i + 4 > p->n)
		die(p->line[i], "not a contestant");
	net = open(head[2], O_RDONLY | O_CLOEXEC);
	if (net < 0 || setns(net, CLONE_NEWNET) < 0)
		die(head[2], strerror(errno));
	close(net);
	commands(p, i + 4, "@prepare", number, log, &unused);
	usleep(REST_US); /* what was taken away, the kernel frees later */
	begun = now();
	commands(p, i + 4, "@run", number, log, &f);
	f.wall = now() - begun;
	printf("%s\t%s\twall=%lld\tcpu=%lld\trss=%ld\n", head[0], head[1],
	       f.wall, f.cpu, f.rss);
	fflush(stdout);
}

/* Who runs first leaves its caches and free pages, good or bad ones, to who
 * runs next.  So the order is another in each round, the plan's in the first,
 * until each has run behind each other (E. J. Williams, 1949; with an odd
 * number it takes the rounds in which the order is turned around, too). */
static size_t whose_turn(size_t round, size_t at, size_t n)
{
	size_t column = round / n % 2 ? n - 1 - at : at;
	size_t zigzag = column % 2 ? (column + 1) / 2 : n - column / 2;
	size_t who = (round + zigzag) % n;

	if (who > n / 2)
		return 2 * (n - who);
	return who ? 2 * who - 1 : 0;
}

static size_t find_contestants(const struct plan *p, size_t *line)
{
	size_t i, n = 0;

	if (!p->n || strcmp(p->line[0], "@contestant"))
		die("plan", "begins with no contestant");
	for (i = 0; i < p->n; i++)
		if (!strcmp(p->line[i], "@contestant")) {
			if (n == CONTESTANTS_MAX)
				die(p->line[i], "too many");
			line[n++] = i;
		}
	return n;
}

int main(int argc, char **argv)
{
	size_t line[CONTESTANTS_MAX], n, at;
	struct plan p;
	int rounds, round, log;

	if (argc != 4)
		die("usage", "alternate ROUNDS PLAN LOG");
	rounds = atoi(argv[1]);
	p = read_plan(argv[2]);
	n = find_contestants(&p, line);
	log = open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (log < 0)
		die(argv[3], strerror(errno));
	for (round = 0; round < rounds; round++)
		for (at = 0; at < n; at++)
			contest(&p, line[whose_turn((size_t)round, at, n)],
				FIRST_NUMBER + round, log);
	return 0;
}
