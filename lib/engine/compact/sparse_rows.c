/* SPDX-License-Identifier: MIT */
/* The rows of a linear program, to which cuts can be added. */
#include "engine/compact/sparse_rows.h"

#include <stdlib.h>
#include <string.h>

static bool grow_sizes(size_t **array, size_t capacity)
{
    size_t *larger = realloc(*array, capacity * sizeof **array);
    if (larger)
        *array = larger;
    return larger != NULL;
}

static bool grow_numbers(double **array, size_t capacity)
{
    double *larger = realloc(*array, capacity * sizeof **array);
    if (larger)
        *array = larger;
    return larger != NULL;
}

static bool reserve(struct ifp_rows *rows, size_t entries)
{
    if (rows->row_count == rows->row_capacity || !rows->start) {
        size_t capacity = 2 * rows->row_capacity + 64;
        if (!grow_sizes(&rows->start, capacity + 1) || !grow_numbers(&rows->lower, capacity) ||
            !grow_numbers(&rows->upper, capacity))
            return false;
        if (!rows->row_count)
            rows->start[0] = 0;
        rows->row_capacity = capacity;
    }
    if (entries > rows->entry_capacity) {
        size_t capacity = 2 * entries + 64;
        if (!grow_sizes(&rows->index, capacity) || !grow_numbers(&rows->value, capacity))
            return false;
        rows->entry_capacity = capacity;
    }
    return true;
}

bool ifp_rows_add(struct ifp_rows *rows, size_t count, const size_t *index, const double *value,
                  double lower, double upper)
{
    size_t at = rows->row_count ? rows->start[rows->row_count] : 0;
    if (!reserve(rows, at + count + 1))
        return false;
    memcpy(rows->index + at, index, count * sizeof *index);
    memcpy(rows->value + at, value, count * sizeof *value);
    rows->lower[rows->row_count] = lower;
    rows->upper[rows->row_count] = upper;
    rows->start[++rows->row_count] = at + count;
    return true;
}

void ifp_rows_keep(struct ifp_rows *rows, size_t first, const bool *keep)
{
    size_t kept = first;
    for (size_t r = first; r < rows->row_count; r++) {
        size_t start = rows->start[r];
        size_t count = rows->start[r + 1] - start;
        if (!keep[r - first])
            continue;
        memmove(rows->index + rows->start[kept], rows->index + start, count * sizeof *rows->index);
        memmove(rows->value + rows->start[kept], rows->value + start, count * sizeof *rows->value);
        rows->lower[kept] = rows->lower[r];
        rows->upper[kept] = rows->upper[r];
        rows->start[kept + 1] = rows->start[kept] + count;
        kept++;
    }
    rows->row_count = kept;
}

void ifp_rows_clear(struct ifp_rows *rows)
{
    free(rows->start);
    free(rows->index);
    free(rows->value);
    free(rows->lower);
    free(rows->upper);
    free(rows->noise);
    *rows = (struct ifp_rows){0};
}
