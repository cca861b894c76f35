#include "expand.h"

#include "profiles.h"

struct expansion expand_start(const struct rule *rule)
{
	return (struct expansion){.rule = rule};
}

static unsigned parts(const struct side *side)
{
	if (!side->app)
		return 1;
	return side->profile ? side->profile->n_specs : 0;
}

/* The ports of the side, and the protocol that its profile gives. */
static uint8_t side_match(const struct side *side, unsigned part,
			  struct ports *out)
{
	const struct port_spec *spec;

	*out = side->ports;
	if (!side->app)
		return 0;
	spec = &side->profile->spec[part];
	*out = spec->ports;
	return spec->proto;
}

bool expand_next(struct expansion *x, struct match *out)
{
	const struct rule *r = x->rule;
	unsigned n_src = parts(&r->src), n_dst = parts(&r->dst);
	/* One profile for both sides stands for the same ports on both. */
	bool twin = r->src.app && r->src.profile == r->dst.profile;
	uint8_t src_proto, dst_proto;

	if (!n_src || x->dst >= n_dst)
		return false;
	if (twin)
		x->src = x->dst;
	src_proto = side_match(&r->src, x->src, &out->sport);
	dst_proto = side_match(&r->dst, x->dst, &out->dport);
	out->proto = r->proto;
	if (src_proto)
		out->proto = src_proto;
	else if (dst_proto)
		out->proto = dst_proto;
	if (twin || ++x->src == n_src) {
		x->src = 0;
		x->dst++;
	}
	return true;
}
