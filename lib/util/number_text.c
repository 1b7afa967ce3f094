/* SPDX-License-Identifier: MIT */
/* Numbers as text, and back: the same bytes in every locale. strfromd and strtod follow the locale;
 * its decimal sign is replaced on the way out and put in on the way in. */
#include "util/number_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of a written number in a locale whose decimal sign has several. */
enum { LOCAL_SIZE = IFP_NUMBER_SIZE + 16, SIGN_SIZE = 32 };

/* Is the byte part of a finite number, but not of its decimal sign? The locale's decimal sign may
 * be several bytes long. */
static bool plain(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == 'e';
}

/* Copy a number with "." for the locale's decimal sign. */
static void replace_sign(char text[IFP_NUMBER_SIZE], const char *local)
{
    size_t size = 0;
    bool sign_written = false;
    for (; *local && size < IFP_NUMBER_SIZE - 1; local++) {
        if (plain(*local)) {
            text[size++] = *local;
        } else if (!sign_written) {
            text[size++] = '.';
            sign_written = true;
        }
    }
    text[size] = '\0';
}

void ifp_number_write(char text[IFP_NUMBER_SIZE], double value)
{
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    char local[LOCAL_SIZE];
    if (!isfinite(value)) {
        strcpy(text, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    if (value == 0)
        value = 0; /* no negative zero */
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        (void)strfromd(local, sizeof local, formats[f], value);
        /* Written and read in the same locale, so both use the same decimal sign. */
        if (strtod(local, NULL) == value)
            break;
    }
    replace_sign(text, local);
}

void ifp_number_format(char text[IFP_NUMBER_SIZE], const char *format, double value)
{
    char local[LOCAL_SIZE];
    (void)strfromd(local, sizeof local, format, value);
    replace_sign(text, local);
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

bool ifp_number_read(const char *text, size_t length, double *value)
{
    /* No allocation can fail here, so false always means "not a number". */
    char copy[IFP_NUMBER_LENGTH_MAX + 1];
    char local[IFP_NUMBER_LENGTH_MAX + SIGN_SIZE];
    const char *point;
    if (length > IFP_NUMBER_LENGTH_MAX)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    /* The grammar is checked here. Then the locale's decimal sign replaces "." for strtod. */
    if (number_end(copy, &point) != copy + length)
        return false;
    size_t before = point ? (size_t)(point - copy) : length;
    size_t at = before;
    memcpy(local, copy, before);
    if (point) {
        char half[SIGN_SIZE] = ""; /* to get the locale's decimal sign */
        (void)strfromd(half, sizeof half, "%.1f", 0.5);
        size_t width = strlen(half) - 2;
        memcpy(local + at, half + 1, width);
        memcpy(local + at + width, point + 1, length - before - 1);
        at += width + length - before - 1;
    }
    local[at] = '\0';
    *value = strtod(local, NULL);
    return isfinite(*value);
}

double ifp_number_to_digits(double value, int digits)
{
    char local[LOCAL_SIZE];
    char format[] = "%.00e";
    if (!isfinite(value))
        return value;
    format[2] = (char)('0' + (digits - 1) / 10);
    format[3] = (char)('0' + (digits - 1) % 10);
    /* Written and read in the same locale, so both use the same decimal sign. */
    (void)strfromd(local, sizeof local, format, value);
    return strtod(local, NULL);
}

double ifp_number_rounded(double value)
{
    return ifp_number_to_digits(value, 9);
}
