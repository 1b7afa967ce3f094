/* SPDX-License-Identifier: MIT */
/* Branch and bound. */
#ifndef IFP_ENGINE_TREE_SEARCH_H
#define IFP_ENGINE_TREE_SEARCH_H

#include "engine/incumbent.h"
#include "engine/outcome.h"
#include "engine/master/warm_start.h"
#include "engine/watch.h"

/* Improve the incumbent and prove a bound until the gap is reached or the run is stopped. With
 * decompose, nodes are bounded by the master of master.h, else by the compact relaxation. A stock,
 * where there is one, is begun with and left for the next search of the same model. */
int ifp_search(const struct ifp_problem *problem, struct ifp_milp *milp,
               struct ifp_incumbent *incumbent, double gap, bool decompose, struct ifp_stock *stock,
               struct ifp_watch *watch, struct ifp_outcome *outcome, struct ifp_error *error);

struct ifp_state;

/* A search of its own in the midst of one, among the configurations to be kept: shared is what the
 * state says of the incumbent, the stock and the run. The main search goes on so where the others
 * are of no use any more; else it is a short one for better plans. Adds to the outcome. */
int ifp_search_among(const struct ifp_state *state, const bool *keep, bool main,
                     struct ifp_outcome *outcome);

#endif
