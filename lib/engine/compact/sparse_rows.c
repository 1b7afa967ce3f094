/* SPDX-License-Identifier: MIT */
/* The rows of a linear program, to which cuts can be added. */
#include "engine/compact/sparse_rows.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static bool reserve(struct ifp_rows *rows, size_t entries)
{
    if (rows->row_count == rows->row_capacity || !rows->start) {
        size_t capacity = ifp_array_growth(rows->row_capacity, rows->row_count + 1);
        if (!ifp_array_resize(&rows->start, capacity + 1, sizeof *rows->start) ||
            !ifp_array_resize(&rows->lower, capacity, sizeof *rows->lower) ||
            !ifp_array_resize(&rows->upper, capacity, sizeof *rows->upper))
            return false;
        if (!rows->row_count)
            rows->start[0] = 0;
        rows->row_capacity = capacity;
    }
    if (entries > rows->entry_capacity) {
        size_t capacity = ifp_array_growth(rows->entry_capacity, entries);
        if (!ifp_array_resize(&rows->index, capacity, sizeof *rows->index) ||
            !ifp_array_resize(&rows->value, capacity, sizeof *rows->value))
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
