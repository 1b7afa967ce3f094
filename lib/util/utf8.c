/* SPDX-License-Identifier: MIT */
/* UTF-8: decoding characters, and shortening a text between characters. */
#include "util/utf8.h"

/* The maximum number of bytes of a character. */
enum { BYTES_MAX = 4 };

size_t ifp_utf8_decode(const char *text, size_t size, uint32_t *point)
{
    /* The smallest code point of each length: smaller ones have a shorter form. */
    static const uint32_t minimum[BYTES_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};
    if (size == 0)
        return 0;
    uint32_t code = (unsigned char)text[0];
    size_t bytes = code < 0x80 ? 1 : code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;
    if ((code >= 0x80 && code < 0xc0) || code >= 0xf8 || bytes > size)
        return 0;
    if (bytes > 1)
        code &= 0x7fu >> bytes;
    for (size_t b = 1; b < bytes; b++) {
        if (!ifp_utf8_continues(text[b]))
            return 0;
        code = code << 6 | ((unsigned char)text[b] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    if (code < minimum[bytes] || surrogate || code > 0x10ffff)
        return 0;
    *point = code;
    return bytes;
}

uint32_t ifp_utf8_next(const char **text)
{
    uint32_t point = UINT32_MAX;
    size_t bytes = ifp_utf8_decode(*text, BYTES_MAX, &point);
    *text += bytes ? bytes : 1;
    return point;
}

void ifp_utf8_shorten(const char *text, size_t size, size_t maximum, size_t *head, size_t *tail)
{
    *head = size;
    *tail = 0;
    if (size <= maximum)
        return;
    *tail = (maximum - 3) / 2;
    *head = maximum - 3 - *tail;
    while (*head > 0 && ifp_utf8_continues(text[*head]))
        --*head;
    while (*tail > 0 && ifp_utf8_continues(text[size - *tail]))
        --*tail;
}
