/* SPDX-License-Identifier: MIT */
/* Growing text, and numbers as text: the same bytes in every locale. */
#ifndef IFP_UTIL_TEXT_H
#define IFP_UTIL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise. After a failed allocation every append does nothing and ifp_text_take gives
 * NULL, so that only the end needs a check. */
struct ifp_text {
    char *data;
    size_t size;
    size_t capacity;
    bool failed;
};

#if defined(__GNUC__) || defined(__clang__)
#define IFP_FORMAT(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define IFP_FORMAT(format_index, first)
#endif

void ifp_text_append(struct ifp_text *text, const char *data, size_t size);
void ifp_text_string(struct ifp_text *text, const char *string);

/* Rounded to 15, 16 or 17 digits, the fewest that read back as the same double, and without zeros
 * at the end; "." in every locale; inf and nan in words. */
void ifp_text_number(struct ifp_text *text, double value);

/* Formats %s, %d, %zu, %g (as ifp_text_number), %c and %%; no flags, widths or precisions. The
 * C library's own formatting follows the locale, and prints to where it should not be asked to. */
void ifp_text_format(struct ifp_text *text, const char *format, ...) IFP_FORMAT(2, 3);
void ifp_text_vformat(struct ifp_text *text, const char *format, va_list arguments)
    IFP_FORMAT(2, 0);

/* The text itself, owned by the caller; NULL when memory ran out. The builder is empty then. */
char *ifp_text_take(struct ifp_text *text);
void ifp_text_clear(struct ifp_text *text);

/* The code point at *text, which moves behind it; UINT32_MAX, and *text one byte further, where the
 * bytes are not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
uint32_t ifp_utf8_next(const char **text);

/* Somebody's input may be any length, and what is said of it must still be seen: of a text longer
 * than `most` bytes (at least 3), how many to show of its beginning and of its end with "..." in
 * between, cut at the borders of characters. All of it and 0 where it fits. */
void ifp_text_shorten(const char *text, size_t size, size_t most, size_t *head, size_t *tail);

/* A copy on the heap; NULL when memory ran out. */
char *ifp_string_copy(const char *string);

/* Read a whole decimal number, with "." in every locale; false if the text is anything else,
 * too large for a double, or longer than 300 characters. */
bool ifp_number_parse(const char *string, double *value);

/* Rounded to so many digits, 1 to 9. Not finite stays as it is. */
double ifp_number_to_digits(double value, int digits);

/* Rounded to nine digits: what is left when long sums differ in their last bits from one machine to
 * the next. Not finite stays as it is. */
double ifp_number_rounded(double value);

/* Whether the text is a decimal number by its spelling, be it one that cannot be held. */
bool ifp_number_spelled(const char *string);

#endif
