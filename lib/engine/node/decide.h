/* SPDX-License-Identifier: MIT */
/*
 * A bound for a node whose LP is too hard for doubles. The bounds of columns are tightened by the
 * rows and by the cutoff. The remaining LP, with rows and columns scaled, is solved by a dual
 * simplex method on a dense table of pairs of doubles (util/wide.h). The bound is computed from its
 * multipliers in the same numbers. The coefficients are doubles; their rounding error is subtracted
 * from the bound.
 */
#ifndef IFP_ENGINE_NODE_DECIDE_H
#define IFP_ENGINE_NODE_DECIDE_H

#include "engine/compact/relaxation.h"
#include "engine/context.h"

/*
 * Raise *bound, in dollars, to a valid bound for the node whose bounds the relaxation has. The
 * relaxation is of the context's program. If no point costs less than the cutoff, or if no point
 * satisfies the rows, *bound becomes just above the cutoff; it is +infinity if the rows have no
 * point and there is no cutoff.
 *
 * *solved: was the LP solved? Then the relaxation holds its point, but neither a new bound nor
 * reduced costs. The point is offered to the incumbent if its deployments are whole. Does nothing
 * if the program is too large (IFP_DECIDE_ENTRIES_MAX) or the run is stopped. Returns IFP_OK or the
 * code of the context's error.
 */
int ifp_decide(const struct ifp_context *context, struct ifp_relaxation *relaxation, double *bound,
               bool *solved);

#endif
