/* SPDX-License-Identifier: MIT */
/* Run one solve on a private thread, while the caller's thread runs the callbacks. */
#ifndef IFP_ENGINE_SOLVE_RUN_H
#define IFP_ENGINE_SOLVE_RUN_H

#include "engine/master/warm_start.h"
#include "engine/watch.h"
#include "instance/instance.h"
#include "milp/milp.h"
#include "result/solution.h"

/*
 * Solve the program of a problem of an instance. `start` is a start plan in the instance's indices,
 * or NULL. `warm_start` is the warm start from earlier solves, or NULL. `cancel` is polled
 * throughout and may be set from any thread. The caller owns the solution. Returns an error code;
 * reaching a limit is not an error. If building was cancelled, problem or milp is NULL; then the
 * solution's plan is the start, or the plan that serves nothing if that is allowed. The time limit
 * and the solution's seconds count from `begin` (ifp_clock_seconds).
 *
 * The work is done on a private thread. The LP solver keeps its state by thread, so a caller that
 * uses the same solver is not affected. The caller's callbacks run on the caller's thread, never
 * inside the solver.
 */
int ifp_run_solve(const struct ifp_instance *instance, const struct ifp_problem *problem,
                  struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *start,
                  struct ifp_warm_start *warm_start, double begin, atomic_bool *cancel,
                  struct ifp_solution **solution, struct ifp_error *error);

/*
 * As ifp_run_solve, for a problem whose deployments are fixed to those of `plan`
 * (ifp_problem_of_deployments). The search starts with the plan if it holds the limits; then the
 * result never costs more. Objective and bound are those of the problem, without the sunk cost of
 * the deployments. *stopped: has `request` ended the solve?
 */
int ifp_run_routing(const struct ifp_instance *instance, const struct ifp_problem *problem,
                    struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *plan,
                    const struct ifp_stop_request *request, bool *stopped,
                    struct ifp_solution **solution, struct ifp_error *error);

#endif
