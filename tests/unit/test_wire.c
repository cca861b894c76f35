/* Changes as nft script and as netlink bytes: no kernel, no root.  The bytes
 * are each under the line they stand for; a test against the kernel loads
 * both and compares what nft lists. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/compile/firewall.h"
#include "core/docker/chains.h"
#include "core/list/file.h"
#include "core/nft/script.h"
#include "core/rule/parse.h"
#include "core/wire/attrs.h"
#include "core/wire/batch.h"
#include "tests/unit/tap.h"

static void hex(struct buf *out, const struct batch *b, size_t from)
{
	size_t i;

	for (i = from; i < b->bytes.len; i++)
		buf_fmt(out, "%02x", (unsigned char)b->bytes.data[i]);
	buf_str(out, "");
}

/* The script line and the bytes of one cmd. */
static void both(const struct cmd *c, const char *line, const char *bytes)
{
	struct buf text = {0}, dump = {0};
	struct batch b;
	struct err e;
	size_t from;

	script_print(&text, c);
	is(text.data, line, line);
	batch_begin(&b, 0);
	from = b.bytes.len;
	ok(!b.sink.put(&b.sink, c, &e), "it encodes");
	hex(&dump, &b, from);
	is(dump.data, bytes, "its bytes");
	buf_free(&text);
	buf_free(&dump);
	batch_free(&b);
}

static void test_table_and_chains(void)
{
	struct cmd c = {.kind = CMD_ADD_TABLE, .family = TABLE_INET,
			.table = "fwbox"};

	both(&c, "add table inet fwbox",
	     "28000000000a010401000000000000000100000"
	     "00a0001006677626f7800000008000200000000"
	     "00");
	c.kind = CMD_FLUSH_CHAIN;
	c.chain = "forward";
	both(&c, "flush chain inet fwbox forward",
	     "2c000000080a010001000000000000000100000"
	     "00a0001006677626f780000000c000200666f72"
	     "7761726400");
	c.kind = CMD_ADD_CHAIN;
	c.base = (struct base){"filter", 2, 0, true};
	both(&c, "add chain inet fwbox forward "
		 "{ type filter hook forward priority 0; policy drop; }",
	     "54000000030a010401000000000000000100000"
	     "00a0001006677626f780000000c000300666f72"
	     "77617264000b00070066696c746572000014000"
	     "4800800010000000002080002000000000008000"
	     "50000000000");
}

static void test_rule(void)
{
	struct stmt stmts[] = {
		{.kind = S_MATCH,
		 .match = {.field = F_TCP_DPORT, .a = {0, 22}}},
		{.kind = S_VERDICT, .verdict = {V_ACCEPT, NULL}},
	};
	struct cmd c = {.kind = CMD_ADD_RULE, .family = TABLE_INET,
			.table = "fwbox", .chain = "incoming",
			.stmts = stmts, .nstmts = 2};

	/* [ meta load l4proto => reg 1 ] [ cmp eq reg 1 0x06 ]
	 * [ payload load 2b @ transport header + 2 => reg 1 ]
	 * [ cmp eq reg 1 0x1600 ] [ immediate reg 0 accept ] */
	both(&c, "add rule inet fwbox incoming tcp dport 22 accept",
	     "14010000060a010c0100000000000000010000000a0001006677626f7800"
	     "00000d000200696e636f6d696e6700000000e40004802400018009000100"
	     "6d6574610000000014000280080002000000001008000100000000012c00"
	     "018008000100636d70002000028008000100000000010800020000000000"
	     "0c0003800500010006000000340001800c0001007061796c6f6164002400"
	     "028008000100000000010800020000000002080003000000000208000400"
	     "000000022c00018008000100636d70002000028008000100000000010800"
	     "0200000000000c0003800600010000160000300001800e000100696d6d65"
	     "64696174650000001c0002800800010000000000100002800c0002800800"
	     "010000000001");
}

static void test_limits(void)
{
	static const char info[9000];
	struct stmt stmt = {.kind = S_XT_MATCH,
			    .xt = {"huge", 0, info, sizeof(info)}};
	struct cmd c = {.kind = CMD_ADD_RULE, .family = TABLE_IP,
			.table = "filter", .chain = "FORWARD",
			.stmts = &stmt, .nstmts = 1};
	struct batch b;
	struct err e;

	batch_begin(&b, 0);
	ok(b.sink.put(&b.sink, &c, &e) &&
	   !strcmp(e.text, "a rule is too long for a netlink message"),
	   "what does not fit is an error, not a cut");
	batch_free(&b);
}

/* Intervals as the kernel's sets take them: where each begins and ends. */
static void test_intervals(void)
{
	static const uint8_t keys[] = {0, 80, 0, 80, 0, 81, 0, 90,
				       255, 0, 255, 255};
	struct set s = {.flags = SET_INTERVAL, .nfields = 1,
			.fields = {F_TCP_DPORT}, .n = 3, .keys = keys};
	struct stmt stmt = {.kind = S_LOOKUP, .lookup.set = &s};
	struct cmd c = {.kind = CMD_ADD_RULE, .family = TABLE_INET,
			.table = "fwbox", .chain = "incoming",
			.stmts = &stmt, .nstmts = 1};
	struct buf text = {0};
	struct batch b;
	struct err e;
	size_t i;
	int ends = 0, elems = 0;

	script_print(&text, &c);
	is(text.data, "add rule inet fwbox incoming "
		      "tcp dport { 80, 81-90, 65280-65535 }",
	   "an interval set");
	batch_begin(&b, 0);
	ok(!b.sink.put(&b.sink, &c, &e), "it encodes");
	for (i = 0; i + 8 <= b.bytes.len; i += 4) {
		ends += !memcmp(b.bytes.data + i, "\10\0\3\0\0\0\0\1", 8);
		elems += !memcmp(b.bytes.data + i, "\6\0\1\0", 4);
	}
	ok(elems == 5 && ends == 2,
	   "the gap before the first and after 90, none before 81 and at the "
	   "end (%d, %d)", elems, ends);
	buf_free(&text);
	batch_free(&b);
}

static void test_batch_frame(void)
{
	struct cmd c = {.kind = CMD_ADD_TABLE, .family = TABLE_INET,
			.table = "fwbox"};
	struct batch a, b;
	struct err e;

	batch_begin(&a, 7);
	batch_begin(&b, 7);
	a.sink.put(&a.sink, &c, &e);
	b.sink.put(&b.sink, &c, &e);
	ok(!batch_end(&a, &e) && !batch_end(&b, &e) &&
	   a.bytes.len == b.bytes.len &&
	   !memcmp(a.bytes.data, b.bytes.data, a.bytes.len),
	   "the same changes give the same bytes");
	ok(!memcmp(a.bytes.data + 16, "\0\0\0\12\10\0\1\0\0\0\0\7", 12),
	   "the batch names its subsystem and generation");
	batch_stamp(&a, 0x10203);
	ok(!memcmp(a.bytes.data + 24, "\0\1\2\3", 4) &&
	   !memcmp(a.bytes.data, b.bytes.data, 24) &&
	   !memcmp(a.bytes.data + 28, b.bytes.data + 28, b.bytes.len - 28),
	   "stamped for another generation, and nothing else");
	ok(a.bytes.data[a.last + 6] & 4, "the last message asks for the ack");
	batch_free(&a);
	batch_free(&b);
}

static void test_docker_chains(void)
{
	struct network net = {"docker0", .subnets = {{{172, 17}, 16, false}},
			      .nsubnets = 1, .masquerade = true};
	const struct networks nets = {.networks = &net, .nnetworks = 1};
	const struct chains chains = {.networks = &nets};
	struct buf text = {0};
	struct script s;
	struct err e;

	script_begin(&s, &text);
	ok(!chains_native(&chains, &s.sink, &e) &&
	   strstr(text.data, "add rule inet fwbox docker-postrouting "
			     "oifname != \"docker0\" ip saddr 172.17.0.0/16 "
			     "masquerade\n"), "docker-chains as a script");
	buf_free(&text);
}

static void test_end_of_dump(void)
{
	_Alignas(struct nlmsghdr) char bytes[64];
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	int *end;

	head->nlmsg_type = NLMSG_DONE;
	ok(message_end(head) == 0, "a dump ends without a word");
	end = mnl_nlmsg_put_extra_header(head, sizeof(*end));
	ok(message_end(head) == 0, "or with 0");
	*end = -ENOENT;
	ok(message_end(head) == ENOENT, "or with an error");
	*end = INT_MIN;
	ok(message_end(head) == EBADMSG, "or with what is none");
	ok(message_errno(1) == EBADMSG && message_errno(-4096) == EBADMSG &&
	   message_errno(-4095) == 4095, "which are from -4095 on");
}

int main(void)
{
	test_table_and_chains();
	test_rule();
	test_limits();
	test_intervals();
	test_batch_frame();
	test_docker_chains();
	test_end_of_dump();
	return tap_done();
}
