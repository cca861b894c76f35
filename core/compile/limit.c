#include "limit.h"

#include "logging.h"

#define PORTLESS_CHAIN "rate-limit-portless"
#define BLOCK_CHAIN "rate-limit-block"

enum { WINDOW_MS = 30000, SIZE = 65535, TRIES = 5 };

/* In pairs: those of a window of 30 seconds, which begins with the first try
 * and is begun anew by each that is blocked; and those of the mean rate, so
 * that nobody gets twice as much where two windows meet. */
static const char names[][16] = {
	"limit4", "rate4", "limit6", "rate6", "limit4-portless",
	"rate4-portless", "limit6-portless", "rate6-portless",
};
enum { COUNT = sizeof(names) / sizeof(names[0]), WITH_PORTS = COUNT / 2 };

static struct set counter(int i)
{
	return (struct set){
		.name = names[i], .flags = SET_DYNAMIC,
		.nfields = i < WITH_PORTS ? 3 : 2,
		.fields = {i & 2 ? F_IP6_SADDR : F_IP_SADDR, F_L4PROTO,
			   F_TH_DPORT},
		.bits = i & 2 ? 64 : 0,
		.timeout_ms = WINDOW_MS, .size = SIZE,
	};
}

static const struct limit in_window = {1, TRIES, PER_HOUR, true};
static const struct limit mean_rate = {60000 / WINDOW_MS * TRIES, TRIES,
				       PER_MINUTE, true};

static void count(struct build *b, int first)
{
	int i;

	for (i = first; i < first + WITH_PORTS; i++) {
		struct set s = counter(i);

		build_stmt(b, S_METER)->meter = (struct meter){
			&s, i & 1, i & 1 ? mean_rate : in_window,
		};
		build_goto(b, BLOCK_CHAIN);
	}
}

static void block_chain(struct build *b, enum log_level level)
{
	int i;

	build_chain(b, BLOCK_CHAIN, NULL);
	for (i = 0; i < COUNT; i += 2) {
		struct set s = counter(i);

		build_lookup(b, &build_tcp_udp)->negate = i >= WITH_PORTS;
		build_stmt(b, S_METER)->meter =
			(struct meter){.set = &s, .renew = true};
		build_emit(b);
	}
	if (level != LOG_OFF)
		logging_put(b, LOG_LIMIT_BLOCK, true);
	build_reject(b, REJECT_PORT_UNREACH);
}

static void each_counter(struct build *b,
			 void (*put)(struct build *b, const struct set *s))
{
	int i;

	for (i = 0; i < COUNT; i++) {
		struct set s = counter(i);

		put(b, &s);
	}
}

void limit_chains(struct build *b, const struct policy *p)
{
	if (!policy_has(p, ACT_LIMIT))
		return;
	each_counter(b, build_set);
	block_chain(b, p->logging);
	build_chain(b, PORTLESS_CHAIN, NULL);
	count(b, WITH_PORTS);
	build_chain(b, LIMIT_CHAIN, NULL);
	build_lookup(b, &build_tcp_udp)->negate = true;
	build_goto(b, PORTLESS_CHAIN);
	count(b, 0);
}

void limit_remove(struct build *b)
{
	build_drop_chains(b, LIMIT_CHAIN "\0" PORTLESS_CHAIN "\0" BLOCK_CHAIN
			     "\0");
	each_counter(b, build_drop_set);
}
