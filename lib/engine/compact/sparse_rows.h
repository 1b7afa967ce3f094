/* SPDX-License-Identifier: MIT */
/* Rows of a linear program, lower <= A x <= upper, to which cuts can be added. */
#ifndef IFP_ENGINE_COMPACT_SPARSE_ROWS_H
#define IFP_ENGINE_COMPACT_SPARSE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

/* Zeros with a column_count are no rows. All arrays are owned. */
struct ifp_rows {
    size_t column_count;
    size_t row_count;
    size_t row_capacity;
    size_t entry_capacity;
    size_t *start; /* entries of row r: start[r] .. start[r + 1] - 1 */
    size_t *index;
    double *value;
    double *lower; /* -infinity if there is no lower bound */
    double *upper; /* +infinity if there is no upper bound */
    /* By row, for the first `noise_count` rows, set by the owner: added to the magnitude of each
     * coefficient before its rounding error is computed. It is above 0 if the coefficients are
     * differences of larger numbers. */
    double *noise;
    size_t noise_count;
    /* The operations of a coefficient beyond IFP_BOUND_COEFFICIENT_OPERATIONS, set by the owner. */
    size_t more_operations;
};

/* Append a row. Returns false if out of memory; the rows are then unchanged. */
bool ifp_rows_add(struct ifp_rows *rows, size_t count, const size_t *index, const double *value,
                  double lower, double upper);
/* Remove each row r >= `first` for which keep[r - first] is false. */
void ifp_rows_keep(struct ifp_rows *rows, size_t first, const bool *keep);
void ifp_rows_clear(struct ifp_rows *rows);

#endif
