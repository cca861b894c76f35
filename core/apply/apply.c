#include "apply.h"

#include <errno.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "../../config.h"
#include "../nft/script.h"
#include "needs.h"

enum { TRIES = 1 << 12 }; /* a second at most */
#define FIRST_GATE (HAVE_FIB ? GATE_PREROUTING : GATE_INPUT)

/* Watches for the nth cmd, to tell what the kernel refused. */
struct finder {
	struct sink sink;
	uint32_t left;
	struct buf *text;
	int line;
	unsigned needs;
};

static int find_put(struct sink *s, const struct cmd *c, struct err *e)
{
	struct finder *f = (struct finder *)s;

	(void)e;
	if (--f->left)
		return 0;
	script_print(f->text, c);
	f->line = c->line;
	f->needs = needs_of(c);
	return -1;
}

static struct finder find(const struct maker *m, uint32_t seq,
			  struct buf *text)
{
	struct finder f = {.sink.put = find_put, .left = seq, .text = text};
	struct err ignored;

	if (seq)
		m->make(m, &f.sink, &ignored);
	return f;
}

/* Where it is that the kernel lacks something: which of its modules. */
static const char *reason(int error, unsigned needs, struct buf *modules)
{
	if (error != ENOENT && error != EOPNOTSUPP)
		return strerror(error);
	needs_print(modules, needs);
	return modules->len ? modules->data
			    : "the kernel lacks something it needs";
}

static int explain(const struct maker *m, const struct outcome *o,
		   struct err *e)
{
	struct buf text = {0}, modules = {0};
	const char *why;
	struct finder f;

	if (o->error == EPERM)
		return err_set(e, "needs CAP_NET_ADMIN: run as root");
	if (!o->seq && (o->error == EOPNOTSUPP || o->error == EINVAL))
		return err_set(e, "the kernel has no nf_tables");
	f = find(m, o->seq, &text);
	why = reason(o->error, f.needs, &modules);
	if (!text.len)
		err_set(e, "the kernel refused the change: %s",
			strerror(o->error));
	else if (f.line)
		err_set(e, "the kernel refused line %d of the rules, '%.300s':"
			" %s", f.line, text.data, why);
	else
		err_set(e, "the kernel refused '%.300s': %s", text.data, why);
	buf_free(&text);
	buf_free(&modules);
	return -1;
}

/* The batch for the generation there is now.  What was made without a look at
 * the kernel is only stamped anew: less time for others to be faster. */
static int prepare(struct link *l, const struct maker *m, struct batch *b,
		   struct err *e)
{
	uint32_t genid;

	if (link_generation(l, &genid, e))
		return -1;
	if (b->bytes.len && !m->reads) {
		batch_stamp(b, genid);
		return 0;
	}
	batch_free(b);
	batch_begin(b, genid);
	b->marked = m->marked;
	return m->make(m, &b->sink, e) || batch_end(b, e) ? -1 : 0;
}

static bool may_try_again(const struct outcome *o)
{
	/* ERESTART: the generation changed. */
	return o->error == ERESTART || o->error == EAGAIN || o->error == EINTR;
}

int apply(struct link *l, const struct maker *m, struct outcome *o,
	  struct err *e)
{
	struct batch b = {0};
	int tries = 0, status;

	do {
		*o = (struct outcome){0};
		status = prepare(l, m, &b, e);
		if (!status && b.seq > 1) /* more than the end */
			status = link_commit(l, &b, o, e);
	} while (!status && may_try_again(o) && ++tries < TRIES);
	batch_free(&b);
	if (status || !o->error)
		return status;
	return tries == TRIES ? err_set(e, "the kernel's ruleset keeps "
					"changing: try again")
			      : explain(m, o, e);
}

struct firewall_maker {
	struct maker maker;
	const struct policy *policy;
	enum gate gate;
};

static int make_firewall(const struct maker *m, struct sink *s, struct err *e)
{
	const struct firewall_maker *f = (const struct firewall_maker *)m;

	return firewall_compile(f->policy, f->gate, kernel_has_boxes(), s, e);
}

int apply_firewall(struct link *l, const struct policy *p, enum gate *gate,
		   struct err *e)
{
	struct firewall_maker f = {{make_firewall, true, false}, p, FIRST_GATE};
	struct buf text = {0};
	struct outcome o;
	bool no_fib;

	*gate = f.gate;
	if (!apply(l, &f.maker, &o, e))
		return 0;
	no_fib = o.error == ENOENT &&
		 find(&f.maker, o.seq, &text).needs & NEEDS_FIB;
	buf_free(&text);
	if (!no_fib)
		return -1;
	*gate = f.gate = GATE_INPUT;
	return apply(l, &f.maker, &o, e);
}

int firewall_active(struct link *l, enum gate *gate, struct err *e)
{
	int found;

	for (*gate = GATE_PREROUTING; *gate <= GATE_INPUT; (*gate)++) {
		found = link_count(l, NFT_MSG_GETCHAIN, TABLE_INET, TABLE_NAME,
				   firewall_base_chain(*gate), e);
		if (found)
			return found;
	}
	*gate = GATE_PREROUTING;
	return 0;
}

struct remover {
	struct maker maker;
	bool keep_table;
};

static int make_removal(const struct maker *m, struct sink *s, struct err *e)
{
	const struct remover *r = (const struct remover *)m;
	struct cmd c = {.kind = CMD_DELETE_TABLE, .family = TABLE_INET,
			.table = TABLE_NAME};

	return r->keep_table ? firewall_remove(s, e) : s->put(s, &c, e);
}

int remove_firewall(struct link *l, bool *kept, struct err *e)
{
	struct remover r = {{make_removal, false, false}, false};
	struct outcome o;
	int docker;

	docker = link_count(l, NFT_MSG_GETCHAIN, TABLE_INET, TABLE_NAME,
			    "DOCKER-USER", e);
	if (docker < 0)
		return -1;
	*kept = r.keep_table = docker;
	return apply(l, &r.maker, &o, e);
}

int print_script(const struct maker *m, struct buf *out, struct err *e)
{
	struct script s;

	script_begin(&s, out);
	return m->make(m, &s.sink, e);
}

int print_firewall(const struct policy *p, struct buf *out, struct err *e)
{
	struct firewall_maker f = {{make_firewall, false, false}, p,
				   FIRST_GATE};

	return print_script(&f.maker, out, e);
}
