/* SPDX-License-Identifier: MIT */
/*
 * Cuts by mixed-integer rounding. Any combination of rows is a row; with continuous variables
 * replaced by their distance to a bound (which may be a multiple of a binary, x <= u w) and
 * integers counted from either bound it reads
 *
 *     sum_j a_j y_j - s <= b,   y integer, y, s >= 0,
 *
 * and then, for any d > 0 and with f = b/d - floor(b/d), every integer point satisfies
 *
 *     sum_j (floor(a_j/d) + max(0, frac(a_j/d) - f) / (1 - f)) y_j - s / (d (1 - f)) <= floor(b/d)
 *
 * (Marchand and Wolsey, "Aggregation and mixed integer rounding to solve MIPs", 2001). Whatever
 * the multipliers, the cut is valid; rounding in its arithmetic is bounded and given away.
 */
#ifndef IFP_ENGINE_COMPACT_MIR_H
#define IFP_ENGINE_COMPACT_MIR_H

#include "engine/compact/relaxation.h"

struct ifp_mir; /* room to work in, and the combination */

/* value x <= upper. The arrays belong to the ifp_mir, and hold until its next cut. */
struct ifp_cut {
    size_t count;
    size_t *index;
    double *value;
    double upper;
    double distance; /* from the point to the cut, by Euclid; above 0 where the point violates it */
};

/* For the rows of a relaxation and the bounds of its program: cuts hold at every node. NULL when
 * out of memory. */
struct ifp_mir *ifp_mir_new(const struct ifp_relaxation *relaxation);
void ifp_mir_free(struct ifp_mir *mir);

/* The combination: empty at first. Add a row times a weight; false when out of memory. */
void ifp_mir_clear(struct ifp_mir *mir);
bool ifp_mir_add_row(struct ifp_mir *mir, size_t row, double weight);

/* The combination's columns: their number, each one, and its coefficient. */
size_t ifp_mir_columns(const struct ifp_mir *mir, const size_t **columns);
double ifp_mir_coefficient(const struct ifp_mir *mir, size_t column);

/* How far the relaxation's point is from the nearest bound, constant or not, of a column that is
 * not integer. */
double ifp_mir_room(const struct ifp_mir *mir, size_t column);

/* The best cut that the combination gives, with one or the other sign; false if there is none
 * that the relaxation's point violates. */
bool ifp_mir_cut(struct ifp_mir *mir, struct ifp_cut *cut);

#endif
