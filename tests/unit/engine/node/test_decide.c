/* SPDX-License-Identifier: MIT */
/* The bound of a node in pairs of doubles: not above any plan, as high as the LP's, and infinite
 * only if there is no plan. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "brute/brute.h"
#include "engine/node/decide.h"
#include "support/program.h"
#include "support/suite.h"
#include "util/number.h"

enum { INSTANCES = 150 };

static struct ifp_error error;

/* What ifp_decide says at the root of a tiny instance, with the best plan's cost known or not. */
struct finding {
    double bound;
    double by_lp; /* the LP relaxation's own optimum; +infinity: infeasible */
    double offered;
    bool solved;
};

static struct finding examine(const struct program *program, double known)
{
    struct ifp_incumbent incumbent = {
        .instance = program->instance, .tolerance = IFP_HOLDS_TOLERANCE, .objective = known};
    struct ifp_context context = {
        .environment = program->environment,
        .incumbent = &incumbent,
        .problem = program->problem,
        .milp = program->milp,
        .watch = program->watch,
        .error = &error,
        .gap = 1e-7,
    };
    struct finding finding = {.bound = -(double)INFINITY};
    struct ifp_relaxation *relaxation;
    program_ok(ifp_relaxation_new(program->environment, program->problem, program->milp,
                                  program->watch, &relaxation, &error),
               &error);
    program_ok(ifp_decide(&context, relaxation, &finding.bound, &finding.solved), &error);
    finding.offered = incumbent.objective;
    double scale = relaxation->scale;
    struct ifp_lp *lp = program_lp(program, program->milp->cost, scale, NULL, NULL, NULL, NULL);
    double objective;
    finding.by_lp =
        program_solve(lp, &objective) == IFP_LP_OPTIMAL ? objective * scale : (double)INFINITY;
    ifp_lp_free(lp);
    ifp_relaxation_free(relaxation);
    ifp_incumbent_clear(&incumbent);
    return finding;
}

START_TEST(bounds_hold)
{
    struct tiny tiny;
    struct program program;
    if (_i % 2)
        tiny_make_uncertain(&tiny, (uint64_t)_i);
    else
        tiny_make(&tiny, (uint64_t)_i);
    struct brute best = brute_solve(&tiny);
    double cost = best.feasible ? best.objective : (double)INFINITY;
    program_build(&program, tiny_instance(&tiny));
    struct finding open = examine(&program, (double)INFINITY);
    ck_assert_msg(open.bound <= cost + 1e-9 * fmax(1, fabs(cost)),
                  "%d: the bound %.15g is above the optimum %.15g", _i, open.bound, cost);
    double minimum = isinf(open.by_lp) ? open.by_lp : open.by_lp - 1e-6 * fmax(1, fabs(open.by_lp));
    ck_assert_msg(open.bound >= minimum, "%d: the bound %.15g is below the LP's optimum %.15g", _i,
                  open.bound, open.by_lp);
    double cheap = isinf(cost) ? cost : cost - 1e-7 * fmax(1, fabs(cost));
    ck_assert_msg(open.offered >= cheap, "%d: a plan for %.15g, below the optimum %.15g", _i,
                  open.offered, cost);
    if (best.feasible) {
        /* A plan that costs a little more is no reason to lose the best one. */
        struct finding closed = examine(&program, cost * 1.001 + 1e-3);
        ck_assert_msg(closed.bound <= cost + 1e-9 * fmax(1, fabs(cost)),
                      "%d: below a cutoff, the bound %.15g is above the optimum %.15g", _i,
                      closed.bound, cost);
        /* Nothing is below the best plan's cost, so that the bound may be as high as that. */
        struct finding proof = examine(&program, cost);
        ck_assert_msg(proof.bound <= cost + 1e-9 * fmax(1, fabs(cost)),
                      "%d: with the optimum known, the bound %.15g is above it, %.15g", _i,
                      proof.bound, cost);
    }
    program_destroy(&program);
}
END_TEST

static Suite *decide_suite(void)
{
    Suite *suite = suite_create("decide");
    TCase *tests = tcase_create("decide");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, bounds_hold, 0, INSTANCES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(decide_suite());
}
