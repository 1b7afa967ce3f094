/* SPDX-License-Identifier: MIT */
/* Tiny random instances under every policy, solved by the library and by trying everything: the
 * same status, the same objective, a bound that is none too high, a plan that holds. With every
 * uncertainty, plans evaluated by the library and by going through the vertices of its set. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute.h"
#include "plans.h"
#include "simplex.h"
#include "support/suite.h"
#include "vertices.h"

enum { BATCH = 60, BATCHES = 14, UNCERTAIN_BATCHES = 12 };

static const char *const engines[] = {"auto", "mip", "decompose"};

/* The library's plan as indices; names are a letter and a digit. */
static double cost_of_plan(const struct tiny *tiny, const ifp_plan *plan)
{
    int degree_index[TINY_PAIRS] = {0};
    int replicas[TINY_PAIRS] = {0};
    double share[TINY_QUERIES][TINY_PAIRS] = {{0}};
    double unmet[TINY_QUERIES] = {0};
    for (size_t d = 0; d < ifp_plan_deployment_count(plan); d++) {
        ifp_deployment entry = IFP_DEPLOYMENT_INIT;
        ck_assert_int_eq(ifp_plan_deployment(plan, d, &entry), IFP_OK);
        int k = entry.tier[1] - '0';
        int pair = (entry.model[1] - '0') * tiny->tiers + k;
        int n = 0;
        while (n < tiny->tier[k].degrees && tiny->tier[k].tp_degrees[n] != (double)entry.tp_degree)
            n++;
        ck_assert_int_lt(n, tiny->tier[k].degrees);
        ck_assert_int_eq(replicas[pair], 0);
        ck_assert_int_eq(entry.gpus, entry.tp_degree * entry.replicas);
        degree_index[pair] = n;
        replicas[pair] = (int)entry.replicas;
    }
    for (size_t r = 0; r < ifp_plan_route_count(plan); r++) {
        ifp_route entry = IFP_ROUTE_INIT;
        ck_assert_int_eq(ifp_plan_route(plan, r, &entry), IFP_OK);
        share[entry.query[1] - '0'][(entry.model[1] - '0') * tiny->tiers + entry.tier[1] - '0'] =
            entry.fraction;
    }
    for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
        ifp_unmet entry = IFP_UNMET_INIT;
        ck_assert_int_eq(ifp_plan_unmet(plan, u, &entry), IFP_OK);
        unmet[entry.query[1] - '0'] = entry.fraction;
    }
    return brute_cost(tiny, degree_index, replicas, share, unmet);
}

static void expect_plan(const struct tiny *tiny, const ifp_instance *instance,
                        const ifp_solution *solution, unsigned long seed)
{
    const ifp_plan *plan = ifp_solution_plan(solution);
    double objective = ifp_solution_objective(solution);
    ck_assert_ptr_nonnull(plan);
    ifp_check *check = ifp_check_new(instance, plan, NULL);
    ck_assert_ptr_nonnull(check);
    ck_assert_msg(ifp_check_feasible(check), "seed %lu: %s", seed, ifp_check_reason(check));
    ck_assert_double_eq(ifp_check_cost(check, IFP_COST_TOTAL), objective);
    double cost = cost_of_plan(tiny, plan);
    ck_assert_msg(fabs(cost - objective) <= 1e-9 * fmax(1, fabs(objective)),
                  "seed %lu: the plan costs %.12g, not %.12g", seed, cost, objective);
    ifp_check_free(check);
}

/* Solves and compares with the optimum; false where there is no such engine. */
static bool compare(const struct tiny *tiny, const ifp_instance *instance,
                    const struct brute *brute, const char *engine, unsigned long seed)
{
    ifp_options *options = ifp_options_new();
    ifp_error *error = ifp_error_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "0"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", engine), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    bool there = model != NULL;
    if (!there)
        ck_assert_msg(ifp_error_code(error) == IFP_ERROR_UNSUPPORTED &&
                          !strcmp(engine, "decompose"),
                      "seed %lu, %s: %s", seed, engine, ifp_error_message(error));
    ifp_options_free(options);
    ifp_error_free(error);
    if (!there)
        return false;
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "seed %lu, %s: %s", seed, engine,
                  ifp_error_message(ifp_model_last_error(model)));
    double best = brute->objective;
    double slack = 1e-6 * fmax(1, fabs(best));
    double objective = ifp_solution_objective(solution);
    ck_assert_msg(ifp_solution_status(solution) ==
                      (brute->feasible ? IFP_STATUS_OPTIMAL : IFP_STATUS_INFEASIBLE),
                  "seed %lu, %s: %s with a gap of %.3g, but the optimum is %.12g", seed, engine,
                  ifp_solution_status_word(solution), ifp_solution_gap(solution), best);
    if (brute->feasible) {
        ck_assert_msg(fabs(objective - best) <= slack, "seed %lu, %s: %.12g, not %.12g", seed,
                      engine, objective, best);
        ck_assert_msg(ifp_solution_bound(solution) <= best + 1e-9 * fmax(1, fabs(best)),
                      "seed %lu, %s: the bound %.15g is above the optimum %.15g", seed, engine,
                      ifp_solution_bound(solution), best);
        expect_plan(tiny, instance, solution, seed);
    } else {
        ck_assert_double_eq(ifp_solution_bound(solution), INFINITY);
        ck_assert_ptr_null(ifp_solution_plan(solution));
    }
    ifp_solution_free(solution);
    ifp_model_free(model);
    return true;
}

/* Is it best to serve anybody? */
static bool serves(const struct tiny *tiny, const struct brute *brute)
{
    double drop = 0; /* what it costs to serve nobody */
    for (int i = 0; i < tiny->queries; i++)
        drop +=
            tiny->penalty_hours * tiny->query[i].unmet_penalty_usd * tiny->query[i].rate_per_hour;
    return brute->feasible && brute->objective < drop * (1 - 1e-9);
}

/* A batch of instances, each by every engine. */
static void compare_batch(void (*make)(struct tiny *tiny, uint64_t seed), int batch)
{
    int served = 0;
    int infeasible = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(batch * BATCH + n);
        make(&tiny, seed);
        struct brute brute = brute_solve(&tiny);
        ifp_instance *instance = tiny_instance(&tiny);
        served += serves(&tiny, &brute);
        infeasible += !brute.feasible;
        for (size_t e = 0; e < sizeof engines / sizeof *engines; e++)
            (void)compare(&tiny, instance, &brute, engines[e], seed);
        ifp_instance_free(instance);
    }
    /* A generator gone stale would prove nothing. */
    ck_assert_int_ge(served, BATCH / 4);
    ck_assert_int_ge(infeasible, 1);
}

START_TEST(the_same_by_trying_everything)
{
    compare_batch(tiny_make, _i);
}
END_TEST

START_TEST(uncertain_plans_agree)
{
    compare_batch(tiny_make_uncertain, _i);
}
END_TEST

/* The check agrees with the evaluation by vertices on the plan: what it costs, or that it breaks a
 * limit. Returns the cost, NaN where it does. */
static double compare_check(const struct tiny *tiny, const ifp_instance *instance,
                            struct brute *from, unsigned long seed)
{
    ifp_plan *plan = tiny_plan(tiny, instance, from);
    ifp_check *check = ifp_check_new(instance, plan, NULL);
    ck_assert_ptr_nonnull(check);
    double cost = brute_cost(tiny, from->degree_index, from->replicas, from->share, from->unmet);
    ck_assert_msg(ifp_check_feasible(check) == !isnan(cost), "seed %lu: %.12g, but %s", seed, cost,
                  ifp_check_feasible(check) ? "the check holds" : ifp_check_reason(check));
    if (!isnan(cost))
        ck_assert_msg(
            fabs(ifp_check_cost(check, IFP_COST_TOTAL) - cost) <= 1e-12 * fmax(1, fabs(cost)),
            "seed %lu: %.15g, not %.15g", seed, ifp_check_cost(check, IFP_COST_TOTAL), cost);
    ifp_check_free(check);
    ifp_plan_free(plan);
    return cost;
}

/* The optimum found by trying everything holds every limit by the check, and costs what it says; so
 * do plans at random, or both find them broken. */
START_TEST(uncertain_plans_are_checked)
{
    enum { ANY = 20 };
    int served = 0;
    int infeasible = 0;
    int dearer = 0;
    int any_held = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        tiny_make_uncertain(&tiny, seed);
        struct random random = {seed};
        struct brute brute = brute_solve(&tiny);
        struct tiny nominal = tiny;
        nominal.uncertainty = TINY_NOMINAL;
        struct brute lower = brute_solve(&nominal);
        ifp_instance *instance = tiny_instance(&tiny);
        double lowest = lower.objective - 1e-9 * fabs(lower.objective);
        ck_assert_msg(lower.feasible ? brute.objective >= lowest : !brute.feasible,
                      "seed %lu: %.12g, but without deviations %.12g", seed, brute.objective,
                      lower.objective);
        if (brute.feasible) {
            double cost = compare_check(&tiny, instance, &brute, seed);
            ck_assert_msg(fabs(cost - brute.objective) <= 1e-9 * fmax(1, fabs(cost)),
                          "seed %lu: %.12g, not %.12g", seed, cost, brute.objective);
        }
        for (int a = 0; a < ANY; a++) {
            struct brute any = tiny_plan_at_random(&tiny, &random);
            double cost = compare_check(&tiny, instance, &any, seed);
            ck_assert_msg(isnan(cost) || cost >= brute.objective - 1e-9 * fabs(cost),
                          "seed %lu: a plan at random costs %.12g, not %.12g", seed, cost,
                          brute.objective);
            any_held += !isnan(cost);
        }
        served += serves(&tiny, &brute);
        infeasible += !brute.feasible;
        dearer += lower.feasible && brute.objective > lower.objective * (1 + 1e-6);
        ifp_instance_free(instance);
    }
    /* A generator gone stale would prove nothing. */
    ck_assert_int_ge(served, BATCH / 4);
    ck_assert_int_ge(infeasible, 1);
    ck_assert_int_ge(dearer, BATCH / 6);
    ck_assert_int_ge(any_held, BATCH * ANY / 20);
}
END_TEST

/* What the uncertain instances are said to have is there, as often as it takes. */
START_TEST(uncertain_instances_of_every_kind)
{
    enum { SEEDS = UNCERTAIN_BATCHES * BATCH };
    int with[TINY_QUERY + 1][TINY_SPLIT + 1][2][2] = {{{{0}}}};
    int budgets[8] = {0};
    int shrinks[5] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        static const double fixed[] = {0, 1, 1.5, 2, 3.5, 1e6};
        struct tiny nominal;
        struct tiny tiny;
        tiny_make(&nominal, seed);
        tiny_make_uncertain(&tiny, seed);
        ck_assert_int_eq(nominal.uncertainty, TINY_NOMINAL);
        ck_assert(tiny.uncertainty != TINY_QUERY || tiny.placement == TINY_SINGLE);
        ck_assert_int_eq(memcmp(tiny.tier, nominal.tier, sizeof tiny.tier), 0);
        with[tiny.uncertainty][tiny.placement][tiny.offered][tiny.stored_by_route]++;
        for (int f = 0; f < 6; f++)
            budgets[f] += tiny.delay_budget == fixed[f];
        budgets[6] += tiny.delay_budget > 0 && tiny.delay_budget < 1;
        budgets[7] += tiny.error_budget > 0 && tiny.error_budget < 1;
        double shrink = tiny.delay_shrink[0][0];
        shrinks[0] += shrink < 0;
        shrinks[1] += shrink == 0;
        shrinks[2] += 0 < shrink && shrink < 1;
        shrinks[3] += shrink == 1;
        shrinks[4] += tiny.error_shrink[0][0] != shrink;
    }
    for (int u = TINY_BUDGET; u <= TINY_QUERY; u++) {
        for (int p = TINY_SINGLE; p <= TINY_SPLIT; p++) {
            for (int b = 0; b < 4; b++)
                ck_assert((u == TINY_QUERY && p != TINY_SINGLE) || with[u][p][b / 2][b % 2] >= 5);
        }
    }
    for (int b = 0; b < 8; b++)
        ck_assert_int_ge(budgets[b], SEEDS / 30);
    for (int s = 0; s < 5; s++)
        ck_assert_int_ge(shrinks[s], SEEDS / 30);
}
END_TEST

static void expect_vertices(const long double *caps, int factors, long double budget, int count,
                            int full)
{
    struct vertices vertices;
    int found_full = 0;
    vertices_find(&vertices, caps, factors, budget);
    for (int v = 0; v < vertices.count; v++)
        found_full += vertices.full[v];
    ck_assert_int_eq(vertices.count, count);
    ck_assert_int_eq(found_full, full);
}

START_TEST(vertices_by_hand)
{
    static const long double ones[] = {1, 1, 1};
    static const long double mixed[] = {0.5L, 2, -1};
    expect_vertices(ones, 3, 0, 1, 1);
    /* the origin, and the budget at one of three */
    expect_vertices(ones, 3, 0.5L, 4, 3);
    expect_vertices(ones, 3, 1, 4, 3);
    /* the origin, three with one at its cap, six with a half beside that */
    expect_vertices(ones, 3, 1.5L, 10, 6);
    expect_vertices(ones, 3, 2, 7, 3);
    /* a cube without a corner, and the cube */
    expect_vertices(ones, 3, 2.5L, 10, 3);
    expect_vertices(ones, 3, 3, 8, 1);
    expect_vertices(ones, 3, 9, 8, 1);
    /* (0, 0), (1/2, 0), (1/2, 1/2), (0, 1); and (0, 0), (1/2, 0), (1/2, 2), (0, 2) */
    expect_vertices(mixed, 3, 1, 4, 2);
    expect_vertices(mixed, 3, 3, 4, 1);
    expect_vertices(mixed, 0, 3, 1, 1);
}
END_TEST

/* The simplex method of the tests against programs whose optimum is plain. */
START_TEST(simplex_by_hand)
{
    /* max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6) */
    struct simplex program = {.rows = 3,
                              .columns = 2,
                              .entry = {{1, 0}, {0, 2}, {3, 2}},
                              .right = {4, 12, 18},
                              .cost = {-3, -5}};
    ck_assert(simplex_solve(&program));
    ck_assert_double_eq_tol((double)program.objective, -36, 1e-12);
    ck_assert_double_eq_tol((double)program.point[0], 2, 1e-12);
    ck_assert_double_eq_tol((double)program.point[1], 6, 1e-12);
    /* x + y = 1, twice, and x >= 1/4: 2x + y is least with x = 1/4 */
    struct simplex equal = {.rows = 3,
                            .columns = 2,
                            .entry = {{1, 1}, {2, 2}, {-1, 0}},
                            .right = {1, 2, -0.25},
                            .relation = {SIMPLEX_EQUAL, SIMPLEX_EQUAL, SIMPLEX_AT_MOST},
                            .cost = {2, 1}};
    ck_assert(simplex_solve(&equal));
    ck_assert_double_eq_tol((double)equal.objective, 1.25, 1e-12);
    equal.right[1] = 2.0000001L;
    ck_assert(!simplex_solve(&equal));
    /* Beale's program, on which the plain rule cycles: -1/20 */
    struct simplex beale = {
        .rows = 3,
        .columns = 4,
        .entry = {{0.25L, -60, -0.04L, 9}, {0.5L, -90, -0.02L, 3}, {0, 0, 1, 0}},
        .right = {0, 0, 1},
        .cost = {-0.75L, 150, -0.02L, 6}};
    ck_assert(simplex_solve(&beale));
    ck_assert_double_eq_tol((double)beale.objective, -0.05, 1e-12);
}
END_TEST

static Suite *brute_suite(void)
{
    Suite *suite = suite_create("brute");
    TCase *tests = tcase_create("brute");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, simplex_by_hand);
    tcase_add_test(tests, vertices_by_hand);
    tcase_add_test(tests, uncertain_instances_of_every_kind);
    tcase_add_loop_test(tests, uncertain_plans_are_checked, 0, UNCERTAIN_BATCHES);
    tcase_add_loop_test(tests, the_same_by_trying_everything, 0, BATCHES);
    tcase_add_loop_test(tests, uncertain_plans_agree, 0, UNCERTAIN_BATCHES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(brute_suite());
}
