/* SPDX-License-Identifier: MIT */
/* Growing text, and numbers as text: the same bytes in every locale. */
#include "util/text.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool text_reserve(struct ifp_text *text, size_t more)
{
    if (text->failed)
        return false;
    if (more >= SIZE_MAX / 2 - text->size) {
        text->failed = true;
        return false;
    }
    size_t need = text->size + more + 1;
    if (need <= text->capacity)
        return true;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void ifp_text_append(struct ifp_text *text, const char *data, size_t size)
{
    if (!text_reserve(text, size))
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

/* Is the byte part of a finite number, but not of its decimal sign? The locale's decimal sign may
 * be several bytes long. */
static bool plain(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == 'e';
}

void ifp_text_number(struct ifp_text *text, double value)
{
    if (isnan(value)) {
        ifp_text_string(text, "nan");
        return;
    }
    if (isinf(value)) {
        ifp_text_string(text, value < 0 ? "-inf" : "inf");
        return;
    }
    if (value == 0)
        value = 0; /* no negative zero */
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    char buffer[64];
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        (void)strfromd(buffer, sizeof buffer, formats[f], value);
        /* Written and read in the same locale, so both use the same decimal sign. */
        if (strtod(buffer, NULL) == value)
            break;
    }
    bool sign_written = false;
    for (const char *c = buffer; *c; c++) {
        if (plain(*c)) {
            ifp_text_append(text, c, 1);
        } else if (!sign_written) {
            ifp_text_append(text, ".", 1);
            sign_written = true;
        }
    }
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

uint32_t ifp_utf8_next(const char **text)
{
    const unsigned char *c = (const unsigned char *)*text;
    uint32_t point = *c++;
    int more = 0;
    uint32_t least = 0;
    *text += 1;
    if (point < 0x80)
        return point;
    if (point >= 0xf0 && point < 0xf8) {
        more = 3;
        least = 0x10000;
        point &= 0x07;
    } else if (point >= 0xe0 && point < 0xf0) {
        more = 2;
        least = 0x800;
        point &= 0x0f;
    } else if (point >= 0xc0 && point < 0xe0) {
        more = 1;
        least = 0x80;
        point &= 0x1f;
    } else {
        return UINT32_MAX;
    }
    for (int m = 0; m < more; m++, c++) {
        if ((*c & 0xc0) != 0x80)
            return UINT32_MAX;
        point = point << 6 | (*c & 0x3f);
    }
    bool surrogate = point >= 0xd800 && point < 0xe000;
    if (point < least || surrogate || point > 0x10ffff)
        return UINT32_MAX;
    *text = (const char *)c;
    return point;
}

/* Is it a byte of a character other than the first? */
static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

void ifp_text_shorten(const char *text, size_t size, size_t most, size_t *head, size_t *tail)
{
    *head = size;
    *tail = 0;
    if (size <= most)
        return;
    *tail = (most - 3) / 2;
    *head = most - 3 - *tail;
    while (*head > 0 && continues(text[*head]))
        --*head;
    while (*tail > 0 && continues(text[size - *tail]))
        --*tail;
}

char *ifp_string_copy(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, string, size);
    return copy;
}

/* The end of the number at the beginning of the text, or NULL if there is none. *point: its decimal
 * sign, or NULL if it has none. */
static const char *number_end(const char *string, const char **point)
{
    const char *c = string;
    *point = NULL;
    if (*c == '-' || *c == '+')
        c++;
    size_t digits = 0;
    for (; (*c >= '0' && *c <= '9') || (*c == '.' && !*point); c++) {
        if (*c == '.')
            *point = c;
        else
            digits++;
    }
    if (!digits)
        return NULL;
    if (*c == 'e' || *c == 'E') {
        c++;
        if (*c == '-' || *c == '+')
            c++;
        if (*c < '0' || *c > '9')
            return NULL;
        while (*c >= '0' && *c <= '9')
            c++;
    }
    return c;
}

bool ifp_number_spelled(const char *string)
{
    const char *point;
    const char *end = number_end(string, &point);
    return end && !*end;
}

bool ifp_number_parse(const char *string, double *value)
{
    /* The grammar is checked here. Then the locale's decimal sign replaces "." for strtod. */
    const char *point;
    const char *c = number_end(string, &point);
    if (!c || *c)
        return false;
    /* No allocation can fail here, so false always means "not a number". */
    char buffer[400];
    size_t length = (size_t)(c - string);
    char sign[32] = "";
    (void)strfromd(sign, sizeof sign, "%.1f", 0.5); /* to get the locale's decimal sign */
    size_t width = strlen(sign);
    if (width < 3 || length + width >= sizeof buffer)
        return false;
    size_t before = point ? (size_t)(point - string) : length;
    memcpy(buffer, string, before);
    size_t at = before;
    if (point) {
        memcpy(buffer + at, sign + 1, width - 2);
        at += width - 2;
        memcpy(buffer + at, point + 1, length - before - 1);
        at += length - before - 1;
    }
    buffer[at] = '\0';
    *value = strtod(buffer, NULL);
    return isfinite(*value);
}

double ifp_number_to_digits(double value, int digits)
{
    char buffer[64];
    char format[] = "%.0e";
    if (!isfinite(value))
        return value;
    format[2] = (char)('0' + digits - 1);
    /* Written and read in the same locale, so both use the same decimal sign. */
    (void)strfromd(buffer, sizeof buffer, format, value);
    return strtod(buffer, NULL);
}

double ifp_number_rounded(double value)
{
    return ifp_number_to_digits(value, 9);
}
