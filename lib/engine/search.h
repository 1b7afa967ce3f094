/* SPDX-License-Identifier: MIT */
/* Branch and bound. */
#ifndef IFP_ENGINE_SEARCH_H
#define IFP_ENGINE_SEARCH_H

#include "engine/incumbent.h"
#include "engine/stock.h"
#include "engine/stop.h"

struct ifp_outcome {
    double bound; /* safe; +infinity: proven that there is no plan */
    double nodes;
    double iterations; /* of the simplex method */
};

/* Improve the incumbent and prove a bound until the gap is reached or the run is stopped. With
 * decompose, nodes are bounded by the master of master.h, else by the compact relaxation. A stock,
 * where there is one, is begun with and left for the next search of the same model. */
int ifp_search(const struct ifp_problem *problem, struct ifp_milp *milp,
               struct ifp_incumbent *incumbent, double gap, bool decompose, struct ifp_stock *stock,
               struct ifp_run *run, struct ifp_outcome *outcome, struct ifp_error *error);

#endif
