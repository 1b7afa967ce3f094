/* SPDX-License-Identifier: MIT */
/* What comes of samples as numbers, against numbers worked out by hand from the factors drawn; with
 * a stand-in for whoever finds routes. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "stress/deviate.h"
#include "stress/stress.h"
#include "support/plan_by_hand.h"
#include "support/suite.h"
#include "util/random.h"

enum { SAMPLES = 200, KEPT = 0, REROUTED = 3, ROWS = 6 };

static const double inflations[] = {1, 1.2, 1.5};
static const double nominal_usd = 80 + 2.54 + 13.95 + 4500;

static ifp_stress *stress;

/* The stand-in: what each call is answered with. */
static struct {
    int calls;
    double usd;
    int none_each; /* of so many calls, the last finds no routes; 0: all do */
    int stop_at;   /* the call that is stopped; 0: none */
    int fail_at;
} stand_in;

static int reroute(const ifp_instance *realised, const ifp_plan *given,
                   struct ifp_stress_asker *asker, double *usd, bool *stopped,
                   struct ifp_error *failure)
{
    int call = ++stand_in.calls;
    ck_assert_int_eq(realised->uncertainty, IFP_UNCERTAINTY_NONE);
    ck_assert_uint_eq(given->deployment_count, 2);
    ck_assert_double_ge(asker->fraction, 0);
    *stopped = call == stand_in.stop_at;
    *usd = stand_in.usd + call;
    if (stand_in.none_each && call % stand_in.none_each == 0)
        *usd = (double)INFINITY;
    if (call == stand_in.fail_at)
        return ifp_error_set(failure, IFP_ERROR_ENGINE, NULL, "as asked for");
    return IFP_OK;
}

static void begin(void)
{
    setup();
    memset(&stand_in, 0, sizeof stand_in);
    stress = NULL;
    set("uncertainty.kind", "budget");
    set_number("uncertainty.delay_budget", 1.5);
    set_number("uncertainty.error_budget", 0.5);
}

static void end(void)
{
    ifp_stress_free(stress);
    teardown();
}

static void run(size_t samples, uint64_t seed)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = samples;
    options.seed = seed;
    ifp_stress_free(stress);
    stress = ifp_stress_run(instance, plan, &options, reroute, error);
}

static ifp_stress_entry row_at(size_t index)
{
    ifp_stress_entry row = IFP_STRESS_ENTRY_INIT;
    ck_assert_int_eq(ifp_stress_row(stress, index, &row), IFP_OK);
    ck_assert_double_eq(row.inflation, inflations[index % 3]);
    ck_assert_int_eq(row.routing,
                     index < REROUTED ? IFP_STRESS_ROUTING_KEPT : IFP_STRESS_ROUTING_REOPTIMISED);
    return row;
}

/* Nine digits are told. */
static void expect_told(double found, double expected)
{
    ck_assert_msg(fabs(found - expected) <= 6e-9 * fmax(1, fabs(expected)), "%.12g, not %.12g",
                  found, expected);
}

/* Without deviations every sample is the nominal one. */
START_TEST(nothing_deviates)
{
    run(SAMPLES, 1);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    ck_assert_uint_eq(ifp_stress_samples(stress), SAMPLES);
    ck_assert_uint_eq(ifp_stress_row_count(stress), ROWS);
    for (size_t n = KEPT; n < REROUTED; n++) {
        ifp_stress_entry row = row_at(n);
        expect_told(row.cost_mean_usd, nominal_usd);
        expect_told(row.cost_p95_usd, nominal_usd);
        expect_told(row.cost_largest_usd, nominal_usd);
        expect_told(row.worst_cost_usd, nominal_usd);
        ck_assert_double_eq(row.delay_violated, 0);
        ck_assert_double_eq(row.error_violated, 0);
        ck_assert_double_eq(row.any_violated, 0);
        ck_assert_uint_eq(row.samples_without_plan, 0);
        /* a: 250 of 1000 ms; b's error: 0.04 of 0.1 */
        expect_told(row.worst_delay_full, 0.25);
        expect_told(row.worst_error_full, 0.4);
    }
}
END_TEST

START_TEST(defaults)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    ck_assert_uint_eq(options.samples, 1000);
    ck_assert_uint_eq(options.seed, 1);
    stress = ifp_stress_run(instance, plan, NULL, reroute, error);
    ck_assert_uint_eq(ifp_stress_samples(stress), 1000);
    char *text = ifp_stress_write_json(stress);
    ck_assert_ptr_nonnull(strstr(text, "\"samples\": 1000,\n \"seed\": 1,"));
    ifp_text_free(text);
}
END_TEST

/* What the factors of a sample, drawn as the test draws them, make of query a on M and T, and of b
 * on N and U. */
struct sample {
    double delay[2];
    double error[2];
};

static void sample_samples(struct sample *samples, uint64_t seed)
{
    struct ifp_random seeds = {.state = seed};
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    for (int s = 0; s < SAMPLES; s++) {
        ifp_deviate_sample(deviate, ifp_random_bits(&seeds));
        samples[s] = (struct sample){
            {deviate->tables[0].factor[0], deviate->tables[0].factor[7]},
            {deviate->tables[1].factor[0], deviate->tables[1].factor[7]},
        };
    }
    ifp_deviate_free(deviate);
}

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

/*
 * Delay deviates by 1 ms a token, error by 0.03. Query a: 200 tokens at speed 1.6, so 125 ms more
 * at most on 250; at 10 h x 3.6e-3 $/ms x 0.75. Query b: 100 ms more on 50, at 10 h x 14.4e-3 $/ms.
 * Limits: a 300 ms, so that a factor above 0.4 breaks it; b's error 0.05, so that one above 1/3
 * does.
 */
START_TEST(by_hand)
{
    struct sample samples[SAMPLES];
    set_number("performance.delay_deviation_ms_per_token", 1);
    set_number("performance.error_deviation", 0.03);
    set_number("queries[a].delay_limit_ms", 300);
    set_number("queries[b].error_limit", 0.05);
    sample_samples(samples, 5);
    run(SAMPLES, 5);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    for (size_t f = 0; f < 3; f++) {
        ifp_stress_entry row = row_at(f);
        double usd[SAMPLES];
        double sum = 0;
        int slow = 0;
        int wrong = 0;
        int any = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double a_ms = 125 * inflations[f] * samples[s].delay[0];
            double b_ms = 100 * inflations[f] * samples[s].delay[1];
            bool too_slow = a_ms > 50 * (1 + 1e-5);
            bool too_wrong = 0.04 + 0.03 * inflations[f] * samples[s].error[1] > 0.05 * (1 + 1e-5);
            usd[s] = nominal_usd + 10 * (3.6e-3 * 0.75 * a_ms + 14.4e-3 * b_ms);
            sum += usd[s];
            slow += too_slow;
            wrong += too_wrong;
            any += too_slow || too_wrong;
        }
        qsort(usd, SAMPLES, sizeof *usd, compare);
        expect_told(row.cost_mean_usd, sum / SAMPLES);
        expect_told(row.cost_p95_usd, usd[SAMPLES * 95 / 100 - 1]);
        expect_told(row.cost_largest_usd, usd[SAMPLES - 1]);
        ck_assert_double_eq(row.delay_violated, slow / (2.0 * SAMPLES));
        ck_assert_double_eq(row.error_violated, wrong / (2.0 * SAMPLES));
        ck_assert_double_eq(row.any_violated, any / (double)SAMPLES);
        ck_assert_int_gt(slow, 20);
        ck_assert_int_gt(wrong, 20);
        ck_assert_int_lt(any, SAMPLES);
        /* Each has one route, and a budget of at least 1 for its delay. Errors: half of it. */
        expect_told(row.worst_cost_usd,
                    nominal_usd + inflations[f] * 10 * (3.6e-3 * 0.75 * 125 + 14.4e-3 * 100));
        expect_told(row.worst_delay_full, (250 + 125 * inflations[f]) / 300);
        expect_told(row.worst_error_full, (0.04 + 0.015 * inflations[f]) / 0.05);
    }
}
END_TEST

/* A query type that nothing serves is no part of the served ones. */
START_TEST(only_served_query_types_count)
{
    set_number("performance.error_deviation", 0.03);
    set_number("queries[b].error_limit", 0.01);
    plan->routes[0] = plan->routes[1];
    plan->route_count = 1;
    plan->unmet[0].fraction = 1;
    run(10, 1);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    ck_assert_double_eq(row_at(0).error_violated, 1);
    ck_assert_double_eq(row_at(0).delay_violated, 0);
    ck_assert_double_eq(row_at(0).any_violated, 1);
}
END_TEST

/* The plan's own routes are among those to choose from, where they hold. */
START_TEST(kept_routes_may_be_best)
{
    stand_in.usd = 1e9;
    stand_in.none_each = 2;
    run(20, 1);
    for (size_t n = REROUTED; n < ROWS; n++) {
        expect_told(row_at(n).cost_mean_usd, nominal_usd);
        ck_assert_uint_eq(row_at(n).samples_without_plan, 0);
    }
    stand_in.usd = 0;
    stand_in.none_each = 0;
    run(20, 1);
    ck_assert_double_lt(row_at(REROUTED).cost_largest_usd, nominal_usd);
}
END_TEST

/* Of 40 samples with three calls each, the third finds nothing: all those at 1.5. */
START_TEST(samples_without_routes)
{
    stand_in.usd = 100;
    set_number("queries[a].delay_limit_ms", 1);
    stand_in.none_each = 3;
    run(40, 1);
    ifp_stress_entry first = row_at(REROUTED);
    /* calls 1, 4, .. 118: 100 + call */
    expect_told(first.cost_mean_usd, 100 + (1 + 118) / 2.0);
    expect_told(first.cost_p95_usd, 100 + 1 + 3 * 37);
    expect_told(first.cost_largest_usd, 218);
    ck_assert_double_eq(first.any_violated, 0);
    ck_assert_uint_eq(first.samples_without_plan, 0);
    ck_assert(isnan(first.worst_cost_usd) && isnan(first.worst_delay_full));
    ifp_stress_entry last = row_at(ROWS - 1);
    ck_assert(isnan(last.cost_mean_usd) && isnan(last.cost_p95_usd) &&
              isnan(last.cost_largest_usd));
    ck_assert_uint_eq(last.samples_without_plan, 40);
    ck_assert_double_eq(last.any_violated, 1);
    ck_assert_double_eq(last.delay_violated, 0);
}
END_TEST

/* Stopped in the 5th sample: as if four had been asked for. */
START_TEST(stopped_between)
{
    stand_in.stop_at = 4 * 3 + 2;
    set_number("performance.delay_deviation_ms_per_token", 1);
    run(SAMPLES, 9);
    ck_assert_uint_eq(ifp_stress_samples(stress), 4);
    ifp_stress_entry stopped[ROWS];
    for (size_t n = 0; n < ROWS; n++)
        stopped[n] = row_at(n);
    memset(&stand_in, 0, sizeof stand_in);
    run(4, 9);
    for (size_t n = 0; n < ROWS; n++) {
        ifp_stress_entry row = row_at(n);
        ck_assert_int_eq(memcmp(&row, &stopped[n], sizeof row), 0);
    }
    stand_in.calls = 0;
    stand_in.stop_at = 1;
    run(SAMPLES, 9);
    ck_assert_uint_eq(ifp_stress_samples(stress), 0);
    ck_assert(isnan(row_at(0).cost_mean_usd) && isnan(row_at(0).any_violated));
    ck_assert(!isnan(row_at(0).worst_cost_usd));
}
END_TEST

START_TEST(no_routes_for_a_reason)
{
    stand_in.fail_at = 8;
    run(SAMPLES, 1);
    ck_assert_ptr_null(stress);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ENGINE);
}
END_TEST

/* Limits on delay and error may be broken by the plan; nothing else may. */
static const struct {
    const char *path;
    double value;
    const char *reason; /* NULL: allowed */
} changes[] = {
    {"queries[a].delay_limit_ms", 1, NULL},    {"queries[b].error_limit", 0.001, NULL},
    {"limits.budget_usd", 50, "budget_usd"},   {"pools[P].gpus", 2, "pool[P]"},
    {"queries[a].max_unmet", 0.1, "unmet[a]"}, {"tiers[T].memory_gb", 9, "memory[M,T]"},
};

START_TEST(what_must_hold)
{
    set_number(changes[_i].path, changes[_i].value);
    run(3, 1);
    if (!changes[_i].reason) {
        ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
        ck_assert_double_eq(row_at(0).any_violated, 1);
        return;
    }
    ck_assert_ptr_null(stress);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_msg(strstr(ifp_error_message(error), changes[_i].reason) != NULL, "%s",
                  ifp_error_message(error));
}
END_TEST

/* Samples have a number for each query type, model and tier, however few the instance has. */
START_TEST(too_many_cells)
{
    enum { MORE = 600 };
    set_number("performance.delay_ms_per_token", 1);
    set_number("performance.error_rate", 0.02);
    for (int n = 0; n < MORE; n++) {
        char name[20];
        snprintf(name, sizeof name, "more %d", n);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_model(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_tier(instance, name), IFP_OK);
    }
    static const char *const paths[] = {
        "queries[*].input_tokens",      "queries[*].output_tokens", "queries[*].rate_per_hour",
        "queries[*].unmet_penalty_usd", "models[*].weights_gb",     "models[*].kv_gb_per_token",
        "tiers[*].memory_gb",           "tiers[*].tflops",          "tiers[*].usd_per_hour",
        "tiers[*].tp_degrees",
    };
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        set_number(paths[p], 1);
    set("tiers[T].tp_speedup", "null");
    run(3, 1);
    ck_assert_ptr_null(stress);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error),
                     "stress: found a table of 602 queries by 602 models by 602 tiers; allowed: at "
                     "most 134217728 entries");
}
END_TEST

static Suite *stress_suite(void)
{
    Suite *suite = suite_create("stress");
    TCase *tests = tcase_create("stress");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, nothing_deviates);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, by_hand);
    tcase_add_test(tests, only_served_query_types_count);
    tcase_add_test(tests, kept_routes_may_be_best);
    tcase_add_test(tests, samples_without_routes);
    tcase_add_test(tests, stopped_between);
    tcase_add_test(tests, no_routes_for_a_reason);
    tcase_add_loop_test(tests, what_must_hold, 0, (int)(sizeof changes / sizeof *changes));
    tcase_add_test(tests, too_many_cells);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(stress_suite());
}
