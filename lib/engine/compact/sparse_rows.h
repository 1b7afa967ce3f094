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
    double *lower; /* -infinity if there is no lower bound */
    double *upper;
    /* By row, for the first `noise_count` rows: each coefficient is a difference of larger numbers.
     * Its rounding error is that of a number larger by this amount. */
    double *noise;
    size_t noise_count;
};

/* Append a row. Returns false if out of memory; the rows are then unchanged. */
bool ifp_rows_add(struct ifp_rows *rows, size_t count, const size_t *index, const double *value,
                  double lower, double upper);
/* Remove each row r >= `first` for which keep[r - first] is false. */
void ifp_rows_keep(struct ifp_rows *rows, size_t first, const bool *keep);
void ifp_rows_clear(struct ifp_rows *rows);

#endif
