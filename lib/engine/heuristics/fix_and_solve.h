/* SPDX-License-Identifier: MIT */
/* Heuristics that turn points of the relaxation into plans. Plans are offered to the incumbent. The
 * functions return IFP_OK or the code of the context's error. */
#ifndef IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H
#define IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H

#include "engine/node/path.h"

struct ifp_local;

/* Round the point up to a plan, with the local searches given: `local_single` may be NULL. Bounds
 * and basis of the relaxation are restored afterwards; its point is not. */
int ifp_plans_round(struct ifp_path *path, struct ifp_local *local_single,
                    struct ifp_local *local_lp);
/* Offer a point with every integer whole as a plan: first as it is, then with its integers fixed
 * and its shares solved for again. *verified: was one of them within the incumbent's tolerance? The
 * relaxation's bound is restored afterwards. */
int ifp_plans_offer_whole(struct ifp_path *path, bool *verified);
/* Dive by branches from a solved node until a plan is found or the dive fails. The bounds are not
 * restored: the caller has to enter its node again. */
int ifp_plans_dive(struct ifp_path *path);

#endif
