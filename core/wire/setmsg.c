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
	uint32_t size = s->size;
	int i;

	if (!size && !(s->flags & SET_INTERVAL))
		size = (uint32_t)s->n;
	msg_put(m, MSG_OPEN(NFTA_SET_DESC),
		size ? NFTA_SET_DESC_SIZE : MSG_SKIP, size, 0);
	if (s->nfields > 1 && s->flags & SET_INTERVAL) {
		msg_put(m, MSG_OPEN(NFTA_SET_DESC_CONCAT), 0);
		for (i = 0; i < s->nfields; i++)
			msg_put(m, MSG_OPEN(NFTA_LIST_ELEM),
				NFTA_SET_FIELD_LEN,
				field_info(s->fields[i])->len, MSG_CLOSE(2),
				0);
	}
	msg_close(m, 0);
}

static void put_userdata(struct msg *m, const struct set *s)
{
	struct { uint8_t type, len, value[4]; } tlv = {
		UDATA_KEY_BYTEORDER, 4, {0}
	};
	uint32_t order = s->nfields > 1 ? 0 : field_byteorder(s->fields[0]);

	memcpy(tlv.value, &order, sizeof(order));
	msg_put(m, MSG_BYTES(NFTA_SET_USERDATA), &tlv, (unsigned)sizeof(tlv),
		0);
}

static const char *name_of(const struct set *s)
{
	return s->name ? s->name : "__set%d";
}

void setmsg_put_set(struct msg *m, const struct set *s, uint32_t id)
{
	uint32_t type = 0;
	int i;

	for (i = 0; i < s->nfields; i++)
		type = type << TYPE_BITS | field_datatype(s->fields[i]);
	msg_put(m, MSG_STR(NFTA_SET_NAME), name_of(s),
		NFTA_SET_FLAGS, kernel_flags(s), NFTA_SET_KEY_TYPE, type,
		NFTA_SET_KEY_LEN, (unsigned)set_key_len(s), 0);
	if (s->verdicts)
		msg_put(m, NFTA_SET_DATA_TYPE, DATA_TYPE_VERDICT,
			NFTA_SET_DATA_LEN, 16, 0);
	msg_put(m, NFTA_SET_ID, id, 0);
	put_desc(m, s);
	if (s->timeout_ms)
		msg_put(m, MSG_U64(NFTA_SET_TIMEOUT), s->timeout_ms, 0);
	put_userdata(m, s);
}

/* In the list, which is the outermost nest. */
static void put_elem(struct msg *m, const struct set *s, const uint8_t *key,
		     const uint8_t *key_end, const struct verdict *v,
		     unsigned flags)
{
	unsigned len = (unsigned)set_key_len(s);

	msg_put(m, MSG_OPEN(NFTA_LIST_ELEM),
		flags ? NFTA_SET_ELEM_FLAGS : MSG_SKIP, flags,
		MSG_DATA(NFTA_SET_ELEM_KEY), key, len, 0);
	if (key_end)
		msg_put(m, MSG_DATA(NFTA_SET_ELEM_KEY_END), key_end, len, 0);
	if (v)
		expr_put_verdict(m, NFTA_SET_ELEM_DATA, v);
	msg_close(m, 1);
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

size_t setmsg_put_elems(struct msg *m, const struct set *s, uint32_t id,
			size_t first)
{
	size_t i, stop = first + ELEM_MSG_BYTES / ELEM_BYTES;

	if (stop > s->n)
		stop = s->n;
	msg_put(m, MSG_STR(NFTA_SET_ELEM_LIST_SET), name_of(s),
		NFTA_SET_ELEM_LIST_SET_ID, id,
		MSG_OPEN(NFTA_SET_ELEM_LIST_ELEMENTS), 0);
	for (i = first; i < stop; i++)
		put_nth(m, s, i);
	return stop;
}
