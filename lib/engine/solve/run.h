/* SPDX-License-Identifier: MIT */
/* Carrying out one solve: on a thread of its own, while the caller's thread takes its calls. */
#ifndef IFP_ENGINE_SOLVE_RUN_H
#define IFP_ENGINE_SOLVE_RUN_H

#include "engine/master/warm_start.h"
#include "engine/watch.h"
#include "instance/instance.h"
#include "milp/milp.h"
#include "result/solution.h"

/*
 * Solve the program of a problem of an instance, beginning with a plan in its indices, or NULL,
 * and with what is in stock from earlier solves, or NULL. `cancel` is watched all the while and may
 * be set from anywhere. The solution is owned by the caller; the result is an error code, a limit
 * reached is none. Where building them was cancelled, problem or milp is NULL, and the plan to
 * begin with is all that the solution has. The time limit and the solution's seconds count from
 * `begin` (ifp_clock_seconds).
 *
 * The work is done on a private thread: the LP solver keeps its state by thread, so that a caller
 * who uses the same solver is never touched, and the caller's callbacks run on the caller's own
 * thread, never inside the solver.
 */
int ifp_run_solve(const struct ifp_instance *instance, const struct ifp_problem *problem,
                  struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *start,
                  struct ifp_stock *stock, double begin, atomic_bool *cancel,
                  struct ifp_solution **solution, struct ifp_error *error);

/*
 * The same for a problem of the fleet of a plan (ifp_problem_of_fleet), whose own routes are where
 * the search starts if they hold: what is found is never dearer. Objective and bound are those of
 * the problem, without what is sunk. *stopped is set if `request` has ended it.
 */
int ifp_run_routing(const struct ifp_instance *instance, const struct ifp_problem *problem,
                    struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *plan,
                    const struct ifp_stop_request *request, bool *stopped,
                    struct ifp_solution **solution, struct ifp_error *error);

#endif
