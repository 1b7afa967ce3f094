/* SPDX-License-Identifier: MIT */
/*
 * What tests of the engine's parts share: the program of an instance, a watch that only the test
 * stops (in place of lib/engine/watch.c, so that such a test cannot call ifp_model_solve), the LP
 * with all rows and columns at once, and the optimum of the program by plain branching on it.
 * Whatever fails, fails the running test.
 */
#ifndef IFP_TEST_PROGRAM_H
#define IFP_TEST_PROGRAM_H

#include <inferplan/inferplan.h>

#include "engine/compact/relaxation.h"
#include "engine/incumbent.h"
#include "engine/watch.h"
#include "milp/milp.h"
#include "support/random.h"

struct program {
    ifp_instance *instance;
    struct ifp_problem *problem;
    struct ifp_milp *milp;
    struct ifp_lp_environment *environment;
    struct ifp_watch *watch;
};

/* The watch says stopped from its look number `polls` + 1 on; INT_MAX: never. Returns the looks
 * since the last call. */
int program_stop_after(int polls);
/* What the watch says is left of the time. */
void program_leave_seconds(double seconds);

/* Of an instance, which it takes over. */
void program_build(struct program *program, ifp_instance *instance);
void program_destroy(struct program *program);

/* Fails the test, with its message, where the code is not IFP_OK. */
void program_ok(int code, const struct ifp_error *error);

/* All columns and all rows of the program, within these bounds; NULL: the program's own. The cost
 * is divided by the scale. */
struct ifp_lp *program_lp(const struct program *program, const double *cost, double scale,
                          const double *lower, const double *upper, const double *row_lower,
                          const double *row_upper);

/* Solved from where it is, to the end; the result is checked to be one. */
enum ifp_lp_status program_solve(struct ifp_lp *lp, double *objective);

/* By how much the point breaks a row or a bound of the program, at most; integers that are not
 * whole count as broken by 1. */
double program_excess(const struct ifp_milp *milp, const double *point);

/*
 * The least of cost x over all integer points of the program, if it is below `than`, else
 * +infinity; NaN where that takes more than `nodes` nodes. The point, where it is not NULL,
 * receives the best one; its integers are whole.
 */
double program_minimum(const struct program *program, const double *cost, double than, int nodes,
                       double *point);

/* The incumbent is a plan that holds, costs what is said, and is none too good: `minimum` bounds
 * them all; or there is none. */
void program_expect_plan(const struct program *program, const struct ifp_incumbent *incumbent,
                         double minimum, unsigned long seed);

#endif
