/* SPDX-License-Identifier: MIT */
/* Heuristics that turn points of the relaxation into plans. Plans are offered to the incumbent. The
 * functions return IFP_OK or the code of the context's error. */
#ifndef IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H
#define IFP_ENGINE_HEURISTICS_FIX_AND_SOLVE_H

#include "engine/node/path.h"

struct ifp_local;

/*
 * Round the relaxation's point to a plan. There are three ways:
 *   - The bounder has patterns, each query type has one route, and `local_single` is not NULL:
 * round and improve the selection by `local_single`.
 *   - The method completes by the LP (bounder.h): round up (rounding.h), fix the integers, and
 * solve the compact relaxation for the shares.
 *   - Otherwise: round up, and let `local_lp` add deployments and find the routes.
 * Bounds and basis of the relaxation are restored afterwards; its results are not.
 */
int ifp_plans_round(struct ifp_path *path, struct ifp_local *local_single,
                    struct ifp_local *local_lp);
/* Offer the relaxation's point, whose integers are whole, as a plan. If that is not within the
 * incumbent's tolerance, fix the integers, solve the compact relaxation for the shares, and offer
 * that plan. *verified: was one of them within the tolerance? Bounds, basis and the node's bound
 * are restored afterwards. After a second solve, the point is another one, and there are no reduced
 * costs (reduced_bound is -infinity). */
int ifp_plans_offer_whole(struct ifp_path *path, bool *verified);
/* Dive by branches from a solved node: fix the branching candidates with the largest fractions
 * upwards and solve, until a plan is found or the dive fails. The bounds are not restored: the
 * caller has to enter its node again. */
int ifp_plans_dive(struct ifp_path *path);

#endif
