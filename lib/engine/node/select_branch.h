/* SPDX-License-Identifier: MIT */
/*
 * Choice of the branching candidate by pseudo-costs: the past gains of the bound from branching on
 * it. While few gains are known, both sides are tried (strong branching), after a ranking by the
 * bounder's estimate if it has one. The score of a candidate is the product of the gains of its two
 * sides.
 */
#ifndef IFP_ENGINE_NODE_SELECT_BRANCH_H
#define IFP_ENGINE_NODE_SELECT_BRANCH_H

#include "engine/node/path.h"
#include "engine/pseudocost.h"

/* Add a gain of the bound, in dollars, from branching on an entity: on side 0 (lower) or 1 (upper),
 * over a distance. `pseudocosts` is by entity. Gains that are not finite, and gains over distances
 * near 0, are ignored. */
void ifp_pseudocost_add(struct ifp_pseudocost *pseudocosts, size_t entity, int side, double gain,
                        double distance);
/* The distance by which a side moves the value: the fraction, or 1 less the fraction. */
double ifp_branch_distance(const struct ifp_branch *branch, bool up);

/* The basis of a node, borrowed. `letters` is NULL if the method has no basis. */
struct ifp_basis_view {
    const char *letters;
    size_t rows;
};

/*
 * Choose one of the path's candidates, of which there is at least one; *chosen is its index. `base`
 * is the node's bound in dollars. Bounds and basis are restored after each trial; the results in
 * the relaxation are those of the last trial, and the weights of the candidates are overwritten.
 * `dead`, by side: has a trial shown that the side of the chosen candidate is infeasible or above
 * the cutoff? Returns IFP_OK or the code of the context's error.
 */
int ifp_select_branch(struct ifp_path *path, struct ifp_pseudocost *pseudocosts, double base,
                      struct ifp_basis_view basis, size_t *chosen, bool dead[2]);

#endif
