/* What is made of the kernel's answers, which a kernel here does not give: no
 * fib expression, another's change in between, and a refusal. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "core/link/link.h"
#include "tests/unit/tap.h"

/* The same source, talking to the kernel below instead. */
#define link_generation fake_generation
#define link_commit fake_commit
#define apply tested_apply
#define apply_firewall tested_apply_firewall
#define firewall_active tested_firewall_active
#define remove_firewall tested_remove_firewall
#define print_script tested_print_script
#define print_firewall tested_print_firewall
int fake_generation(struct link *l, uint32_t *genid, struct err *e);
int fake_commit(struct link *l, const struct batch *b, struct outcome *o,
		struct err *e);
#include "core/apply/apply.c"

static struct {
	bool has_fib;
	int restarts; /* how often another's change comes in between */
	int commits;
} kernel;

int fake_generation(struct link *l, uint32_t *genid, struct err *e)
{
	(void)l;
	(void)e;
	*genid = 7;
	return 0;
}

/* The number of the first message that has the bytes in it; 0: none has. */
static uint32_t message_with(const struct batch *b, const char *want)
{
	const struct nlmsghdr *head = (const void *)b->bytes.data;
	int left = (int)b->bytes.len;

	for (; mnl_nlmsg_ok(head, left); head = mnl_nlmsg_next(head, &left))
		if (memmem(head, head->nlmsg_len, want, strlen(want) + 1))
			return head->nlmsg_seq;
	return 0;
}

int fake_commit(struct link *l, const struct batch *b, struct outcome *o,
		struct err *e)
{
	uint32_t fib = message_with(b, "fib");

	(void)l;
	(void)e;
	*o = (struct outcome){0};
	kernel.commits++;
	if (kernel.restarts-- > 0)
		o->error = ERESTART;
	else if (fib && !kernel.has_fib)
		*o = (struct outcome){ENOENT, fib};
	return 0;
}

static int load(bool has_fib, int restarts, enum gate *gate, struct err *e)
{
	static const struct policy closed = {
		.incoming = ACT_DENY, .routed = ACT_DENY,
	};

	kernel.has_fib = has_fib;
	kernel.restarts = restarts;
	kernel.commits = 0;
	return tested_apply_firewall(NULL, &closed, gate, e);
}

int main(void)
{
	struct firewall_maker f = {{make_firewall, false, false}, NULL,
				    GATE_PREROUTING};
	static const struct policy closed = {.incoming = ACT_DENY};
	struct outcome o;
	enum gate gate;
	struct err e;

	ok(!load(true, 0, &gate, &e) && gate == GATE_PREROUTING &&
	   kernel.commits == 1, "with fib: before destination NAT, at once");
	ok(!load(false, 0, &gate, &e) && gate == GATE_INPUT &&
	   kernel.commits == 2, "without: on input, at the second try");
	ok(!load(true, 3, &gate, &e) && kernel.commits == 4,
	   "a change in between: made again");
	ok(load(true, 2 * TRIES, &gate, &e) && kernel.commits == TRIES,
	   "changes without end: given up");
	is(e.text, "the kernel's ruleset keeps changing: try again",
	   "and that is said");
	kernel.has_fib = false;
	kernel.restarts = 0;
	f.policy = &closed;
	ok(tested_apply(NULL, &f.maker, &o, &e), "a refusal");
	is(e.text, "the kernel refused 'add rule inet fwbox prerouting fib "
		   "daddr type unicast accept': the kernel lacks nft_fib_inet",
	   "names what was refused, and why");
	return tap_done();
}
