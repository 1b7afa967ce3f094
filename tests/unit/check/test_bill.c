/* SPDX-License-Identifier: MIT */
/* Who pays for what: by hand; and on random plans of random instances, of every kind of
 * uncertainty, against the check, which knows nothing of routes when it adds up the whole. */
#include <check.h>
#include <math.h>

#include <inferplan/inferplan.h>

#include "brute/tiny.h"
#include "plan/plan.h"
#include "support/plan_by_hand.h"
#include "support/random.h"
#include "support/suite.h"

static void expect_route(size_t route, double rental, double storage, double delay)
{
    expect_near(ifp_check_route_cost(check, route, IFP_COST_RENTAL), rental);
    expect_near(ifp_check_route_cost(check, route, IFP_COST_STORAGE), storage);
    expect_near(ifp_check_route_cost(check, route, IFP_COST_DELAY), delay);
    expect_near(ifp_check_route_cost(check, route, IFP_COST_TOTAL), rental + storage + delay);
    ck_assert_double_eq(ifp_check_route_cost(check, route, IFP_COST_UNMET), 0);
}

/* Weights: 10 h x 0.01 $ x 16 GB = 1.6 and x 4 GB = 0.4; data of a: x 5.4 GB = 0.54. */
START_TEST(each_alone)
{
    run_check();
    expect_route(0, 40, 1.6 + 0.54, 6.75);
    expect_route(1, 40, 0.4, 7.2);
    expect_near(ifp_check_unmet_cost(check, 0), 4500);
    expect_near(ifp_check_deployment_cost(check, 0, IFP_COST_RENTAL), 40);
    expect_near(ifp_check_deployment_cost(check, 0, IFP_COST_STORAGE), 1.6);
    expect_near(ifp_check_deployment_cost(check, 1, IFP_COST_TOTAL), 40.4);
    ck_assert_double_eq(ifp_check_deployment_cost(check, 1, IFP_COST_DELAY), 0);
    ck_assert_uint_eq(ifp_plan_route_count(ifp_check_plan(check)), 2);
}
END_TEST

/* Half of b joins a on M: 540,000 tokens an hour of a, 360,000 of b. Its delay there is 2 x 100 /
 * 1.6 = 125 ms, times a half. */
START_TEST(shared)
{
    plan->routes[1].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 0.5), IFP_OK);
    ifp_plan_sort(plan);
    run_check();
    expect_route(0, 24, 0.96 + 0.54, 6.75);
    expect_route(1, 16, 0.64, 9);
    expect_route(2, 40, 0.4, 3.6);
    /* Weights by route: each its own. */
    set("policy.storage_basis", "route");
    run_check();
    expect_route(0, 24, 1.6 + 0.54, 6.75);
    expect_route(1, 16, 1.6, 9);
    ck_assert_double_eq(ifp_check_deployment_cost(check, 0, IFP_COST_STORAGE), 0);
}
END_TEST

/* Without traffic two routes share by halves. */
START_TEST(no_traffic)
{
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 0), IFP_OK);
    ifp_plan_sort(plan);
    set("queries[*].rate_per_hour", "0");
    run_check();
    expect_route(0, 20, 0.8, 0);
    expect_route(1, 20, 0.8, 0);
    expect_near(ifp_check_unmet_cost(check, 0), 0);
}
END_TEST

/* What one route deviates by, 100 ms of M at the worst, is paid by that route: budget 1 goes to the
 * one of two that costs more. */
START_TEST(worst_case)
{
    plan->routes[1].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 0.5), IFP_OK);
    ifp_plan_sort(plan);
    set("uncertainty.kind", "budget");
    set("uncertainty.delay_budget", "1.5");
    set("uncertainty.error_budget", "0");
    set("performance.delay_deviation_ms_per_token", "0.8");
    run_check();
    /* a: 0.8 x 200 / 1.6 = 100 ms x 0.75; b on M: 50 ms x 0.5; b on N: 80 ms x 0.5, comes first. */
    expect_route(0, 24, 1.5, 6.75 + 10 * 1e-6 * 3600 * 75);
    expect_route(1, 16, 0.64, 9 + 10 * 2e-6 * 7200 * 25 * 0.5);
    expect_route(2, 40, 0.4, 3.6 + 10 * 2e-6 * 7200 * 40);
}
END_TEST

/* A millionth of b's demand is missing, 7200 x 10 h x 0.25 $ for all of it, and b has no unmet
 * entry: its routes share that by theirs, 3 to 1. */
START_TEST(missing_demand)
{
    plan->routes[1].fraction = 0.75 - 0x1p-20;
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 0.25), IFP_OK);
    ifp_plan_sort(plan);
    run_check();
    double missing = 18000 * 0x1p-20;
    double served = 1 - 0x1p-20;
    expect_near(ifp_check_route_cost(check, 0, IFP_COST_UNMET), 0);
    expect_near(ifp_check_route_cost(check, 1, IFP_COST_UNMET), missing * 0.25 / served);
    expect_near(ifp_check_route_cost(check, 2, IFP_COST_UNMET),
                missing * (0.75 - 0x1p-20) / served);
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500 + missing);
    expect_near(ifp_check_unmet_cost(check, 0), 4500);
    /* With an entry, that one pays. */
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, 0x1p-40), IFP_OK);
    run_check();
    expect_near(ifp_check_route_cost(check, 1, IFP_COST_UNMET), 0);
    expect_near(ifp_check_unmet_cost(check, 1), missing);
}
END_TEST

START_TEST(nothing_there)
{
    run_check();
    ck_assert(isnan(ifp_check_route_cost(check, 2, IFP_COST_TOTAL)));
    ck_assert(isnan(ifp_check_route_cost(check, 0, 5)));
    ck_assert(isnan(ifp_check_route_cost(NULL, 0, IFP_COST_TOTAL)));
    ck_assert(isnan(ifp_check_deployment_cost(check, 2, IFP_COST_TOTAL)));
    ck_assert(isnan(ifp_check_deployment_cost(check, 0, -1)));
    ck_assert(isnan(ifp_check_deployment_cost(NULL, 0, IFP_COST_TOTAL)));
    ck_assert(isnan(ifp_check_unmet_cost(check, 1)));
    ck_assert(isnan(ifp_check_unmet_cost(NULL, 0)));
    ck_assert_ptr_null(ifp_check_plan(NULL));
}
END_TEST

/* Some pairs rented, some of those used, shares as they come: most of these plans break limits. */
static ifp_plan *any_plan(const struct tiny *tiny, const ifp_instance *of, struct random *random)
{
    ifp_plan *made = ifp_plan_new(of);
    ck_assert_ptr_nonnull(made);
    for (int j = 0; j < tiny->models; j++) {
        for (int k = 0; k < tiny->tiers; k++) {
            int n = random_below(random, tiny->tier[k].degrees);
            if (random_chance(random, 0.7))
                ck_assert_int_eq(ifp_plan_add_deployment(made, (size_t)j, (size_t)k,
                                                         (int64_t)tiny->tier[k].tp_degrees[n],
                                                         1 + random_below(random, 3)),
                                 IFP_OK);
        }
    }
    for (int i = 0; i < tiny->queries; i++) {
        bool routed = false;
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                /* By level query a query type has one route. */
                if ((tiny->uncertainty == TINY_QUERY && routed) || random_chance(random, 0.5))
                    continue;
                routed = true;
                ck_assert_int_eq(ifp_plan_add_route(made, (size_t)i, (size_t)j, (size_t)k,
                                                    random_between(random, 0, 1)),
                                 IFP_OK);
            }
        }
        if (random_chance(random, 0.5))
            ck_assert_int_eq(ifp_plan_add_unmet(made, (size_t)i, random_between(random, 0, 1)),
                             IFP_OK);
    }
    return made;
}

/* The shares of each query type sum to nearly 1, and what is missing counts as unmet. */
static void miss_little(const struct tiny *tiny, ifp_plan *made, struct random *random)
{
    for (size_t i = 0; i < (size_t)tiny->queries; i++) {
        double sum = 0;
        double left = 1 - pow(10, random_between(random, -12, -6));
        for (size_t r = 0; r < made->route_count; r++)
            sum += made->routes[r].query == i ? made->routes[r].fraction : 0;
        for (size_t u = 0; u < made->unmet_count; u++)
            sum += made->unmet[u].query == i ? made->unmet[u].fraction : 0;
        for (size_t r = 0; r < made->route_count; r++)
            made->routes[r].fraction *= made->routes[r].query == i ? left / sum : 1;
        for (size_t u = 0; u < made->unmet_count; u++)
            made->unmet[u].fraction *= made->unmet[u].query == i ? left / sum : 1;
    }
}

static bool is_used(const ifp_plan *of, size_t deployment)
{
    for (size_t r = 0; r < of->route_count; r++) {
        if (of->routes[r].model == of->deployments[deployment].model &&
            of->routes[r].tier == of->deployments[deployment].tier)
            return true;
    }
    return false;
}

START_TEST(sums)
{
    enum { TRIALS = 4000 };
    struct random random = {5};
    int worse = 0;
    int unused = 0;
    int missing = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct tiny tiny;
        if (trial % 4)
            tiny_make_uncertain(&tiny, (uint64_t)trial);
        else
            tiny_make(&tiny, (uint64_t)trial);
        ifp_instance *of = tiny_instance(&tiny);
        ifp_plan *made = any_plan(&tiny, of, &random);
        if (trial % 2)
            miss_little(&tiny, made, &random);
        ifp_check *found = ifp_check_new(of, made, error);
        ck_assert_msg(found != NULL, "%s", ifp_error_message(error));
        double sum[IFP_COST_UNMET + 1] = {0};
        const ifp_plan *own = ifp_check_plan(found);
        for (size_t r = 0; r < own->route_count; r++) {
            for (int c = IFP_COST_TOTAL; c <= IFP_COST_UNMET; c++)
                sum[c] += ifp_check_route_cost(found, r, c);
        }
        for (size_t d = 0; d < own->deployment_count; d++) {
            if (is_used(own, d))
                continue;
            unused++;
            for (int c = IFP_COST_TOTAL; c <= IFP_COST_UNMET; c++)
                sum[c] += ifp_check_deployment_cost(found, d, c);
        }
        for (size_t u = 0; u < own->unmet_count; u++) {
            sum[IFP_COST_UNMET] += ifp_check_unmet_cost(found, u);
            sum[IFP_COST_TOTAL] += ifp_check_unmet_cost(found, u);
        }
        for (size_t r = 0; r < own->route_count; r++)
            missing += ifp_check_route_cost(found, r, IFP_COST_UNMET) > 0;
        for (int c = IFP_COST_TOTAL; c <= IFP_COST_UNMET; c++) {
            double expected = ifp_check_cost(found, c);
            ck_assert_msg(fabs(sum[c] - expected) <= 1e-12 * fmax(1, expected),
                          "trial %d, cost %d: %.17g, not %.17g", trial, c, sum[c], expected);
        }
        if (tiny.uncertainty != TINY_NOMINAL) {
            ck_assert_int_eq(ifp_instance_set_word(of, "uncertainty.kind", "none"), IFP_OK);
            ifp_check *nominal = ifp_check_new(of, made, error);
            worse +=
                ifp_check_cost(nominal, IFP_COST_DELAY) < ifp_check_cost(found, IFP_COST_DELAY);
            ifp_check_free(nominal);
        }
        ifp_check_free(found);
        ifp_plan_free(made);
        ifp_instance_free(of);
    }
    ck_assert_int_gt(worse, TRIALS / 4);
    ck_assert_int_gt(unused, TRIALS / 4);
    ck_assert_int_gt(missing, TRIALS / 4);
}
END_TEST

static Suite *bill_suite(void)
{
    Suite *suite = suite_create("bill");
    TCase *tests = new_case(suite, "bill");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, each_alone);
    tcase_add_test(tests, shared);
    tcase_add_test(tests, no_traffic);
    tcase_add_test(tests, worst_case);
    tcase_add_test(tests, missing_demand);
    tcase_add_test(tests, nothing_there);
    tcase_add_test(tests, sums);
    return suite;
}

int main(void)
{
    return suite_run(bill_suite());
}
