/* SPDX-License-Identifier: MIT */
/*
 * The schedule of heuristics: which of them run before the first bound, at the root and at tree
 * nodes, and with what effort. Plans are offered to the incumbent. All functions return IFP_OK or
 * the code of the state's error.
 */
#ifndef IFP_ENGINE_HEURISTICS_SCHEDULE_H
#define IFP_ENGINE_HEURISTICS_SCHEDULE_H

#include "engine/node/state.h"

/* Heuristics before the root relaxation is solved. `bound` is the bound to report with the plans.
 */
int ifp_look_first(struct ifp_state *state, double bound);

/* The first heuristics at the solved root: from the point of the relaxation, or from the start. */
int ifp_look_at_root(struct ifp_state *state);
/* Neighbourhood search around the best plans, if the root heuristics left a gap. */
int ifp_look_around_root(struct ifp_state *state);

/* At a solved node: round often, dive occasionally. The relaxation's results are restored
 * afterwards; branching candidates are recomputed. */
int ifp_look_along(struct ifp_state *state, const struct ifp_node *node);

#endif
