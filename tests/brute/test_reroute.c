/* SPDX-License-Identifier: MIT */
/*
 * The best routes on a fixed fleet: of tiny instances the same as by trying everything, nominal and
 * as samples of what may deviate, and never dearer than routes that hold.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute.h"
#include "engine/solve/reroute.h"
#include "plan/plan.h"
#include "plans.h"
#include "stress/deviate.h"
#include "support/points_sample.h"
#include "support/suite.h"

enum { BATCH = 60, BATCHES = 8, SAMPLES = 4 };

/* A plan that breaks limits by no more is one to start from. */
static const double HELD = 1e-8;

/* What the library makes of the plan's fleet: +infinity where there are no routes. */
static double reroute(const ifp_instance *instance, const ifp_plan *plan, unsigned long seed)
{
    const struct ifp_stop_request watch = {0};
    ifp_error *error = ifp_error_new();
    ifp_solution *solution = NULL;
    bool stopped = true;
    int code = ifp_reroute(instance, plan, &watch, &stopped, &solution, error);
    ck_assert_msg(code == IFP_OK, "seed %lu: %s", seed, ifp_error_message(error));
    ck_assert(!stopped);
    ck_assert_msg(ifp_solution_status(solution) == IFP_STATUS_OPTIMAL ||
                      ifp_solution_status(solution) == IFP_STATUS_INFEASIBLE,
                  "seed %lu: %s", seed, ifp_solution_status_word(solution));
    double usd = (double)INFINITY;
    const ifp_plan *found = ifp_solution_plan(solution);
    if (found) {
        ck_assert(ifp_check_feasible(ifp_solution_check(solution)));
        ck_assert_uint_eq(ifp_plan_deployment_count(found), ifp_plan_deployment_count(plan));
        for (size_t d = 0; d < plan->deployment_count; d++)
            ck_assert_int_eq(
                memcmp(&found->deployments[d], &plan->deployments[d], sizeof *plan->deployments),
                0);
        usd = ifp_check_cost(ifp_solution_check(solution), IFP_COST_TOTAL);
    }
    ifp_solution_free(solution);
    ifp_error_free(error);
    return usd;
}

static void expect_same(double found, const struct brute *best, unsigned long seed)
{
    if (!best->feasible) {
        ck_assert_msg(isinf(found), "seed %lu: %.12g, but there are no routes", seed, found);
        return;
    }
    ck_assert_msg(fabs(found - best->objective) <= 2e-6 * fmax(1, fabs(best->objective)),
                  "seed %lu: %.12g, not %.12g", seed, found, best->objective);
}

/* Without limits that the routes could hold or break, are the deployments themselves allowed? */
static bool may_stand(const struct tiny *tiny, const struct brute *plan)
{
    struct tiny lenient = *tiny;
    for (int i = 0; i < tiny->queries; i++)
        lenient.query[i].max_unmet = 1;
    return brute_route(&lenient, plan->degree_index, plan->replicas).feasible;
}

START_TEST(the_same_by_trying_everything)
{
    int plans = 0;
    int served = 0;
    int none = 0;
    int kept = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        struct random random = {seed};
        tiny_make(&tiny, seed);
        ifp_instance *instance = tiny_instance(&tiny);
        for (int a = 0; a < SAMPLES; a++) {
            struct brute any = tiny_plan_at_random(&tiny, &random);
            if (!may_stand(&tiny, &any))
                continue;
            struct brute best = brute_route(&tiny, any.degree_index, any.replicas);
            ifp_plan *plan = tiny_plan(&tiny, instance, &any);
            double usd = reroute(instance, plan, seed);
            expect_same(usd, &best, seed);
            ifp_check *check = ifp_check_new(instance, plan, NULL);
            if (ifp_check_max_violation(check) <= HELD) {
                ck_assert_double_le(usd, ifp_check_cost(check, IFP_COST_TOTAL));
                kept++;
            }
            for (int i = 0; best.feasible && i < tiny.queries; i++)
                served += best.unmet[i] < 1;
            none += !best.feasible;
            plans++;
            ifp_check_free(check);
            ifp_plan_free(plan);
        }
        ifp_instance_free(instance);
    }
    /* A generator gone stale would prove nothing. */
    ck_assert_int_ge(plans, BATCH);
    ck_assert_int_ge(served, BATCH / 2);
    ck_assert_int_ge(none, 1);
    ck_assert_int_ge(kept, BATCH / 10);
}
END_TEST

/* The realised tables, for the other side. */
static void realise(struct tiny *tiny, const ifp_instance *realised)
{
    tiny->uncertainty = TINY_NOMINAL;
    for (int i = 0; i < tiny->queries; i++) {
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                tiny->delay_ms_per_token[i][j][k] =
                    ifp_instance_performance(realised, IFP_DELAY, (size_t)i, (size_t)j, (size_t)k);
                tiny->error_rate[i][j][k] = ifp_instance_performance(
                    realised, IFP_ERROR_RATE, (size_t)i, (size_t)j, (size_t)k);
            }
        }
    }
}

/* The best plan of an uncertain instance, in samples of its set. */
START_TEST(the_same_in_samples)
{
    int plans = 0;
    int served = 0;
    int dearer = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        tiny_make_uncertain(&tiny, seed);
        struct brute brute = brute_solve(&tiny);
        if (!brute.feasible)
            continue;
        ifp_instance *instance = tiny_instance(&tiny);
        ifp_plan *plan = tiny_plan(&tiny, instance, &brute);
        struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
        struct ifp_instance *realised = ifp_deviate_instance(deviate);
        for (uint64_t s = 0; s < SAMPLES; s++) {
            struct tiny sample = tiny;
            ifp_deviate_sample(deviate, s);
            ifp_deviate_realise(deviate, s % 2 ? 1.5 : 1, realised);
            realise(&sample, realised);
            struct brute best = brute_route(&sample, brute.degree_index, brute.replicas);
            double usd = reroute(realised, plan, seed);
            expect_same(usd, &best, seed);
            ifp_check *check = ifp_check_new(realised, plan, NULL);
            /* The plan holds in the worst case, so in each; and costs no more. */
            if (s % 2 == 0) {
                double cost = ifp_check_cost(check, IFP_COST_TOTAL);
                ck_assert_msg(ifp_check_feasible(check), "seed %lu: %s", seed,
                              ifp_check_reason(check));
                ck_assert_double_le(cost, brute.objective + 1e-9 * fmax(1, brute.objective));
                if (ifp_check_max_violation(check) <= HELD)
                    ck_assert_double_le(usd, cost);
                dearer += cost > usd * (1 + 1e-6);
            }
            ifp_check_free(check);
        }
        for (int i = 0; i < tiny.queries; i++)
            served += brute.unmet[i] < 1;
        plans++;
        ifp_instance_free(realised);
        ifp_deviate_free(deviate);
        ifp_plan_free(plan);
        ifp_instance_free(instance);
    }
    ck_assert_int_ge(plans, BATCH / 2);
    ck_assert_int_ge(served, BATCH / 4);
    ck_assert_int_ge(dearer, 1);
}
END_TEST

/* One sample on four deployments, whose relaxation at the root is within rounding of a plan and is
 * none: the engine mip once called it optimal to serve nothing. Its optimum is GLPK's own. */
START_TEST(a_point_that_is_no_plan)
{
    const char *data = getenv("INFERPLAN_DATA");
    char path[4096];
    ck_assert_ptr_nonnull(data);
    (void)snprintf(path, sizeof path, "%s/icc2025-four-deployments.json", data);
    ifp_instance *instance = ifp_instance_read_file(path, NULL);
    ck_assert_ptr_nonnull(instance);
    ifp_plan *plan = ifp_plan_new(instance);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, 0, 0, 4, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, 1, 1, 8, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, 1, 2, 4, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, 1, 3, 8, 1), IFP_OK);
    for (size_t i = 0; i < ifp_instance_query_count(instance); i++)
        ck_assert_int_eq(ifp_plan_add_unmet(plan, i, 1), IFP_OK);
    double usd = reroute(instance, plan, 0);
    ck_assert_double_eq_tol(usd, 351.5292861180294 + 148.7593611, 1e-3);
    ifp_plan_free(plan);
    ifp_instance_free(instance);
}
END_TEST

/* At operating points the deployments stay, and the routes are no dearer than those of the plan. */
START_TEST(no_dearer_at_operating_points)
{
    static const char *const placements[] = {"single", "matching", "split"};
    const struct ifp_stop_request watch = {0};
    ifp_error *error = ifp_error_new();
    size_t with_points = 0;
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "1"), IFP_OK);
    for (unsigned long seed = 1; seed <= 12; seed++) {
        ifp_instance *instance =
            points_sample(seed, placements[seed % 3], "served", seed % 2, seed % 4 == 0);
        ifp_model *model = ifp_model_new(instance, options, error);
        ck_assert_msg(model != NULL, "seed %lu: %s", seed, ifp_error_message(error));
        ifp_solution *optimum = ifp_model_solve(model);
        ifp_solution *again = NULL;
        bool stopped;
        const ifp_plan *plan = ifp_solution_plan(optimum);
        ck_assert_msg(!plan || !ifp_reroute(instance, plan, &watch, &stopped, &again, error),
                      "seed %lu: %s", seed, ifp_error_message(error));
        const ifp_plan *found = plan ? ifp_solution_plan(again) : NULL;
        ck_assert_msg(!plan || found, "seed %lu: no routes", seed);
        for (size_t d = 0; plan && d < plan->deployment_count; d++) {
            ck_assert(plan->deployments[d].replicas == found->deployments[d].replicas);
            ck_assert_str_eq(plan->deployments[d].point, found->deployments[d].point);
            with_points++;
        }
        if (plan) {
            double usd = ifp_check_cost(ifp_solution_check(optimum), IFP_COST_TOTAL);
            double rerouted = ifp_check_cost(ifp_solution_check(again), IFP_COST_TOTAL);
            ck_assert_msg(rerouted <= usd + 1e-6 * fmax(1, usd),
                          "seed %lu: %.12g, but the plan costs %.12g", seed, rerouted, usd);
        }
        ifp_solution_free(again);
        ifp_solution_free(optimum);
        ifp_model_free(model);
        ifp_instance_free(instance);
    }
    ifp_options_free(options);
    ifp_error_free(error);
    ck_assert_uint_gt(with_points, 12);
}
END_TEST

static Suite *reroute_suite(void)
{
    Suite *suite = suite_create("reroute");
    TCase *tests = tcase_create("reroute");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, a_point_that_is_no_plan);
    tcase_add_test(tests, no_dearer_at_operating_points);
    tcase_add_loop_test(tests, the_same_by_trying_everything, 0, BATCHES);
    tcase_add_loop_test(tests, the_same_in_samples, 0, BATCHES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(reroute_suite());
}
