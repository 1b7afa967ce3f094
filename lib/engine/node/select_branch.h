/* SPDX-License-Identifier: MIT */
/*
 * Choice of the branching candidate by pseudo-costs: the past gains of the bound from branching on
 * it. While few gains are known, both sides are tried (strong branching), after a ranking by the
 * bounder's estimate if it has one.
 */
#ifndef IFP_ENGINE_NODE_SELECT_BRANCH_H
#define IFP_ENGINE_NODE_SELECT_BRANCH_H

#include "engine/node/path.h"
#include "engine/pseudocost.h"

/* Record the gain of the bound from branching on an entity to one side, over a distance.
 * `pseudocosts` is by entity. */
void ifp_pseudocost_add(struct ifp_pseudocost *pseudocosts, size_t entity, int side, double gain,
                        double distance);
/* The distance by which a side moves the value. */
double ifp_branch_distance(const struct ifp_branch *branch, bool up);

/* The basis of a node; no letters if the bounder keeps none. */
struct ifp_basis_view {
    const char *letters;
    size_t rows;
};

/*
 * Choose one of the path's candidates; *chosen is its index. `base` is the node's bound. The basis
 * is set again after each trial. `dead`, by side: has a trial pruned the side already? Returns
 * IFP_OK or the code of the context's error.
 */
int ifp_select_branch(struct ifp_path *path, struct ifp_pseudocost *pseudocosts, double base,
                      struct ifp_basis_view basis, size_t *chosen, bool dead[2]);

#endif
