#include "setmsg.h"

#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "expr.h"

/* Bits that newer headers name, and nft's own numbers in a set's userdata
 * (libnftnl/udata.h) and datatypes (a concatenation has six bits a field). */
enum {
	SET_CONCAT = 0x80, /* NFT_SET_CONCAT, 5.6 */
	UDATA_KEY_BYTEORDER = 0,
	TYPE_BITS = 6,
	ELEM_BYTES = 160,        /* of one element, with room to spare */
	ELEM_MSG_BYTES = 48000,  /* an attribute's length has 16 bits */
	HEADER_BYTES = 512,
};
#define DATA_TYPE_VERDICT 0xffffff00u /* NFT_DATA_VERDICT */

static uint32_t kernel_flags(const struct set *s)
{
	uint32_t flags = 0;

	if (!s->name)
		flags |= NFT_SET_ANONYMOUS | NFT_SET_CONSTANT;
	if (s->flags & SET_INTERVAL)
		flags |= NFT_SET_INTERVAL | (s->nfields > 1 ? SET_CONCAT : 0);
	if (s->flags & SET_DYNAMIC)
		flags |= NFT_SET_EVAL | NFT_SET_TIMEOUT;
	if (s->verdicts)
		flags |= NFT_SET_MAP;
	return flags;
}

static void put_desc(struct msg *m, const struct set *s)
{
	struct nlattr *desc = msg_open(m, NFTA_SET_DESC), *concat, *field;
	int i;

	if (s->size || (!(s->flags & SET_INTERVAL) && s->n))
		msg_u32(m, NFTA_SET_DESC_SIZE,
			s->size ? s->size : (uint32_t)s->n);
	if (s->nfields > 1 && s->flags & SET_INTERVAL) {
		concat = msg_open(m, NFTA_SET_DESC_CONCAT);
		for (i = 0; i < s->nfields; i++) {
			field = msg_open(m, NFTA_LIST_ELEM);
			msg_u32(m, NFTA_SET_FIELD_LEN,
				field_info(s->fields[i])->len);
			msg_close(m, field);
		}
		msg_close(m, concat);
	}
	msg_close(m, desc);
}

static void put_userdata(struct msg *m, const struct set *s)
{
	struct { uint8_t type, len, value[4]; } tlv = {
		UDATA_KEY_BYTEORDER, 4, {0}
	};
	uint32_t order = s->nfields > 1 ? 0 : field_byteorder(s->fields[0]);

	memcpy(tlv.value, &order, sizeof(order));
	msg_bytes(m, NFTA_SET_USERDATA, &tlv, sizeof(tlv));
}

void setmsg_put_set(struct msg *m, const char *table, const struct set *s,
		    uint32_t id)
{
	uint32_t type = 0;
	int i;

	for (i = 0; i < s->nfields; i++)
		type = type << TYPE_BITS | field_datatype(s->fields[i]);
	msg_str(m, NFTA_SET_TABLE, table);
	msg_str(m, NFTA_SET_NAME, s->name ? s->name : "__set%d");
	msg_u32(m, NFTA_SET_FLAGS, kernel_flags(s));
	msg_u32(m, NFTA_SET_KEY_TYPE, type);
	msg_u32(m, NFTA_SET_KEY_LEN, (uint32_t)set_key_len(s));
	if (s->verdicts) {
		msg_u32(m, NFTA_SET_DATA_TYPE, DATA_TYPE_VERDICT);
		msg_u32(m, NFTA_SET_DATA_LEN, 16);
	}
	msg_u32(m, NFTA_SET_ID, id);
	put_desc(m, s);
	if (s->timeout_ms)
		msg_u64(m, NFTA_SET_TIMEOUT, s->timeout_ms);
	put_userdata(m, s);
}

static void put_key(struct msg *m, uint16_t type, const uint8_t *key,
		    size_t len)
{
	struct nlattr *nest = msg_open(m, type);

	msg_bytes(m, NFTA_DATA_VALUE, key, len);
	msg_close(m, nest);
}

static void put_elem(struct msg *m, const struct set *s, const uint8_t *key,
		     const uint8_t *key_end, const struct verdict *v,
		     uint32_t flags)
{
	struct nlattr *elem = msg_open(m, NFTA_LIST_ELEM);
	size_t len = set_key_len(s);

	if (flags)
		msg_u32(m, NFTA_SET_ELEM_FLAGS, flags);
	put_key(m, NFTA_SET_ELEM_KEY, key, len);
	if (key_end)
		put_key(m, NFTA_SET_ELEM_KEY_END, key_end, len);
	if (v)
		expr_put_verdict(m, NFTA_SET_ELEM_DATA, v);
	msg_close(m, elem);
}

/* key + 1; false when it was the last there is. */
static bool next_key(uint8_t *out, const uint8_t *key, size_t len)
{
	size_t i = len;

	memcpy(out, key, len);
	while (i-- > 0)
		if (++out[i])
			return true;
	return false;
}

/* The kernel's plain interval sets hold where an interval begins and where
 * the gap behind it begins; the first gap is told too, as nft does. */
static void put_interval(struct msg *m, const struct set *s, size_t i)
{
	static const uint8_t zero[VALUE_MAX];
	size_t len = set_key_len(s);
	const uint8_t *first = s->keys + 2 * i * len;
	const struct verdict *v = s->verdicts ? &s->verdicts[i] : NULL;
	uint8_t gap[VALUE_MAX];

	if (i == 0 && memcmp(first, zero, len) != 0)
		put_elem(m, s, zero, NULL, NULL, NFT_SET_ELEM_INTERVAL_END);
	put_elem(m, s, first, NULL, v, 0);
	if (!next_key(gap, first + len, len))
		return;
	if (i + 1 < s->n && memcmp(gap, first + 2 * len, len) == 0)
		return;
	put_elem(m, s, gap, NULL, NULL, NFT_SET_ELEM_INTERVAL_END);
}

static void put_nth(struct msg *m, const struct set *s, size_t i)
{
	size_t len = set_key_len(s);
	const struct verdict *v = s->verdicts ? &s->verdicts[i] : NULL;

	if (!(s->flags & SET_INTERVAL))
		put_elem(m, s, s->keys + i * len, NULL, v, 0);
	else if (s->nfields == 1)
		put_interval(m, s, i);
	else
		put_elem(m, s, s->keys + 2 * i * len,
			 s->keys + (2 * i + 1) * len, v, 0);
}

size_t setmsg_elem_room(const struct set *s, size_t first)
{
	size_t left = s->n - first, most = ELEM_MSG_BYTES / ELEM_BYTES;

	return HEADER_BYTES + (left < most ? left + 1 : most + 1) * ELEM_BYTES;
}

size_t setmsg_put_elems(struct msg *m, const char *table, const struct set *s,
			uint32_t id, size_t first)
{
	struct nlattr *list;
	size_t i, stop = first + ELEM_MSG_BYTES / ELEM_BYTES;

	if (stop > s->n)
		stop = s->n;
	msg_str(m, NFTA_SET_ELEM_LIST_TABLE, table);
	msg_str(m, NFTA_SET_ELEM_LIST_SET, s->name ? s->name : "__set%d");
	msg_u32(m, NFTA_SET_ELEM_LIST_SET_ID, id);
	list = msg_open(m, NFTA_SET_ELEM_LIST_ELEMENTS);
	for (i = first; i < stop; i++)
		put_nth(m, s, i);
	msg_close(m, list);
	return stop;
}
