/* SPDX-License-Identifier: MIT */
/*
 * Tiny instances at random. Loads, costs and limits are drawn relative to what they compete with
 * (a GPU's memory, its rent, the delays on offer), so that about every decision matters in some
 * instance: whether to serve, where, on how many GPUs, and what to leave unmet.
 */
#include "tiny.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

static double tokens_per_hour(const struct tiny *tiny, int i)
{
    return (tiny->query[i].input_tokens + tiny->query[i].output_tokens) *
           tiny->query[i].rate_per_hour;
}

static void make_tiers(struct tiny *tiny, struct random *random)
{
    static const double degrees[][TINY_DEGREES] = {{1, 2}, {2, 1}, {1, 4}, {2, 4}, {1, 3}};
    tiny->pools = random_below(random, 3);
    for (int p = 0; p < tiny->pools; p++)
        tiny->pool_gpus[p] = random_below(random, 9);
    for (int k = 0; k < tiny->tiers; k++) {
        int set = random_below(random, 5);
        bool listed = random_chance(random, 0.5);
        tiny->tier[k].memory_gb = random_between(random, 16, 80);
        tiny->tier[k].tflops = random_between(random, 10, 200);
        tiny->tier[k].usd_per_hour =
            random_chance(random, 0.05) ? 0 : random_between(random, 0.3, 4);
        tiny->tier[k].degrees = 1 + random_below(random, TINY_DEGREES);
        for (int n = 0; n < TINY_DEGREES; n++) {
            double degree = degrees[set][n];
            tiny->tier[k].tp_degrees[n] = degree;
            tiny->tier[k].tp_speedup[n] =
                listed ? pow(degree, random_between(random, 0, 1.1)) : degree;
        }
        tiny->tier[k].weight_scale = random_chance(random, 0.4) ? 0.5 : 1;
        tiny->tier[k].kv_scale = random_chance(random, 0.3) ? 0.5 : 1;
        tiny->tier[k].pool =
            tiny->pools && random_chance(random, 0.6) ? random_below(random, tiny->pools) : -1;
    }
}

static void make_models(struct tiny *tiny, struct random *random)
{
    for (int j = 0; j < tiny->models; j++) {
        double gpu = tiny->tier[random_below(random, tiny->tiers)].memory_gb;
        tiny->model[j].weights_gb =
            random_chance(random, 0.1) ? 0 : gpu * random_between(random, 0.1, 1.2);
        tiny->model[j].kv_gb_per_token =
            random_chance(random, 0.1) ? 0 : random_between(random, 0.2, 1.2);
        tiny->model[j].compute_scale =
            random_chance(random, 0.5) ? 1 : random_between(random, 0, 2);
    }
}

/* Tables first: limits are drawn among the delays and errors on offer. */
static void make_tables(struct tiny *tiny, struct random *random)
{
    double gpu = tiny->tier[0].memory_gb;
    for (int i = 0; i < tiny->queries; i++) {
        /* With the whole demand, the KV cache of a model of 1 GB a token takes about a GPU. */
        double hours = gpu / fmax(1, tokens_per_hour(tiny, i));
        for (int j = 0; j < tiny->models; j++) {
            double slow = random_between(random, 0.3, 3);
            double wrong = random_between(random, 0.01, 0.15);
            for (int k = 0; k < tiny->tiers; k++) {
                bool null = random_chance(random, 0.06);
                tiny->delay_ms_per_token[i][j][k] =
                    null ? (double)NAN : slow * random_between(random, 0.3, 1.5);
                tiny->error_rate[i][j][k] = random_chance(random, 0.06)
                                                ? (double)NAN
                                                : wrong * random_between(random, 0.7, 1.3);
                tiny->kv_residency_hours[i][j][k] = hours * random_between(random, 0, 1.2);
            }
        }
    }
}

/* A limit near one of the values of a query's table, times what makes it that. */
static double limit_near(struct random *random, double table[TINY_MODELS][TINY_TIERS],
                         const struct tiny *tiny, double unit)
{
    double value = table[random_below(random, tiny->models)][random_below(random, tiny->tiers)];
    if (isnan(value) || random_chance(random, 0.4))
        return (double)INFINITY;
    return value * unit * random_between(random, 0.6, 1.4);
}

static void make_queries(struct tiny *tiny, struct random *random)
{
    for (int i = 0; i < tiny->queries; i++) {
        tiny->query[i].input_tokens = random_below(random, 500);
        tiny->query[i].output_tokens = 1 + random_below(random, 500);
        tiny->query[i].rate_per_hour =
            random_chance(random, 0.04) ? 0 : random_between(random, 20, 2000);
    }
    make_tables(tiny, random);
    for (int i = 0; i < tiny->queries; i++) {
        static const double max_unmet[] = {1, 1, 1, 1, 0.3, 0};
        double tokens = tiny->query[i].input_tokens + tiny->query[i].output_tokens;
        double per_hour = fmax(1, tokens_per_hour(tiny, i));
        double gpu_usd = tiny->rental_hours * 2;
        double unmet_usd = gpu_usd * random_between(random, 0, 12);
        double served_ms = tokens * random_between(random, 0.5, 2);
        double queries = tiny->penalty_hours * fmax(1, tiny->query[i].rate_per_hour);
        tiny->query[i].tflop_per_1k_tokens =
            random_chance(random, 0.2)
                ? 0
                : tiny->tier[0].tflops * 1000 * 3600 / per_hour * random_between(random, 0, 1.5);
        tiny->query[i].storage_gb_per_token =
            random_chance(random, 0.5) ? 0 : random_between(random, 0, 60) / per_hour;
        tiny->query[i].unmet_penalty_usd = queries > 0 ? unmet_usd / queries : 1;
        tiny->query[i].delay_penalty_usd_per_ms =
            random_chance(random, 0.3) || !(queries > 0)
                ? 0
                : unmet_usd / queries / served_ms * random_between(random, 0, 0.7);
        tiny->query[i].delay_limit_ms =
            limit_near(random, tiny->delay_ms_per_token[i], tiny, tokens);
        tiny->query[i].error_limit = fmin(1, limit_near(random, tiny->error_rate[i], tiny, 1));
        if (tiny->query[i].error_limit >= 1)
            tiny->query[i].error_limit = (double)INFINITY;
        tiny->query[i].max_unmet = max_unmet[random_below(random, 6)];
    }
}

void tiny_make(struct tiny *tiny, uint64_t seed)
{
    static const double hours[] = {1, 6, 12};
    struct random random = {seed};
    (void)random_bits(&random);
    memset(tiny, 0, sizeof *tiny);
    tiny->placement = (int)(seed % 3);
    tiny->offered = seed / 3 % 2;
    tiny->stored_by_route = seed / 6 % 2;
    tiny->max_replicas = 1 + random_below(&random, 2);
    tiny->queries = 1 + random_below(&random, TINY_QUERIES);
    tiny->models = 1 + random_below(&random, TINY_MODELS);
    tiny->tiers = 1 + random_below(&random, TINY_TIERS);
    /* The number of route patterns to try is 2 to the number of routes here. */
    if (tiny->placement == TINY_SPLIT && tiny->stored_by_route && tiny->queries > 2)
        tiny->queries = 2;
    tiny->rental_hours = hours[random_below(&random, 3)];
    tiny->penalty_hours =
        random_chance(&random, 0.3) ? tiny->rental_hours : random_below(&random, 5) * 0.5;
    make_tiers(tiny, &random);
    make_models(tiny, &random);
    make_queries(tiny, &random);
    tiny->storage_usd_per_gb_hour =
        random_chance(&random, 0.2) ? 0 : random_between(&random, 0, 0.05);
    tiny->budget_usd = random_chance(&random, 0.5)
                           ? (double)INFINITY
                           : tiny->rental_hours * random_between(&random, 0.3, 12);
    tiny->storage_gb = random_chance(&random, 0.5)
                           ? (double)INFINITY
                           : tiny->model[0].weights_gb * random_between(&random, 0.4, 3.5);
}

/* Nothing, a part of one factor, one, more in whole and in part, and more than there is. */
static double any_budget(struct random *random)
{
    static const double budgets[] = {0, 1, 1, 1.5, 2, 3.5, 1e6};
    return random_chance(random, 0.3) ? random_between(random, 0, 1)
                                      : budgets[random_below(random, 7)];
}

/* Widened, as it is, shrunk in part and to nothing. */
static double any_shrink(struct random *random)
{
    static const double low[] = {-1.5, 0, 0, 0, 1};
    static const double high[] = {0, 0, 1, 1, 1};
    int which = random_below(random, 5);
    return random_between(random, low[which], high[which]);
}

/* Of the size of the nominal values. What is no candidate has a deviation that must not matter. */
static double any_deviation(struct random *random, double nominal)
{
    double value = random_between(random, 0, 1.5) * (isnan(nominal) ? 1 : nominal);
    return random_chance(random, 0.15) ? 0 : value;
}

static double wider(struct random *random, double limit)
{
    return random_chance(random, 0.2) ? limit : limit * random_between(random, 1, 2);
}

void tiny_make_uncertain(struct tiny *tiny, uint64_t seed)
{
    struct random random = {~seed};
    (void)random_bits(&random);
    tiny_make(tiny, seed);
    /* tiny_make gives each policy once in 12 seeds. */
    tiny->uncertainty = TINY_BUDGET + (int)(seed / 12 % 3);
    if (tiny->uncertainty == TINY_QUERY && tiny->placement != TINY_SINGLE)
        tiny->uncertainty = random_chance(&random, 0.5) ? TINY_BUDGET : TINY_CELL;
    tiny->delay_budget = any_budget(&random);
    tiny->error_budget = any_budget(&random);
    for (int j = 0; j < tiny->models; j++) {
        for (int k = 0; k < tiny->tiers; k++) {
            tiny->delay_shrink[j][k] = any_shrink(&random);
            tiny->error_shrink[j][k] = any_shrink(&random);
            for (int i = 0; i < tiny->queries; i++) {
                tiny->delay_deviation_ms_per_token[i][j][k] =
                    any_deviation(&random, tiny->delay_ms_per_token[i][j][k]);
                tiny->error_deviation[i][j][k] = any_deviation(&random, tiny->error_rate[i][j][k]);
            }
        }
    }
    for (int i = 0; i < tiny->queries; i++) {
        tiny->query[i].delay_limit_ms = wider(&random, tiny->query[i].delay_limit_ms);
        if (isfinite(tiny->query[i].error_limit))
            tiny->query[i].error_limit = fmin(1, wider(&random, tiny->query[i].error_limit));
    }
}

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

static void add_members(int count, char letter, int (*add)(ifp_instance *, const char *))
{
    for (int m = 0; m < count; m++) {
        char name[] = {letter, (char)('0' + m), '\0'};
        ok(add(made, name), name);
    }
}

static void set_query(const struct tiny *tiny, int i)
{
    const char *list = "queries";
    set_member(list, i, "input_tokens", tiny->query[i].input_tokens);
    set_member(list, i, "output_tokens", tiny->query[i].output_tokens);
    set_member(list, i, "rate_per_hour", tiny->query[i].rate_per_hour);
    set_member(list, i, "tflop_per_1k_tokens", tiny->query[i].tflop_per_1k_tokens);
    set_member(list, i, "storage_gb_per_token", tiny->query[i].storage_gb_per_token);
    set_member(list, i, "delay_limit_ms", tiny->query[i].delay_limit_ms);
    set_member(list, i, "error_limit", tiny->query[i].error_limit);
    set_member(list, i, "delay_penalty_usd_per_ms", tiny->query[i].delay_penalty_usd_per_ms);
    set_member(list, i, "unmet_penalty_usd", tiny->query[i].unmet_penalty_usd);
    set_member(list, i, "max_unmet", tiny->query[i].max_unmet);
}

static void set_tier(const struct tiny *tiny, int k)
{
    const char *list = "tiers";
    char path[40];
    size_t degrees = (size_t)tiny->tier[k].degrees;
    set_member(list, k, "memory_gb", tiny->tier[k].memory_gb);
    set_member(list, k, "tflops", tiny->tier[k].tflops);
    set_member(list, k, "usd_per_hour", tiny->tier[k].usd_per_hour);
    set_member(list, k, "weight_scale", tiny->tier[k].weight_scale);
    set_member(list, k, "kv_scale", tiny->tier[k].kv_scale);
    (void)snprintf(path, sizeof path, "tiers[%d].tp_degrees", k);
    ok(ifp_instance_set_numbers(made, path, tiny->tier[k].tp_degrees, degrees), path);
    (void)snprintf(path, sizeof path, "tiers[%d].tp_speedup", k);
    ok(ifp_instance_set_numbers(made, path, tiny->tier[k].tp_speedup, degrees), path);
    (void)snprintf(path, sizeof path, "tiers[%d].pool", k);
    if (tiny->tier[k].pool >= 0) {
        char name[] = {'p', (char)('0' + tiny->tier[k].pool), '\0'};
        ok(ifp_instance_set_word(made, path, name), path);
    }
}

static void set_cell(const char *field, int j, int k, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "performance.%s[%d][%d]", field, j, k);
    set(path, value);
}

static void set_entry(const char *field, int i, int j, int k, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "performance.%s[%d][%d][%d]", field, i, j, k);
    set(path, value);
}

static void set_tables(const struct tiny *tiny)
{
    for (int i = 0; i < tiny->queries; i++) {
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                set_entry("delay_ms_per_token", i, j, k, tiny->delay_ms_per_token[i][j][k]);
                set_entry("error_rate", i, j, k, tiny->error_rate[i][j][k]);
                set_entry("kv_residency_hours", i, j, k, tiny->kv_residency_hours[i][j][k]);
            }
        }
    }
}

static void set_uncertainty(const struct tiny *tiny)
{
    bool decision = tiny->uncertainty == TINY_CELL || tiny->uncertainty == TINY_QUERY;
    ok(ifp_instance_set_word(made, "uncertainty.kind", decision ? "decision_dependent" : "budget"),
       "kind");
    /* Left as it is, query, for budget: it must not matter there. */
    if (tiny->uncertainty == TINY_CELL)
        ok(ifp_instance_set_word(made, "uncertainty.level", "cell"), "level");
    set("uncertainty.delay_budget", tiny->delay_budget);
    set("uncertainty.error_budget", tiny->error_budget);
    for (int j = 0; j < tiny->models; j++) {
        for (int k = 0; k < tiny->tiers; k++) {
            set_cell("delay_shrink", j, k, tiny->delay_shrink[j][k]);
            set_cell("error_shrink", j, k, tiny->error_shrink[j][k]);
            for (int i = 0; i < tiny->queries; i++) {
                set_entry("delay_deviation_ms_per_token", i, j, k,
                          tiny->delay_deviation_ms_per_token[i][j][k]);
                set_entry("error_deviation", i, j, k, tiny->error_deviation[i][j][k]);
            }
        }
    }
}

ifp_instance *tiny_instance(const struct tiny *tiny)
{
    static const char *const placements[] = {"single", "matching", "split"};
    made = ifp_instance_new();
    ck_assert_ptr_nonnull(made);
    ok(ifp_instance_set_name(made, "tiny"), "name");
    add_members(tiny->queries, 'q', ifp_instance_add_query);
    add_members(tiny->models, 'm', ifp_instance_add_model);
    add_members(tiny->tiers, 't', ifp_instance_add_tier);
    add_members(tiny->pools, 'p', ifp_instance_add_pool);
    set("horizon.rental_hours", tiny->rental_hours);
    set("horizon.penalty_hours", tiny->penalty_hours);
    set("limits.budget_usd", tiny->budget_usd);
    set("limits.storage_gb", tiny->storage_gb);
    set("storage_usd_per_gb_hour", tiny->storage_usd_per_gb_hour);
    set("policy.max_replicas", tiny->max_replicas);
    ok(ifp_instance_set_word(made, "policy.placement", placements[tiny->placement]), "placement");
    ok(ifp_instance_set_word(made, "policy.slo_basis", tiny->offered ? "offered" : "served"),
       "slo_basis");
    ok(ifp_instance_set_word(made, "policy.storage_basis",
                             tiny->stored_by_route ? "route" : "deployment"),
       "storage_basis");
    for (int i = 0; i < tiny->queries; i++)
        set_query(tiny, i);
    for (int j = 0; j < tiny->models; j++) {
        set_member("models", j, "weights_gb", tiny->model[j].weights_gb);
        set_member("models", j, "kv_gb_per_token", tiny->model[j].kv_gb_per_token);
        set_member("models", j, "compute_scale", tiny->model[j].compute_scale);
    }
    for (int k = 0; k < tiny->tiers; k++)
        set_tier(tiny, k);
    for (int p = 0; p < tiny->pools; p++)
        set_member("pools", p, "gpus", tiny->pool_gpus[p]);
    set_tables(tiny);
    if (tiny->uncertainty != TINY_NOMINAL)
        set_uncertainty(tiny);
    return made;
}
