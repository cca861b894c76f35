#include "num.h"

bool num_parse(const char *s, size_t len, unsigned max, unsigned *out)
{
	unsigned value = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned digit = (unsigned)(s[i] - '0');

		if (digit > 9 || digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (!len)
		return false;
	*out = value;
	return true;
}
