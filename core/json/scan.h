/* The inner loops of reading JSON: inside core/json only. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline const char *skip_space(const char *s)
{
	while (*s == ' ' || *s == '\n' || *s == '\r' || *s == '\t')
		s++;
	return s;
}

/* The bytes of w that are zero have their top bit set in the result (and
 * some above the lowest such byte may, too). */
static inline uint64_t zero_bytes(uint64_t w)
{
	return (w - UINT64_C(0x0101010101010101)) & ~w &
	       UINT64_C(0x8080808080808080);
}

/* Over bytes of a string that are but themselves, at most up to end: stops
 * somewhere before the next '"' or '\\', control or byte beyond ASCII, eight
 * bytes at a time. */
static inline const char *skip_plain(const char *s, const char *end)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t w;

	for (; end - s >= 8; s += 8) {
		memcpy(&w, s, 8);
		if (zero_bytes(w ^ each * '"') | zero_bytes(w ^ each * '\\') |
		    zero_bytes(w & each * 0xe0) | (w & each * 0x80))
			break;
	}
	return s;
}

#endif
