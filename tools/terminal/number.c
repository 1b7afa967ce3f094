/* SPDX-License-Identifier: MIT */
/* Prints numbers for machines and for people, and reads those of the command line. */
#include "terminal/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library reads no number that is longer. */
enum { LONGEST = 300 };

void number_text(char text[NUMBER_SIZE], double value)
{
    if (value == 0)
        value = 0; /* no negative zero */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

void number_money(char text[NUMBER_SIZE], double usd)
{
    double size = fabs(usd);
    if (!isfinite(usd))
        snprintf(text, NUMBER_SIZE, "-");
    else if (size == 0 || (size >= 0.1 && size < 1e12))
        snprintf(text, NUMBER_SIZE, "%.2f", size == 0 ? 0 : usd);
    else
        snprintf(text, NUMBER_SIZE, "%.3g", usd);
}

bool number_read(const char *text, size_t length, double *value)
{
    char copy[LONGEST + 1];
    if (length == 0 || length > LONGEST)
        return false;
    /* strtod alone would take hexadecimal numbers, blanks in front and words. */
    for (size_t i = 0; i < length; i++) {
        if (!strchr("0123456789+-.eE", text[i]) || text[i] == '\0')
            return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    *value = strtod(copy, &end);
    return *end == '\0' && isfinite(*value);
}
