/* SPDX-License-Identifier: MIT */
/*
 * Bounds that hold whatever the LP solver got wrong. For any row multipliers y,
 *
 *     cost x  =  y (A x) + (cost - A'y) x  >=  sum_r min(y_r * row r) + sum_c min(d_c * x_c)
 *
 * where each minimum is over the row's and the column's own bounds: all columns are bounded, so
 * that wrong signs and inexact multipliers weaken the bound, and never make it wrong (Neumaier
 * and Shcherbina, "Safe bounds in linear and mixed-integer linear programming", 2004). Rounding
 * in the evaluation itself is bounded and taken off.
 */
#ifndef IFP_ENGINE_COMPACT_SAFE_BOUND_H
#define IFP_ENGINE_COMPACT_SAFE_BOUND_H

#include "engine/compact/sparse_rows.h"

/*
 * An operation in doubles is off by at most half of DBL_EPSILON of its result. A coefficient of the
 * rows and a bound of a column, such as the largest share of a route, are themselves results of up
 * to 16 operations on the instance's numbers.
 */
enum { IFP_BOUND_COEFFICIENT_OPERATIONS = 16 };

/* Rows that take part, with multipliers; arrays of `rows` entries. */
struct ifp_multipliers {
    size_t rows;
    const size_t *row; /* index into the rows */
    const double *value;
};

/*
 * What a sum can be off by after so many operations one after the other, each a term's product or
 * its addition, when the magnitudes of its terms add up to `magnitude`; for less than 1e12
 * operations. To be taken off a lower bound.
 */
double ifp_bound_rounding(size_t operations, double magnitude);

/*
 * No point within the given bounds costs less. lower, upper: by column. With cost NULL, the
 * objective is 0: a result above 0 proves that no point satisfies the rows. Where reduced is not
 * NULL it receives, by column, a safe lower bound on cost - A'y, for fixing by reduced cost. work
 * has room for 2 entries per column.
 */
double ifp_bound_safe(const struct ifp_rows *rows, const double *cost, const double *lower,
                      const double *upper, const struct ifp_multipliers *multipliers, double *work,
                      double *reduced);

#endif
