/* SPDX-License-Identifier: MIT */
/*
 * Dives by patterns, for placements with one route for each query type: from a solved node of the
 * master down, one deployment with all that it serves after the other, the rest priced anew each
 * time; and back, to leave out what was taken first (limited discrepancy search; Sadykov et al.
 * 2019, "Primal heuristics for branch and price"). Plans are offered to the incumbent.
 */
#ifndef IFP_ENGINE_HEURISTICS_DIVE_H
#define IFP_ENGINE_HEURISTICS_DIVE_H

#include "engine/node/state.h"

/* From where the state stands, whose master has just been solved, with up to so many patterns left
 * out on the way. The bounds are as before afterwards, what the solve has left in the relaxation is
 * not. */
int ifp_dive(struct ifp_state *state, size_t discrepancies);

#endif
