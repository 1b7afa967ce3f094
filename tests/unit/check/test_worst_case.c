/* SPDX-License-Identifier: MIT */
/* Worst cases: of deviations under a budget, by hand and against every vertex of the set; and of
 * plans in the check, for every kind and level of uncertainty, against numbers worked out by
 * hand. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/vertices.h"
#include "check/worst_case.h"
#include "plan/plan.h"
#include "support/plan_by_hand.h"
#include "support/random.h"
#include "support/suite.h"

enum { FACTORS = 3 };

static long double value_of(struct ifp_wide wide)
{
    return (long double)wide.high + wide.low;
}

static struct ifp_wide wide_of(long double value)
{
    return ifp_wide_two_sum((double)value, (double)(value - (double)value));
}

/* The factors that come with the worst case are in the set, and give it. */
static void expect_factors(const struct ifp_deviation *deviations, int count, double budget,
                           long double worst)
{
    long double sum = 0;
    long double spent = 0;
    for (int n = 0; n < count; n++) {
        long double factor = value_of(deviations[n].factor);
        ck_assert(0 <= factor);
        ck_assert(factor <= fmaxl(0, value_of(deviations[n].cap)));
        sum += value_of(deviations[n].value) * factor;
        spent += factor;
    }
    ck_assert(spent <= budget * (1 + 1e-14L));
    ck_assert(fabsl(sum - worst) <= 1e-14L * fmaxl(1, worst));
}

struct pair {
    long double value;
    long double cap;
};

/* In every order that three can come in. */
static void expect_worst(const struct pair *pairs, double budget, long double expected)
{
    static const int orders[][FACTORS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        struct ifp_deviation ordered[FACTORS];
        for (int n = 0; n < FACTORS; n++)
            ordered[n] = (struct ifp_deviation){.value = wide_of(pairs[orders[o][n]].value),
                                                .cap = wide_of(pairs[orders[o][n]].cap)};
        long double found = value_of(ifp_worst_case(ordered, FACTORS, budget));
        expect_factors(ordered, FACTORS, budget, found);
        ck_assert_msg(fabsl(found - expected) <= 1e-14L * fmaxl(1, expected),
                      "budget %g: %.18Lg, not %.18Lg", budget, found, expected);
    }
}

static const struct {
    struct pair deviations[FACTORS];
    struct {
        double budget;
        long double worst;
    } cases[8];
} by_hand[] = {
    /* caps of 1: fractions of a unit, the sum of the caps and more */
    {{{5, 1}, {3, 1}, {2, 1}},
     {{0, 0}, {0.5, 2.5L}, {1, 5}, {1.5, 6.5L}, {2, 8}, {2.25, 8.5L}, {3, 10}, {1e15, 10}}},
    /* 5 x 0.4 = 2, then 3 x 1.7 = 5.1, and nothing at a cap of 0 */
    {{{5, 0.4L}, {3, 1.7L}, {2, 0}},
     {{0, 0}, {0.25, 1.25L}, {0.4, 2}, {1, 3.8L}, {2, 6.8L}, {2.1, 7.1L}, {3, 7.1L}, {1e15, 7.1L}}},
    /* a cap below 0 is 0, whatever the value */
    {{{9, -2}, {1, 1}, {2, 2.5L}},
     {{0, 0}, {0.5, 1}, {1, 2}, {2, 4}, {2.5, 5}, {3, 5.5L}, {3.5, 6}, {7, 6}}},
    /* ties share as they like */
    {{{2, 0.5L}, {2, 1}, {2, 0.25L}},
     {{0, 0}, {0.25, 0.5L}, {0.5, 1}, {1, 2}, {1.5, 3}, {1.625, 3.25L}, {1.75, 3.5L}, {2, 3.5L}}},
    /* zeros take of the budget only when nothing else wants it */
    {{{0, 5}, {4, 1}, {0, 1}},
     {{0, 0}, {0.5, 2}, {1, 4}, {1.5, 4}, {6, 4}, {7, 4}, {100, 4}, {1e15, 4}}},
    {{{0, 1}, {0, 1}, {0, 1}}, {{0, 0}, {1, 0}, {3, 0}, {4, 0}}},
    /* a wide cap takes the whole budget */
    {{{1e15, 1e15L}, {1, 1}, {1, 1}}, {{0, 0}, {1, 1e15L}, {2, 2e15L}}},
};

START_TEST(deviations_by_hand)
{
    for (size_t c = 0; c < sizeof by_hand[_i].cases / sizeof *by_hand[_i].cases; c++)
        expect_worst(by_hand[_i].deviations, by_hand[_i].cases[c].budget,
                     by_hand[_i].cases[c].worst);
}
END_TEST

START_TEST(no_deviations)
{
    struct ifp_deviation none = {.value = ifp_wide(1), .cap = ifp_wide(1)};
    ck_assert(value_of(ifp_worst_case(&none, 0, 5)) == 0);
    ck_assert(value_of(ifp_worst_case(&none, 0, (double)INFINITY)) == 0);
    /* A budget without an end fills every cap. */
    ck_assert(value_of(ifp_worst_case(&none, 1, (double)INFINITY)) == 1);
}
END_TEST

static long double any_cap(struct random *random)
{
    static const double caps[] = {0, 0.5, 1, 1, 1, 2.5};
    return random_chance(random, 0.5) ? caps[random_below(random, 6)]
                                      : random_between(random, -0.2, 2);
}

START_TEST(the_largest_of_all_vertices)
{
    enum { TRIALS = 3000 };
    struct random random = {20250};
    int fractional = 0;
    int whole = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct ifp_deviation deviations[VERTEX_FACTORS];
        long double caps[VERTEX_FACTORS];
        long double values[VERTEX_FACTORS];
        long double all = 0;
        int count = 1 + random_below(&random, VERTEX_FACTORS);
        for (int n = 0; n < count; n++) {
            caps[n] = any_cap(&random);
            values[n] = random_chance(&random, 0.3) ? random_below(&random, 3)
                                                    : random_between(&random, 0, 10);
            deviations[n] =
                (struct ifp_deviation){.value = wide_of(values[n]), .cap = wide_of(caps[n])};
            all += fmaxl(0, caps[n]);
        }
        double budget = random_chance(&random, 0.3) ? random_below(&random, 8) * 0.5
                                                    : (double)all * random_between(&random, 0, 1.2);
        struct vertices vertices;
        vertices_find(&vertices, caps, count, budget);
        long double worst = 0;
        for (int v = 0; v < vertices.count; v++) {
            long double sum = 0;
            long double spent = 0;
            for (int n = 0; n < count; n++) {
                long double factor = vertices.factor[v][n];
                ck_assert(0 <= factor && factor <= fmaxl(0, caps[n]));
                sum += values[n] * factor;
                spent += factor;
            }
            ck_assert(spent <= budget * (1 + 1e-14L));
            worst = fmaxl(worst, sum);
        }
        long double found = value_of(ifp_worst_case(deviations, (size_t)count, budget));
        expect_factors(deviations, count, budget, found);
        ck_assert_msg(fabsl(found - worst) <= 1e-14L * fmaxl(1, worst),
                      "trial %d: %.18Lg, not %.18Lg", trial, found, worst);
        fractional += budget > 0 && budget < all;
        whole += budget >= all;
    }
    ck_assert_int_ge(fractional, TRIALS / 4);
    ck_assert_int_ge(whole, TRIALS / 10);
}
END_TEST

/*
 *     query a   1/2 to M on T, 1/4 to N on U, 1/4 unmet
 *         delay    0.5 x 2 x 200 / 1.6 + 0.25 x 0.5 x 200                   = 125 + 25 = 150 ms
 *         more     0.5 x 0.8 x 200 / 1.6 and 0.25 x 0.8 x 200               = 50 and 40 ms
 *         error    0.5 x 0.02 + 0.25 x 0.04 = 0.02; more 0.5 x 0.04 = 0.02 and 0.25 x 0.16 = 0.04
 *     query b   all to N on U
 *         delay    0.5 x 100 = 50 ms; more 0.2 x 100 = 20 ms
 *         error    0.04; more 0.08
 *     $ for each ms of delay: a 10 x 1e-6 x 3600 = 0.036, b 10 x 2e-6 x 7200 = 0.144
 */
static void set_deviations(void)
{
    set_number("performance.delay_deviation_ms_per_token[a][M][T]", 0.8);
    set_number("performance.delay_deviation_ms_per_token[a][N][U]", 0.8);
    set_number("performance.delay_deviation_ms_per_token[b][N][U]", 0.2);
    set_number("performance.error_deviation[a][M][T]", 0.04);
    set_number("performance.error_deviation[a][N][U]", 0.16);
    set_number("performance.error_deviation[b][N][U]", 0.08);
    set_number("queries[*].error_limit", 1);
}

static void split_query_a(void)
{
    plan->routes[0].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0.25), IFP_OK);
}

static void set_kind(const char *kind, const char *level)
{
    set_number("uncertainty.delay_budget", 0);
    set_number("uncertainty.error_budget", 0);
    set("uncertainty.kind", kind);
    set("uncertainty.level", level);
    if (strcmp(level, "query") == 0)
        set("policy.placement", "single");
}

static void set_shrinks(const char *field, double on_t, double on_u)
{
    char path[64];
    (void)snprintf(path, sizeof path, "performance.%s[M][T]", field);
    set_number(path, on_t);
    (void)snprintf(path, sizeof path, "performance.%s[N][U]", field);
    set_number(path, on_u);
}

/* With that budget, the delays as they are added up over the shares, ms, and the delay cost. */
static void expect_delays(double budget, double a, double b, double usd)
{
    set_number("uncertainty.delay_budget", budget);
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), "");
    expect_limit("delay[a]", a / 0.75, 1000);
    expect_limit("delay[b]", b, 1000);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), usd);
    expect_near(ifp_check_cost(check, IFP_COST_TOTAL), ifp_check_cost(check, IFP_COST_RENTAL) +
                                                           ifp_check_cost(check, IFP_COST_STORAGE) +
                                                           usd + 4500);
    /* Errors have a budget of their own. */
    expect_near(get_limit("error[b]").used, 0.04);
}

static void expect_errors(double budget, double a, double b)
{
    set_number("uncertainty.error_budget", budget);
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), "");
    expect_limit("error[a]", a / 0.75, 1);
    expect_limit("error[b]", b, 1);
    expect_near(get_limit("delay[b]").used, 50);
}

START_TEST(kind_none)
{
    set_deviations();
    split_query_a();
    set_shrinks("delay_shrink", -1, 1);
    run_check();
    expect_limit("delay[a]", 200, 1000);
    expect_limit("error[a]", 0.02 / 0.75, 1);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 0.036 * 150 + 0.144 * 50);
}
END_TEST

/* Each query type has the whole budget, in its limit and in the cost. The level says nothing, nor
 * do the shrink factors. */
START_TEST(kind_budget)
{
    set_deviations();
    split_query_a();
    set_kind("budget", "cell");
    set("uncertainty.level", _i ? "query" : "cell");
    set_shrinks("delay_shrink", 1, -3);
    set_shrinks("error_shrink", 1, -3);
    expect_delays(0, 150, 50, 0.036 * 150 + 0.144 * 50);
    expect_delays(0.5, 175, 60, 0.036 * 175 + 0.144 * 60);
    expect_delays(1, 200, 70, 0.036 * 200 + 0.144 * 70);
    expect_delays(1.5, 220, 70, 0.036 * 220 + 0.144 * 70);
    expect_delays(2, 240, 70, 0.036 * 240 + 0.144 * 70);
    expect_delays(1e15, 240, 70, 0.036 * 240 + 0.144 * 70);
    set_number("uncertainty.delay_budget", 0);
    expect_errors(0, 0.02, 0.04);
    expect_errors(0.5, 0.04, 0.08);
    expect_errors(1, 0.06, 0.12);
    expect_errors(1.5, 0.07, 0.12);
    expect_errors(2, 0.08, 0.12);
    expect_errors(1e15, 0.08, 0.12);
}
END_TEST

/* Caps by pair: M on T 3/4 and N on U 3/2 for delays, 0 and 1/2 for errors. */
START_TEST(kind_decision_dependent_by_cell)
{
    set_deviations();
    split_query_a();
    set_kind("decision_dependent", "cell");
    set_shrinks("delay_shrink", 0.25, -0.5);
    set_shrinks("error_shrink", 1, 0.5);
    expect_delays(0, 150, 50, 0.036 * 150 + 0.144 * 50);
    expect_delays(0.5, 175, 60, 0.036 * 175 + 0.144 * 60);
    expect_delays(1, 150 + 37.5 + 10, 70, 0.036 * 197.5 + 0.144 * 70);
    expect_delays(1.5, 150 + 37.5 + 30, 80, 0.036 * 217.5 + 0.144 * 80);
    expect_delays(2.25, 150 + 37.5 + 60, 80, 0.036 * 247.5 + 0.144 * 80);
    expect_delays(1e15, 150 + 37.5 + 60, 80, 0.036 * 247.5 + 0.144 * 80);
    set_number("uncertainty.delay_budget", 0);
    expect_errors(0.25, 0.03, 0.06);
    expect_errors(0.5, 0.04, 0.08);
    expect_errors(2, 0.04, 0.08);
    /* A pair shrunk to nothing leaves the budget to the other. */
    set_shrinks("delay_shrink", 1, 1);
    set_number("uncertainty.error_budget", 0);
    expect_delays(2, 150, 50, 0.036 * 150 + 0.144 * 50);
    set_shrinks("delay_shrink", 1, 0);
    expect_delays(1, 190, 70, 0.036 * 190 + 0.144 * 70);
}
END_TEST

/* One factor for each query type, and one budget for all of them in the cost. Of a, 3/4 go to M on
 * T: 187.5 ms and 75 more, 2.7 $, at most 3/4 of that; of b 20 ms more, 2.88 $, at most 3/2. */
START_TEST(kind_decision_dependent_by_query)
{
    double nominal = 0.036 * 187.5 + 0.144 * 50;
    set_deviations();
    set_kind("decision_dependent", "query");
    set_shrinks("delay_shrink", 0.25, -0.5);
    set_shrinks("error_shrink", 1, 0.5);
    expect_delays(0, 187.5, 50, nominal);
    expect_delays(0.5, 187.5 + 37.5, 60, nominal + 1.44);
    expect_delays(1, 187.5 + 56.25, 70, nominal + 2.88);
    expect_delays(1.5, 187.5 + 56.25, 80, nominal + 4.32);
    expect_delays(2, 187.5 + 56.25, 80, nominal + 4.32 + 1.35);
    expect_delays(2.25, 187.5 + 56.25, 80, nominal + 4.32 + 2.025);
    expect_delays(1e15, 187.5 + 56.25, 80, nominal + 4.32 + 2.025);
    set_number("uncertainty.delay_budget", 0);
    expect_errors(0.25, 0.015, 0.06);
    expect_errors(1, 0.015, 0.08);
    /* A query type that is not charged for delay takes none of the budget. */
    set_number("uncertainty.error_budget", 0);
    set_number("queries[b].delay_penalty_usd_per_ms", 0);
    expect_delays(0.5, 187.5 + 37.5, 60, 0.036 * 225);
    set_shrinks("delay_shrink", 1, 1);
    expect_delays(2, 187.5, 50, 0.036 * 187.5);
}
END_TEST

/* What placement forbids is told as such; the rest goes by the formula: 1 - 0.25 + 0.5. */
START_TEST(two_routes_by_query)
{
    set_deviations();
    set_kind("decision_dependent", "query");
    set_shrinks("delay_shrink", 0.25, -0.5);
    set_number("uncertainty.delay_budget", 7);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0), IFP_OK);
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), "placement[a]: 2 of 1 routes");
    expect_limit("delay[a]", 250 + 1.25 * 100, 1000);
}
END_TEST

/* Two entries of one route deviate together: one factor and one cap. */
START_TEST(routes_listed_twice)
{
    set_deviations();
    set_kind("decision_dependent", _i ? "query" : "cell");
    set_shrinks("delay_shrink", 0.25, 0);
    set_number("uncertainty.delay_budget", 7);
    plan->routes[0].fraction = 0.25;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 0.25), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 0.25), IFP_OK);
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), "route[a,M,T]: listed twice");
    expect_limit("delay[a]", 250 + 0.75 * 100, 1000);
    expect_limit("delay[b]", 50 + 20, 1000);
}
END_TEST

/* The unmet share counts as zero, at the worst too. */
START_TEST(worst_cases_by_offered)
{
    set_deviations();
    split_query_a();
    set_kind("budget", "cell");
    set("policy.slo_basis", "offered");
    set_number("uncertainty.delay_budget", 1.5);
    set_number("uncertainty.error_budget", 1);
    run_check();
    expect_limit("delay[a]", 220, 1000);
    expect_limit("error[a]", 0.06, 1);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 0.036 * 220 + 0.144 * 70);
}
END_TEST

static void expect_edge(const char *path, double used, const char *name)
{
    for (int tight = 0; tight < 2; tight++) {
        set_number(path, used / (1 + (tight ? 1.01e-6 : 0.99e-6)));
        run_check();
        ck_assert_int_eq(ifp_check_feasible(check), !tight);
        ck_assert_int_eq(strncmp(ifp_check_reason(check), name, strlen(name)) == 0, tight);
    }
}

/* Limits hold at the worst, not at the nominal delay and error. */
START_TEST(limits_at_the_worst)
{
    set_deviations();
    split_query_a();
    set_kind("budget", "cell");
    set_number("uncertainty.delay_budget", 1.5);
    set_number("uncertainty.error_budget", 1.5);
    expect_edge("queries[a].delay_limit_ms", 220 / 0.75, "delay[a]: ");
    set_number("queries[a].delay_limit_ms", 1000);
    expect_edge("queries[a].error_limit", 0.07 / 0.75, "error[a]: ");
}
END_TEST

START_TEST(limits_at_the_worst_by_query)
{
    set_deviations();
    set_kind("decision_dependent", "query");
    set_shrinks("delay_shrink", 0.25, -0.5);
    set_shrinks("error_shrink", 0.25, -0.5);
    set_number("uncertainty.delay_budget", 7);
    set_number("uncertainty.error_budget", 1.25);
    expect_edge("queries[a].delay_limit_ms", 325, "delay[a]: ");
    set_number("queries[a].delay_limit_ms", 1000);
    expect_edge("queries[b].error_limit", 0.04 + 1.25 * 0.08, "error[b]: ");
}
END_TEST

/* However little is served deviates as much; nothing served deviates by nothing. */
START_TEST(hardly_anything_served_at_the_worst)
{
    set_deviations();
    set_kind("budget", "cell");
    set_number("uncertainty.delay_budget", 0.5);
    for (double share = 1e-3; share > 1e-30; share *= 1e-3) {
        plan->routes[0].fraction = share;
        plan->unmet[0].fraction = 1 - share;
        run_check();
        expect_limit("delay[a]", 300, 1000);
    }
    plan->routes[0].fraction = 0;
    plan->unmet[0].fraction = 1;
    run_check();
    expect_limit("delay[a]", 0, 1000);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 0.144 * 60);
    plan->route_count = 0;
    plan->deployment_count = 0;
    run_check();
    expect_limit("delay[b]", 0, 1000);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 0);
}
END_TEST

/* Negative shares and routes that are no candidates have no deviation either. */
START_TEST(routes_that_serve_nothing)
{
    set_deviations();
    set_kind("budget", "cell");
    set_number("uncertainty.delay_budget", 2);
    set_number("uncertainty.error_budget", 2);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, -0.25), IFP_OK);
    run_check();
    expect_limit("delay[a]", 350, 1000);
    plan->route_count = 2;
    set("performance.delay_ms_per_token[a][M][T]", "null");
    run_check();
    expect_limit("delay[a]", 0, 1000);
    expect_limit("error[a]", 0.06, 1);
}
END_TEST

static Suite *worst_case_suite(void)
{
    Suite *suite = suite_create("worst case");
    TCase *deviations = tcase_create("deviations");
    tcase_add_loop_test(deviations, deviations_by_hand, 0, (int)(sizeof by_hand / sizeof *by_hand));
    tcase_add_test(deviations, no_deviations);
    tcase_add_test(deviations, the_largest_of_all_vertices);
    suite_add_tcase(suite, deviations);

    TCase *plans = new_case(suite, "plans");
    tcase_add_test(plans, kind_none);
    tcase_add_loop_test(plans, kind_budget, 0, 2);
    tcase_add_test(plans, kind_decision_dependent_by_cell);
    tcase_add_test(plans, kind_decision_dependent_by_query);
    tcase_add_test(plans, two_routes_by_query);
    tcase_add_loop_test(plans, routes_listed_twice, 0, 2);
    tcase_add_test(plans, worst_cases_by_offered);
    tcase_add_test(plans, limits_at_the_worst);
    tcase_add_test(plans, limits_at_the_worst_by_query);
    tcase_add_test(plans, hardly_anything_served_at_the_worst);
    tcase_add_test(plans, routes_that_serve_nothing);
    return suite;
}

int main(void)
{
    return suite_run(worst_case_suite());
}
