/* SPDX-License-Identifier: MIT */
/* Local search with one route per query type: plans are verified, never better than the optimum,
 * never get worse, and are the same every time. The search leaves the traps that hold simpler
 * searches. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "brute/brute.h"
#include "brute/tiny.h"
#include "engine/heuristics/eval_single.h"
#include "support/program.h"
#include "support/sample.h"
#include "support/suite.h"
#include "support/traps.h"

enum { POLICIES = 12, TINY_EACH = 40, SAMPLES_EACH = 4, STAGES = 5, PASSES = 60 };

static struct ifp_error error;

static void make_local(const struct program *program, struct ifp_incumbent *incumbent,
                       struct ifp_local **local)
{
    *incumbent = (struct ifp_incumbent){.instance = program->instance, .objective = INFINITY};
    program_ok(ifp_local_new(
                   ifp_eval_single_new(program->problem, program->milp, incumbent, program->watch),
                   local, &error),
               &error);
}

/* A point that rents and serves in part, or more than any plan may: not one of a relaxation. */
static double *random_point(const struct program *program, unsigned long seed)
{
    struct random random = {seed};
    const struct ifp_problem *problem = program->problem;
    const struct ifp_milp *milp = program->milp;
    double *point = calloc(milp->column_count + 1, sizeof *point);
    ck_assert_ptr_nonnull(point);
    for (size_t c = 0; c < problem->configuration_count; c++) {
        double maximum = problem->configurations[c].max_replicas;
        double rent = random_chance(&random, 0.5) ? random_between(&random, 0, 1) : 0;
        point[milp->replicas[c]] = rent * random_between(&random, 1, maximum);
        point[milp->rent[c]] = rent;
    }
    for (size_t r = 0; r < problem->route_count; r++)
        point[ifp_milp_share(milp, r)] = random_between(&random, 0, problem->routes[r].max_share);
    return point;
}

/* Call the functions in the order of the schedule, after rounding a point; check the plan after
 * each step. */
static double run_stages(const struct program *program, double minimum, unsigned long seed)
{
    struct ifp_local *local;
    struct ifp_incumbent incumbent;
    double before = INFINITY;
    double *point = random_point(program, seed);
    make_local(program, &incumbent, &local);
    for (int stage = 0; stage < STAGES; stage++) {
        int code = stage == 0   ? ifp_local_round(local, point, PASSES, &error)
                   : stage == 1 ? ifp_local_construct(local, PASSES, &error)
                   : stage == 2 ? ifp_local_round(local, point, PASSES, &error)
                   : stage == 3 ? ifp_local_polish(local, incumbent.plan, PASSES, &error)
                                : ifp_local_walk(local, PASSES, &error);
        program_ok(code, &error);
        ck_assert_msg(incumbent.objective <= before, "seed %lu: from %.12g to %.12g in stage %d",
                      seed, before, incumbent.objective, stage);
        before = incumbent.objective;
        program_expect_plan(program, &incumbent, minimum, seed);
    }
    free(point);
    ifp_local_free(local);
    ifp_incumbent_clear(&incumbent);
    return before;
}

/* Twice, and the same both times. */
static double run(ifp_instance *instance, double minimum, unsigned long seed, bool *single)
{
    struct program program;
    program_build(&program, instance);
    double first = run_stages(&program, minimum, seed);
    double second = run_stages(&program, minimum, seed);
    ck_assert(first == second);
    *single = program.problem->placement == IFP_PLACEMENT_SINGLE && program.problem->pair_count;
    program_destroy(&program);
    return first;
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
        bool single;
        double objective = run(tiny_instance(&tiny), brute.objective, seed, &single);
        if (!brute.feasible)
            ck_assert_msg(isinf(objective), "seed %lu: a plan, but there is none", seed);
        feasible += brute.feasible && single;
        best += brute.feasible && single &&
                objective <= brute.objective + 1e-6 * fmax(1, fabs(brute.objective));
    }
    /* It is no proof, but where one route is all there may be it mostly finds the best. */
    ck_assert_msg(best >= feasible * 3 / 4, "the best of %d only, of %d", best, feasible);
}
END_TEST

START_TEST(larger_instances)
{
    for (int n = 0; n < SAMPLES_EACH; n++) {
        bool single;
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        (void)run(sample_instance(seed, 3 + n, 3, 3 + n), 0, seed, &single);
    }
}
END_TEST

/* A plan that rents what the trap says, each query type served by the first that can. */
static void start_in(const struct program *program, const struct trap *trap,
                     struct ifp_incumbent *incumbent)
{
    const struct ifp_problem *problem = program->problem;
    double *point = calloc(program->milp->column_count, sizeof *point);
    bool *served = calloc(problem->query_count, sizeof *served);
    bool held;
    ck_assert(point && served);
    for (size_t c = 0; c < problem->configuration_count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        if (!(trap->start >> configuration->model & 1))
            continue;
        point[program->milp->rent[c]] = 1;
        for (size_t k = 0; k < configuration->route_count; k++) {
            size_t r = configuration->first_route + k;
            if (served[problem->routes[r].query])
                continue;
            served[problem->routes[r].query] = true;
            point[ifp_milp_share(program->milp, r)] = 1;
        }
    }
    program_ok(ifp_incumbent_offer(incumbent, problem, program->milp, point, &held, &error),
               &error);
    ck_assert(held);
    free(served);
    free(point);
}

static void spring(const struct trap *trap, int policy, bool from_start)
{
    struct program program;
    struct ifp_incumbent incumbent;
    struct ifp_local *local;
    program_build(&program, trap_instance(trap, policy));
    make_local(&program, &incumbent, &local);
    if (from_start) {
        start_in(&program, trap, &incumbent);
        ck_assert_double_gt(incumbent.objective, trap->best * (1 + 1e-9));
        program_ok(ifp_local_polish(local, incumbent.plan, 300, &error), &error);
    } else {
        program_ok(ifp_local_construct(local, 300, &error), &error);
    }
    if (trap->wander)
        program_ok(ifp_local_walk(local, 1000, &error), &error);
    program_expect_plan(&program, &incumbent, trap->best, 0);
    ck_assert_msg(incumbent.objective <= trap->best * (1 + 1e-9),
                  "%s, policy %d, from %s: %g, not %g", trap->name, policy,
                  from_start ? "there" : "nothing", incumbent.objective, trap->best);
    ifp_local_free(local);
    ifp_incumbent_clear(&incumbent);
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

static Suite *local_single_suite(void)
{
    Suite *suite = suite_create("local_single");
    TCase *tests = tcase_create("local_single");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, tiny_instances, 0, POLICIES);
    tcase_add_loop_test(tests, larger_instances, 0, POLICIES);
    tcase_add_loop_test(tests, out_of_traps, 0, TRAPS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(local_single_suite());
}
