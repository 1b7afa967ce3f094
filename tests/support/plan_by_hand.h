/* SPDX-License-Identifier: MIT */
/*
 * An instance and a plan whose every number has been worked out by hand, for the tests of the
 * check and of what is written about it:
 *
 *     query a   200 tokens, 3600 per hour: 3/4 to model M on tier T, 1/4 unmet
 *     query b   100 tokens, 7200 per hour: all to model N on tier U
 *     M on T    degree 2 (speed-up 1.6), 1 replica;   N on U    degree 1, 1 replica
 *
 *     rental    10 h (2 GPUs x 2 $ + 1 GPU x 4 $)                             = 80
 *     storage   10 h x 0.01 $ x (16 + 8 x 0.5 GB + 1e-5 x 200 x 3600 x 0.75)  = 2.54
 *     delay     10 h (1e-6 x 3600 x 187.5 ms + 2e-6 x 7200 x 50 ms)           = 13.95
 *               a: 2 x 200 / 1.6 = 250 ms, times 0.75;   b: 0.5 x 100 / 1 = 50 ms
 *     unmet     10 h x 0.5 $ x 3600 x 0.25                                    = 4500
 *     memory    M on T: 16 + 0.001 x 200 x 3600 x 0.01 x 0.75                 = 21.4 of 48 GB
 *               N on U: 4 + 0.5 x 0.0005 x 100 x 7200 x 0.01                  = 5.8 of 48 GB
 *     compute   M on T: 5/1000 x 200 x 1/s x 0.75                             = 0.75 of 20 TFLOP/s
 *               N on U: 10 x 0.5/1000 x 100 x 2/s                             = 1 of 20 TFLOP/s
 */
#ifndef IFP_TEST_PLAN_BY_HAND_H
#define IFP_TEST_PLAN_BY_HAND_H

#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "plan/plan.h"

static const char instance_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"by hand\","
    " \"horizon\": {\"rental_hours\": 10},"
    " \"limits\": {\"budget_usd\": 1000, \"storage_gb\": 100},"
    " \"storage_usd_per_gb_hour\": 0.01, \"policy\": {\"max_replicas\": 3},"
    " \"queries\": ["
    "  {\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80, \"rate_per_hour\": 3600,"
    "   \"tflop_per_1k_tokens\": 5, \"storage_gb_per_token\": 1e-5, \"delay_limit_ms\": 1000,"
    "   \"error_limit\": 0.1, \"delay_penalty_usd_per_ms\": 1e-6, \"unmet_penalty_usd\": 0.5},"
    "  {\"name\": \"b\", \"input_tokens\": 30, \"output_tokens\": 70, \"rate_per_hour\": 7200,"
    "   \"tflop_per_1k_tokens\": 10, \"delay_limit_ms\": 1000, \"error_limit\": 0.1,"
    "   \"delay_penalty_usd_per_ms\": 2e-6, \"unmet_penalty_usd\": 0.25}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.001},"
    "  {\"name\": \"N\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.0005, \"compute_scale\": 0.5}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2, 4], \"tp_speedup\": [1, 1.6, 3], \"pool\": \"P\"},"
    "  {\"name\": \"U\", \"memory_gb\": 48, \"tflops\": 20, \"usd_per_hour\": 4,"
    "   \"tp_degrees\": [1, 2], \"weight_scale\": 0.5, \"kv_scale\": 0.5, \"pool\": \"P\"}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 6}, {\"name\": \"Q\", \"gpus\": 0}],"
    " \"performance\": {\"delay_ms_per_token\": [[[2, 1], [1, 0.5]], [[2, 1], [1, 0.5]]],"
    "  \"error_rate\": [[[0.02, 0.03], [0.01, 0.04]], [[0.02, 0.03], [0.01, 0.04]]],"
    "  \"kv_residency_hours\": 0.01}}";

enum { A = 0, B = 1, M = 0, N = 1, T = 0, U = 1 };

/* The instance and the plan of the test, which changes them at will, and the latest check. */
static ifp_instance *instance;
static ifp_plan *plan;
static ifp_check *check;
static ifp_error *error;

static inline void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    instance = ifp_instance_read_string(instance_text, strlen(instance_text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    plan = ifp_plan_new(instance);
    ck_assert_ptr_nonnull(plan);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, T, 2, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, N, U, 1, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 0.75), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, B, N, U, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 0.25), IFP_OK);
    check = NULL;
}

static inline void teardown(void)
{
    ifp_check_free(check);
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static inline void set(const char *path, const char *value)
{
    ck_assert_msg(ifp_instance_set(instance, path, value) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(instance)));
}

static inline void set_number(const char *path, double value)
{
    ck_assert_msg(ifp_instance_set_number(instance, path, value) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(instance)));
}

static inline void run_check(void)
{
    ifp_check_free(check);
    check = ifp_check_new(instance, plan, error);
    ck_assert_msg(check != NULL, "%s", ifp_error_message(error));
}

static inline void expect_near(double found, double expected)
{
    ck_assert_double_eq_tol(found, expected, 1e-14 * fmax(1, fabs(expected)));
}

static inline ifp_limit get_limit(const char *name)
{
    for (size_t l = 0; l < ifp_check_limit_count(check); l++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        ck_assert_int_eq(ifp_check_limit(check, l, &limit), IFP_OK);
        if (strcmp(limit.name, name) == 0)
            return limit;
    }
    ck_abort_msg("no limit %s", name);
    return (ifp_limit)IFP_LIMIT_INIT;
}

static inline void expect_limit(const char *name, double used, double limit)
{
    ifp_limit found = get_limit(name);
    expect_near(found.used, used);
    expect_near(found.limit, limit);
}

static inline TCase *new_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, setup, teardown);
    suite_add_tcase(suite, tests);
    return tests;
}

#endif
