/* SPDX-License-Identifier: MIT */
/* Rows of a linear program, lower <= A x <= upper, that can grow by cuts. */
#ifndef IFP_ENGINE_COMPACT_SPARSE_ROWS_H
#define IFP_ENGINE_COMPACT_SPARSE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct ifp_rows {
    size_t column_count;
    size_t row_count;
    size_t row_capacity;
    size_t entry_capacity;
    size_t *start; /* entries of row r: start[r] .. start[r + 1] - 1 */
    size_t *index;
    double *value;
    double *lower; /* -infinity: none */
    double *upper;
    /* By row, for the first `noise_count` rows: a coefficient is rounded as if it were larger by
     * this, since it is a difference of larger numbers. */
    double *noise;
    size_t noise_count;
};

/* Append a row; false when out of memory, and nothing has changed. */
bool ifp_rows_add(struct ifp_rows *rows, size_t count, const size_t *index, const double *value,
                  double lower, double upper);
/* Forget the rows from `first` on that are not kept; keep[r - first] says of row r. */
void ifp_rows_keep(struct ifp_rows *rows, size_t first, const bool *keep);
void ifp_rows_clear(struct ifp_rows *rows);

#endif
