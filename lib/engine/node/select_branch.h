/* SPDX-License-Identifier: MIT */
/*
 * Which candidate to branch on: by what branching on it has done to the bound before (its
 * pseudo-cost), and as long as little is known, by trying both sides (strong branching): for a few
 * iterations of the compact relaxation, or by a full solve of the master.
 */
#ifndef IFP_ENGINE_NODE_SELECT_BRANCH_H
#define IFP_ENGINE_NODE_SELECT_BRANCH_H

#include "engine/node/state.h"

/* What branching on an entity to one side did to the bound, over that distance. */
void ifp_choose_remember(struct ifp_state *state, size_t entity, int side, double gain,
                         double distance);
/* How far a side moves the value. */
double ifp_choose_distance(const struct ifp_branch *branch, bool up);

/*
 * The choice among state->branches, by its index. base is the node's bound, and basis its basis,
 * which the relaxation has again afterwards. *dead_side: 0 or 1 where one side is done with
 * already, 2 where both are, else -1.
 */
int ifp_choose_branch(struct ifp_state *state, double base, const char *basis, size_t basis_rows,
                      size_t *chosen, int *dead_side);

#endif
