/* ufw: its commands, on the same rules; linked only when asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../config.h"
#include "../core/apply/apply.h"
#include "../core/base/choose.h"
#include "../core/rule/print.h"
#include "app.h"
#include "applet.h"
#include "lockout.h"
#include "ufw.h"

extern const struct applet ufw_applet;

int ufw_choice(const struct ufw *u, int i, const char *list)
{
	const char *word = u->n > i ? u->words[i] : "";
	int which = word_index(list, word, strlen(word), true);

	if (which < 0)
		die("Invalid syntax: '%s' must be %s: see ufw help", word,
		    list);
	return which;
}

bool ufw_confirmed(struct ufw *u)
{
	bool yes = u->force;

	if (u->out.failed)
		die("out of memory");
	if (!yes)
		yes = says_yes(u->out.data);
	u->out.len = 0;
	if (!yes)
		buf_str(&u->out, "Aborted\n");
	return yes;
}

void ufw_once(struct buf *out, size_t from)
{
	if (from && !out->failed &&
	    memmem(out->data, from, out->data + from, out->len - from))
		out->len = from;
}

static void help(struct ufw *u)
{
	buf_fmt(&u->out, "usage: ufw%s", ufw_applet.usage + 1);
}

static void version(struct ufw *u)
{
	buf_str(&u->out, "ufw 0.36.2\n"
		"fwbox " VERSION ", which takes ufw's commands\n");
}

static void stop(struct ufw *u)
{
	struct link l;
	struct err e;
	bool kept;

	if (!u->active || u->change.dry_run)
		return;
	if (link_open(&l, &e) || remove_firewall(&l, &kept, &e))
		die_err(&e);
	link_close(&l);
}

/* What fw-init --boot goes by; the file is changed with the next finish. */
static void set_startup(struct ufw *u, bool on)
{
	struct err e;

	if (u->x.file.policy.not_at_boot == on &&
	    rules_set(&u->x.file, on ? "startup on" : "startup off", &e))
		die_err(&e);
}

static void disable(struct ufw *u)
{
	stop(u);
	set_startup(u, false);
	edit_finish(&u->x, false);
	buf_str(&u->out, "Firewall stopped and disabled on system startup\n");
}

static bool is_started_at_boot(void)
{
	static const char *const links[] = {BOOT_LINKS};
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!access(links[i], F_OK))
			return true;
	return false;
}

static void enable(struct ufw *u)
{
	if (!u->force && over_ssh()) {
		buf_str(&u->out, "Command may disrupt existing ssh connections."
				 " Proceed with operation (y|n)? ");
		if (!ufw_confirmed(u))
			return;
	}
	set_startup(u, true);
	edit_finish(&u->x, true);
	if (!is_started_at_boot())
		warn("nothing here runs fw-init --boot at system startup: "
		     "enable fwbox's service");
	buf_str(&u->out, "Firewall is active and enabled on system startup\n");
}

static void reload(struct ufw *u)
{
	if (u->active)
		edit_finish(&u->x, true);
	buf_str(&u->out, u->active ? "Firewall reloaded\n" :
		"Firewall not enabled (skipping reload)\n");
}

/* The file gets a second name, of the time of its last change. */
static void back_up(struct ufw *u)
{
	const char *path = u->change.path;
	struct buf name = {0};
	struct stat was;

	if (stat(path, &was))
		return; /* there are but the defaults */
	buf_fmt(&name, "%s.%lld", path, (long long)was.st_mtime);
	if (name.failed)
		die("out of memory");
	if (link(path, name.data) && errno != EEXIST)
		die_errno("cannot link '%s'", name.data);
	buf_fmt(&u->out, "Backing up '%s' to '%s'\n\n", path, name.data);
	buf_free(&name);
}

/* The settings and what else is in the file stay, as with ufw. */
static void reset(struct ufw *u)
{
	struct err e;

	buf_fmt(&u->out, "Resetting all rules to installed defaults. %sProceed "
		"with operation (y|n)? ", over_ssh() ? "This may disrupt "
		"existing ssh\nconnections. " : "");
	if (!ufw_confirmed(u) || u->change.dry_run)
		return;
	back_up(u);
	if (rules_clear(&u->x.file, &e))
		die_err(&e);
	stop(u);
	set_startup(u, false);
	edit_finish(&u->x, false);
}

/* What is in out becomes the setting's line of the file. */
static void set(struct ufw *u)
{
	struct err e;

	if (u->out.failed)
		die("out of memory");
	if (rules_set(&u->x.file, u->out.data, &e))
		die_err(&e);
	u->out.len = 0;
	edit_finish(&u->x, false);
}

static void set_default(struct ufw *u)
{
	static const char directions[][9] = {"incoming", "outgoing", "routed"};
	int action = ufw_choice(u, 1, "allow, deny, reject");
	const char *name = action_name((enum action)action);
	const char *direction = directions[u->n < 3 ? 0 :
		ufw_choice(u, 2, "incoming, outgoing, routed, input, output, "
				 "forward") % 3];

	buf_fmt(&u->out, "default %s %s", name, direction);
	set(u);
	buf_fmt(&u->out, "Default %s policy changed to '%s'\n(be sure to "
		"update your rules accordingly)\n", direction, name);
}

/* ufw's `on` keeps a level. */
static void set_logging(struct ufw *u)
{
	int level = ufw_choice(u, 1, "off, low, medium, high, full, on");

	if (level > LOG_FULL)
		level = u->x.file.policy.logging
			      ? (int)u->x.file.policy.logging : LOG_LOW;
	buf_fmt(&u->out, "logging %s", log_level_names[level]);
	set(u);
	buf_fmt(&u->out, "Logging %sabled\n", level ? "en" : "dis");
}

/* What a profile says is read at each load.  --add-new adds nothing, as in
 * ufw where new profiles are skipped. */
static void update_apps(struct ufw *u)
{
	bool add = u->n > 3 && !strcmp(u->words[2], "--add-new"), all;
	const char *name = u->n > 2 + add ? u->words[2 + add] : "";
	const struct policy *p = &u->x.file.policy;
	size_t i, before;

	all = !strcmp(name, "all");
	if (!*name || (add && all))
		die("Invalid syntax: app update [--add-new] NAME, or all");
	for (i = 0; i < 2 * p->n; i++) {
		const struct rule *r = &p->rules[i / 2].rule;
		const char *app = (i & 1 ? &r->src : &r->dst)->app;

		if (!app || (!all && strcmp(name, app)))
			continue;
		before = u->out.len;
		buf_fmt(&u->out, "Rules updated for profile '%s'\n", app);
		ufw_once(&u->out, before);
	}
	if (!u->out.len)
		return;
	if (u->active)
		edit_finish(&u->x, false);
	buf_str(&u->out, u->active ? "Firewall reloaded\n" : "\n");
}

static void app(struct ufw *u)
{
	struct names *names = &u->x.file.names;
	const char *name = u->n > 2 ? u->words[2] : "";

	switch (ufw_choice(u, 1, "list, info, update, default")) {
	case 0:
		app_list(&u->out, names);
		break;
	case 1:
		if (!app_info(&u->out, names, name))
			die("Could not find profile '%s'", name);
		break;
	case 2:
		update_apps(u);
		break;
	default:
		if (ufw_choice(u, 2, "skip, allow, deny, reject"))
			die("new profiles are always skipped: allow them by "
			    "name");
		buf_str(&u->out, "Default application policy changed to "
				 "'skip'\n");
	}
}

static bool is_active(void)
{
	enum gate gate;
	struct link l;
	struct err e;
	int active;

	if (link_open(&l, &e) || (active = firewall_active(&l, &gate, &e)) < 0)
		die_err(&e);
	link_close(&l);
	return active;
}

static void run(struct ufw *u)
{
	static void (*const commands[])(struct ufw *u) = {
		version, version, help, help, help, disable, enable, reload,
		reset, set_default, set_logging, app, ufw_status, ufw_show,
		ufw_rule,
	};
	/* Where they begin that look at the kernel and the file, that take
	 * more words, and that change nothing. */
	enum { LOOK = 5, MORE = 9, STATUS = 12, RULE = 14 };
	int which = word_index("version, --version, help, --help, -h, disable, "
			       "enable, reload, reset, default, logging, app, "
			       "status, show", u->words[0],
			       strlen(u->words[0]), true);

	if (which < 0)
		which = RULE;
	if (which < MORE && u->n > 1)
		die("Invalid syntax: '%s' takes no words", u->words[0]);
	u->change.dry_run |= which >= STATUS && which != RULE;
	if (which >= LOOK) {
		u->active = is_active();
		edit_begin(&u->x, &u->change);
	}
	commands[which](u);
	if (which >= LOOK) /* harmless where edit_finish did */
		rules_free(&u->x.file);
}

static int ufw(int argc, char **argv)
{
	struct ufw u = {.change = {.path = firewall_path(NULL),
				   .lenient = true}};
	int i = 1, option;

	applet_name = "ERROR"; /* as ufw's messages begin */
	warn_name = "WARN";
	for (; i < argc; i++) {
		option = word_index("--dry-run, --force, -f", argv[i],
				    strlen(argv[i]), true);
		if (option < 0)
			break;
		u.change.dry_run |= !option;
		u.force |= option > 0;
	}
	u.words = argv + i;
	u.n = argc - i;
	if (u.n < 1)
		die("not enough args: see ufw help");
	u.change.force = u.force;
	run(&u);
	if (u.out.failed)
		die("out of memory");
	print(u.out.data, u.out.len);
	buf_free(&u.out);
	free((char *)u.change.path);
	return 0;
}

static const char usage[] =
	"\n"
	" [--dry-run] [--force] COMMAND\n"
	"\n"
	"ufw's commands on fwbox's rules:\n"
	"  enable, disable, reload, reset, version, help\n"
	"  default (allow|deny|reject) [incoming|outgoing|routed]\n"
	"  logging (on|off|low|medium|high|full)\n"
	"  status [verbose|numbered]\n"
	"  show (added|listening|raw)\n"
	"  app (list | info NAME | update NAME | default skip)\n"
	"  [route] [insert NUM | prepend | delete] RULE\n"
	"  delete NUM\n"
	"RULE is as for fw-allow, with allow, deny, reject or limit before it.\n"
	"--dry-run prints what would change, --force asks nothing.\n";

const struct applet ufw_applet = {
	"ufw", usage, NULL, ufw,
};
