/* SPDX-License-Identifier: MIT */
/* Branch and bound. */
#ifndef IFP_ENGINE_TREE_SEARCH_H
#define IFP_ENGINE_TREE_SEARCH_H

#include "engine/incumbent.h"
#include "engine/outcome.h"
#include "engine/master/warm_start.h"
#include "engine/watch.h"

/* Improve the incumbent and prove a bound until the gap is reached or the run is stopped. If
 * `decompose` is true, nodes are bounded by the master (master.h), else by the compact relaxation.
 * `stock` is read as a warm start and updated for the next search of the same model; it may be
 * NULL. */
int ifp_search(const struct ifp_problem *problem, struct ifp_milp *milp,
               struct ifp_incumbent *incumbent, double gap, bool decompose, struct ifp_stock *stock,
               struct ifp_watch *watch, struct ifp_outcome *outcome, struct ifp_error *error);

struct ifp_state;

/* Run a nested search restricted to the configurations in `keep`, sharing the state's incumbent,
 * warm start and run. With `main`, the main search restarts on a reduced problem; without, it is a
 * short sub-MIP that looks for better plans. Adds its nodes and iterations to the outcome. */
int ifp_search_among(const struct ifp_state *state, const bool *keep, bool main,
                     struct ifp_outcome *outcome);

#endif
