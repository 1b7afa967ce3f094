/* SPDX-License-Identifier: MIT */
/*
 * A bound on a node whose LP is too hard for doubles. Bounds of columns are narrowed by the rows
 * and by the cutoff. What is left of the LP, with rows and columns scaled, is then solved by a dual
 * simplex method on a dense table whose numbers are pairs of doubles (util/wide.h), and the bound
 * is computed from its multipliers in such pairs. Coefficients are doubles: what they may be off by
 * is taken off the bound.
 */
#ifndef IFP_ENGINE_NODE_DECIDE_H
#define IFP_ENGINE_NODE_DECIDE_H

#include "engine/node/state.h"

/*
 * Raise *bound, in dollars, to one that holds at the node where the relaxation stands: +infinity if
 * no point satisfies the rows, at least the cutoff if none is better. *solved says whether the LP
 * was solved: the relaxation then holds its point, which is offered to the incumbent if its
 * deployments are whole. Does nothing if the program is too large or the run is stopped.
 */
int ifp_decide(struct ifp_state *state, double *bound, bool *solved);

#endif
