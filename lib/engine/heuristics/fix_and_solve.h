/* SPDX-License-Identifier: MIT */
/* Heuristics that turn points of the relaxation into plans. Plans are offered to the incumbent. */
#ifndef IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H
#define IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H

#include "engine/node/state.h"

/* Round the point up to a plan. Bounds and basis of the relaxation are restored afterwards; its
 * point is not. */
int ifp_plans_round(struct ifp_state *state);
/* Offer a point with every integer whole as a plan: first as it is, then with its integers fixed
 * and its shares solved for again. *verified: was one of them within the incumbent's tolerance? The
 * relaxation's bound is restored afterwards. */
int ifp_plans_settle(struct ifp_state *state, bool *verified);
/* Dive by branches from a solved node until a plan is found or the dive fails. The bounds are not
 * restored: the caller has to enter its node again. */
int ifp_plans_dive(struct ifp_state *state);

#endif
