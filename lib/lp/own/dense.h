/* SPDX-License-Identifier: MIT */
/*
 * A simplex method of our own for small LPs that change often: the work of the backend own.c. The
 * inverse of the basis is kept between solves, so a solve needs no setup, and an LP can be copied
 * with its basis.
 *
 *     minimise cost x   subject to   row_lower <= A x <= row_upper,  lower <= x <= upper
 *
 * The functions are those of lp.h with the same names. Indices are not checked. Only one thread at
 * a time may use an LP; LPs share no memory. Functions that return an int return IFP_OK or
 * IFP_ERROR_MEMORY; after an error the LP may only be freed.
 */
#ifndef IFP_LP_OWN_DENSE_H
#define IFP_LP_OWN_DENSE_H

#include "lp/lp.h"

struct ifp_dense;

int ifp_dense_new(size_t columns, const double *cost, const double *lower, const double *upper,
                  struct ifp_dense **lp, struct ifp_error *error);
void ifp_dense_free(struct ifp_dense *lp);

int ifp_dense_copy(struct ifp_dense **to, const struct ifp_dense *from, struct ifp_error *error);

int ifp_dense_add_row(struct ifp_dense *lp, double lower, double upper, size_t count,
                      const size_t *index, const double *value, struct ifp_error *error);
int ifp_dense_add_column(struct ifp_dense *lp, double cost, double lower, double upper,
                         size_t count, const size_t *row, const double *value,
                         struct ifp_error *error);
void ifp_dense_set_column_bounds(struct ifp_dense *lp, size_t column, double lower, double upper);
void ifp_dense_set_row_bounds(struct ifp_dense *lp, size_t row, double lower, double upper);
/* The indices ascend. Deleted rows are made basic and deleted columns nonbasic first. */
void ifp_dense_delete_rows(struct ifp_dense *lp, size_t count, const size_t *rows);
void ifp_dense_delete_columns(struct ifp_dense *lp, size_t count, const size_t *columns);

/* A measure of the time of an iteration: the number of entries of the full inverse and of the
 * columns. */
size_t ifp_dense_size(const struct ifp_dense *lp);

/*
 * The dual method runs first if the basis is not primal feasible; the primal method runs last, and
 * limits->primal is ignored. The status is IFP_LP_CUTOFF once the dual method's objective exceeds a
 * finite cutoff.
 */
void ifp_dense_solve(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                     struct ifp_lp_result *result);

/* The results are those of the present basis, whether or not a solve has found it. */
void ifp_dense_point(const struct ifp_dense *lp, double *point);
void ifp_dense_multipliers(const struct ifp_dense *lp, double *multipliers);
void ifp_dense_reduced_costs(const struct ifp_dense *lp, double *reduced);
void ifp_dense_tableau_row(const struct ifp_dense *lp, size_t column, double *multipliers);

void ifp_dense_get_basis(const struct ifp_dense *lp, char *basis);
void ifp_dense_set_basis(struct ifp_dense *lp, const char *basis, size_t rows);
bool ifp_dense_row_is_basic(const struct ifp_dense *lp, size_t row);

#endif
