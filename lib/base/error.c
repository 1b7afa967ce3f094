/* SPDX-License-Identifier: MIT */
/* Reporting what went wrong; needs no memory for the codes, little for the words. */
#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Cut to size at a character's border, and kept to one line of UTF-8. */
static void put_line(char *to, size_t size, const char *from)
{
    size_t n = 0;
    while (*from) {
        const char *next = from;
        uint32_t point = ifp_utf8_next(&next);
        bool shown = point != UINT32_MAX && !ifp_utf8_control(point);
        size_t width = shown ? (size_t)(next - from) : 1;
        if (n + width >= size)
            break;
        if (shown)
            memcpy(to + n, from, width);
        else
            to[n] = point == UINT32_MAX ? '?' : ' ';
        n += width;
        from = next;
    }
    to[n] = '\0';
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
    if (where && *where)
        ifp_text_format(&text, "%s: ", where);
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
    put_line(error->message, sizeof error->message, text.data ? text.data : "");
    ifp_text_clear(&text);
    return code;
}

void ifp_error_prefix(struct ifp_error *error, const char *prefix)
{
    if (!error || error->code == IFP_OK)
        return;
    char message[IFP_ERROR_MESSAGE_SIZE];
    put_line(message, sizeof message, prefix);
    size_t used = strlen(message);
    if (used + 2 < sizeof message) {
        memcpy(message + used, ": ", 3);
        put_line(message + used + 2, sizeof message - used - 2, error->message);
    }
    memcpy(error->message, message, sizeof message);
}

int ifp_error_copy(struct ifp_error *to, const struct ifp_error *from)
{
    if (to && from && to != from)
        *to = *from;
    return from ? from->code : IFP_OK;
}

ifp_error *ifp_error_new(void)
{
    return calloc(1, sizeof(ifp_error));
}

void ifp_error_free(ifp_error *error)
{
    free(error);
}

int ifp_error_code(const ifp_error *error)
{
    return error ? error->code : IFP_OK;
}

const char *ifp_error_message(const ifp_error *error)
{
    return error ? error->message : "";
}

const char *ifp_error_where(const ifp_error *error)
{
    return error ? error->where : "";
}
