/* SPDX-License-Identifier: MIT */
/*
 * An instance's numbers through the public interface: one ifp_instance_get_number for each, the
 * words (policy, kind of uncertainty, pools) and the degrees from the instance as JSON.
 */
#include "problem.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct reading {
    const ifp_instance *instance;
    ifp_error *error;
    bool failed;
};

/* The number at a path; the first failure is told, and all that follow give 0. */
__attribute__((format(printf, 2, 3))) static double number(struct reading *reading,
                                                           const char *format, ...)
{
    char path[200];
    double value = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    if (!reading->failed &&
        ifp_instance_get_number(reading->instance, path, &value, reading->error)) {
        fprintf(stderr, "greedy: %s\n", ifp_error_message(reading->error));
        reading->failed = true;
    }
    return value;
}

static bool is_word(const json_t *document, const char *section, const char *field,
                    const char *word)
{
    const char *value =
        json_string_value(json_object_get(json_object_get(document, section), field));
    return value && strcmp(value, word) == 0;
}

static void read_policy(struct greedy_problem *problem, struct reading *reading,
                        const json_t *document)
{
    problem->placement = is_word(document, "policy", "placement", "single")     ? GREEDY_SINGLE
                         : is_word(document, "policy", "placement", "matching") ? GREEDY_MATCHING
                                                                                : GREEDY_SPLIT;
    problem->offered = is_word(document, "policy", "slo_basis", "offered");
    problem->weights_routed = is_word(document, "policy", "storage_basis", "route");
    problem->max_replicas = number(reading, "policy.max_replicas");
    problem->budget = number(reading, "limits.budget_usd");
    problem->storage = number(reading, "limits.storage_gb");
    problem->weight_cost =
        number(reading, "horizon.rental_hours") * number(reading, "storage_usd_per_gb_hour");
    for (size_t n = 0; n < problem->pool_count; n++)
        problem->pools[n] = number(reading, "pools[%zu].gpus", n);
}

static void read_queries(struct greedy_problem *problem, struct reading *reading)
{
    double hours = number(reading, "horizon.penalty_hours");
    for (size_t i = 0; i < problem->query_count; i++) {
        struct greedy_query *query = &problem->queries[i];
        double tokens = number(reading, "queries[%zu].input_tokens", i) +
                        number(reading, "queries[%zu].output_tokens", i);
        query->rate = number(reading, "queries[%zu].rate_per_hour", i);
        query->delay_limit = number(reading, "queries[%zu].delay_limit_ms", i);
        query->error_limit = number(reading, "queries[%zu].error_limit", i);
        query->max_unmet = number(reading, "queries[%zu].max_unmet", i);
        query->unmet_cost =
            hours * query->rate * number(reading, "queries[%zu].unmet_penalty_usd", i);
        query->delay_cost =
            hours * query->rate * number(reading, "queries[%zu].delay_penalty_usd_per_ms", i);
        query->data_cost = problem->weight_cost * tokens * query->rate *
                           number(reading, "queries[%zu].storage_gb_per_token", i);
        query->compute = number(reading, "queries[%zu].tflop_per_1k_tokens", i) / 1000 * tokens *
                         query->rate / 3600;
    }
}

static int compare_degrees(const void *a, const void *b)
{
    const struct greedy_degree *first = a;
    const struct greedy_degree *second = b;
    return (first->degree > second->degree) - (first->degree < second->degree);
}

/* The degrees of each pair that hold the weights, smallest first. */
static void read_pairs(struct greedy_problem *problem, struct reading *reading,
                       const json_t *document)
{
    const json_t *tiers = json_object_get(document, "tiers");
    bool shrinks = is_word(document, "uncertainty", "kind", "decision_dependent");
    double hours = number(reading, "horizon.rental_hours");
    struct greedy_degree *next = problem->degrees;
    for (size_t p = 0; p < problem->pair_count; p++) {
        struct greedy_pair *pair = &problem->pairs[p];
        size_t j = pair->model = p / problem->tier_count;
        size_t k = pair->tier = p % problem->tier_count;
        const json_t *tier = json_array_get(tiers, k);
        const char *pool = json_string_value(json_object_get(tier, "pool"));
        double memory = number(reading, "tiers[%zu].memory_gb", k);
        double tflops = number(reading, "tiers[%zu].tflops", k);
        pair->pool = -1;
        for (size_t n = 0; pool && n < problem->pool_count; n++)
            if (strcmp(pool, ifp_instance_pool_name(problem->instance, n)) == 0)
                pair->pool = (int)n;
        pair->weights = number(reading, "models[%zu].weights_gb", j) *
                        number(reading, "tiers[%zu].weight_scale", k);
        pair->rent = hours * number(reading, "tiers[%zu].usd_per_hour", k);
        pair->delay_cap =
            shrinks ? fmax(0, 1 - number(reading, "performance.delay_shrink[%zu][%zu]", j, k)) : 1;
        pair->error_cap =
            shrinks ? fmax(0, 1 - number(reading, "performance.error_shrink[%zu][%zu]", j, k)) : 1;
        pair->degrees = next;
        const json_t *degrees = json_object_get(tier, "tp_degrees");
        const json_t *speedups = json_object_get(tier, "tp_speedup");
        for (size_t n = 0; n < json_array_size(degrees); n++) {
            double degree = json_number_value(json_array_get(degrees, n));
            if (pair->weights > degree * memory)
                continue;
            next->degree = (int)degree;
            next->speedup =
                speedups ? json_number_value(json_array_get(speedups, n)) : (double)next->degree;
            next->kv_gb = degree * memory - pair->weights;
            next->power = degree * tflops;
            next++;
            pair->degree_count++;
        }
        qsort(pair->degrees, (size_t)pair->degree_count, sizeof *pair->degrees, compare_degrees);
    }
}

static void read_routes(struct greedy_problem *problem, struct reading *reading, bool deviates)
{
    for (size_t i = 0; i < problem->query_count; i++) {
        const struct greedy_query *query = &problem->queries[i];
        double tokens = number(reading, "queries[%zu].input_tokens", i) +
                        number(reading, "queries[%zu].output_tokens", i);
        for (size_t p = 0; p < problem->pair_count && !reading->failed; p++) {
            struct greedy_route *route = &problem->routes[i * problem->pair_count + p];
            size_t j = problem->pairs[p].model;
            size_t k = problem->pairs[p].tier;
            double delay =
                number(reading, "performance.delay_ms_per_token[%zu][%zu][%zu]", i, j, k);
            double error = number(reading, "performance.error_rate[%zu][%zu][%zu]", i, j, k);
            if (isinf(delay) || isinf(error) || problem->pairs[p].degree_count == 0)
                continue;
            route->candidate = true;
            route->delay = delay * tokens;
            route->error = error;
            if (deviates) {
                route->delay_deviation =
                    tokens * number(reading,
                                    "performance.delay_deviation_ms_per_token[%zu][%zu][%zu]", i, j,
                                    k);
                route->error_deviation =
                    number(reading, "performance.error_deviation[%zu][%zu][%zu]", i, j, k);
            }
            route->delay_whole =
                route->delay +
                route->delay_deviation * fmin(problem->pairs[p].delay_cap, problem->delay_budget);
            route->error_whole =
                route->error +
                route->error_deviation * fmin(problem->pairs[p].error_cap, problem->error_budget);
            route->kv = number(reading, "tiers[%zu].kv_scale", k) *
                        number(reading, "models[%zu].kv_gb_per_token", j) * tokens * query->rate *
                        number(reading, "performance.kv_residency_hours[%zu][%zu][%zu]", i, j, k);
            route->compute = query->compute * number(reading, "models[%zu].compute_scale", j);
        }
    }
}

/* As a document with every list in full, so that lengths and words can be read from it. */
static json_t *write_out(const ifp_instance *instance)
{
    char *text = ifp_instance_write_json(instance);
    json_t *document = text ? json_loads(text, 0, NULL) : NULL;
    ifp_text_free(text);
    return document;
}

static bool read_all(struct greedy_problem *problem, struct reading *reading,
                     const json_t *document)
{
    bool deviates = is_word(document, "uncertainty", "kind", "budget") ||
                    is_word(document, "uncertainty", "kind", "decision_dependent");
    size_t degrees = 0;
    for (size_t k = 0; k < problem->tier_count; k++)
        degrees += json_array_size(
            json_object_get(json_array_get(json_object_get(document, "tiers"), k), "tp_degrees"));
    degrees *= ifp_instance_model_count(problem->instance);

    problem->pools = calloc(problem->pool_count + 1, sizeof *problem->pools);
    problem->queries = calloc(problem->query_count, sizeof *problem->queries);
    problem->pairs = calloc(problem->pair_count, sizeof *problem->pairs);
    problem->degrees = calloc(degrees + 1, sizeof *problem->degrees);
    problem->routes = calloc(problem->query_count * problem->pair_count, sizeof *problem->routes);
    if (!problem->pools || !problem->queries || !problem->pairs || !problem->degrees ||
        !problem->routes) {
        fputs("greedy: out of memory\n", stderr);
        return false;
    }
    read_policy(problem, reading, document);
    if (deviates) {
        problem->delay_budget = number(reading, "uncertainty.delay_budget");
        problem->error_budget = number(reading, "uncertainty.error_budget");
        problem->coupled = is_word(document, "uncertainty", "kind", "decision_dependent") &&
                           !is_word(document, "uncertainty", "level", "cell");
    }
    read_queries(problem, reading);
    read_pairs(problem, reading, document);
    read_routes(problem, reading, deviates);
    return !reading->failed;
}

struct greedy_problem *greedy_problem_new(const ifp_instance *instance)
{
    struct greedy_problem *problem = calloc(1, sizeof *problem);
    struct reading reading = {.instance = instance, .error = ifp_error_new()};
    json_t *document = write_out(instance);
    bool complete = false;

    if (!problem || !reading.error || !document) {
        fputs("greedy: out of memory\n", stderr);
        goto cleanup;
    }
    /* The heuristics know neither operating points nor loads. */
    if (ifp_instance_profile_count(instance) > 0) {
        fputs("greedy: the instance has profiles, which GH and AGH do not support\n", stderr);
        goto cleanup;
    }
    problem->instance = instance;
    problem->query_count = ifp_instance_query_count(instance);
    problem->tier_count = ifp_instance_tier_count(instance);
    problem->pair_count = ifp_instance_model_count(instance) * problem->tier_count;
    problem->pool_count = ifp_instance_pool_count(instance);
    complete = read_all(problem, &reading, document);
cleanup:
    json_decref(document);
    ifp_error_free(reading.error);
    if (!complete) {
        greedy_problem_free(problem);
        return NULL;
    }
    return problem;
}

void greedy_problem_free(struct greedy_problem *problem)
{
    if (!problem)
        return;
    free(problem->pools);
    free(problem->queries);
    free(problem->pairs);
    free(problem->degrees);
    free(problem->routes);
    free(problem);
}
