/* SPDX-License-Identifier: MIT */
/* Instances to solve: small ones of several kinds, and one that takes far longer than any test. */
#ifndef IFP_TEST_SCENARIO_H
#define IFP_TEST_SCENARIO_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/random.h"

static inline void scenario_ok(const ifp_instance *instance, int code)
{
    ck_assert_msg(code == IFP_OK, "%s", ifp_error_message(ifp_instance_last_error(instance)));
}

static inline void scenario_names(ifp_instance *instance, int count, const char *kind,
                                  int (*add)(ifp_instance *, const char *))
{
    for (int m = 0; m < count; m++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s %d", kind, m);
        scenario_ok(instance, add(instance, name));
    }
}

static inline void scenario_column(ifp_instance *instance, struct random *random, const char *path,
                                   int count, double low, double high)
{
    double values[4096];
    ck_assert_int_le(count, 4096);
    for (int v = 0; v < count; v++)
        values[v] = random_between(random, low, high);
    scenario_ok(instance, ifp_instance_set_numbers(instance, path, values, (size_t)count));
}

/* Every query type can go everywhere, at a price; pools, the budget and memory are what makes it
 * hard. Owned by the caller. */
static inline ifp_instance *scenario_make(uint64_t seed, int queries, int models, int tiers)
{
    static const double degrees[] = {1, 2, 4};
    struct random random = {seed};
    int cells = queries * models * tiers;
    ifp_instance *instance = ifp_instance_new();
    ck_assert_ptr_nonnull(instance);
    scenario_ok(instance, ifp_instance_set_name(instance, "scenario"));
    scenario_names(instance, queries, "query", ifp_instance_add_query);
    scenario_names(instance, models, "model", ifp_instance_add_model);
    scenario_names(instance, tiers, "tier", ifp_instance_add_tier);
    scenario_names(instance, 1, "pool", ifp_instance_add_pool);
    scenario_ok(instance, ifp_instance_set_number(instance, "horizon.rental_hours", 12));
    scenario_ok(instance, ifp_instance_set_number(instance, "storage_usd_per_gb_hour", 0.002));
    scenario_ok(instance, ifp_instance_set_number(instance, "policy.max_replicas", 2));
    scenario_ok(instance, ifp_instance_set_number(instance, "limits.budget_usd", 40.0 * queries));
    scenario_ok(instance, ifp_instance_set_number(instance, "pools[0].gpus", 3.0 * queries));
    scenario_ok(instance, ifp_instance_set_word(instance, "tiers[*].pool", "pool 0"));
    scenario_ok(instance, ifp_instance_set_number(instance, "queries[*].output_tokens", 200));
    scenario_column(instance, &random, "queries[*].input_tokens", queries, 50, 500);
    scenario_column(instance, &random, "queries[*].rate_per_hour", queries, 50, 500);
    scenario_column(instance, &random, "queries[*].tflop_per_1k_tokens", queries, 100, 900);
    scenario_column(instance, &random, "queries[*].delay_limit_ms", queries, 500, 900);
    scenario_column(instance, &random, "queries[*].unmet_penalty_usd", queries, 0.02, 0.2);
    scenario_column(instance, &random, "queries[*].delay_penalty_usd_per_ms", queries, 0, 1e-5);
    scenario_column(instance, &random, "models[*].weights_gb", models, 4, 60);
    scenario_column(instance, &random, "models[*].kv_gb_per_token", models, 0.001, 0.01);
    scenario_column(instance, &random, "tiers[*].memory_gb", tiers, 16, 80);
    scenario_column(instance, &random, "tiers[*].tflops", tiers, 20, 200);
    scenario_column(instance, &random, "tiers[*].usd_per_hour", tiers, 0.4, 3);
    scenario_ok(instance, ifp_instance_set_numbers(instance, "tiers[*].tp_degrees", degrees, 3));
    scenario_column(instance, &random, "performance.delay_ms_per_token", cells, 0.3, 3);
    scenario_column(instance, &random, "performance.error_rate", cells, 0.01, 0.1);
    scenario_column(instance, &random, "performance.kv_residency_hours", cells, 0.001, 0.05);
    return instance;
}

static inline ifp_instance *scenario_small(uint64_t seed)
{
    return scenario_make(seed, 3, 2, 3);
}

/* A gap of 0 is hours away: worst cases that few routes can share are what makes it hardest. */
static inline ifp_instance *scenario_hard(void)
{
    enum { QUERIES = 14, MODELS = 6, TIERS = 10, CELLS = QUERIES * MODELS * TIERS };
    struct random random = {2};
    ifp_instance *instance = scenario_make(1, QUERIES, MODELS, TIERS);
    scenario_ok(instance, ifp_instance_set_word(instance, "policy.placement", "matching"));
    scenario_ok(instance, ifp_instance_set_word(instance, "policy.storage_basis", "route"));
    scenario_ok(instance, ifp_instance_set_word(instance, "uncertainty.kind", "budget"));
    scenario_ok(instance, ifp_instance_set_number(instance, "uncertainty.delay_budget", 2));
    scenario_ok(instance, ifp_instance_set_number(instance, "uncertainty.error_budget", 2));
    scenario_column(instance, &random, "performance.delay_deviation_ms_per_token", CELLS, 0.1, 1);
    scenario_column(instance, &random, "performance.error_deviation", CELLS, 0.005, 0.05);
    scenario_column(instance, &random, "queries[*].error_limit", QUERIES, 0.03, 0.07);
    return instance;
}

/* The result document without its seconds, which alone may differ; owned by the caller. */
static inline char *scenario_document(const ifp_solution *solution)
{
    char *text = ifp_solution_write_json(solution);
    ck_assert_ptr_nonnull(text);
    char *at = strstr(text, "\"seconds\":");
    ck_assert_ptr_nonnull(at);
    char *end = at + strcspn(at, ",\n}");
    memmove(at, end, strlen(end) + 1);
    return text;
}

#endif
