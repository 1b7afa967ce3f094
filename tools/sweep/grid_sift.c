/* SPDX-License-Identifier: MIT */
/* Sorts the values of an axis, so that those between two good ones need no test of their own. The
 * limits of a range are found by halving. */
#include "sweep/grid_sift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/error.h>

/* How many of many numbers stand for all: a window that only some of them pass is rarely missed. */
enum { PICKED_MAX = 32 };

struct sift_key {
    bool range;    /* passes if it is between two others that do */
    double number; /* also a factor, and the length of a list */
    const struct grid_value *value;
    size_t index;
};

static bool is_number(const struct grid_value *value)
{
    return value->kind == GRID_NUMBER || value->kind == GRID_SCALE;
}

static double number_of(const struct grid_value *value)
{
    double number = 0;
    if (value->kind == GRID_NUMBER)
        number = strtod(value->text, NULL);
    else if (value->kind == GRID_SCALE)
        number = strtod(strchr(value->text, ':') + 1, NULL);
    for (const char *at = value->text; value->kind == GRID_LIST && *at; at++)
        number += *at == ',';
    return number;
}

/* Values of equal rank are equal; numbers may be written in several ways. */
static int rank(const struct sift_key *a, const struct sift_key *b)
{
    if (a->value->kind != b->value->kind)
        return a->value->kind < b->value->kind ? -1 : 1;
    if (a->range != b->range)
        return a->range ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return is_number(a->value) ? 0 : strcmp(a->value->text, b->value->text);
}

static int compare(const void *left, const void *right)
{
    const struct sift_key *a = left;
    const struct sift_key *b = right;
    int order = rank(a, b);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int compare_numbers(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static bool is_in_range(const struct grid_value *value, double number, enum sift_rule rule,
                        const struct sift_exceptions *exceptions)
{
    if (!is_number(value) || rule == SIFT_EQUAL || rule == SIFT_LENGTH)
        return false;
    if (rule == SIFT_BETWEEN)
        return true;
    if (number != floor(number))
        return false;
    if (!exceptions || value->kind == GRID_SCALE)
        return !exceptions || !exceptions->factors;
    return !exceptions->count || !bsearch(&number, exceptions->numbers, exceptions->count,
                                          sizeof *exceptions->numbers, compare_numbers);
}

bool sift_init(struct sift *sift, const struct grid_axis *axis, enum sift_rule rule,
               const struct sift_exceptions *exceptions)
{
    size_t count = axis->count;
    *sift = (struct sift){.axis = axis, .rule = rule};
    sift->good = calloc(count, sizeof *sift->good);
    sift->keys = malloc(count * sizeof *sift->keys);
    sift->places = malloc(count * sizeof *sift->places);
    if (!sift->good || !sift->keys || !sift->places)
        return false;
    for (size_t v = 0; v < count; v++) {
        const struct grid_value *value = &axis->values[v];
        double number = number_of(value);
        sift->keys[v] = (struct sift_key){.range = is_in_range(value, number, rule, exceptions),
                                          .number = number,
                                          .value = value,
                                          .index = v};
    }
    qsort(sift->keys, count, sizeof *sift->keys, compare);
    for (size_t k = 0; k < count; k++)
        sift->places[sift->keys[k].index] = k;
    return true;
}

void sift_clear(struct sift *sift)
{
    free(sift->good);
    free(sift->keys);
    free(sift->places);
    *sift = (struct sift){0};
}

/* Whether the values share their fate: equal ones, those of one length, or those of one range. */
static bool together(const struct sift *sift, size_t a, size_t b)
{
    const struct sift_key *one = &sift->keys[a];
    const struct sift_key *other = &sift->keys[b];
    if (one->range || sift->rule != SIFT_LENGTH)
        return rank(one, other) == 0 ||
               (one->range && other->range && one->value->kind == other->value->kind);
    if (one->value->kind != other->value->kind)
        return false;
    if (one->value->kind == GRID_LIST)
        return one->number == other->number;
    return is_number(one->value) || rank(one, other) == 0;
}

/* The place nearest to `end` that passes, seen from `place`, which does. */
static int find_limit(const struct sift *sift, size_t place, size_t end, sift_test *test,
                      void *user, size_t *limit)
{
    size_t good = place;
    size_t bad = end;
    size_t next = end;
    while (good != bad) {
        int code = test(user, sift->keys[next].index);
        if (code == IFP_ERROR_MEMORY)
            return code;
        if (code == IFP_OK)
            good = next;
        else
            bad = next;
        if (good == end || bad - good == 1 || good - bad == 1)
            break;
        next = good < bad ? good + (bad - good) / 2 : bad + (good - bad) / 2;
    }
    *limit = good;
    return IFP_OK;
}

int sift_spread(struct sift *sift, size_t index, sift_test *test, void *user)
{
    size_t place = sift->places[index];
    size_t first = place;
    size_t last = place;
    while (first > 0 && together(sift, place, first - 1))
        first--;
    while (last + 1 < sift->axis->count && together(sift, place, last + 1))
        last++;
    int code = IFP_OK;
    if (sift->keys[place].range) {
        code = find_limit(sift, place, last, test, user, &last);
        if (code == IFP_OK)
            code = find_limit(sift, place, first, test, user, &first);
    }
    for (size_t k = first; code == IFP_OK && k <= last; k++)
        sift->good[sift->keys[k].index] = true;
    return code;
}

size_t sift_pick(const struct sift *sift, size_t *picked)
{
    size_t count = 0;
    size_t values = sift->axis->count;
    for (size_t first = 0, end; first < values; first = end) {
        end = first + 1;
        while (end < values && together(sift, first, end))
            end++;
        size_t size = end - first;
        size_t more = !sift->keys[first].range ? 1 : size < PICKED_MAX ? size : PICKED_MAX;
        /* Both ends of a range are among them. */
        for (size_t p = 0; p < more; p++)
            picked[count++] =
                sift->keys[first + (more > 1 ? p * (size - 1) / (more - 1) : 0)].index;
    }
    return count;
}
