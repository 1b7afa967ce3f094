/* SPDX-License-Identifier: MIT */
/*
 * When a search looks for plans, by what means, and how hard: before there is a bound, at the root
 * and along the tree. What is found goes to the incumbent. All return IFP_OK or the code of the
 * state's error.
 */
#ifndef IFP_ENGINE_HEURISTICS_SCHEDULE_H
#define IFP_ENGINE_HEURISTICS_SCHEDULE_H

#include "engine/node/state.h"

/* Plans before there is any bound but the one that is reported with them. */
int ifp_look_first(struct ifp_state *state, double bound);

/* At the solved root, before anything else: from the point of the relaxation, or from the start. */
int ifp_look_at_root(struct ifp_state *state);
/* And where that leaves a gap, around those plans. */
int ifp_look_around_root(struct ifp_state *state);

/* At a solved node, each time rounding, and now and then a dive. What the node's own solve has left
 * in the relaxation is as before afterwards; the candidates to branch on are found anew. */
int ifp_look_along(struct ifp_state *state, const struct ifp_node *node);

#endif
