/* SPDX-License-Identifier: MIT */
/*
 * Instances with a law and with measured points, and a plan of one deployment of model M on
 * tier T at degree 2, and one route. Its numbers, worked out by hand:
 *
 *     query a   1000 input and 101 output tokens, 1101 in all
 *     law       iteration 10 ms, 0.01 ms per input token, 0.1 ms per output token, chunks of 256
 *     W_a       0.01 x 1000 + 0.1 x 101                           = 20.1 ms
 *     at 40 ms  load 1 - 10/40 = 0.75 of an engine; mu = 3.6e6 x 0.75 / 20.1 requests per hour
 *     ttft      (1 + 4) x 40 + 10, and 5 ms of network            = 215 ms
 *     e2e       215 + 100 x 40                                    = 4215 ms; 4210 without network
 */
#ifndef IFP_TEST_LOADED_H
#define IFP_TEST_LOADED_H

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "check/check.h"
#include "instance/instance.h"
#include "plan/plan.h"

#define LOADED_BASE                                                                                \
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"loaded\","                   \
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0.01,"                      \
    " \"policy\": {\"max_replicas\": 8},"                                                          \
    " \"queries\": ["                                                                              \
    "  {\"name\": \"a\", \"input_tokens\": 1000, \"output_tokens\": 101,"                          \
    "   \"rate_per_hour\": 3600, \"delay_penalty_usd_per_ms\": 1e-6, \"unmet_penalty_usd\": 1},"   \
    "  {\"name\": \"b\", \"input_tokens\": 200, \"output_tokens\": 1, \"rate_per_hour\": 0,"       \
    "   \"unmet_penalty_usd\": 1}],"                                                               \
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.0005}],"           \
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"       \
    "   \"tp_degrees\": [1, 2]},"                                                                  \
    "  {\"name\": \"U\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 1,"                  \
    "   \"tp_degrees\": [1, 2]}],"                                                                 \
    " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0.02}"
#define LOADED_PROFILE                                                                             \
    ", \"profiles\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"network_ms\": 5,"

static const char plain_text[] = LOADED_BASE "}";
static const char law_text[] = LOADED_BASE LOADED_PROFILE
    " \"iteration_ms\": 10, \"prefill_ms_per_token\": 0.01, \"decode_ms_per_token\": 0.1,"
    " \"chunk_tokens\": 256}]}";
/* fast bears 720 requests per hour, and bulk 1440, both of query type a only. */
static const char points_text[] = LOADED_BASE LOADED_PROFILE
    " \"points\": [{\"name\": \"fast\", \"tpot_ms\": 20,"
    "   \"queries\": {\"a\": {\"rate_per_hour\": 720, \"ttft_ms\": 200}}},"
    "  {\"name\": \"bulk\", \"tpot_ms\": 50,"
    "   \"queries\": {\"a\": {\"rate_per_hour\": 1440, \"ttft_ms\": 800}}}]}]}";
static const char one_point_text[] = LOADED_BASE LOADED_PROFILE
    " \"points\": [{\"name\": \"fast\", \"tpot_ms\": 20,"
    "   \"queries\": {\"a\": {\"rate_per_hour\": 720, \"ttft_ms\": 200}}}]}]}";

enum { A = 0, B = 1, M = 0, T = 0, U = 1 };

static ifp_instance *instance;
static ifp_plan *plan;
static ifp_check *check;
static ifp_error *error;

static struct ifp_profile_data *profile; /* of the instance, NULL if it has none */

static inline void set_instance(const char *text)
{
    ifp_instance_free(instance);
    instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    profile = instance->profile_count ? &instance->profiles[0] : NULL;
}

/* What was measured for query type a at a point. */
static inline struct ifp_measured_data *measured(size_t point)
{
    return &profile->points[point].queries[0];
}

/* A list that the instance frees. */
static inline struct ifp_numbers new_list(const double *values, size_t count)
{
    struct ifp_numbers list = {.values = malloc(count * sizeof *values), .count = count};
    ck_assert_ptr_nonnull(list.values);
    memcpy(list.values, values, count * sizeof *values);
    return list;
}

/* The plan: `replicas` at the point, and all of query type a. */
static inline void set_plan(const char *point, int64_t replicas)
{
    ifp_plan_free(plan);
    plan = ifp_plan_new(instance);
    ck_assert_ptr_nonnull(plan);
    ck_assert_int_eq(ifp_plan_add_deployment_at(plan, M, T, 2, point, replicas), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, 1), IFP_OK);
}

static inline void drop_routes(void)
{
    while (plan->route_count > 0)
        free(plan->routes[--plan->route_count].point);
}

static inline void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    instance = NULL;
    plan = NULL;
    check = NULL;
    set_instance(law_text);
    set_plan("40ms", 2);
}

static inline void teardown(void)
{
    ifp_check_free(check);
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static inline void run_check(void)
{
    ifp_check_free(check);
    check = ifp_check_new(instance, plan, error);
    ck_assert_msg(check != NULL, "%s", ifp_error_message(error));
}

static inline void expect_near(double found, double expected)
{
    ck_assert_double_eq_tol(found, expected, 1e-13 * fmax(1, fabs(expected)));
}

static inline ifp_limit get_limit(const char *name)
{
    for (size_t l = 0; l < ifp_check_limit_count(check); l++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        ck_assert_int_eq(ifp_check_limit(check, l, &limit), IFP_OK);
        if (strcmp(limit.name, name) == 0)
            return limit;
    }
    return (ifp_limit)IFP_LIMIT_INIT;
}

static inline void expect_limit(const char *name, double used, double limit)
{
    ifp_limit found = get_limit(name);
    ck_assert_msg(found.name != NULL, "no limit %s", name);
    expect_near(found.used, used);
    expect_near(found.limit, limit);
}

/* The plan is feasible. */
static inline void expect_good(void)
{
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), "");
    ck_assert_int_eq(ifp_check_feasible(check), 1);
}

/* The plan is infeasible, for a reason that begins so. */
static inline void expect_bad(double violation, const char *reason)
{
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 0);
    ck_assert_msg(strncmp(ifp_check_reason(check), reason, strlen(reason)) == 0, "%s",
                  ifp_check_reason(check));
    ck_assert_double_eq_tol(ifp_check_max_violation(check), violation, 1e-9);
}

static inline ifp_route get_route(size_t index)
{
    ifp_route route = IFP_ROUTE_INIT;
    ck_assert_int_eq(ifp_plan_route(ifp_check_plan(check), index, &route), IFP_OK);
    return route;
}

static inline ifp_deployment get_deployment(size_t index)
{
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(ifp_check_plan(check), index, &deployment), IFP_OK);
    return deployment;
}

#endif
