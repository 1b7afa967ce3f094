/* SPDX-License-Identifier: MIT */
/* Numbers formatted for people: rounded to the digits that matter, with commas for thousands. */
#include "util/figure.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Numbers from here on are written with a power of ten. */
static const double LARGEST_WRITTEN_OUT = 1e15;

static void put_digits(struct ifp_text *text, uint64_t value)
{
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count > 0) {
        ifp_text_append(text, &digits[--count], 1);
        if (count > 0 && count % 3 == 0)
            ifp_text_string(text, ",");
    }
}

/* A positive number rounded to `digits` significant digits. */
static double significant(double value, int digits)
{
    int exponent = (int)floor(log10(value));
    double unit = pow(10, exponent - digits + 1);
    return unit > 0 ? round(value / unit) * unit : value;
}

/* Append the shortest text of a number rounded to `digits` significant digits. */
static void put_significant(struct ifp_text *text, double value, int digits)
{
    ifp_text_number(text, ifp_number_rounded(significant(value, digits)));
}

static bool put_sign(struct ifp_text *text, double *value)
{
    if (!isfinite(*value)) {
        ifp_text_number(text, *value);
        return false;
    }
    if (*value < 0)
        ifp_text_string(text, "-");
    *value = fabs(*value);
    return true;
}

void ifp_figure_number(struct ifp_text *text, double value)
{
    if (!put_sign(text, &value))
        return;
    if (value >= LARGEST_WRITTEN_OUT || (value > 0 && value < 99.95))
        put_significant(text, value, 3);
    else
        put_digits(text, (uint64_t)(value + 0.5));
}

void ifp_figure_dollars(struct ifp_text *text, double value)
{
    if (isfinite(value) && value < 0)
        ifp_text_string(text, "-");
    ifp_text_string(text, "$");
    value = isfinite(value) ? fabs(value) : value;
    if (!(value >= 0.9995) || value >= 999.995) {
        ifp_figure_number(text, value);
        return;
    }
    uint64_t cents = (uint64_t)(value * 100 + 0.5);
    put_digits(text, cents / 100);
    ifp_text_format(text, ".%d%d", (int)(cents / 10 % 10), (int)(cents % 10));
}

void ifp_figure_usd(char text[IFP_NUMBER_SIZE], double usd)
{
    double size = fabs(usd);
    if (!isfinite(usd))
        strcpy(text, "-");
    else if (size == 0 || (size >= 0.1 && size < 1e12))
        ifp_number_format(text, "%.2f", size == 0 ? 0 : usd);
    else
        ifp_number_format(text, "%.3g", usd);
}

void ifp_figure_percent(struct ifp_text *text, double fraction)
{
    double percent = 100 * fraction;
    if (percent > 99 && percent < 100)
        /* Show 99.99, since 100 would be wrong. */
        ifp_text_number(text, fmin(round(percent * 100) / 100, 99.99));
    else if (percent >= 9.995)
        ifp_figure_number(text, round(percent));
    else
        ifp_figure_number(text, percent);
    ifp_text_string(text, " %");
}

void ifp_figure_count(struct ifp_text *text, double count, const char *one, const char *many)
{
    ifp_figure_number(text, count);
    ifp_text_format(text, " %s", count == 1 ? one : many);
}
