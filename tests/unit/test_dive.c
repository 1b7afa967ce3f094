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
#include "unit/program.h"
#include "unit/sample.h"
#include "unit/suite.h"

enum { POLICIES = 12, TINY_EACH = 60, SAMPLES_EACH = 6, DISCREPANCIES = 3 };

static struct ifp_error error;

/* A search as far as the master's root; false where that has no point. */
static bool stand_at_root(const struct program *program, struct ifp_incumbent *incumbent,
                          struct ifp_state *state)
{
    enum ifp_relaxation_status status;
    *incumbent = (struct ifp_incumbent){.instance = program->instance, .objective = INFINITY};
    *state = (struct ifp_state){.environment = program->environment,
                                .incumbent = incumbent,
                                .problem = program->problem,
                                .milp = program->milp,
                                .watch = program->watch,
                                .error = &error,
                                .gap = 1e-4,
                                .decompose = true,
                                .main = true};
    program_ok(ifp_relaxation_new(program->environment, program->problem, program->milp,
                                  program->watch, &state->relaxation, &error),
               &error);
    program_ok(ifp_master_new(program->problem, state->relaxation, &state->master, &error), &error);
    program_ok(ifp_master_solve(state->master, INFINITY, &status, &error), &error);
    return status == IFP_RELAXATION_SOLVED;
}

static void leave(struct ifp_state *state)
{
    ifp_master_free(state->master);
    ifp_relaxation_free(state->relaxation);
    ifp_nodes_clear(&state->tree);
    free(state->branches.items);
    free(state->touched);
}

/* The cost of the best plan of a dive; +infinity: none. */
static double dive(const struct program *program, size_t discrepancies, double least,
                   unsigned long seed)
{
    struct ifp_incumbent incumbent;
    struct ifp_state state;
    size_t columns = program->milp->column_count;
    if (stand_at_root(program, &incumbent, &state)) {
        double *bounds = malloc((2 * columns + 1) * sizeof *bounds);
        ck_assert_ptr_nonnull(bounds);
        memcpy(bounds, state.relaxation->lower, columns * sizeof *bounds);
        memcpy(bounds + columns, state.relaxation->upper, columns * sizeof *bounds);
        program_ok(ifp_dive(&state, discrepancies), &error);
        ck_assert_mem_eq(bounds, state.relaxation->lower, columns * sizeof *bounds);
        ck_assert_mem_eq(bounds + columns, state.relaxation->upper, columns * sizeof *bounds);
        ck_assert_uint_eq(state.touched_count, 0);
        program_expect_plan(program, &incumbent, least, seed);
        free(bounds);
    }
    double objective = incumbent.objective;
    leave(&state);
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
