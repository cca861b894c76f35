/* The inner loops of reading JSON: inside core/json only. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Inlined also where the rest is made small: most of the time goes here. */
#define FAST __attribute__((always_inline)) static inline

FAST const char *skip_space(const char *s)
{
	const uint64_t space = UINT64_C(1) << ' ' | 1 << '\n' | 1 << '\r' |
			       1 << '\t';

	while ((unsigned char)*s <= ' ' && space >> *s & 1)
		s++;
	return s;
}

/* Eight bytes of the same value. */
FAST uint64_t eight(uint64_t byte)
{
	return byte * UINT64_C(0x0101010101010101);
}

/* The bytes of w that are c have their top bit set in the result (and some
 * behind the first such byte may, too). */
FAST uint64_t equals(uint64_t w, char c)
{
	w ^= eight((unsigned char)c);
	return (w - eight(1)) & ~w & eight(0x80);
}

/* Where the first byte is that has its top bit set in hits; or before. */
FAST const char *first_hit(const char *s, uint64_t hits)
{
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		s += __builtin_ctzll(hits) / 8;
	return s;
}

/* Over bytes of a string that are but themselves, at most up to end: stops
 * at, or before, the next '"' or '\\', control or byte beyond ASCII. */
FAST const char *skip_plain(const char *s, const char *end)
{
	uint64_t w, hits;

	for (; end - s >= 8; s += 8) {
		memcpy(&w, s, 8);
		hits = equals(w, '"') | equals(w, '\\') |
		       (((w - eight(' ')) | w) & eight(0x80));
		if (hits)
			return first_hit(s, hits);
	}
	return s;
}

/* The same, with beyond ASCII and controls, of a string that was checked. */
FAST const char *skip_checked(const char *s, const char *end)
{
	uint64_t w, hits;

	for (; end - s >= 8; s += 8) {
		memcpy(&w, s, 8);
		hits = equals(w, '"') | equals(w, '\\');
		if (hits)
			return first_hit(s, hits);
	}
	return s;
}

/* Between the values of a box: to, or before, the next quote or bracket. */
FAST const char *skip_between(const char *s, const char *end)
{
	uint64_t w, hits;

	for (; end - s >= 8; s += 8) {
		memcpy(&w, s, 8);
		hits = equals(w, '"') | equals(w | eight(' '), '{') |
		       equals(w | eight(' '), '}');
		if (hits)
			return first_hit(s, hits);
	}
	return s;
}

#endif
