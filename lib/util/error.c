/* SPDX-License-Identifier: MIT */
/* Error reports: one readable line of text in a buffer of fixed size. */
#include "util/error.h"

#include <stdarg.h>
#include <string.h>

#include "util/unicode.h"
#include "util/utf8.h"

/* Copy the bytes as part of one line of UTF-8. Returns the number of bytes written, which is at
 * most `size`. */
static size_t put_shown(char *to, const char *from, size_t size)
{
    const char *end = from + size;
    size_t n = 0;
    while (from < end) {
        const char *next = from;
        uint32_t point = ifp_utf8_next(&next);
        enum ifp_unicode kind = ifp_unicode_kind(point);
        bool shown = kind == IFP_UNICODE_SHOWN && next <= end;
        size_t width = shown ? (size_t)(next - from) : 1;
        if (shown)
            memcpy(to + n, from, width);
        else
            to[n] = kind == IFP_UNICODE_CONTROL ? ' ' : '?';
        n += width;
        from = next;
    }
    return n;
}

/* Write one line of UTF-8 that fits into `size` bytes. The middle of a longer text is left out: its
 * beginning says what was found and its end says what is allowed. */
static void put_line(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    size_t head;
    size_t tail;
    ifp_utf8_shorten(from, length, size - 1, &head, &tail);
    size_t n = put_shown(to, from, head);
    if (head < length) {
        memcpy(to + n, "...", 3);
        n += 3;
        n += put_shown(to + n, from + length - tail, tail);
    }
    to[n] = '\0';
}

/* Write "FIRST: REST". FIRST takes less than IFP_ERROR_WHERE_SIZE bytes. */
static void put_both(char *to, size_t size, const char *first, const char *rest)
{
    put_line(to, IFP_ERROR_WHERE_SIZE, first);
    size_t used = strlen(to);
    memcpy(to + used, ": ", 2);
    put_line(to + used + 2, size - used - 2, rest);
}

void ifp_error_clear(struct ifp_error *error)
{
    if (!error)
        return;
    error->code = IFP_OK;
    error->where[0] = '\0';
    error->message[0] = '\0';
}

int ifp_error_memory(struct ifp_error *error)
{
    if (error) {
        error->code = IFP_ERROR_MEMORY;
        error->where[0] = '\0';
        put_line(error->message, sizeof error->message, "out of memory");
    }
    return IFP_ERROR_MEMORY;
}

int ifp_error_set(struct ifp_error *error, int code, const char *where, const char *format, ...)
{
    if (!error)
        return code;
    if (code == IFP_ERROR_MEMORY)
        return ifp_error_memory(error);
    struct ifp_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    ifp_text_vformat(&text, format, arguments);
    va_end(arguments);
    if (text.failed) {
        ifp_text_clear(&text);
        return ifp_error_memory(error);
    }
    error->code = code;
    put_line(error->where, sizeof error->where, where ? where : "");
    if (*error->where)
        put_both(error->message, sizeof error->message, where, text.data ? text.data : "");
    else
        put_line(error->message, sizeof error->message, text.data ? text.data : "");
    ifp_text_clear(&text);
    return code;
}

void ifp_error_prefix(struct ifp_error *error, const char *prefix)
{
    if (!error || error->code == IFP_OK)
        return;
    char message[IFP_ERROR_MESSAGE_SIZE];
    put_both(message, sizeof message, prefix, error->message);
    memcpy(error->message, message, sizeof message);
}

int ifp_error_copy(struct ifp_error *to, const struct ifp_error *from)
{
    if (to && from && to != from)
        *to = *from;
    return from ? from->code : IFP_OK;
}
