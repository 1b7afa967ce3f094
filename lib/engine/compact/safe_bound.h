/* SPDX-License-Identifier: MIT */
/*
 * Bounds that hold even if the LP solver's result is wrong. For any row multipliers y,
 *
 *     cost x  =  y (A x) + (cost - A'y) x  >=  sum_r min(y_r * row r) + sum_c min(d_c * x_c)
 *
 * where each minimum is over the bounds of the row or the column. All columns are bounded, so wrong
 * signs and inexact multipliers weaken the bound but never make it wrong (Neumaier and Shcherbina,
 * "Safe bounds in linear and mixed-integer linear programming", 2004). The rounding error of the
 * evaluation itself is bounded and subtracted.
 */
#ifndef IFP_ENGINE_COMPACT_SAFE_BOUND_H
#define IFP_ENGINE_COMPACT_SAFE_BOUND_H

#include "engine/compact/sparse_rows.h"

/*
 * The relative error of an operation in doubles is at most half of DBL_EPSILON. A coefficient of a
 * row and a bound of a column, such as the largest share of a route, are themselves results of
 * operations on the instance's numbers, all on positive numbers or differences of given ones:
 *
 *     without a profile                up to 16 (memory, with the residency a part of the delay)
 *     load at the pace of a law        11 for W, 5 more for lam W / (1 - a / tau), 3 for the slack
 *                                      and the utilization, 2 for fixed deployments: 21
 *     memory at the pace of a law      10 for the residency, 5 for the other factors, 6 for the
 *                                      capacity and its slack, 1 quotient, 2 as above: 24
 *     slots, measured points           fewer
 *     largest share                    2 more than the need that it follows from: 26
 *
 * The constants are the next powers of two, without and with profiles or fixed deployments. The
 * values of load tables count as numbers of the instance.
 */
enum { IFP_BOUND_COEFFICIENT_OPERATIONS = 16, IFP_BOUND_COEFFICIENT_OPERATIONS_PROFILED = 32 };

/* Rows with their multipliers, borrowed. A row may occur several times. */
struct ifp_multipliers {
    size_t rows;       /* number of entries of the arrays */
    const size_t *row; /* index into the rows */
    const double *value;
};

/*
 * Bound on the rounding error of a sum of products after `operations` consecutive operations (each
 * a product of a term or its addition), if the magnitudes of the terms add up to `magnitude`.
 * Valid for fewer than 1e12 operations. Subtract it from a lower bound.
 */
double ifp_bound_rounding(size_t operations, double magnitude);

/*
 * Returns a lower bound on the cost, in the unit of `cost`, of every point that satisfies the rows
 * and the given bounds. lower, upper: by column. If cost is NULL, the objective is 0: then a result
 * above 0 proves that no point satisfies the rows. If reduced is not NULL, it receives, by column,
 * a safe lower bound on cost - A'y, for fixing by reduced cost. work is a workspace of 2 entries
 * per column.
 */
double ifp_bound_safe(const struct ifp_rows *rows, const double *cost, const double *lower,
                      const double *upper, const struct ifp_multipliers *multipliers, double *work,
                      double *reduced);

#endif
