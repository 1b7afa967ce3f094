/* SPDX-License-Identifier: MIT */
/* Growing text: the same bytes in every locale. */
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

/* Reserve `more` bytes and a NUL behind the text. Returns false, and the text has failed, if
 * out of memory. */
bool ifp_text_reserve(struct ifp_text *text, size_t more);

void ifp_text_append(struct ifp_text *text, const char *data, size_t size);
void ifp_text_string(struct ifp_text *text, const char *string);

/* Append a number as ifp_number_write writes it. */
void ifp_text_number(struct ifp_text *text, double value);

/* Append a text in at most `maximum` bytes (at least 3), with "..." in the middle of a longer
 * one. */
void ifp_text_shorten(struct ifp_text *text, const char *data, size_t size, size_t maximum);

/* Supports %s, %d, %zu, %g (as ifp_text_number), %c and %%, without flags, widths or precisions.
 * The C library's own formatting depends on the locale. */
void ifp_text_format(struct ifp_text *text, const char *format, ...) IFP_FORMAT(2, 3);
void ifp_text_vformat(struct ifp_text *text, const char *format, va_list arguments)
    IFP_FORMAT(2, 0);

/* The text itself, owned by the caller, or NULL if out of memory. The builder is empty after it. */
char *ifp_text_take(struct ifp_text *text);
void ifp_text_clear(struct ifp_text *text);

/* A copy on the heap; NULL if out of memory. */
char *ifp_string_copy(const char *string);

#endif
