/* SPDX-License-Identifier: MIT */
/* Carrying out one solve: on a thread of its own, while the caller's thread takes its calls. */
#ifndef IFP_ENGINE_RUN_H
#define IFP_ENGINE_RUN_H

#include "engine/stop.h"
#include "instance/instance.h"
#include "model/milp.h"
#include "plan/solution.h"

/*
 * Solve the program of a problem of an instance, beginning with a plan in its indices, or NULL.
 * `cancel` is watched all the while and may be set
 * from anywhere. The solution is owned by the caller; the result is an error code, a limit
 * reached is none.
 *
 * The work is done on a private thread: the LP solver keeps its state by thread, so that a caller
 * who uses the same solver is never touched, and the caller's callbacks run on the caller's own
 * thread, never inside the solver.
 */
int ifp_run_solve(const struct ifp_instance *instance, const struct ifp_problem *problem,
                  const struct ifp_milp *milp, const struct ifp_options *options,
                  const ifp_plan *start, atomic_bool *cancel, struct ifp_solution **solution,
                  struct ifp_error *error);

#endif
