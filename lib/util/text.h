/* SPDX-License-Identifier: MIT */
/* Growing text, and numbers as text: the same bytes in every locale. */
#ifndef IFP_UTIL_TEXT_H
#define IFP_UTIL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise. After a failed allocation every append does nothing and ifp_text_take returns
 * NULL, so only the end needs a check. */
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

/* Append a number with 15, 16 or 17 digits, the fewest that read back as the same double, without
 * trailing zeros and with "." in every locale. Numbers that are not finite become inf or nan. */
void ifp_text_number(struct ifp_text *text, double value);

/* Supports %s, %d, %zu, %g (as ifp_text_number), %c and %%, without flags, widths or precisions.
 * The C library's own formatting depends on the locale. */
void ifp_text_format(struct ifp_text *text, const char *format, ...) IFP_FORMAT(2, 3);
void ifp_text_vformat(struct ifp_text *text, const char *format, va_list arguments)
    IFP_FORMAT(2, 0);

/* The text itself, owned by the caller, or NULL if out of memory. The builder is empty after it. */
char *ifp_text_take(struct ifp_text *text);
void ifp_text_clear(struct ifp_text *text);

/* Returns the code point at *text and moves *text past it. If the bytes are not UTF-8 (RFC 3629: no
 * overlong forms, no surrogates, at most U+10FFFF), returns UINT32_MAX and moves by one byte. */
uint32_t ifp_utf8_next(const char **text);

/* How to show a text in at most `most` bytes (at least 3): its first *head bytes, "..." and its
 * last *tail bytes, cut between characters. If the text fits, *head is its size and *tail is 0.
 * User input may have any length, and the words around it in a message must stay visible. */
void ifp_text_shorten(const char *text, size_t size, size_t most, size_t *head, size_t *tail);

/* A copy on the heap; NULL if out of memory. */
char *ifp_string_copy(const char *string);

/* Read a decimal number, with "." in every locale. Returns false if the text is not exactly one
 * number, is too large for a double, or is longer than 300 characters. */
bool ifp_number_parse(const char *string, double *value);

/* The value rounded to `digits` significant digits, 1 to 9. Infinite values and NaN are unchanged.
 */
double ifp_number_to_digits(double value, int digits);

/* The value rounded to nine significant digits. The last bits of long sums may differ between
 * machines; these digits do not. Infinite values and NaN are unchanged. */
double ifp_number_rounded(double value);

/* Is the text spelled like a decimal number? True even if it is too large for a double. */
bool ifp_number_spelled(const char *string);

#endif
