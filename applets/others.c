#include "others.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

#include "../core/apply/apply.h"
#include "../core/apply/held.h"
#include "../core/list/judge.h"
#include "applet.h"
#include "firewall.h"
#include "table.h"

/* What others drop is dropped, whatever is accepted here. */
int warn_of_others(struct link *l, bool iptables, struct err *e)
{
	const char *what[HELD_OTHER], *at, *end;
	struct buf others, table = {0};
	bool xt;
	int i;

	if (held_others(&others, l, NF_INET_FORWARD, e))
		return -1;
	at = others.data;
	end = at + others.len;
	while (at < end) {
		for (i = 0; i < HELD_OTHER; i++, at += strlen(at) + 1)
			what[i] = at;
		xt = !strcmp(what[2], "FORWARD");
		if (xt && iptables)
			continue;
		table.len = 0;
		print_clean(&table, what[1]);
		warn("table %s %s also drops what is forwarded (%s): %s",
		     what[0], table.failed ? "" : table.data, what[3],
		     !strcmp(what[3], "firewalld")
		     ? "firewall-cmd --zone=trusted --add-interface=BRIDGE"
		     : xt ? "ufw default allow routed, or iptables -P FORWARD "
			    "ACCEPT"
		     : "accept the bridges there too");
	}
	buf_free(&others);
	buf_free(&table);
	return 0;
}

/* The firewall lets out only interfaces that its file names. */
int warn_of_firewall(struct link *l, const struct networks *all, size_t *told,
		     struct err *e)
{
	const char *path = firewall_path(NULL);
	const struct network *n = all->networks;
	size_t i, outside = 0;
	struct rules_file f = {0};
	struct buf names = {0};
	enum gate gate;
	int active = firewall_active(l, &gate, e);
	struct err ignored;

	if (active > 0 && !rules_load(&f, path, &ignored)) {
		for (i = 0; i < f.policy.n_containers; i++)
			buf_fmt(&names, " %s", f.policy.containers[i]);
		for (i = 0; i < all->nnetworks; i++)
			if (!judge_is_container(&f.policy, n[i].bridge)) {
				buf_fmt(&names, " %s", n[i].bridge);
				outside++;
			}
		if (outside > *told && !names.failed)
			warn("the firewall drops what these networks send: "
			     "write 'containers%s' in '%s' and run fw-init",
			     names.data, path);
		*told = outside;
	}
	rules_free(&f);
	buf_free(&names);
	free((char *)path);
	return active < 0 ? -1 : 0;
}
