/* ufw's reports: status and show. */
#include <arpa/inet.h>
#include <string.h>

#include "../core/base/sort.h"
#include "../core/rule/print.h"
#include "applet.h"
#include "sockets.h"
#include "table.h"
#include "ufw.h"

static void print_settings(struct buf *out, const struct policy *p)
{
	buf_fmt(out, p->logging ? "Logging: on (%s)\n" : "Logging: %s\n",
		log_level_names[p->logging]);
	buf_fmt(out, "Default: %s (incoming), %s (outgoing), %s (routed)\n"
		"New profiles: skip\n",
		action_name(p->incoming), action_name(p->outgoing),
		action_name(p->routed));
}

/* Where the firewall is not active, verbose tells what it would be: nothing
 * else shows to a program whether a command changed something. */
void ufw_status(struct ufw *u)
{
	static const unsigned flags[] = {
		TABLE_UFW, TABLE_UFW | TABLE_VERBOSE,
		TABLE_UFW | TABLE_NUMBERED,
	};
	int which = u->n > 1 ? 1 + ufw_choice(u, 1, "verbose, numbered") : 0;
	size_t before;

	buf_fmt(&u->out, "Status: %sactive\n", u->active ? "" : "in");
	if (which == 1)
		print_settings(&u->out, &u->x.file.policy);
	before = u->out.len;
	if (u->active || which == 1)
		table_print(&u->out, &u->x.file.policy, flags[which], NULL);
	if (u->out.len > before)
		buf_str(&u->out, "\n");
}

/* Those of IPv6 alone come last. */
static void print_added(struct buf *out, const struct policy *p)
{
	size_t i, before, n = p->n;

	buf_fmt(out, "Added user rules (see 'ufw status' for running "
		"firewall):\n%s", n ? "" : "(None)\n");
	for (i = 0; i < 2 * n; i++) {
		const struct rule *r = &p->rules[i % n].rule;

		if (!ufw_in_family(r, i >= n))
			continue;
		before = out->len;
		buf_str(out, "ufw ");
		ufw_rule_words(out, r);
		buf_str(out, "\n");
		ufw_once(out, before);
	}
}

/* ufw's order, which is that of strings; those of a port as they come. */
static int by_port(const void *a, const void *b)
{
	const struct listener *x = a, *y = b;
	int order = strcmp(x->port, y->port);

	return order ? order : strcmp(x->inode, y->inode);
}

/* The rules for what comes in to the listener from anywhere. */
static void print_matching(struct buf *out, const struct policy *p,
			   const struct packet *to, bool anywhere)
{
	bool v6 = to->family == FAMILY_6;
	unsigned number = v6 ? ufw_count(p, false) : 0;
	struct rule r;
	size_t i;

	for (i = 0; i < p->n; i++) {
		r = p->rules[i].rule;
		if (!ufw_in_family(&r, v6))
			continue;
		number++;
		r.src = (struct side){0};
		r.iif = "";
		if (anywhere)
			r.dst.net.len = 0;
		if (!rule_matches(&r, to, NULL))
			continue;
		buf_fmt(out, "   [%2u] ", number);
		ufw_rule_words(out, &p->rules[i].rule);
		buf_str(out, "\n");
	}
}

static void print_listener(struct buf *out, const struct policy *p,
			   const struct listener *l)
{
	bool v6 = l->packet.family == FAMILY_6, anywhere;
	char name[256] = "-", address[INET6_ADDRSTRLEN];
	size_t before;

	inet_ntop(v6 ? AF_INET6 : AF_INET, l->packet.daddr, address,
		  sizeof(address));
	if (!strncmp(address, "127.", 4) || !strcmp(address, "::1"))
		return;
	anywhere = !strcmp(address, v6 ? "::" : "0.0.0.0");
	listener_owner(l->inode, "", name);
	buf_fmt(out, "  %s %s (", l->port, anywhere ? "*" : address);
	print_clean(out, name);
	buf_str(out, ")\n");
	before = out->len;
	print_matching(out, p, &l->packet, anywhere);
	if (out->len > before)
		buf_str(out, "\n");
}

static void print_listening(struct buf *out, const struct policy *p)
{
	static const char protos[][5] = {"tcp", "tcp6", "udp", "udp6"};
	struct buf all = {0};
	struct listener *l;
	size_t i, k, n;

	for (i = 0; i < 4; i++) {
		all.len = 0;
		listeners_add(&all, protos[i]);
		l = (struct listener *)(void *)all.data;
		n = all.len / sizeof(*l);
		out->failed |= all.failed;
		if (!n)
			continue;
		sort_items(l, n, sizeof(*l), by_port);
		buf_fmt(out, "%s:\n", protos[i]);
		for (k = 0; k < n; k++)
			print_listener(out, p, &l[k]);
	}
	if (out->len)
		buf_str(out, "\n");
	buf_free(&all);
}

void ufw_show(struct ufw *u)
{
	int what = ufw_choice(u, 1, "added, listening, raw, builtins, "
			      "before-rules, user-rules, after-rules, "
			      "logging-rules");

	if (!what)
		print_added(&u->out, &u->x.file.policy);
	else if (what == 1)
		print_listening(&u->out, &u->x.file.policy);
	else
		edit_finish(&u->x, false);
}
