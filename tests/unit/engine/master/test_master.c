/* SPDX-License-Identifier: MIT */
/* The relaxation by deployments, under the program's bounds and under those of branches: its bound
 * is never below that of the compact relaxation, nor above the best integer point, and renting what
 * its reduced costs speak of costs what they say. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "brute/tiny.h"
#include "engine/master/master.h"
#include "support/program.h"
#include "support/random.h"
#include "support/suite.h"

enum { POLICIES = 12, EACH = 40, BRANCHES = 3, NODES = 20000 };

static struct ifp_error error;

struct tally {
    int solved;
    int tighter;
    int reduced;
    int infeasible;
};

static double slack_of(double value)
{
    return 1e-6 * fmax(1, fabs(value));
}

/* The program's own bounds follow, so that program_minimum sees the same ones. */
static void set_column(struct program *program, struct ifp_relaxation *relaxation, size_t column,
                       double lower, double upper)
{
    program->milp->lower[column] = lower;
    program->milp->upper[column] = upper;
    program_ok(ifp_relaxation_set_column(relaxation, column, lower, upper, &error), &error);
}

/* Close or rent a configuration, close or take a route. */
static void branch(struct program *program, struct ifp_relaxation *relaxation,
                   struct random *random)
{
    const struct ifp_problem *problem = program->problem;
    const struct ifp_milp *milp = program->milp;
    size_t c = (size_t)random_below(random, (int)problem->configuration_count);
    size_t r = (size_t)random_below(random, (int)problem->route_count);
    bool up = random_chance(random, 0.4);
    size_t column = ifp_milp_choice(milp, r) != SIZE_MAX && random_chance(random, 0.5)
                        ? ifp_milp_choice(milp, r)
                        : milp->rent[c];
    bool replicas = column == milp->rent[c] && milp->replicas[c] != column;
    if (replicas && random_chance(random, 0.5)) {
        double at = 1 + random_below(random, (int)milp->upper[milp->replicas[c]]);
        set_column(program, relaxation, milp->replicas[c], 0, at);
    } else {
        set_column(program, relaxation, column, up, up);
    }
}

static void compare(struct program *program, struct ifp_relaxation *relaxation,
                    struct ifp_master *master, uint64_t seed, struct tally *tally)
{
    const struct ifp_milp *milp = program->milp;
    enum ifp_relaxation_status status;
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    double compact = status == IFP_RELAXATION_INFEASIBLE ? INFINITY : relaxation->bound;
    program_ok(ifp_master_solve(master, (struct ifp_bound_effort){0}, INFINITY, &status, &error),
               &error);
    double bound = relaxation->bound;
    double best = program_minimum(program, milp->cost, INFINITY, NODES, NULL);
    ck_assert_msg(!(bound > best + slack_of(best)), "seed %lu: bound %.12g, optimum %.12g",
                  (unsigned long)seed, bound, best);
    /* Bounds that contradict each other need not be found to: two degrees of one pair, say. */
    if (status != IFP_RELAXATION_SOLVED || isinf(compact)) {
        tally->infeasible += isinf(compact) || isinf(best);
        return;
    }
    tally->solved++;
    ck_assert_msg(bound >= compact - slack_of(compact), "seed %lu: bound %.12g, compact %.12g",
                  (unsigned long)seed, bound, compact);
    tally->tighter += bound > compact + slack_of(compact);
    for (size_t c = 0; c < program->problem->configuration_count; c++) {
        size_t rent = milp->rent[c];
        double reduced = relaxation->reduced[rent];
        if (milp->lower[rent] > 0 || milp->upper[rent] < 1 || !(reduced > 1e-3))
            continue;
        double minimum = relaxation->reduced_bound + reduced;
        milp->lower[rent] = 1;
        double forced = program_minimum(program, milp->cost, INFINITY, NODES, NULL);
        milp->lower[rent] = 0;
        ck_assert_msg(isnan(forced) || isinf(forced) || forced >= minimum - slack_of(forced),
                      "seed %lu: renting %zu costs %.12g, not %.12g", (unsigned long)seed, c,
                      forced, minimum);
        tally->reduced++;
    }
}

/* Loads of several GPUs, and routes that have their price: more replicas may then bring in a route
 * that fewer could not pay for. */
static void enlarge(struct tiny *tiny, uint64_t seed)
{
    struct random random = {seed + 1};
    tiny->max_replicas = 2 + random_below(&random, 4);
    tiny->storage_usd_per_gb_hour *= random_between(&random, 1, 10);
    tiny->budget_usd *= random_between(&random, 1, 4);
    for (int p = 0; p < tiny->pools; p++)
        tiny->pool_gpus[p] *= 4;
    for (int i = 0; i < tiny->queries; i++)
        tiny->query[i].rate_per_hour *= random_between(&random, 1, 4);
    for (int k = 0; k < tiny->tiers; k++)
        tiny->tier[k].usd_per_hour *= random_between(&random, 0.05, 1);
}

enum kind { PLAIN, ENLARGED, UNCERTAIN };

static void bounds_of(enum kind kind, int policy)
{
    struct tally tally = {0};
    for (int n = 0; n < EACH; n++) {
        uint64_t seed = (uint64_t)(policy + POLICIES * n);
        struct tiny tiny;
        struct program program;
        struct ifp_relaxation *relaxation;
        struct ifp_master *master;
        struct random random = {seed};
        if (kind == UNCERTAIN)
            tiny_make_uncertain(&tiny, seed);
        else
            tiny_make(&tiny, seed);
        if (kind == ENLARGED)
            enlarge(&tiny, seed);
        program_build(&program, tiny_instance(&tiny));
        if (program.problem->configuration_count && program.problem->route_count) {
            program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp,
                                          program.watch, &relaxation, &error),
                       &error);
            program_ok(ifp_master_new(program.problem, relaxation, &master, &error), &error);
            compare(&program, relaxation, master, seed, &tally);
            for (int b = 0; b < BRANCHES; b++) {
                branch(&program, relaxation, &random);
                compare(&program, relaxation, master, seed, &tally);
            }
            ifp_master_free(master);
            ifp_relaxation_free(relaxation);
        }
        program_destroy(&program);
    }
    ck_assert_int_ge(tally.solved, EACH / 2);
    ck_assert_int_ge(tally.reduced, EACH / 4);
    ck_assert_int_ge(tally.tighter + tally.infeasible, 1);
}

START_TEST(between_the_compact_bound_and_the_optimum)
{
    bounds_of(PLAIN, _i);
}
END_TEST

START_TEST(likewise_with_several_replicas)
{
    bounds_of(ENLARGED, _i);
}
END_TEST

START_TEST(likewise_with_worst_cases)
{
    bounds_of(UNCERTAIN, _i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("master");
    TCase *tests = tcase_create("bounds");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, between_the_compact_bound_and_the_optimum, 0, POLICIES);
    tcase_add_loop_test(tests, likewise_with_several_replicas, 0, POLICIES);
    tcase_add_loop_test(tests, likewise_with_worst_cases, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
