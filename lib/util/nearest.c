/* SPDX-License-Identifier: MIT */
/* The edit distance of "optimal string alignment", row by row. */
#include "util/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Words longer than LONGEST are not compared: the rows are that long. A word shorter than SHORTEST
 * does not count as the beginning of a name. */
enum { LONGEST = 64, SHORTEST = 3 };

void ifp_nearest_begin(struct ifp_nearest *nearest, const char *word, size_t length)
{
    *nearest = (struct ifp_nearest){.word = word, .length = length, .distance = SIZE_MAX};
}

static char plain(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    return letter == '-' ? '_' : letter;
}

static size_t smallest(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance_of(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            char letter = plain(a[i - 1]);
            char other = plain(b[j - 1]);
            now[j] =
                smallest(smallest(before[j], now[j - 1]) + 1, before[j - 1] + (letter != other));
            if (i > 1 && j > 1 && letter == plain(b[j - 2]) && plain(a[i - 2]) == other)
                now[j] = smallest(now[j], earlier[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void ifp_nearest_try(struct ifp_nearest *nearest, const char *name)
{
    size_t length = strlen(name);
    size_t longer = length > nearest->length ? length : nearest->length;
    size_t shorter = length + nearest->length - longer;
    bool same = length == shorter && length == longer && !memcmp(nearest->word, name, length);
    if (same || longer > LONGEST)
        return;
    size_t distance = SIZE_MAX;
    size_t distance_max = longer / 3;
    if (longer - shorter <= distance_max)
        distance = distance_of(nearest->word, nearest->length, name, length);
    if (distance > distance_max && nearest->length >= SHORTEST && length > nearest->length &&
        !distance_of(nearest->word, nearest->length, name, nearest->length))
        distance = 1;
    else if (distance > distance_max)
        return;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->name = name;
    }
}
