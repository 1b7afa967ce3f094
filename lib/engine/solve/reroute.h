/* SPDX-License-Identifier: MIT */
/* The best routes on the deployments that a plan has. */
#ifndef IFP_ENGINE_SOLVE_REROUTE_H
#define IFP_ENGINE_SOLVE_REROUTE_H

#include "engine/solve/run.h"

/*
 * Solve for the routes and unmet shares alone, of an instance without uncertainty: all deployments
 * of the plan stay and are paid for. The plan's indices are those of the instance, and its
 * deployments ones that may stand there (degrees that exist, each pair once). Never dearer than
 * the plan as it is, where that holds (incumbent.h); within 1e-6 of the best.
 *
 * The solution is the caller's; its objective leaves out what the fleet costs, its check does not.
 * *stopped says that the watch has ended it early.
 */
int ifp_reroute(const struct ifp_instance *instance, const ifp_plan *plan,
                const struct ifp_stop_request *watch, bool *stopped, struct ifp_solution **solution,
                struct ifp_error *error);

#endif
