/* SPDX-License-Identifier: MIT */
/*
 * Stress tests of plans at operating points, by the numbers of loaded.h and the factors drawn. At
 * 40 ms, ttft is 215 ms and e2e 4215 ms for query type a, and a factor g adds 10 % of them times g.
 */
#include "stress/deviate.h"
#include "support/loaded.h"
#include "support/suite.h"
#include "util/random.h"

enum { SAMPLES = 200, KEPT = 0, REROUTED = 3 };

static ifp_stress *stress;
static ifp_stress_entry rows[6];

static void begin(void)
{
    setup();
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    profile->delay_deviation = 0.1;
    stress = NULL;
}

static void end(void)
{
    ifp_stress_free(stress);
    teardown();
}

static void run(void)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = SAMPLES;
    options.seed = 7;
    ifp_stress_free(stress);
    stress = ifp_stress_new(instance, plan, &options, error);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    for (size_t n = 0; n < 6; n++) {
        rows[n] = (ifp_stress_entry)IFP_STRESS_ENTRY_INIT;
        ck_assert_int_eq(ifp_stress_row(stress, n, &rows[n]), IFP_OK);
    }
}

/* The factors of query type a on M and T in the samples of `run`. */
static void draw(enum ifp_deviating kind, double factors[SAMPLES])
{
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    struct ifp_random seeds = {.state = 7};
    ck_assert_ptr_nonnull(deviate);
    for (size_t n = 0; n < SAMPLES; n++) {
        ifp_deviate_sample(deviate, ifp_random_bits(&seeds));
        factors[n] = deviate->tables[kind].factor[0];
    }
    ifp_deviate_free(deviate);
}

/* The fraction of the factors above `limit`. Some are, and some are not. */
static double fraction_above(const double factors[SAMPLES], double limit)
{
    double count = 0;
    for (size_t n = 0; n < SAMPLES; n++)
        count += factors[n] > limit;
    ck_assert(count > 0 && count < SAMPLES);
    return count / SAMPLES;
}

static double mean(const double factors[SAMPLES])
{
    double sum = 0;
    for (size_t n = 0; n < SAMPLES; n++)
        sum += factors[n];
    return sum / SAMPLES;
}

static double nominal_usd(void)
{
    instance->uncertainty = IFP_UNCERTAINTY_NONE;
    run_check();
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    return ifp_check_cost(check, IFP_COST_TOTAL);
}

/* The penalty is 1e-6 $ x 3600 per ms. */
START_TEST(cost_of_delays)
{
    static const double inflations[] = {1, 1.2, 1.5};
    double factors[SAMPLES];
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    for (size_t f = 0; f < 3; f++) {
        double more = 3.6e-3 * 421.5 * inflations[f];
        ck_assert_double_eq_tol(rows[f].cost_mean_usd, nominal_usd() + more * mean(factors), 1e-6);
        ck_assert_double_eq_tol(rows[f].cost_largest_usd, nominal_usd() + more, 1e-6);
        ck_assert_double_eq_tol(rows[f].worst_cost_usd, nominal_usd() + more, 1e-6);
        ck_assert_double_eq(rows[f].any_violated, 0);
        ck_assert_double_nan(rows[f].worst_delay_full);
    }
}
END_TEST

/* Limits on each route: broken from a factor on. */
static const struct {
    const char *changes[2][2];
    double from; /* the factor */
    double full; /* of the limit in the worst case */
} limits[] = {
    {{{"queries[a].ttft_limit_ms", "220"}}, 5 / 21.5, 236.5 / 220},
    {{{"queries[a].tpot_limit_ms", "42"}}, 0.5, 44. / 42},
    {{{"queries[a].delay_limit_ms", "4400"}, {"queries[a].limit_basis", "route"}},
     185 / 421.5,
     4636.5 / 4400},
    {{{"queries[a].delay_limit_ms", "4400"}}, 185 / 421.5, 4636.5 / 4400},
    {{{"queries[a].ttft_limit_ms", "220"}, {"queries[a].delay_limit_ms", "4400"}},
     5 / 21.5,
     236.5 / 220},
};

START_TEST(limits_on_delays)
{
    double factors[SAMPLES];
    for (size_t c = 0; c < 2 && limits[_i].changes[c][0]; c++)
        ck_assert_int_eq(
            ifp_instance_set(instance, limits[_i].changes[c][0], limits[_i].changes[c][1]), IFP_OK);
    /* No route but the plan's, so that it cannot be replaced. */
    ck_assert_int_eq(ifp_instance_set(instance, "queries[a].max_unmet", "0"), IFP_OK);
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    double broken = fraction_above(factors, limits[_i].from);
    ck_assert_double_eq_tol(rows[KEPT].delay_violated, broken, 1e-12);
    ck_assert_double_eq_tol(rows[KEPT].any_violated, broken, 1e-12);
    ck_assert_double_eq(rows[KEPT].error_violated, 0);
    ck_assert_double_eq_tol(rows[KEPT].worst_delay_full, limits[_i].full, 1e-8);
    ck_assert_double_ge(rows[KEPT + 2].delay_violated, broken);
    /* Other routes cannot help: the plan has one deployment. */
    ck_assert_double_eq_tol(rows[REROUTED].any_violated, broken, 1e-12);
    ck_assert_uint_eq(rows[REROUTED].samples_without_plan, (size_t)(broken * SAMPLES + 0.5));
}
END_TEST

/* With demand that may stay unmet, routes that miss their limit are dropped. */
START_TEST(routes_are_replaced)
{
    double factors[SAMPLES];
    instance->queries[A].ttft_limit_ms = 220;
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    ck_assert_double_eq(rows[REROUTED].any_violated, 0);
    ck_assert_uint_eq(rows[REROUTED].samples_without_plan, 0);
    /* All of a is unmet then, for 3600 dollars. */
    ck_assert_double_ge(rows[REROUTED].cost_largest_usd, 3600);
    ck_assert_double_le(rows[KEPT].cost_largest_usd, 100);
}
END_TEST

/* Routes are chosen by the realised times: from a factor on, M on U is faster. The error limit
 * allows U only half of the demand. */
START_TEST(routes_by_realised_times)
{
    double factors[SAMPLES];
    ck_assert_int_eq(ifp_instance_set(instance, "performance.delay_ms_per_token", "3.9"), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, U, 1, 1), IFP_OK);
    static const double errors[] = {0.02, 0.03, 0.02, 0.03}; /* by query type and tier */
    struct ifp_table *table = &instance->performance[IFP_ERROR_RATE];
    free(table->values);
    *table = (struct ifp_table){.values = new_list(errors, 4).values, .count = 4, .rank = 3};
    instance->queries[A].error_limit = 0.025;
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    double nominal = nominal_usd() - 3.6e-3 * 4215;
    double sum = 0;
    for (size_t n = 0; n < SAMPLES; n++)
        sum += (4215 + 421.5 * factors[n]) / 2 + fmin(4215 + 421.5 * factors[n], 3.9 * 1101) / 2;
    ck_assert_double_gt(fraction_above(factors, (3.9 * 1101 - 4215) / 421.5), 0.1);
    ck_assert_double_eq_tol(rows[REROUTED].cost_mean_usd, nominal + 3.6e-3 * sum / SAMPLES, 1e-5);
}
END_TEST

/* At a measured point each time has a deviation of its own. */
START_TEST(measured_deviations)
{
    double factors[SAMPLES];
    set_instance(points_text);
    set_plan("fast", 5);
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    measured(0)->ttft_deviation_ms = 30;
    measured(0)->tpot_deviation_ms = 4;
    measured(0)->e2e_deviation_ms = 500;
    instance->queries[A].ttft_limit_ms = 220; /* 205 with the network */
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    ck_assert_double_eq_tol(rows[KEPT].delay_violated, fraction_above(factors, 0.5), 1e-12);
    ck_assert_double_eq_tol(rows[KEPT].cost_mean_usd, nominal_usd() + 3.6e-3 * 500 * mean(factors),
                            1e-6);
    ck_assert_double_eq_tol(rows[1].worst_delay_full, (205 + 1.2 * 30) / 220, 1e-8);
    instance->queries[A].ttft_limit_ms = INFINITY;
    instance->queries[A].tpot_limit_ms = 21;
    run();
    ck_assert_double_eq_tol(rows[KEPT].delay_violated, fraction_above(factors, 0.25), 1e-12);
}
END_TEST

/* Attainment is missed by the deviations of errors. */
START_TEST(attainment)
{
    double factors[SAMPLES];
    set_instance(points_text);
    set_plan("fast", 5);
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    measured(0)->attainment = 0.95;
    instance->queries[A].attainment_target = 0.93;
    ck_assert_int_eq(ifp_instance_set(instance, "queries[a].max_unmet", "0"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "performance.error_deviation", "0.04"), IFP_OK);
    draw(IFP_DEVIATING_ERROR, factors);
    run();
    double broken = fraction_above(factors, 0.5);
    ck_assert_double_eq_tol(rows[KEPT].error_violated, broken, 1e-12);
    ck_assert_double_eq(rows[KEPT].delay_violated, 0);
    ck_assert_double_eq_tol(rows[KEPT].worst_error_full, 0.09 / 0.07, 1e-8);
    ck_assert_uint_eq(rows[REROUTED].samples_without_plan, (size_t)(broken * SAMPLES + 0.5));
}
END_TEST

/* A request stays in memory for its nominal delay: samples break no memory. */
START_TEST(residency_is_nominal)
{
    set_instance(plain_text);
    set_plan(NULL, 1);
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    instance->residency_is_delay = true;
    instance->queries[A].delay_limit_ms = 600; /* 1101 / 2 = 550.5 nominally */
    ck_assert_int_eq(ifp_instance_set(instance, "performance.delay_deviation_ms_per_token", "0.2"),
                     IFP_OK);
    /* 0.551 GB for 550.5 ms, once a second: the rest is for the weights. */
    instance->tiers[T].memory_gb = (16 + 0.5505 * 0.5505) / 2 * (1 + 1e-9);
    double factors[SAMPLES];
    draw(IFP_DEVIATING_DELAY, factors);
    run();
    double broken = fraction_above(factors, 49.5 / 110.1);
    ck_assert_double_eq_tol(rows[KEPT].any_violated, broken, 1e-12);
    ck_assert_double_eq_tol(rows[KEPT].delay_violated, broken, 1e-12);
    ck_assert_double_eq_tol(rows[KEPT].cost_mean_usd,
                            nominal_usd() + 3.6e-3 * 110.1 * mean(factors), 1e-6);
}
END_TEST

/* Two deployments of a pair deviate together, and use the budget twice. */
START_TEST(several_deployments)
{
    set_instance(points_text);
    instance->deployments_per_pair = INFINITY;
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = 0.8;
    instance->error_budget = 1;
    profile->delay_deviation = 0.1;
    set_plan("fast", 5);
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_deployment_at(plan, M, T, 2, "bulk", 5), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "fast", 0.5), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "bulk", 0.5), IFP_OK);
    double factors[SAMPLES];
    draw(IFP_DEVIATING_DELAY, factors);
    double maximum = 0;
    for (size_t n = 0; n < SAMPLES; n++)
        maximum = fmax(maximum, factors[n]);
    ck_assert_double_eq_tol(maximum, 0.4, 1e-12);
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    ck_assert_ptr_nonnull(deviate);
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        ifp_deviate_sample(deviate, seed);
        const double *of = deviate->tables[IFP_DEVIATING_DELAY].factor; /* of a: T, then U */
        ck_assert_double_le(2 * of[0] + of[1], 0.8 + 1e-12);
    }
    ifp_deviate_free(deviate);
    run();
    /* e2e of fast and bulk: 205 + 100 x 20 and 805 + 100 x 50 */
    ck_assert_double_eq_tol(rows[KEPT].cost_mean_usd,
                            nominal_usd() + 3.6e-3 * (220.5 + 580.5) / 2 * mean(factors), 1e-6);
    ck_assert_double_le(rows[KEPT].cost_largest_usd, rows[KEPT].worst_cost_usd);
}
END_TEST

/* What no deviation changes must hold; limits on delays of each kind need not. */
START_TEST(what_must_hold)
{
    instance->queries[A].ttft_limit_ms = 100;
    instance->queries[A].tpot_limit_ms = 10;
    run();
    ck_assert_double_eq(rows[KEPT].delay_violated, 1);
    ck_assert_double_eq(rows[KEPT].any_violated, 1);
    /* More load than a replica bears. */
    instance->queries[A].rate_per_hour = 1e6;
    ifp_stress_free(stress);
    stress = ifp_stress_new(instance, plan, NULL, error);
    ck_assert_ptr_null(stress);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_msg(strstr(ifp_error_message(error), "load[M,T]") ||
                      strstr(ifp_error_message(error), "memory[M,T]"),
                  "%s", ifp_error_message(error));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress_points");
    TCase *tests = tcase_create("stress_points");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, cost_of_delays);
    tcase_add_loop_test(tests, limits_on_delays, 0, (int)(sizeof limits / sizeof *limits));
    tcase_add_test(tests, routes_are_replaced);
    tcase_add_test(tests, routes_by_realised_times);
    tcase_add_test(tests, measured_deviations);
    tcase_add_test(tests, attainment);
    tcase_add_test(tests, residency_is_nominal);
    tcase_add_test(tests, several_deployments);
    tcase_add_test(tests, what_must_hold);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
