/* SPDX-License-Identifier: MIT */
/*
 * Random instances. As in brute/tiny.c, loads, costs and limits are drawn relative to what they
 * compete with; here most pairs can serve most query types, so that few are removed beforehand.
 */
#include "support/sample.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "instance/instance.h"

static ifp_instance *made; /* while it is being made */

static void ok(int code, const char *path)
{
    ck_assert_msg(code == IFP_OK, "%s: %s", path, ifp_error_message(ifp_instance_last_error(made)));
}

static void set(const char *path, double value)
{
    if (isnan(value) || isinf(value))
        ok(ifp_instance_set_null(made, path), path);
    else
        ok(ifp_instance_set_number(made, path, value), path);
}

static void set_member(const char *list, int index, const char *field, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s[%d].%s", list, index, field);
    set(path, value);
}

static void set_cell(const char *table, int i, int j, int k, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "performance.%s[%d][%d][%d]", table, i, j, k);
    set(path, value);
}

static void add_members(int count, char letter, int (*add)(ifp_instance *, const char *))
{
    for (int m = 0; m < count; m++) {
        char name[] = {letter, (char)('0' + m), '\0'};
        ok(add(made, name), name);
    }
}

static void set_policies(uint64_t seed)
{
    static const char *const placements[] = {"single", "matching", "split"};
    ok(ifp_instance_set_word(made, "policy.placement", placements[seed % 3]), "placement");
    ok(ifp_instance_set_word(made, "policy.slo_basis", seed / 3 % 2 ? "offered" : "served"),
       "slo_basis");
    ok(ifp_instance_set_word(made, "policy.storage_basis", seed / 6 % 2 ? "route" : "deployment"),
       "storage_basis");
}

static void set_tier(struct random *random, int k)
{
    static const double degrees[] = {1, 2, 4};
    char path[40];
    set_member("tiers", k, "memory_gb", random_between(random, 24, 80));
    set_member("tiers", k, "tflops", random_between(random, 50, 200));
    set_member("tiers", k, "usd_per_hour", random_between(random, 0.5, 4));
    set_member("tiers", k, "weight_scale", random_chance(random, 0.4) ? 0.5 : 1);
    set_member("tiers", k, "kv_scale", random_chance(random, 0.3) ? 0.5 : 1);
    (void)snprintf(path, sizeof path, "tiers[%d].tp_degrees", k);
    ok(ifp_instance_set_numbers(made, path, degrees, (size_t)(1 + random_below(random, 3))), path);
    if (random_chance(random, 0.3)) {
        (void)snprintf(path, sizeof path, "tiers[%d].pool", k);
        ok(ifp_instance_set_word(made, path, "p0"), path);
    }
}

static void set_query(struct random *random, int i, double *tokens)
{
    static const double max_unmet[] = {1, 1, 1, 0.3, 0};
    const double rate = random_between(random, 100, 3000);
    const double input = 50 + random_below(random, 800);
    const double output = 10 + random_below(random, 800);
    const double usd = random_between(random, 2, 30); /* of an hour unserved */
    const double per_hour = (input + output) * rate;
    *tokens = input + output;
    set_member("queries", i, "input_tokens", input);
    set_member("queries", i, "output_tokens", output);
    set_member("queries", i, "rate_per_hour", rate);
    /* The whole demand takes up to about 150 TFLOP/s, the KV cache below up to about 60 GB. */
    set_member("queries", i, "tflop_per_1k_tokens",
               random_between(random, 5, 150) * 3600 * 1000 / per_hour);
    set_member("queries", i, "storage_gb_per_token", random_between(random, 0, 30) / per_hour);
    set_member("queries", i, "unmet_penalty_usd", usd / rate);
    set_member("queries", i, "delay_penalty_usd_per_ms",
               random_chance(random, 0.4) ? 0
                                          : usd / rate / *tokens * random_between(random, 0, 0.4));
    set_member("queries", i, "delay_limit_ms",
               random_chance(random, 0.5) ? (double)INFINITY
                                          : *tokens * random_between(random, 0.8, 3));
    set_member("queries", i, "error_limit",
               random_chance(random, 0.5) ? (double)INFINITY : random_between(random, 0.03, 0.15));
    set_member("queries", i, "max_unmet", max_unmet[random_below(random, 5)]);
}

static void set_tables(struct random *random, int i, int models, int tiers, double per_hour)
{
    for (int j = 0; j < models; j++) {
        for (int k = 0; k < tiers; k++) {
            bool null = random_chance(random, 0.05);
            set_cell("delay_ms_per_token", i, j, k,
                     null ? (double)NAN : random_between(random, 0.3, 3));
            set_cell("error_rate", i, j, k, random_between(random, 0.01, 0.12));
            set_cell("kv_residency_hours", i, j, k, random_between(random, 2, 60) / per_hour);
        }
    }
}

ifp_instance *sample_instance(uint64_t seed, int queries, int models, int tiers)
{
    struct random random = {seed + 1000000};
    double hours = 1 + random_below(&random, 12);
    made = ifp_instance_new();
    ck_assert_ptr_nonnull(made);
    ok(ifp_instance_set_name(made, "sample"), "name");
    add_members(queries, 'q', ifp_instance_add_query);
    add_members(models, 'm', ifp_instance_add_model);
    add_members(tiers, 't', ifp_instance_add_tier);
    ok(ifp_instance_add_pool(made, "p0"), "p0");
    set_policies(seed);
    set("pools[0].gpus", random_below(&random, 13));
    set("horizon.rental_hours", hours);
    set("policy.max_replicas", 1 + random_below(&random, 3));
    set("storage_usd_per_gb_hour", random_between(&random, 0, 0.02));
    set("limits.budget_usd", random_chance(&random, 0.5)
                                 ? (double)INFINITY
                                 : hours * queries * random_between(&random, 1, 6));
    set("limits.storage_gb",
        random_chance(&random, 0.5) ? (double)INFINITY : queries * random_between(&random, 8, 40));
    for (int j = 0; j < models; j++) {
        set_member("models", j, "weights_gb", random_between(&random, 4, 60));
        set_member("models", j, "kv_gb_per_token", random_between(&random, 0.3, 1.2));
        set_member("models", j, "compute_scale", random_between(&random, 0.3, 2));
    }
    for (int k = 0; k < tiers; k++)
        set_tier(&random, k);
    for (int i = 0; i < queries; i++) {
        double tokens;
        double rate;
        char path[40];
        set_query(&random, i, &tokens);
        (void)snprintf(path, sizeof path, "queries[%d].rate_per_hour", i);
        ok(ifp_instance_get_number(made, path, &rate, NULL), path);
        set_tables(&random, i, models, tiers, tokens * rate);
    }
    return made;
}

ifp_instance *sample_with_table(ifp_instance *instance, struct random *random)
{
    struct ifp_numbers *table = &instance->headroom.table;
    double load = 0;
    instance->headroom.kind = IFP_HEADROOM_TABLE;
    instance->max_replicas = 2 + random_below(random, 5);
    table->count = (size_t)(1 + random_below(random, 5));
    table->values = malloc(table->count * sizeof *table->values);
    ck_assert_ptr_nonnull(table->values);
    for (size_t m = 0; m < table->count; m++) {
        load += random_chance(random, 0.2) ? 0 : random_between(random, 0.2, 1);
        table->values[m] = load;
    }
    return instance;
}

const char *sample_change(struct random *random, char *value)
{
    static const char *const paths[] = {
        "queries[*].rate_per_hour", "queries[*].unmet_penalty_usd",
        "tiers[*].usd_per_hour",    "tiers[*].memory_gb",
        "tiers[*].tflops",
    };
    const int thousandths = 400 + random_below(random, 1600);
    /* In whole numbers: the locale may write a fraction with a comma. */
    (void)snprintf(value, SAMPLE_VALUE, "scale:%d.%03d", thousandths / 1000, thousandths % 1000);
    return paths[random_below(random, (int)(sizeof paths / sizeof *paths))];
}
