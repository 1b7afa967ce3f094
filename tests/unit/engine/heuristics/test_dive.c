/* SPDX-License-Identifier: MIT */
/* Dives by patterns: what they find is verified and never better than the best there is, they leave
 * the bounds as they were, find the same every time, and with more left out no less. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "brute/brute.h"
#include "brute/tiny.h"
#include "engine/heuristics/dive.h"
#include "engine/master/master_bounder.h"
#include "support/program.h"
#include "support/sample.h"
#include "support/suite.h"

enum { POLICIES = 12, TINY_EACH = 60, SAMPLES_EACH = 6, DISCREPANCIES = 3 };

static struct ifp_error error;

/* Solve the master's root; false if it has no point. */
static bool stand_at_root(const struct ifp_context *context, struct ifp_path *path)
{
    enum ifp_relaxation_status status;
    *path = (struct ifp_path){.context = context};
    program_ok(ifp_master_method.make(context, &path->bounder), &error);
    program_ok(path->bounder->method->begin(path->bounder, NULL, &error), &error);
    program_ok(ifp_path_solve(path, IFP_BOUND_NODE, &status), &error);
    return status == IFP_RELAXATION_SOLVED;
}

static void leave(struct ifp_path *path)
{
    ifp_path_clear(path);
    ifp_bounder_free(path->bounder);
}

/* The cost of the best plan of a dive; +infinity: none. */
static double dive(const struct program *program, size_t discrepancies, double minimum,
                   unsigned long seed)
{
    struct ifp_incumbent incumbent = {.instance = program->instance, .objective = INFINITY};
    const struct ifp_context context = {.environment = program->environment,
                                        .incumbent = &incumbent,
                                        .problem = program->problem,
                                        .milp = program->milp,
                                        .watch = program->watch,
                                        .error = &error,
                                        .gap = 1e-4};
    struct ifp_path path;
    struct ifp_tally tally = {0};
    size_t columns = program->milp->column_count;
    if (stand_at_root(&context, &path)) {
        const struct ifp_relaxation *relaxation = path.bounder->relaxation;
        double *bounds = malloc((2 * columns + 1) * sizeof *bounds);
        ck_assert_ptr_nonnull(bounds);
        memcpy(bounds, relaxation->lower, columns * sizeof *bounds);
        memcpy(bounds + columns, relaxation->upper, columns * sizeof *bounds);
        program_ok(ifp_dive(&path, &tally, discrepancies), &error);
        ck_assert_mem_eq(bounds, relaxation->lower, columns * sizeof *bounds);
        ck_assert_mem_eq(bounds + columns, relaxation->upper, columns * sizeof *bounds);
        ck_assert_uint_eq(path.count, 0);
        program_expect_plan(program, &incumbent, minimum, seed);
        free(bounds);
    }
    double objective = incumbent.objective;
    leave(&path);
    ifp_incumbent_clear(&incumbent);
    return objective;
}

static bool is_ours(const struct program *program)
{
    return program->problem->placement == IFP_PLACEMENT_SINGLE && program->problem->route_count;
}

START_TEST(tiny_instances)
{
    int feasible = 0;
    int best = 0;
    for (int n = 0; n < TINY_EACH; n++) {
        struct tiny tiny;
        struct program program;
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        tiny_make(&tiny, seed);
        tiny.placement = TINY_SINGLE;
        struct brute brute = brute_solve(&tiny);
        program_build(&program, tiny_instance(&tiny));
        if (is_ours(&program)) {
            double objective = dive(&program, DISCREPANCIES, brute.objective, seed);
            if (!brute.feasible)
                ck_assert_msg(isinf(objective), "seed %lu: a plan, but there is none", seed);
            feasible += brute.feasible;
            best += brute.feasible &&
                    objective <= brute.objective + 1e-6 * fmax(1, fabs(brute.objective));
        }
        program_destroy(&program);
    }
    /* It is no proof, but mostly it finds the best. */
    ck_assert_msg(feasible >= TINY_EACH / 6 && best >= feasible * 3 / 4,
                  "the best of %d only, of %d", best, feasible);
}
END_TEST

START_TEST(larger_instances)
{
    int ours = 0;
    int found = 0;
    for (int n = 0; n < SAMPLES_EACH; n++) {
        struct program program;
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        program_build(&program, sample_instance(seed, 4 + n, 3, 3 + n));
        if (is_ours(&program)) {
            double plain = dive(&program, 0, 0, seed);
            double more = dive(&program, DISCREPANCIES, 0, seed);
            ck_assert_msg(more <= plain, "seed %lu: %.12g with some left out, %.12g with none",
                          seed, more, plain);
            ck_assert(more == dive(&program, DISCREPANCIES, 0, seed));
            ours++;
            found += isfinite(more) != 0;
        }
        program_destroy(&program);
    }
    ck_assert_msg(ours == 0 || found > 0, "no plan in %d instances", ours);
}
END_TEST

static Suite *dive_suite(void)
{
    Suite *suite = suite_create("dive");
    TCase *tests = tcase_create("dive");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, tiny_instances, 0, POLICIES);
    tcase_add_loop_test(tests, larger_instances, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(dive_suite());
}
