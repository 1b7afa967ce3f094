/* SPDX-License-Identifier: MIT */
/* Local search with routing LPs: plans are verified, never better than the optimum, never get
 * worse, and are the same every time. The search leaves the traps that hold simpler searches. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brute/brute.h"
#include "brute/tiny.h"
#include "engine/compact/relaxation.h"
#include "engine/heuristics/eval_lp.h"
#include "engine/incumbent.h"
#include "support/program.h"
#include "support/sample.h"
#include "support/suite.h"
#include "support/traps.h"

enum { POLICIES = 12, TINY_EACH = 40, SAMPLES_EACH = 4, STAGES = 4 };

static struct ifp_error error;

static void make_local(const struct program *program, struct ifp_incumbent *incumbent,
                       struct ifp_local **local)
{
    *incumbent = (struct ifp_incumbent){.instance = program->instance, .objective = INFINITY};
    program_ok(ifp_local_new(ifp_eval_lp_new(program->environment, program->problem, program->milp,
                                             incumbent, program->watch),
                             local, &error),
               &error);
}

static void expect_same_plan(const ifp_plan *one, const ifp_plan *other)
{
    ck_assert_int_eq(one != NULL, other != NULL);
    if (!one)
        return;
    ck_assert_uint_eq(one->deployment_count, other->deployment_count);
    for (size_t d = 0; d < one->deployment_count; d++) {
        ck_assert_uint_eq(one->deployments[d].model, other->deployments[d].model);
        ck_assert_uint_eq(one->deployments[d].tier, other->deployments[d].tier);
        ck_assert_int_eq(one->deployments[d].degree, other->deployments[d].degree);
        ck_assert_int_eq(one->deployments[d].replicas, other->deployments[d].replicas);
    }
    ck_assert_uint_eq(one->route_count, other->route_count);
    for (size_t r = 0; r < one->route_count; r++) {
        ck_assert_uint_eq(one->routes[r].query, other->routes[r].query);
        ck_assert_uint_eq(one->routes[r].model, other->routes[r].model);
        ck_assert_uint_eq(one->routes[r].tier, other->routes[r].tier);
        ck_assert_double_eq(one->routes[r].fraction, other->routes[r].fraction);
    }
    ck_assert_uint_eq(one->unmet_count, other->unmet_count);
    for (size_t u = 0; u < one->unmet_count; u++) {
        ck_assert_uint_eq(one->unmet[u].query, other->unmet[u].query);
        ck_assert_double_eq(one->unmet[u].fraction, other->unmet[u].fraction);
    }
}

/* Call the functions in the order of the schedule; check the plan after each step. */
static void run_stages(const struct program *program, const double *point, double minimum,
                       unsigned long seed, struct ifp_incumbent *incumbent)
{
    struct ifp_local *local;
    double before = INFINITY;
    make_local(program, incumbent, &local);
    for (int stage = 0; stage < STAGES; stage++) {
        int code = stage == 0   ? ifp_local_round(local, NULL, INFINITY, &error)
                   : stage == 1 ? ifp_local_round(local, point, INFINITY, &error)
                   : stage == 2 ? ifp_local_walk(local, 60, &error)
                                : ifp_local_polish(local, incumbent->plan, INFINITY, &error);
        program_ok(code, &error);
        ck_assert_msg(incumbent->objective <= before, "seed %lu: from %.12g to %.12g in stage %d",
                      seed, before, incumbent->objective, stage);
        before = incumbent->objective;
        program_expect_plan(program, incumbent, minimum, seed);
    }
    ifp_local_free(local);
}

/* The relaxation's point and bound; false where it is infeasible. */
static bool relax(const struct program *program, double *point, double *bound)
{
    struct ifp_relaxation *relaxation;
    enum ifp_relaxation_status status;
    program_ok(ifp_relaxation_new(program->environment, program->problem, program->milp,
                                  program->watch, &relaxation, &error),
               &error);
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    memcpy(point, relaxation->point, program->milp->column_count * sizeof *point);
    *bound = relaxation->bound;
    ifp_relaxation_free(relaxation);
    return status == IFP_RELAXATION_SOLVED;
}

/* Twice, and the same both times; what the plan costs is returned. *pairs: that may be rented. */
static double run(ifp_instance *instance, double minimum, unsigned long seed, size_t *pairs)
{
    struct program program;
    struct ifp_incumbent first;
    struct ifp_incumbent second;
    double bound;
    program_build(&program, instance);
    double *point = calloc(program.milp->column_count, sizeof *point);
    ck_assert_ptr_nonnull(point);
    bool relaxed = relax(&program, point, &bound);
    minimum = fmax(minimum, bound);
    *pairs = program.problem->pair_count;
    run_stages(&program, relaxed ? point : NULL, minimum, seed, &first);
    run_stages(&program, relaxed ? point : NULL, minimum, seed, &second);
    expect_same_plan(first.plan, second.plan);
    double objective = first.objective;
    ifp_incumbent_clear(&first);
    ifp_incumbent_clear(&second);
    free(point);
    program_destroy(&program);
    return objective;
}

START_TEST(tiny_instances)
{
    int feasible = 0;
    int best = 0;
    for (int n = 0; n < TINY_EACH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        tiny_make(&tiny, seed);
        struct brute brute = brute_solve(&tiny);
        size_t pairs;
        double objective = run(tiny_instance(&tiny), brute.objective, seed, &pairs);
        if (!brute.feasible)
            ck_assert_msg(isinf(objective), "seed %lu: a plan, but there is none", seed);
        feasible += brute.feasible && pairs;
        best += brute.feasible && pairs &&
                objective <= brute.objective + 1e-6 * fmax(1, fabs(brute.objective));
    }
    /* It is no proof, but where so little can be done it finds the best. */
    ck_assert_int_ge(feasible, TINY_EACH / 5);
    ck_assert_msg(best >= feasible * 9 / 10, "the best of %d only, of %d", best, feasible);
}
END_TEST

/* Where nothing is worth renting, to serve nobody is the plan. */
START_TEST(nothing_to_rent)
{
    static const char text[] =
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"nothing\","
        " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
        " \"policy\": {\"placement\": \"single\"},"
        " \"queries\": [{\"name\": \"a\", \"input_tokens\": 100, \"output_tokens\": 100,"
        "   \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1, \"max_unmet\": 1}],"
        " \"models\": [{\"name\": \"M\", \"weights_gb\": 10, \"kv_gb_per_token\": 0.001}],"
        " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 13,"
        "   \"usd_per_hour\": 2, \"tp_degrees\": [1]}],"
        " \"performance\": {\"delay_ms_per_token\": 0.5, \"error_rate\": 0.02,"
        "   \"kv_residency_hours\": 0.01}}";
    size_t pairs;
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    double objective = run(instance, 0, 0, &pairs);
    ck_assert_uint_eq(pairs, 0);
    ck_assert_double_eq(objective, 1);
}
END_TEST

START_TEST(larger_instances)
{
    int found = 0;
    for (int n = 0; n < SAMPLES_EACH; n++) {
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        size_t pairs;
        found += isfinite(run(sample_instance(seed, 3 + n, 3, 3 + n), 0, seed, &pairs));
    }
    ck_assert_int_ge(found, 1);
}
END_TEST

/* -- traps -- */

static void spring(const struct trap *trap, int policy, bool from_start)
{
    struct program program;
    struct ifp_incumbent incumbent;
    struct ifp_local *local;
    program_build(&program, trap_instance(trap, policy));
    ck_assert_int_eq((int)program.problem->configuration_count, trap->deployments);
    double *point = calloc(program.milp->column_count, sizeof *point);
    ck_assert_ptr_nonnull(point);
    for (size_t c = 0; c < program.problem->configuration_count; c++)
        point[program.milp->rent[c]] =
            trap->start >> program.problem->configurations[c].model & 1 ? 1 : 0;
    make_local(&program, &incumbent, &local);
    program_ok(ifp_local_round(local, from_start ? point : NULL, INFINITY, &error), &error);
    if (trap->wander)
        program_ok(ifp_local_walk(local, 500, &error), &error);
    program_expect_plan(&program, &incumbent, trap->best, 0);
    ck_assert_msg(incumbent.objective <= trap->best * (1 + 1e-9),
                  "%s, policy %d, from %s: %g, not %g", trap->name, policy,
                  from_start ? "there" : "nothing", incumbent.objective, trap->best);
    ifp_local_free(local);
    ifp_incumbent_clear(&incumbent);
    free(point);
    program_destroy(&program);
}

START_TEST(out_of_traps)
{
    for (int policy = 0; policy < POLICIES; policy++) {
        spring(&traps[_i], policy, true);
        spring(&traps[_i], policy, false);
    }
}
END_TEST

static Suite *local_lp_suite(void)
{
    Suite *suite = suite_create("local_lp");
    TCase *tests = tcase_create("local_lp");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, tiny_instances, 0, POLICIES);
    tcase_add_test(tests, nothing_to_rent);
    tcase_add_loop_test(tests, larger_instances, 0, POLICIES);
    tcase_add_loop_test(tests, out_of_traps, 0, TRAPS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(local_lp_suite());
}
