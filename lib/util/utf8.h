/* SPDX-License-Identifier: MIT */
/* UTF-8: decoding characters, and shortening a text between characters. */
#ifndef IFP_UTIL_UTF8_H
#define IFP_UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode the character at the beginning of `size` bytes into *point. Returns the number of its
 * bytes, 1 to 4, or 0 if they are not UTF-8 (RFC 3629: no overlong forms, no surrogates, at most
 * U+10FFFF) or the character is not complete; *point is then unchanged. A byte is read only if
 * those before it begin a character, so a terminated string may be passed with any size.
 */
size_t ifp_utf8_decode(const char *text, size_t size, uint32_t *point);

/* Returns the code point at *text, a terminated string, and moves *text past it. If the bytes are
 * not UTF-8, returns UINT32_MAX and moves by one byte. */
uint32_t ifp_utf8_next(const char **text);

/* Is it a byte of a character other than the first? In UTF-8, all other bytes begin a character. */
static inline bool ifp_utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* How to show a text of `size` bytes in at most `maximum` bytes (at least 3): its first *head
 * bytes,
 * "..." and its last *tail bytes, cut between characters. If the text fits, *head is its size and
 * *tail is 0. User input may have any length, and the words around it in a message must stay
 * visible. */
void ifp_utf8_shorten(const char *text, size_t size, size_t maximum, size_t *head, size_t *tail);

#endif
