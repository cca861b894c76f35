#include "print.h"

#include <string.h>

#include "../base/words.h"
#include "addr.h"
#include "ports.h"
#include "proto.h"

/* Direction and interfaces.  A rule that is not routed names the interface
 * of the other direction only after its own direction in full. */
static void print_path(struct buf *out, const struct rule *r)
{
	bool in = *r->iif, odd;

	odd = r->dir == DIR_IN ? *r->oif : r->dir == DIR_OUT && in;
	if (odd || (r->dir == DIR_OUT && !*r->oif))
		buf_str(out, r->dir == DIR_IN ? " in" : " out");
	if (in)
		buf_fmt(out, " in on %s", r->iif);
	if (*r->oif)
		buf_fmt(out, in && r->dir != DIR_ROUTE ? " out %s" :
			" out on %s", r->oif);
	if (r->log)
		buf_str(out, r->log == LOG_ALL ? " log-all" : " log");
}

/* Is the family one that neither an address nor the protocol tells? */
static bool family_untold(const struct rule *r)
{
	return r->family && !r->src.net.len && !r->dst.net.len &&
	       !proto_numbered(r->proto)->ipv4_only;
}

static bool side_any(const struct side *side)
{
	return !side->net.len && !side->file && !side->ports.n && !side->app;
}

static void print_side(struct buf *out, const char *word,
		       const struct side *side, enum family family)
{
	buf_fmt(out, " %s ", word);
	if (side->file) {
		/* quoted if need be, the @ outside */
		buf_str(out, "@");
		words_quote(out, side->file);
	} else if (side->net.len || family) {
		net_print(out, &side->net, family);
	} else {
		buf_str(out, "any");
	}
	if (side->app) {
		buf_str(out, " app ");
		words_quote(out, side->app);
	} else if (side->ports.n) {
		buf_str(out, " port ");
		ports_print(out, &side->ports);
	}
}

static void print_full(struct buf *out, const struct rule *r)
{
	enum family any = family_untold(r) ? r->family : FAMILY_ANY;
	bool from = !side_any(&r->src), to = !side_any(&r->dst) || any;

	if (from)
		print_side(out, "from", &r->src,
			   r->src.net.len ? r->family : FAMILY_ANY);
	if (to || (!from && !*r->iif && !*r->oif))
		print_side(out, "to", &r->dst,
			   r->dst.net.len ? r->family : any);
	if (r->proto)
		buf_fmt(out, " proto %s", proto_numbered(r->proto)->name);
}

static void print_short(struct buf *out, const struct rule *r)
{
	buf_str(out, " ");
	if (r->dst.app) {
		words_quote(out, r->dst.app);
		return;
	}
	ports_print(out, &r->dst.ports);
	if (r->proto)
		buf_fmt(out, "/%s", proto_numbered(r->proto)->name);
}

void rule_print(struct buf *out, const struct rule *r)
{
	buf_str(out, r->dir == DIR_ROUTE ? "route " : "");
	buf_str(out, action_name(r->action));
	print_path(out, r);
	if (side_any(&r->src) && !r->dst.net.len && !r->dst.file &&
	    !side_any(&r->dst) && !r->family && !*r->iif && !*r->oif)
		print_short(out, r);
	else
		print_full(out, r);
	if (r->comment) {
		buf_str(out, " comment ");
		words_quote(out, r->comment);
	}
}
