/* SPDX-License-Identifier: MIT */
/* From points of the relaxation to plans, without regard to proof; what is found is offered to the
 * incumbent. */
#ifndef IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H
#define IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H

#include "engine/node/state.h"

/* Round the point up to a plan. Bounds and basis of the relaxation are as before afterwards, its
 * point is not. */
int ifp_plans_round(struct ifp_state *state);
/* A point with every integer whole: a plan as it stands, or with its integers fixed and its shares
 * solved for again. The relaxation's bound is as before afterwards. */
int ifp_plans_settle(struct ifp_state *state, bool *verified);
/* From a solved node down to a plan, or to nothing. The bounds are left as they then stand: the
 * caller enters its node again. */
int ifp_plans_dive(struct ifp_state *state);

#endif
