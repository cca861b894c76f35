#include "needs.h"

#include <string.h>

#include <sys/utsname.h>

#include "../base/num.h"

/* For the table of the host, which is of the family inet. */
static const char names[][16] = {
	"nft_ct", "nft_fib_inet", "nft_limit", "nft_log", "nf_log_syslog",
	"nft_reject_inet", "nft_counter", "nft_masq", "nft_nat",
	"nft_chain_nat", "nft_compat", "an xt module",
};

static const uint16_t by_kind[] = {
	[S_COUNTER] = NEEDS_COUNTER, [S_LIMIT] = NEEDS_LIMIT,
	[S_LOG] = NEEDS_LOG | NEEDS_LOGGER, [S_METER] = NEEDS_LIMIT,
	[S_REJECT] = NEEDS_REJECT, [S_MASQUERADE] = NEEDS_MASQ,
	[S_DNAT] = NEEDS_NAT, [S_XT_MATCH] = NEEDS_COMPAT | NEEDS_XT,
	[S_XT_TARGET] = NEEDS_COMPAT | NEEDS_XT,
};

static unsigned of_field(enum field f)
{
	enum load load = field_info(f)->load;

	return load == LOAD_FIB ? NEEDS_FIB
	       : load == LOAD_CT || load == LOAD_CT_ORIGINAL ? NEEDS_CT : 0;
}

static unsigned of_stmt(const struct stmt *s)
{
	unsigned needs = by_kind[s->kind], i;

	if (s->kind == S_MATCH)
		needs = of_field(s->match.field);
	for (i = 0; s->kind == S_LOOKUP && i < s->lookup.set->nfields; i++)
		needs |= of_field(s->lookup.set->fields[i]);
	return needs;
}

unsigned needs_of(const struct cmd *c)
{
	unsigned needs = 0;
	size_t i;

	if (c->base.type && *c->base.type == 'n')
		needs = NEEDS_CHAIN_NAT;
	for (i = 0; i < c->nstmts; i++)
		needs |= of_stmt(&c->stmts[i]);
	return needs;
}

bool kernel_has_boxes(void)
{
	struct utsname u;
	unsigned major, minor;
	size_t n, m;

	if (uname(&u))
		return false;
	n = strcspn(u.release, ".");
	m = u.release[n] ? strspn(u.release + n + 1, "0123456789") : 0;
	return num_parse(u.release, n, 999, &major) &&
	       num_parse(u.release + n + 1, m, 999, &minor) &&
	       (major > 5 || (major == 5 && minor >= 6));
}

void needs_print(struct buf *out, unsigned needs)
{
	const char *before = "the kernel lacks ";
	size_t i;

	for (i = 0; needs >> i; i++)
		if (needs >> i & 1) {
			buf_fmt(out, "%s%s", before, names[i]);
			before = " or ";
		}
}
