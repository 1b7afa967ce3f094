/* SPDX-License-Identifier: MIT */
/* Local search over operating points: every plan that it offers holds all limits, as the verifier
 * measures them, and it finds plans. Plans are never better than the bound of the root's LP. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/heuristics/eval_lp.h"
#include "engine/heuristics/eval_single.h"
#include "support/points_sample.h"
#include "support/program.h"
#include "support/suite.h"
#include "util/number.h"

enum { SEEDS = 24, STAGES = 3 };

static struct ifp_error error;

/* The verifier's own sums, with nothing of lib/problem: loads, slots, memory, attainment, least
 * replicas, placement. The LP solver holds a row to 1e-9. */
static void expect_exact(const struct ifp_incumbent *incumbent, unsigned long seed)
{
    ck_assert_msg(incumbent->max_violation <= 1e-8, "seed %lu: broken by %g", seed,
                  incumbent->max_violation);
    ck_assert_msg(!incumbent->loose, "seed %lu: a plan breaks a limit", seed);
}

static bool run(struct program *program, struct ifp_evaluator *evaluator,
                struct ifp_incumbent *incumbent, double effort, unsigned long seed)
{
    struct ifp_local *local;
    program_ok(ifp_local_new(evaluator, &local, &error), &error);
    double before = INFINITY;
    for (int stage = 0; stage < STAGES; stage++) {
        int code = stage == 0   ? ifp_local_construct(local, effort, &error)
                   : stage == 1 ? ifp_local_polish(local, incumbent->plan, effort, &error)
                                : ifp_local_walk(local, effort, &error);
        program_ok(code, &error);
        expect_exact(incumbent, seed);
        ck_assert(incumbent->objective <= before);
        before = incumbent->objective;
    }
    program_expect_plan(program, incumbent, 0, seed);
    bool rents = incumbent->plan && incumbent->plan->deployment_count > 0;
    ifp_local_free(local);
    return rents;
}

static const char *const placements[] = {"single", "matching", "split"};
static const char *const bases[] = {"served", "offered"};

/* _i: placement, basis, several, targets */
START_TEST(offers_hold)
{
    const char *placement = placements[_i % 3];
    const char *basis = bases[_i / 3 % 2];
    bool several = _i / 6 % 2;
    bool targets = _i / 12 % 2;
    int rented = 0;
    for (unsigned long seed = 1; seed <= SEEDS; seed++) {
        struct program program;
        program_build(&program, points_sample(seed, placement, basis, several, targets));
        struct ifp_incumbent by_lp = {.instance = program.instance, .objective = INFINITY};
        by_lp.tolerance = IFP_HOLDS_TOLERANCE;
        struct ifp_incumbent by_moves = by_lp;
        rented += run(&program,
                      ifp_eval_lp_new(program.environment, program.problem, program.milp, &by_lp,
                                      program.watch),
                      &by_lp, 60, seed);
        rented += run(&program,
                      ifp_eval_single_new(program.problem, program.milp, &by_moves, program.watch),
                      &by_moves, 60, seed);
        ifp_incumbent_clear(&by_lp);
        ifp_incumbent_clear(&by_moves);
        program_destroy(&program);
    }
    ck_assert_msg(rented >= SEEDS / 2, "only %d of %d searches rent anything", rented, 2 * SEEDS);
}
END_TEST

static Suite *local_points_suite(void)
{
    Suite *suite = suite_create("local_points");
    TCase *tests = tcase_create("local_points");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, offers_hold, 0, 24);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(local_points_suite());
}
