#include "settings.h"

#include <string.h>

#include "../base/choose.h"

/* Which of the list word i is; -1 and *e with the word. */
static int choose_word(const struct words *w, int i, const char *what,
		       const char *list, struct err *e)
{
	int chosen = choose(what, w->word[i], list, e);

	if (chosen < 0)
		e->word = i;
	return chosen;
}

/* default ACTION [incoming|outgoing|routed], as ufw's; which of the three. */
static int read_default(struct policy *p, const struct words *w,
			struct err *e)
{
	enum action *policy[] = {&p->incoming, &p->outgoing, &p->routed};
	int action = choose_word(w, 1, "policy", "allow, deny, reject", e);
	int direction = 0;

	if (action >= 0 && w->n > 2)
		direction = choose_word(w, 2, "direction", "incoming, "
					"outgoing, routed, input, output, "
					"forward", e);
	if (action < 0 || direction < 0)
		return -1;
	*policy[direction % 3] = (enum action)action;
	return SET_INCOMING + direction % 3;
}

/* logging LEVEL */
static int read_logging(struct policy *p, const struct words *w,
			struct err *e)
{
	int level = choose_word(w, 1, "logging level",
				"off, low, medium, high, full, on", e);

	if (level < 0)
		return -1;
	p->logging = level > LOG_FULL ? LOG_LOW : (enum log_level)level;
	return SET_LOGGING;
}

static int add_container(struct policy *p, const char *name, struct err *e)
{
	size_t len = strlen(name);

	if (p->n_containers == CONTAINERS_MAX)
		return err_set(e, "too many container interfaces: at most %d",
			       CONTAINERS_MAX);
	if (!len || len > IFNAME_MAX ||
	    strcspn(name, "/*\"") + (name[len - 1] == '*') != len)
		return err_set(e, "bad interface '%s': must be 1 to 15 "
			       "characters, a * only at the end", name);
	memcpy(p->containers[p->n_containers++], name, len + 1);
	return 0;
}

/* containers NAME...; none of them: containers none */
static int read_containers(struct policy *p, const struct words *w,
			   struct err *e)
{
	int i;

	p->n_containers = 0;
	if (w->n == 2 && !strcmp(w->word[1], "none"))
		return SET_CONTAINERS;
	for (i = 1; i < w->n; i++)
		if (add_container(p, w->word[i], e)) {
			e->word = i;
			return -1;
		}
	return SET_CONTAINERS;
}

/* counters on: then each rule counts, at a price. */
static int read_counters(struct policy *p, const struct words *w,
			 struct err *e)
{
	int on = choose_word(w, 1, "counters", "off, on", e);

	p->counters = on > 0;
	return on < 0 ? -1 : SET_COUNTERS;
}

/* startup off: nothing is loaded when the system starts. */
static int read_startup(struct policy *p, const struct words *w, struct err *e)
{
	int on = choose_word(w, 1, "startup", "off, on", e);

	p->not_at_boot = !on;
	return on < 0 ? -1 : SET_STARTUP;
}

int setting_read(struct policy *p, const struct words *w, struct err *e)
{
	static const struct {
		const char *name, *takes;
		int words; /* at most; two at least */
		int (*read)(struct policy *p, const struct words *w,
			    struct err *e);
	} settings[] = {
		{"default", "a policy and a direction", 3, read_default},
		{"logging", "a level", 2, read_logging},
		{"containers", "interfaces, or none", WORDS_LINE_MAX,
		 read_containers},
		{"counters", "on or off", 2, read_counters},
		{"startup", "on or off", 2, read_startup},
	};
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (*w->word[0] != *settings[i].name ||
		    strcmp(w->word[0], settings[i].name))
			continue;
		if (w->n < 2 || w->n > settings[i].words)
			return err_usage(e, "%s takes %s", settings[i].name,
					 settings[i].takes);
		return settings[i].read(p, w, e);
	}
	return 0;
}
