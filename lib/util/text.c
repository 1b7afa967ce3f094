/* SPDX-License-Identifier: MIT */
/* Growing text: the same bytes in every locale. */
#include "util/text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/number_text.h"
#include "util/utf8.h"

/* The bytes of the first allocation. */
enum { CAPACITY_FIRST = 64 };

bool ifp_text_reserve(struct ifp_text *text, size_t more)
{
    if (text->failed || more >= SIZE_MAX / 2 - text->size) {
        text->failed = true;
        return false;
    }
    size_t needed = text->size + more + 1;
    if (needed < CAPACITY_FIRST)
        needed = CAPACITY_FIRST;
    if (!ifp_array_reserve(&text->data, &text->capacity, needed, 1))
        text->failed = true;
    return !text->failed;
}

void ifp_text_append(struct ifp_text *text, const char *data, size_t size)
{
    if (!ifp_text_reserve(text, size))
        return;
    if (size)
        memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void ifp_text_string(struct ifp_text *text, const char *string)
{
    ifp_text_append(text, string, strlen(string));
}

void ifp_text_number(struct ifp_text *text, double value)
{
    char number[IFP_NUMBER_SIZE];
    ifp_number_write(number, value);
    ifp_text_string(text, number);
}

static void text_unsigned(struct ifp_text *text, uintmax_t value)
{
    char digits[sizeof(uintmax_t) * CHAR_BIT];
    size_t n = sizeof digits;
    do
        digits[--n] = (char)('0' + value % 10);
    while (value /= 10);
    ifp_text_append(text, digits + n, sizeof digits - n);
}

void ifp_text_vformat(struct ifp_text *text, const char *format, va_list arguments)
{
    for (const char *c = format; *c; c++) {
        if (*c != '%') {
            ifp_text_append(text, c, 1);
            continue;
        }
        switch (*++c) {
        case 's':
            ifp_text_string(text, va_arg(arguments, const char *));
            break;
        case 'd': {
            int value = va_arg(arguments, int);
            if (value < 0)
                ifp_text_append(text, "-", 1);
            text_unsigned(text, value < 0 ? (uintmax_t) - (intmax_t)value : (uintmax_t)value);
            break;
        }
        case 'z': /* %zu is the only one */
            c++;
            text_unsigned(text, va_arg(arguments, size_t));
            break;
        case 'g':
            ifp_text_number(text, va_arg(arguments, double));
            break;
        case 'c': {
            char value = (char)va_arg(arguments, int);
            ifp_text_append(text, &value, 1);
            break;
        }
        default:
            ifp_text_append(text, c, 1);
            break;
        }
    }
}

void ifp_text_format(struct ifp_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ifp_text_vformat(text, format, arguments);
    va_end(arguments);
}

char *ifp_text_take(struct ifp_text *text)
{
    ifp_text_append(text, "", 0); /* at least the terminator */
    char *data = text->failed ? NULL : text->data;
    if (!data)
        free(text->data);
    *text = (struct ifp_text){0};
    return data;
}

void ifp_text_clear(struct ifp_text *text)
{
    free(text->data);
    *text = (struct ifp_text){0};
}

void ifp_text_shorten(struct ifp_text *text, const char *data, size_t size, size_t maximum)
{
    size_t head;
    size_t tail;
    ifp_utf8_shorten(data, size, maximum, &head, &tail);
    ifp_text_append(text, data, head);
    if (head == size)
        return;
    ifp_text_string(text, "...");
    ifp_text_append(text, data + size - tail, tail);
}

char *ifp_string_copy(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, string, size);
    return copy;
}
