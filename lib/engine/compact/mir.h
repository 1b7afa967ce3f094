/* SPDX-License-Identifier: MIT */
/*
 * Cuts by mixed-integer rounding. Any combination of rows is a row. Replace each continuous
 * variable by its distance to a bound (which may be a multiple of a binary, x <= u w) and count
 * each integer from one of its bounds. Continuous terms with positive coefficients are dropped,
 * which relaxes the row; -s is the sum of those with negative coefficients. Then the row reads
 *
 *     sum_j a_j y_j - s <= b,   y integer, y, s >= 0,
 *
 * and then, for any d > 0 and with f = b/d - floor(b/d), every integer point satisfies
 *
 *     sum_j (floor(a_j/d) + max(0, frac(a_j/d) - f) / (1 - f)) y_j - s / (d (1 - f)) <= floor(b/d)
 *
 * (Marchand and Wolsey, "Aggregation and mixed integer rounding to solve MIPs", 2001). The cut is
 * valid for any multipliers. The rounding error of its arithmetic is bounded, and the cut is
 * weakened by that bound.
 */
#ifndef IFP_ENGINE_COMPACT_MIR_H
#define IFP_ENGINE_COMPACT_MIR_H

#include "engine/compact/relaxation.h"

struct ifp_mir; /* a combination of rows, and a workspace */

/* The cut  value x <= upper, whose largest coefficient is 1 or -1. The arrays belong to the ifp_mir
 * and are valid until its next cut. */
struct ifp_cut {
    size_t count;
    size_t *index;
    double *value;
    double upper;
    double distance; /* Euclidean, from the point to the cut; above 0 if the point violates it */
};

/* Uses the rows of a relaxation, which is borrowed, and the bounds of its program instead of the
 * present ones, so that cuts hold at every node. Returns NULL if out of memory. */
struct ifp_mir *ifp_mir_new(const struct ifp_relaxation *relaxation);
void ifp_mir_free(struct ifp_mir *mir);

/* The combination of rows is empty at first. ifp_mir_add_row adds a row (or an earlier cut) times a
 * weight of either sign and returns false if out of memory. */
void ifp_mir_clear(struct ifp_mir *mir);
bool ifp_mir_add_row(struct ifp_mir *mir, size_t row, double weight);

/* The columns of the combination: returns their number; *columns is valid until the combination
 * changes. ifp_mir_coefficient returns the coefficient of one of them, 0 if it has cancelled out.
 */
size_t ifp_mir_columns(const struct ifp_mir *mir, const size_t **columns);
double ifp_mir_coefficient(const struct ifp_mir *mir, size_t column);

/* Distance from the relaxation's point to the nearest bound of a continuous column. The bound may
 * be a number or a multiple of a binary. */
double ifp_mir_slack(const struct ifp_mir *mir, size_t column);

/* Find the best cut from the combination or its negative. Returns false if the relaxation's point
 * violates no such cut. */
bool ifp_mir_cut(struct ifp_mir *mir, struct ifp_cut *cut);

#endif
