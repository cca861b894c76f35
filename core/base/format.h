/* printf's formats, as much of them as this program uses, at a tenth of the
 * size: %s %c %d %u %x and %%, with l, ll or z before a number, a width,
 * - and 0, and a precision for %s. */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf: at most room bytes with the NUL; the length it would have. */
size_t format_text(char *out, size_t room, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

#endif
