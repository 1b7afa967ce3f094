/* SPDX-License-Identifier: MIT */
/*
 * What is left out before anything is built: each reason just where it must apply, and not a hair
 * beyond. The numbers of the instance below, worked out by hand:
 *
 *     query a   200 tokens, 1/s, so 720000 tokens an hour, over 10 hours of rent and penalties
 *     M on T    16 of 24 GB are weights: 8 GB of room at degree 1, 32 GB at degree 2
 *               KV cache of all of a: 0.001 x 720000 x 0.01 h = 7.2 GB
 *               compute of all of a: 5 / 1000 x 200 = 1 of 10 or 20 TFLOP/s
 *               rent 10 h x 2 $ = 20 or 40 $;   weights 10 h x 0.01 $ x 16 GB = 1.6 $
 *               data of all of a: 10 h x 0.01 $ x 7.2 GB = 0.72 $
 *               delay 2 x 200 = 400 or 200 ms, which costs 14.4 or 7.2 $;   error 0.02
 *     unmet     36000 queries x 0.5 $ = 18000 $
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "milp/milp.h"
#include "problem/problem.h"
#include "support/random.h"
#include "support/suite.h"

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"filter\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"policy\": {\"max_replicas\": 10},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": 5, \"storage_gb_per_token\": 1e-5,"
    "   \"delay_penalty_usd_per_ms\": 1e-6, \"unmet_penalty_usd\": 0.5}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.001}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2], \"pool\": \"P\"}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 1000}],"
    " \"performance\": {\"delay_ms_per_token\": 2, \"error_rate\": 0.02,"
    "   \"kv_residency_hours\": 0.01}}";

static ifp_instance *instance;
static struct ifp_problem *problem;

static void setup(void)
{
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    problem = NULL;
}

static void teardown(void)
{
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

/* "PATH=VALUE PATH=VALUE .." */
static void change(const char *changes)
{
    char copy[256];
    ck_assert_uint_lt(strlen(changes), sizeof copy);
    strcpy(copy, changes);
    char *rest = NULL;
    for (char *one = strtok_r(copy, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(one, '=');
        *value++ = '\0';
        ck_assert_msg(ifp_instance_set(instance, one, value) == IFP_OK, "%s",
                      ifp_error_message(ifp_instance_last_error(instance)));
    }
}

static void build(void)
{
    struct ifp_error error = {0};
    ifp_problem_free(problem);
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
}

#define SINGLE "policy.placement=single "
#define MATCHING "policy.placement=matching "
#define OFFERED "policy.slo_basis=offered "
#define BY_ROUTE "policy.storage_basis=route "

/* The changes, and how many are removed for which reasons: nothing else may be. */
static const struct {
    const char *changes;
    struct {
        int reason;
        size_t count;
    } removed[3];
} cases[] = {
    {"", {{0, 0}}},
    /* the weight shard */
    {"models[M].weights_gb=24.01", {{IFP_REMOVAL_WEIGHTS, 1}}},
    {"models[M].weights_gb=48.01", {{IFP_REMOVAL_WEIGHTS, 2}}},
    {"models[M].weights_gb=48.01 tiers[T].weight_scale=0.5", {{IFP_REMOVAL_WEIGHTS, 1}}},
    {"models[M].weights_gb=47.99 tiers[T].weight_scale=0.5", {{0, 0}}},
    /* one replica and its weights against the budget: 21.6 and 41.6 */
    {"limits.budget_usd=41.601", {{0, 0}}},
    {"limits.budget_usd=41.599", {{IFP_REMOVAL_BUDGET, 1}}},
    {"limits.budget_usd=21.601", {{IFP_REMOVAL_BUDGET, 1}}},
    {"limits.budget_usd=21.599", {{IFP_REMOVAL_BUDGET, 2}}},
    {BY_ROUTE "limits.budget_usd=21.601", {{IFP_REMOVAL_BUDGET, 1}}},
    {BY_ROUTE "limits.budget_usd=21.599", {{IFP_REMOVAL_BUDGET, 2}}},
    {"limits.budget_usd=0 tiers[T].usd_per_hour=0 storage_usd_per_gb_hour=0", {{0, 0}}},
    /* by a part of the limit that the verifier lets pass or not; of 0 there is no part */
    {"limits.budget_usd=41.59996 queries[a].storage_gb_per_token=0", {{0, 0}}},
    {"limits.budget_usd=41.59995 queries[a].storage_gb_per_token=0", {{IFP_REMOVAL_BUDGET, 1}}},
    {"limits.budget_usd=0 tiers[T].usd_per_hour=1e-12 storage_usd_per_gb_hour=0",
     {{IFP_REMOVAL_BUDGET, 2}}},
    {"limits.budget_usd=1e-12 tiers[T].usd_per_hour=1.1e-13 storage_usd_per_gb_hour=0",
     {{IFP_REMOVAL_BUDGET, 2}}},
    {"limits.budget_usd=1e-12 tiers[T].usd_per_hour=1e-13 storage_usd_per_gb_hour=0",
     {{IFP_REMOVAL_BUDGET, 1}}},
    {"limits.budget_usd=0 tiers[T].usd_per_hour=0 models[M].weights_gb=0",
     {{IFP_REMOVAL_CAPACITY, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    /* weights against the storage */
    {"limits.storage_gb=16", {{0, 0}}},
    {"limits.storage_gb=15.999", {{IFP_REMOVAL_STORAGE, 2}}},
    {BY_ROUTE "limits.storage_gb=15.999", {{IFP_REMOVAL_STORAGE, 2}}},
    {"limits.storage_gb=0 models[M].weights_gb=0", {{0, 0}}},
    {"limits.storage_gb=0 models[M].weights_gb=1e-10", {{IFP_REMOVAL_STORAGE, 2}}},
    {"limits.storage_gb=15.99999", {{0, 0}}},
    {"limits.storage_gb=15.99998", {{IFP_REMOVAL_STORAGE, 2}}},
    /* one replica against the pool */
    {"pools[P].gpus=2", {{0, 0}}},
    {"pools[P].gpus=1.5", {{IFP_REMOVAL_POOL, 1}}},
    {"pools[P].gpus=0", {{IFP_REMOVAL_POOL, 2}}},
    {"pools[P].gpus=0 tiers[T].pool=null", {{0, 0}}},
    {"pools[P].gpus=1.9999981", {{0, 0}}},
    {"pools[P].gpus=1.9999979", {{IFP_REMOVAL_POOL, 1}}},
    {"pools[P].gpus=0.9999991", {{IFP_REMOVAL_POOL, 1}}},
    {"pools[P].gpus=0.9999989", {{IFP_REMOVAL_POOL, 2}}},
    /* no candidate, and then nobody who could use it */
    {"performance.delay_ms_per_token[a]=null",
     {{IFP_REMOVAL_NOT_MEASURED, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {"performance.error_rate[a][M][T]=null",
     {{IFP_REMOVAL_NOT_MEASURED, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    /* delay of one route: 400 and 200 ms */
    {SINGLE "queries[a].delay_limit_ms=400", {{0, 0}}},
    {SINGLE "queries[a].delay_limit_ms=399.999997", {{0, 0}}},
    {SINGLE "queries[a].delay_limit_ms=399.999995",
     {{IFP_REMOVAL_DELAY, 1}, {IFP_REMOVAL_NO_ROUTE, 1}}},
    {SINGLE "queries[a].delay_limit_ms=399.9995",
     {{IFP_REMOVAL_DELAY, 1}, {IFP_REMOVAL_NO_ROUTE, 1}}},
    {SINGLE "queries[a].delay_limit_ms=399.99",
     {{IFP_REMOVAL_DELAY, 1}, {IFP_REMOVAL_NO_ROUTE, 1}}},
    {SINGLE "queries[a].delay_limit_ms=199.99",
     {{IFP_REMOVAL_DELAY, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {MATCHING "queries[a].delay_limit_ms=200.01", {{0, 0}}},
    {"queries[a].delay_limit_ms=200.01", {{0, 0}}},
    {"queries[a].delay_limit_ms=199.99", {{IFP_REMOVAL_DELAY, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {SINGLE OFFERED "queries[a].delay_limit_ms=0.01", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {SINGLE OFFERED "queries[a].delay_limit_ms=0",
     {{IFP_REMOVAL_DELAY, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {"queries[a].delay_limit_ms=0 performance.delay_ms_per_token=0", {{IFP_REMOVAL_DOMINATED, 1}}},
    /* error of one route */
    {SINGLE "queries[a].error_limit=0.02", {{0, 0}}},
    {"queries[a].error_limit=0.02", {{0, 0}}},
    {SINGLE "queries[a].error_limit=0.01999", {{IFP_REMOVAL_ERROR, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {"queries[a].error_limit=0.01999", {{IFP_REMOVAL_ERROR, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {OFFERED "queries[a].error_limit=0.00001", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {OFFERED "queries[a].error_limit=0", {{IFP_REMOVAL_ERROR, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    /* no room at all: the shard fills the GPU */
    {"models[M].weights_gb=24", {{IFP_REMOVAL_CAPACITY, 1}, {IFP_REMOVAL_NO_ROUTE, 1}}},
    {"models[M].weights_gb=23.999", {{0, 0}}},
    {"models[M].weights_gb=24 models[M].kv_gb_per_token=0", {{0, 0}}},
    {"models[M].weights_gb=24.00002 models[M].kv_gb_per_token=0", {{0, 0}}},
    {"models[M].weights_gb=24.00002", {{IFP_REMOVAL_CAPACITY, 1}, {IFP_REMOVAL_NO_ROUTE, 1}}},
    {"models[M].weights_gb=24.00003", {{IFP_REMOVAL_WEIGHTS, 1}}},
    /* however small the share, it stays: by what the fast one leaves of the delay limit, by the
     * limit itself, by memory */
    {"queries[a].delay_limit_ms=200.0000001", {{0, 0}}},
    {MATCHING "queries[a].delay_limit_ms=200.0000001", {{0, 0}}},
    {OFFERED "queries[a].delay_limit_ms=1e-12 queries[a].max_unmet=0.99", {{0, 0}}},
    {"policy.max_replicas=1 models[M].weights_gb=23.999999999", {{0, 0}}},
    /* dearer than leaving it unmet: 15.12 at degree 1, 7.92 at degree 2, of 36000 queries */
    {SINGLE "queries[a].unmet_penalty_usd=0.000421", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.000419",
     {{IFP_REMOVAL_DEARER, 1}, {IFP_REMOVAL_NO_ROUTE, 1}, {IFP_REMOVAL_UNPROFITABLE, 1}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.000219",
     {{IFP_REMOVAL_DEARER, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {OFFERED "queries[a].unmet_penalty_usd=0.000219",
     {{IFP_REMOVAL_DEARER, 2}, {IFP_REMOVAL_NO_ROUTE, 2}}},
    {"queries[a].unmet_penalty_usd=0.000219", {{0, 0}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.000219 queries[a].max_unmet=0.99", {{0, 0}}},
    /* rent of 21.6 and 41.6 with weights for 36000 p - 15.12 or 7.92 saved: p above 0.00102 and
     * 0.0013755 */
    {SINGLE "queries[a].unmet_penalty_usd=0.00138", {{0, 0}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.00137", {{IFP_REMOVAL_UNPROFITABLE, 1}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.00103", {{IFP_REMOVAL_UNPROFITABLE, 1}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.00101", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {OFFERED "queries[a].unmet_penalty_usd=0.00101", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {SINGLE BY_ROUTE "queries[a].unmet_penalty_usd=0.00103", {{IFP_REMOVAL_UNPROFITABLE, 1}}},
    {SINGLE BY_ROUTE "queries[a].unmet_penalty_usd=0.00101", {{IFP_REMOVAL_UNPROFITABLE, 2}}},
    {"queries[a].unmet_penalty_usd=0.00101", {{0, 0}}},
    {MATCHING "queries[a].unmet_penalty_usd=0.00101", {{0, 0}}},
    {SINGLE "queries[a].unmet_penalty_usd=0.00101 queries[a].max_unmet=0.99", {{0, 0}}},
};

START_TEST(reasons)
{
    change(cases[_i].changes);
    build();
    size_t configurations = 2;
    for (int r = 1; r < IFP_REMOVAL_COUNT; r++) {
        size_t expected = 0;
        for (size_t e = 0; e < 3; e++)
            expected += cases[_i].removed[e].reason == r ? cases[_i].removed[e].count : 0;
        ck_assert_msg(problem->removed[r] == expected, "%zu, not %zu, removed as \"%s\"",
                      problem->removed[r], expected,
                      ifp_removal_text(r) ? ifp_removal_text(r) : "unknown");
        if (r <= IFP_REMOVAL_REPLICAS)
            configurations -= problem->removed[r];
    }
    ck_assert_uint_eq(problem->configuration_count, configurations);
    ck_assert_uint_eq(problem->route_count, configurations);
}
END_TEST

/* The model counts the same. */
START_TEST(reasons_of_the_model)
{
    change(cases[_i].changes);
    build();
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ck_assert_ptr_nonnull(model);
    for (int r = -1; r < IFP_REMOVAL_COUNT + 1; r++)
        ck_assert_uint_eq(ifp_model_removed(model, r),
                          r > 0 && r < IFP_REMOVAL_COUNT ? problem->removed[r] : 0);
    ck_assert_uint_eq(ifp_model_configuration_count(model), problem->configuration_count);
    ck_assert_uint_eq(ifp_model_route_count(model), problem->route_count);
    ifp_model_free(model);
}
END_TEST

/* The example that misses its limit by the smallest fraction, of several. */
static const struct {
    const char *changes;
    int reason;
    size_t count;  /* of examples */
    double degree; /* of the nearest; 0: there is none */
    double value;
    double limit;
} nearest[] = {
    {"models[M].weights_gb=48.01", IFP_REMOVAL_WEIGHTS, 2, 2, 24.005, 24},
    {"limits.budget_usd=20", IFP_REMOVAL_BUDGET, 2, 1, 21.6, 20},
    {"limits.storage_gb=15", IFP_REMOVAL_STORAGE, 2, 1, 16, 15},
    {"pools[P].gpus=0.5", IFP_REMOVAL_POOL, 2, 1, 1, 0.5},
    {"queries[a].delay_limit_ms=150", IFP_REMOVAL_DELAY, 2, 2, 200, 150},
    {"queries[a].delay_limit_ms=150 queries[a].limit_basis=route", IFP_REMOVAL_DELAY, 2, 2, 200,
     150},
    {"queries[a].error_limit=0.01", IFP_REMOVAL_ERROR, 2, 1, 0.02, 0.01},
    {"policy.whole_requests=true models[M].kv_gb_per_token=0.05", IFP_REMOVAL_REQUEST, 1, 1, 10, 8},
    {SINGLE "queries[a].unmet_penalty_usd=0.00101", IFP_REMOVAL_UNPROFITABLE, 2, 1, 21.6, 21.24},
    {SINGLE "queries[a].unmet_penalty_usd=0.0002", IFP_REMOVAL_DEARER, 2, 2, 7.92, 7.2},
    {SINGLE "queries[a].unmet_penalty_usd=0.0002", IFP_REMOVAL_NO_ROUTE, 2, 0, 0, 0},
    {"performance.error_rate=null", IFP_REMOVAL_NOT_MEASURED, 2, 0, 0, 0},
    {"tiers[T].tp_speedup[1]=1 models[M].weights_gb=0 models[M].kv_gb_per_token=0 "
     "queries[a].tflop_per_1k_tokens=0",
     IFP_REMOVAL_DOMINATED, 1, 0, 0, 0},
};

START_TEST(nearest_examples)
{
    change(nearest[_i].changes);
    build();
    const struct ifp_removal_record *record = &problem->removals[nearest[_i].reason];
    bool is_route = nearest[_i].reason >= IFP_REMOVAL_NOT_MEASURED;
    ck_assert_uint_eq(record->count, nearest[_i].count);
    ck_assert_uint_eq(record->count, problem->removed[nearest[_i].reason]);
    for (size_t e = 0; e < record->count; e++) {
        ck_assert_uint_eq(record->examples[e].query, is_route ? 0 : SIZE_MAX);
        ck_assert_uint_eq(record->examples[e].model, 0);
        ck_assert_uint_eq(record->examples[e].tier, 0);
        ck_assert(e == 0 || record->examples[e].degree > record->examples[e - 1].degree);
    }
    ck_assert_int_eq(record->has_nearest, nearest[_i].degree > 0);
    if (!record->has_nearest)
        return;
    ck_assert_double_eq(record->nearest.degree, nearest[_i].degree);
    ck_assert_double_eq_tol(record->nearest.miss.value, nearest[_i].value, 1e-9);
    ck_assert_double_eq_tol(record->nearest.miss.limit, nearest[_i].limit, 1e-9);
}
END_TEST

/* Any number of removals leaves three examples. */
START_TEST(few_examples_of_many)
{
    change("models[M].weights_gb=1e9");
    for (size_t n = 0; n < 5; n++) {
        char name[8] = {'T', (char)('0' + n)};
        ck_assert_int_eq(ifp_instance_add_model(instance, name), IFP_OK);
        char path[64];
        (void)snprintf(path, sizeof path, "models[%s].weights_gb", name);
        ck_assert_int_eq(ifp_instance_set(instance, path, "1e8"), IFP_OK);
        (void)snprintf(path, sizeof path, "models[%s].kv_gb_per_token", name);
        ck_assert_int_eq(ifp_instance_set(instance, path, "0"), IFP_OK);
    }
    build();
    const struct ifp_removal_record *record = &problem->removals[IFP_REMOVAL_WEIGHTS];
    ck_assert_uint_eq(problem->removed[IFP_REMOVAL_WEIGHTS], 12);
    ck_assert_uint_eq(record->count, IFP_REMOVAL_EXAMPLES);
    ck_assert_uint_eq(record->examples[2].model, 1);
    /* The nearest one is none of the first ones. */
    ck_assert_uint_eq(record->nearest.model, 1);
    ck_assert_double_eq(record->nearest.degree, 2);
}
END_TEST

START_TEST(reasons_in_words)
{
    static const int known[] = {
        IFP_REMOVAL_WEIGHTS,   IFP_REMOVAL_BUDGET,     IFP_REMOVAL_STORAGE,
        IFP_REMOVAL_POOL,      IFP_REMOVAL_NO_ROUTE,   IFP_REMOVAL_UNPROFITABLE,
        IFP_REMOVAL_DOMINATED, IFP_REMOVAL_REPLICAS,   IFP_REMOVAL_NOT_MEASURED,
        IFP_REMOVAL_DELAY,     IFP_REMOVAL_ERROR,      IFP_REMOVAL_CAPACITY,
        IFP_REMOVAL_DEARER,    IFP_REMOVAL_TTFT,       IFP_REMOVAL_TPOT,
        IFP_REMOVAL_REQUEST,   IFP_REMOVAL_ATTAINMENT, IFP_REMOVAL_UNPROFILED};
    size_t k = 0;
    for (int r = -2; r < 100; r++) {
        bool is_known = k < sizeof known / sizeof *known && known[k] == r;
        ck_assert_int_eq(ifp_removal_text(r) != NULL, is_known);
        ck_assert_int_eq(ifp_removal_word(r) != NULL, is_known);
        k += is_known;
    }
    ck_assert_uint_eq(k, sizeof known / sizeof *known);
}
END_TEST

/* Of two degrees of a pair, the larger goes if the smaller is as fast, no dearer, and holds all
 * that the larger could serve. */
START_TEST(dominated_degrees)
{
    static const struct {
        const char *changes;
        double degrees[2];
        double speedups[2];
        size_t dominated;
    } pairs[] = {
        {"", {1, 2}, {1, 1}, 1},
        {"", {2, 1}, {1, 1}, 1},
        {"", {1, 2}, {1, 1.0001}, 0},
        {"", {1, 2}, {1, 0.9}, 1},
        {"tiers[T].usd_per_hour=0", {1, 2}, {1, 1}, 1},
        /* a delay that costs nothing and has no limit does not matter */
        {"queries[a].delay_penalty_usd_per_ms=0", {1, 2}, {1, 2}, 1},
        {"queries[a].delay_penalty_usd_per_ms=0 queries[a].delay_limit_ms=1000", {1, 2}, {1, 2}, 0},
        /* 7.92 GB still fit into the 8 of degree 1, 8.64 do not */
        {"performance.kv_residency_hours=0.011", {1, 2}, {1, 1}, 1},
        {"performance.kv_residency_hours=0.012", {1, 2}, {1, 1}, 0},
        {"queries[a].tflop_per_1k_tokens=49.9", {1, 2}, {1, 1}, 1},
        {"queries[a].tflop_per_1k_tokens=50.1", {1, 2}, {1, 1}, 0},
    };
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        teardown();
        setup();
        change(pairs[p].changes);
        ck_assert_int_eq(
            ifp_instance_set_numbers(instance, "tiers[T].tp_degrees", pairs[p].degrees, 2), IFP_OK);
        ck_assert_int_eq(
            ifp_instance_set_numbers(instance, "tiers[T].tp_speedup", pairs[p].speedups, 2),
            IFP_OK);
        build();
        ck_assert_msg(problem->removed[IFP_REMOVAL_DOMINATED] == pairs[p].dominated, "case %zu", p);
        if (pairs[p].dominated)
            ck_assert_double_eq(problem->configurations[0].degree, 1);
    }
}
END_TEST

/* Of very many degrees, not every pair of two is compared: equally fast ones go one after the
 * other, and those that a very fast one leaves behind go however far above it they are. */
START_TEST(many_dominated_degrees)
{
    enum { MANY = 200 };
    double degrees[MANY];
    double speedups[MANY];
    for (int fast = 0; fast < 2; fast++) {
        for (int d = 0; d < MANY; d++) {
            degrees[d] = MANY - d;
            speedups[d] = !fast ? 1 : d == MANY - 1 ? 1000 : MANY - d;
        }
        teardown();
        setup();
        ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[T].tp_degrees", degrees, MANY),
                         IFP_OK);
        ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[T].tp_speedup", speedups, MANY),
                         IFP_OK);
        build();
        ck_assert_uint_eq(problem->removed[IFP_REMOVAL_DOMINATED], MANY - 1);
        ck_assert_uint_eq(problem->configuration_count, 1);
        ck_assert_double_eq(problem->configurations[0].degree, 1);
    }
}
END_TEST

/* Another pair never dominates, however much better it is. */
START_TEST(pairs_do_not_dominate)
{
    ck_assert_int_eq(ifp_instance_add_tier(instance, "U"), IFP_OK);
    change("tiers[U].memory_gb=500 tiers[U].tflops=500 tiers[U].usd_per_hour=0.01 "
           "tiers[U].tp_degrees=1 tiers[U].tp_speedup=50");
    build();
    for (int r = 1; r < IFP_REMOVAL_COUNT; r++)
        ck_assert_uint_eq(problem->removed[r], 0);
    ck_assert_uint_eq(problem->configuration_count, 3);
    ck_assert_uint_eq(problem->pair_count, 2);
}
END_TEST

/* A mix of routes may hold a limit that one of them breaks: the fast one makes room for a share of
 * the slow one, (limit - fast) / (slow - fast). */
static const struct {
    const char *changes;
    double slow_share;
} shares[] = {
    {"queries[a].delay_limit_ms=300", 0.5},
    {"queries[a].delay_limit_ms=250", 0.25},
    {"queries[a].delay_limit_ms=400", 1},
    {MATCHING "queries[a].delay_limit_ms=300", 0.5},
    {OFFERED "queries[a].delay_limit_ms=300", 0.75},
    {OFFERED SINGLE "queries[a].delay_limit_ms=100", 0.25},
    {OFFERED "queries[a].error_limit=0.005", 0.25},
    /* 4 GB of room for 7.2, one or ten replicas */
    {"policy.max_replicas=1 models[M].weights_gb=20", 4 / 7.2},
    {"models[M].weights_gb=20", 1},
    {"policy.max_replicas=1 queries[a].tflop_per_1k_tokens=100", 0.5},
};

START_TEST(largest_shares)
{
    change(shares[_i].changes);
    build();
    ck_assert_uint_eq(problem->configuration_count, 2);
    ck_assert_double_eq(problem->configurations[0].degree, 1);
    ck_assert_double_eq_tol(problem->routes[0].max_share, shares[_i].slow_share, 1e-8);
    ck_assert_double_ge(problem->routes[0].max_share, shares[_i].slow_share * (1 - 1e-12));
}
END_TEST

/* 21.6 for one replica and its weights, and 0.72 for the data of all of a. */
START_TEST(shares_within_the_budget)
{
    change("limits.budget_usd=21.96");
    build();
    ck_assert_uint_eq(problem->route_count, 1);
    ck_assert_double_ge(problem->routes[0].max_share, 0.5);
    ck_assert_double_eq_tol(problem->routes[0].max_share, 0.5, 1e-4);
    change("limits.budget_usd=22.32");
    build();
    ck_assert_double_eq(problem->routes[0].max_share, 1);
}
END_TEST

/* What an instance may hold never makes a coefficient that is no finite number, nor a link row one
 * above a million, whatever the extremes of its fields are multiplied with and divided by. */
START_TEST(coefficients_are_finite)
{
    static const char *const fields[] = {"horizon.rental_hours",
                                         "horizon.penalty_hours",
                                         "storage_usd_per_gb_hour",
                                         "limits.budget_usd",
                                         "limits.storage_gb",
                                         "queries[a].input_tokens",
                                         "queries[a].rate_per_hour",
                                         "queries[a].tflop_per_1k_tokens",
                                         "queries[a].storage_gb_per_token",
                                         "queries[a].delay_limit_ms",
                                         "queries[a].error_limit",
                                         "queries[a].delay_penalty_usd_per_ms",
                                         "queries[a].unmet_penalty_usd",
                                         "models[M].weights_gb",
                                         "models[M].kv_gb_per_token",
                                         "models[M].compute_scale",
                                         "tiers[T].memory_gb",
                                         "tiers[T].tflops",
                                         "tiers[T].usd_per_hour",
                                         "tiers[T].weight_scale",
                                         "tiers[T].kv_scale",
                                         "pools[P].gpus",
                                         "performance.delay_ms_per_token",
                                         "performance.error_rate",
                                         "performance.kv_residency_hours",
                                         "policy.max_replicas",
                                         "tiers[T].tp_speedup[0]",
                                         "tiers[T].tp_speedup[1]"};
    static const double extremes[] = {0, 4.9e-324, 1e-300, 1e-15, 1e-6, 1, 1e6, 1e15};
    static const char *const words[] = {"single", "matching", "split"};
    struct random random = {(uint64_t)_i + 1};
    size_t kept = 0;
    for (int trial = 0; trial < 2000; trial++) {
        struct ifp_error error = {0};
        struct ifp_milp *milp = NULL;
        teardown();
        setup();
        ck_assert_int_eq(ifp_instance_set(instance, "policy.placement", words[trial % 3]), IFP_OK);
        if (trial & 1)
            change(OFFERED);
        if (trial & 2)
            change(BY_ROUTE);
        /* Free to rent, but not to store, and nothing to pay with: seldom met by chance. */
        if (trial == 0)
            change("limits.budget_usd=4.9e-324 tiers[T].usd_per_hour=0 models[M].weights_gb=0");
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            /* What is out of the field's range stays as it was. */
            if (trial > 0 && random_below(&random, 3) == 0)
                (void)ifp_instance_set_number(
                    instance, fields[f],
                    extremes[random_below(&random, (int)(sizeof extremes / sizeof *extremes))]);
        }
        build();
        ck_assert_int_eq(ifp_milp_new(problem, NULL, &milp, &error), IFP_OK);
        ck_assert_int_eq(ifp_milp_complete(problem, milp, NULL, &error), IFP_OK);
        for (size_t c = 0; c < milp->column_count; c++)
            ck_assert(isfinite(milp->cost[c]) && isfinite(milp->upper[c]));
        for (size_t e = 0; e < milp->start[milp->row_count]; e++)
            ck_assert(isfinite(milp->value[e]));
        for (size_t r = 0; r < milp->row_count; r++)
            ck_assert(!isnan(milp->row_upper[r]) && milp->row_lower[r] <= milp->row_upper[r]);
        for (size_t r = 0; r < problem->route_count; r++)
            ck_assert(problem->routes[r].max_share > 0 && problem->routes[r].max_share <= 1);
        kept += problem->route_count;
        ifp_milp_free(milp);
    }
    ck_assert_uint_gt(kept, 100);
}
END_TEST

/* Replicas that could never be filled are not offered: 36 GB into 8, into 32. */
START_TEST(useful_replicas)
{
    change("performance.kv_residency_hours=0.05");
    build();
    ck_assert_double_eq(problem->configurations[0].max_replicas, 5);
    ck_assert_double_eq(problem->configurations[1].max_replicas, 2);
    change("policy.max_replicas=3");
    build();
    ck_assert_double_eq(problem->configurations[0].max_replicas, 3);
    ck_assert_double_eq(problem->configurations[1].max_replicas, 2);
}
END_TEST

/* Every coefficient of a configuration and a route, as above. */
START_TEST(coefficients)
{
    build();
    const struct ifp_configuration *one = &problem->configurations[0];
    const struct ifp_configuration *two = &problem->configurations[1];
    const struct ifp_route_data *route = &problem->routes[1];
    ck_assert_double_eq(one->cost.replica, 20);
    ck_assert_double_eq(two->cost.replica, 40);
    ck_assert_double_eq(two->degree, 2);
    ck_assert_double_eq(two->weights_gb, 16);
    ck_assert_double_eq_tol(two->cost.deployment, 1.6, 1e-12);
    ck_assert_double_eq(one->kv_gb, 8);
    ck_assert_double_eq(two->kv_gb, 32);
    ck_assert_double_eq(two->tflops, 20);
    ck_assert_uint_eq(route->configuration, 1);
    ck_assert_double_eq(route->level[IFP_SERVICE_DELAY], 200);
    ck_assert_double_eq(route->level[IFP_SERVICE_ERROR], 0.02);
    ck_assert_double_eq_tol(ifp_route_need(problem, route, IFP_CAPACITY_MEMORY) *
                                problem->configurations[1].kv_gb,
                            7.2, 1e-12);
    ck_assert_double_eq_tol(ifp_route_need(problem, route, IFP_CAPACITY_LOAD) *
                                problem->configurations[1].tflops,
                            1, 1e-12);
    ck_assert_double_eq_tol(problem->demands[route->query].storage_gb, 7.2, 1e-12);
    ck_assert_double_eq_tol(ifp_route_storage_usd(problem, route), 0.72, 1e-12);
    ck_assert_double_eq_tol(ifp_route_delay_usd(problem, route), 7.2, 1e-12);
    ck_assert_double_eq(problem->demands[0].unmet_usd, 18000);
    ck_assert_double_eq_tol(one->cost.deployment, 1.6, 1e-12);
    ck_assert_double_eq(one->cost.charge, 0);
    change(BY_ROUTE "horizon.penalty_hours=5");
    build();
    one = &problem->configurations[0];
    ck_assert_double_eq(one->cost.deployment, 0);
    ck_assert_double_eq_tol(one->cost.charge, 1.6, 1e-12);
    ck_assert_double_eq(problem->demands[0].unmet_usd, 9000);
    ck_assert_double_eq_tol(ifp_route_delay_usd(problem, &problem->routes[1]), 3.6, 1e-12);
    ck_assert_double_eq_tol(ifp_route_storage_usd(problem, &problem->routes[1]), 0.72, 1e-12);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static Suite *filter_suite(void)
{
    Suite *suite = suite_create("filter");
    TCase *tests = tcase_create("filter");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, reasons, 0, COUNT(cases));
    tcase_add_loop_test(tests, reasons_of_the_model, 0, COUNT(cases));
    tcase_add_loop_test(tests, nearest_examples, 0, COUNT(nearest));
    tcase_add_test(tests, few_examples_of_many);
    tcase_add_test(tests, reasons_in_words);
    tcase_add_test(tests, dominated_degrees);
    tcase_add_test(tests, many_dominated_degrees);
    tcase_add_test(tests, pairs_do_not_dominate);
    tcase_add_loop_test(tests, largest_shares, 0, COUNT(shares));
    tcase_add_test(tests, shares_within_the_budget);
    tcase_add_loop_test(tests, coefficients_are_finite, 0, 4);
    tcase_add_test(tests, useful_replicas);
    tcase_add_test(tests, coefficients);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(filter_suite());
}
