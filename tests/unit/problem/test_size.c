/* SPDX-License-Identifier: MIT */
/* Sizes before anything is built: candidates are counted, and what is too large is refused. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "problem/problem.h"
#include "problem/size.h"
#include "support/suite.h"

static ifp_instance *instance;

static void set(const char *path, const char *value)
{
    ck_assert_int_eq(ifp_instance_set(instance, path, value), IFP_OK);
}

static void setup(void)
{
    instance = ifp_instance_new();
    ck_assert_ptr_nonnull(instance);
    ck_assert_int_eq(ifp_instance_set_name(instance, "size"), IFP_OK);
    set("horizon.rental_hours", "1");
    set("storage_usd_per_gb_hour", "0");
    for (int k = 0; k < 60; k++) {
        char name[8];
        (void)snprintf(name, sizeof name, "n%d", k);
        if (k < 10)
            ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
        if (k < 20)
            ck_assert_int_eq(ifp_instance_add_model(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_tier(instance, name), IFP_OK);
    }
    set("queries[*].input_tokens", "100");
    set("queries[*].output_tokens", "100");
    set("queries[*].rate_per_hour", "100");
    set("queries[*].unmet_penalty_usd", "1");
    set("models[*].weights_gb", "10");
    set("models[*].kv_gb_per_token", "0");
    set("tiers[*].memory_gb", "80");
    set("tiers[*].tflops", "100");
    set("tiers[*].usd_per_hour", "0.01");
    set("tiers[*].tp_degrees", "[1, 2]");
    set("performance.delay_ms_per_token", "1");
    set("performance.error_rate", "0.01");
}

static void teardown(void)
{
    ifp_instance_free(instance);
}

START_TEST(candidates)
{
    ck_assert_double_eq(ifp_size_routes(instance), 10 * 20 * 60 * 2);
    set("tiers[0].tp_degrees", "[1]");
    ck_assert_double_eq(ifp_size_routes(instance), 10 * 20 * (59 * 2 + 1));
    set("performance.delay_ms_per_token[*][*][1]", "null");
    ck_assert_double_eq(ifp_size_routes(instance), 10 * 20 * (58 * 2 + 1));
    set("performance.error_rate[3]", "null");
    ck_assert_double_eq(ifp_size_routes(instance), 9 * 20 * (58 * 2 + 1));
    struct ifp_problem *problem = NULL;
    ck_assert_int_eq(ifp_problem_new(instance, NULL, &problem, NULL), IFP_OK);
    ck_assert_double_le((double)problem->route_count, ifp_size_routes(instance));
    ifp_problem_free(problem);
}
END_TEST

/* 24,000 routes and 2400 configurations: 21.6 MB, or 36 MB by the compact program. */
START_TEST(limits)
{
    static const struct {
        const char *limit;
        const char *engine;
        const char *refusal;
    } cases[] = {
        {"22", "auto", NULL},
        {"22", "decompose", NULL},
        {"36.1", "mip", NULL},
        {"none", "mip", NULL},
        {"21", "auto",
         "memory_limit_mb: found an instance that may need 21.6 MB (24000 routes: 10 query types, "
         "20 "
         "models, 60 tiers and their degrees); allowed: 21 MB"},
        {"35", "mip",
         "memory_limit_mb: found an instance that may need 36 MB (24000 routes: 10 query types, 20 "
         "models, 60 tiers and their degrees); allowed: 35 MB"},
    };
    ifp_options *options = ifp_options_new();
    ifp_error *error = ifp_error_new();
    ck_assert_int_eq(ifp_options_set(options, "memory_limit_mb", cases[_i].limit), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", cases[_i].engine), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_int_eq(model == NULL, cases[_i].refusal != NULL);
    if (cases[_i].refusal) {
        ck_assert_str_eq(ifp_error_message(error), cases[_i].refusal);
        ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
        ck_assert_str_eq(ifp_error_where(error), "memory_limit_mb");
    }
    ifp_model_free(model);
    ifp_error_free(error);
    ifp_options_free(options);
}
END_TEST

static bool fits(double limit_mb, bool compact)
{
    return ifp_size_check(instance, limit_mb, compact, true, NULL) == IFP_OK;
}

/*
 * What is many alone counts as well. 3000 query types: inverses of 3000 rows and columns, five by
 * the decomposition and four by the compact program, of 72 MB each; 1.8 MB of books; and 6000
 * routes. With limits on delay, of twice as many rows and columns.
 */
START_TEST(many_query_types)
{
    ifp_instance_free(instance);
    instance = ifp_instance_new();
    for (int i = 0; i < 3000; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "q%d", i);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_add_model(instance, "m"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "t"), IFP_OK);
    set("tiers[*].tp_degrees", "[1, 2]");
    ck_assert(fits(360 + 1.8 + 4.8 + 0.1, false));
    ck_assert(!fits(360 + 1.8 + 4.8 - 0.1, false));
    ck_assert(fits(288 + 1.8 + 8.4 + 0.1, true));
    ck_assert(!fits(288 + 1.8 + 8.4 - 0.1, true));
    /* What is not solved needs none of the inverses. */
    ck_assert_int_eq(ifp_size_check(instance, 4.8 + 0.1, false, false, NULL), IFP_OK);
    ck_assert_int_ne(ifp_size_check(instance, 4.8 - 0.1, false, false, NULL), IFP_OK);
    set("queries[*].delay_limit_ms", "1");
    set("policy.placement", "split");
    ck_assert(fits(1440 + 3.6 + 4.8 + 0.1, false));
    ck_assert(!fits(1440 + 3.6 + 4.8 - 0.1, false));
    set("policy.placement", "single");
    ck_assert(fits(360 + 1.8 + 4.8 + 0.1, false));
    ck_assert(!fits(360 + 1.8 + 4.8 - 0.1, false));
}
END_TEST

/* A pool is a row of the master, which 60 tiers at most can make active: 30,000 pools of 600 bytes,
 * 30,010 rows of 70 columns, and all else as in the limits above. */
START_TEST(many_pools)
{
    for (int p = 0; p < 30000; p++) {
        char name[16];
        (void)snprintf(name, sizeof name, "p%d", p);
        ck_assert_int_eq(ifp_instance_add_pool(instance, name), IFP_OK);
    }
    ck_assert(fits(21.6 + 18 + 16.8 + 0.1, false));
    ck_assert(!fits(21.6 + 18 + 16.8 - 0.1, false));
    ck_assert(fits(36 + 18 + 0.1, true));
    ck_assert(!fits(36 + 18 - 0.1, true));
}
END_TEST

static Suite *size_suite(void)
{
    Suite *suite = suite_create("size");
    TCase *tests = tcase_create("size");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, candidates);
    tcase_add_loop_test(tests, limits, 0, 6);
    tcase_add_test(tests, many_query_types);
    tcase_add_test(tests, many_pools);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(size_suite());
}
