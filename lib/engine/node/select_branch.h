/* SPDX-License-Identifier: MIT */
/*
 * Choice of the branching candidate by pseudo-costs: the past gains of the bound from branching on
 * it. While few gains are known, both sides are tried (strong branching): for a few iterations of
 * the compact relaxation, or by a full solve of the master.
 */
#ifndef IFP_ENGINE_NODE_SELECT_BRANCH_H
#define IFP_ENGINE_NODE_SELECT_BRANCH_H

#include "engine/node/state.h"

/* Record the gain of the bound from branching on an entity to one side, over a distance. */
void ifp_choose_remember(struct ifp_state *state, size_t entity, int side, double gain,
                         double distance);
/* The distance by which a side moves the value. */
double ifp_choose_distance(const struct ifp_branch *branch, bool up);

/*
 * Choose one of state->branches; *chosen is its index. base is the node's bound and basis its
 * basis, which is restored in the relaxation afterwards. *dead_side: the side that is already
 * pruned (0 or 1), 2 if both are, -1 if neither is. Returns IFP_OK or the code of the state's
 * error.
 */
int ifp_choose_branch(struct ifp_state *state, double base, const char *basis, size_t basis_rows,
                      size_t *chosen, int *dead_side);

#endif
