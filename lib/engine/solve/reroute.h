/* SPDX-License-Identifier: MIT */
/* The best routes on the deployments of a given plan. */
#ifndef IFP_ENGINE_SOLVE_REROUTE_H
#define IFP_ENGINE_SOLVE_REROUTE_H

#include "engine/solve/run.h"

/*
 * Solve for the routes and unmet shares only; all deployments of the plan are kept and paid for.
 * The instance has no uncertainty. The plan has the instance's indices, its degrees exist, and each
 * pair occurs once. The result is within 1e-6 of the best one. If the plan holds the limits to 1e-8
 * (incumbent.h), the result never costs more than the plan.
 *
 * The caller owns the solution. Its objective does not include the cost of the deployments; its
 * check does. *stopped: has `watch` ended the solve early?
 */
int ifp_reroute(const struct ifp_instance *instance, const ifp_plan *plan,
                const struct ifp_stop_request *watch, bool *stopped, struct ifp_solution **solution,
                struct ifp_error *error);

#endif
