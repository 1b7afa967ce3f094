/* SPDX-License-Identifier: MIT */
/*
 * A simplex method of our own for small LPs that change all the time: the masters and routings of
 * the engine have a few dozen rows and some hundred columns, are solved thousands of times a
 * second, and differ each time by a few columns, rows or bounds. The inverse of the basis is kept
 * from solve to solve, so that nothing has to be set up, and an LP can be copied as it
 * stands. For LPs that do not fit this, lp.h has a solver of repute.
 *
 *     minimise cost x   subject to   row_lower <= A x <= row_upper,  lower <= x <= upper
 *
 * As with lp.h, nothing that it says is believed: multipliers become bounds, and points become
 * plans, by arithmetic elsewhere. An LP belongs to one thread at a time; its memory is its own.
 * Functions that return an int return IFP_OK or IFP_ERROR_MEMORY, after which the LP may only be
 * freed.
 */
#ifndef IFP_LP_OWN_DENSE_H
#define IFP_LP_OWN_DENSE_H

#include "lp/lp.h"

struct ifp_dense;

/* Columns only; rows are added later. Arrays of `columns` entries, all finite. */
int ifp_dense_new(size_t columns, const double *cost, const double *lower, const double *upper,
                  struct ifp_dense **lp, struct ifp_error *error);
void ifp_dense_free(struct ifp_dense *lp);

/* Make `to` an LP like `from`, with the same basis. *to is NULL, or an LP whose room is used. */
int ifp_dense_copy(struct ifp_dense **to, const struct ifp_dense *from, struct ifp_error *error);

/* As in lp.h. */
int ifp_dense_add_row(struct ifp_dense *lp, double lower, double upper, size_t count,
                      const size_t *index, const double *value, struct ifp_error *error);
int ifp_dense_add_column(struct ifp_dense *lp, double cost, double lower, double upper,
                         size_t count, const size_t *row, const double *value,
                         struct ifp_error *error);
void ifp_dense_set_column_bounds(struct ifp_dense *lp, size_t column, double lower, double upper);
void ifp_dense_set_row_bounds(struct ifp_dense *lp, size_t row, double lower, double upper);
/* Increasing indices. What is basic among them is made non-basic first. */
void ifp_dense_delete_rows(struct ifp_dense *lp, size_t count, const size_t *rows);
void ifp_dense_delete_columns(struct ifp_dense *lp, size_t count, const size_t *columns);

/* Entries of the inverse, at most, and of the columns: an iteration costs the time of them. */
size_t ifp_dense_size(const struct ifp_dense *lp);

/*
 * From the present basis, up to limits->iterations; its seconds and method are not looked at: the
 * dual method comes first where the basis is not primal feasible, and the primal one last. With a
 * finite cut-off, IFP_LP_CUTOFF as soon as the dual method's objective has passed it. Infeasibility
 * comes without a ray; multipliers after it say nothing.
 */
void ifp_dense_solve(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                     struct ifp_lp_result *result);

/* Of the last solve: the point, by column; the rows' multipliers, by row; and cost less those times
 * the columns, by column. */
void ifp_dense_point(const struct ifp_dense *lp, double *point);
void ifp_dense_multipliers(const struct ifp_dense *lp, double *multipliers);
void ifp_dense_reduced_costs(const struct ifp_dense *lp, double *reduced);
/* Is the row's slack basic, so that the row does nothing at present? */
bool ifp_dense_row_is_basic(const struct ifp_dense *lp, size_t row);

#endif
