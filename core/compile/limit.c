#include "limit.h"

#include <netinet/in.h>

#include "logging.h"

#define PORTLESS_CHAIN "rate-limit-portless"
#define BLOCK_CHAIN "rate-limit-block"

enum { WINDOW_MS = 30000, SIZE = 65535, TRIES = 5 };

#define COUNTER(set_name, n_fields, ...) \
	{.name = set_name, .flags = SET_DYNAMIC, .nfields = n_fields, \
	 .fields = {__VA_ARGS__}, .timeout_ms = WINDOW_MS, .size = SIZE}

/* In pairs: those of a window of 30 seconds, which begins with the first try
 * and is begun anew by each that is blocked; and those of the mean rate, so
 * that nobody gets twice as much where two windows meet. */
static const struct set sets[] = {
	COUNTER("limit4", 3, F_IP_SADDR, F_L4PROTO, F_TH_DPORT),
	COUNTER("rate4", 3, F_IP_SADDR, F_L4PROTO, F_TH_DPORT),
	COUNTER("limit6", 3, F_IP6_SADDR64, F_L4PROTO, F_TH_DPORT),
	COUNTER("rate6", 3, F_IP6_SADDR64, F_L4PROTO, F_TH_DPORT),
	COUNTER("limit4-portless", 2, F_IP_SADDR, F_L4PROTO),
	COUNTER("rate4-portless", 2, F_IP_SADDR, F_L4PROTO),
	COUNTER("limit6-portless", 2, F_IP6_SADDR64, F_L4PROTO),
	COUNTER("rate6-portless", 2, F_IP6_SADDR64, F_L4PROTO),
};
enum { COUNT = sizeof(sets) / sizeof(sets[0]), WITH_PORTS = COUNT / 2 };

static const struct limit in_window = {1, TRIES, PER_HOUR, true};
static const struct limit mean_rate = {60000 / WINDOW_MS * TRIES, TRIES,
				       PER_MINUTE, true};

static int count(struct build *b, const struct set *s, bool window,
		 struct err *e)
{
	struct meter m = {.set = s, .renew = !window,
			  .limit = window ? in_window : mean_rate};

	build_stmt(b, (struct stmt){.kind = S_METER, .meter = m});
	build_stmt(b, (struct stmt){
		.kind = S_VERDICT, .verdict = {V_GOTO, BLOCK_CHAIN},
	});
	return build_emit(b, e);
}

static int count_all(struct build *b, const struct set *s, struct err *e)
{
	int i;

	for (i = 0; i < WITH_PORTS; i++)
		if (count(b, &s[i], i % 2 == 0, e))
			return -1;
	return 0;
}

static int block_chain(struct build *b, enum log_level level, struct err *e)
{
	int i;

	if (build_chain(b, BLOCK_CHAIN, NULL, e))
		return -1;
	for (i = 0; i < COUNT; i += 2) {
		struct meter m = {.set = &sets[i], .renew = true};

		build_stmt(b, (struct stmt){.kind = S_METER, .meter = m});
		if (build_emit(b, e))
			return -1;
	}
	if (level != LOG_OFF && logging_put(b, LOG_LIMIT_BLOCK, true, e))
		return -1;
	return build_reject(b, REJECT_PORT_UNREACH, e);
}

static bool has_limit(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->rules[i].rule.action == ACT_LIMIT)
			return true;
	return false;
}

int limit_chains(struct build *b, const struct policy *p, struct err *e)
{
	static const uint8_t protos[] = {IPPROTO_TCP, IPPROTO_UDP};
	static const struct set with_ports = {
		.nfields = 1, .fields = {F_L4PROTO}, .n = 2, .keys = protos,
	};
	int i;

	if (!has_limit(p))
		return limit_remove(b, e);
	for (i = 0; i < COUNT; i++)
		if (build_set(b, &sets[i], e))
			return -1;
	if (block_chain(b, p->logging, e) ||
	    build_chain(b, PORTLESS_CHAIN, NULL, e) ||
	    count_all(b, &sets[WITH_PORTS], e) ||
	    build_chain(b, LIMIT_CHAIN, NULL, e))
		return -1;
	build_lookup_not(b, &with_ports);
	build_stmt(b, (struct stmt){
		.kind = S_VERDICT, .verdict = {V_GOTO, PORTLESS_CHAIN},
	});
	return build_emit(b, e) ? -1 : count_all(b, sets, e);
}

int limit_remove(struct build *b, struct err *e)
{
	int i;

	if (build_drop_chain(b, LIMIT_CHAIN, e) ||
	    build_drop_chain(b, PORTLESS_CHAIN, e) ||
	    build_drop_chain(b, BLOCK_CHAIN, e))
		return -1;
	for (i = 0; i < COUNT; i++)
		if (build_drop_set(b, &sets[i], e))
			return -1;
	return 0;
}
