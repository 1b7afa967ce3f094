/* SPDX-License-Identifier: MIT */
/* Which pairs are alike in every number: sorted by a hash of their numbers, then compared. */
#include "model/twins.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct hashed {
    uint64_t hash;
    size_t pair;
};

void ifp_twins_clear(struct ifp_twins *twins)
{
    free(twins->start);
    free(twins->pairs);
    free(twins->set);
    *twins = (struct ifp_twins){0};
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t mix_number(uint64_t hash, double number)
{
    uint64_t word;
    number += 0.0; /* one zero */
    memcpy(&word, &number, sizeof word);
    return mix(hash, word);
}

static uint64_t hash_pair(const struct ifp_problem *problem, const struct ifp_pair *pair)
{
    uint64_t hash = mix(pair->count, problem->tier_pool[pair->tier]);
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        hash = mix_number(hash, configuration->degree);
        hash = mix_number(hash, configuration->rental_usd);
        hash = mix_number(hash, configuration->kv_gb);
        for (size_t k = 0; k < configuration->route_count; k++) {
            const struct ifp_candidate *route = &problem->routes[configuration->first_route + k];
            hash = mix(hash, route->query);
            hash = mix_number(hash, route->delay_ms);
            hash = mix_number(hash, route->error);
        }
    }
    return hash;
}

static bool same_routes(const struct ifp_problem *problem, const struct ifp_candidate *a,
                        const struct ifp_candidate *b)
{
    struct ifp_route_deviation of_a = ifp_route_deviation(problem, a);
    struct ifp_route_deviation of_b = ifp_route_deviation(problem, b);
    return a->query == b->query && a->delay_ms == b->delay_ms && a->error == b->error &&
           a->max_share == b->max_share &&
           ifp_route_kv_gb(problem, a) == ifp_route_kv_gb(problem, b) &&
           ifp_route_tflops(problem, a) == ifp_route_tflops(problem, b) &&
           of_a.delay_deviation_ms == of_b.delay_deviation_ms &&
           of_a.error_deviation == of_b.error_deviation && of_a.delay_cap == of_b.delay_cap &&
           of_a.error_cap == of_b.error_cap && of_a.delay_usd == of_b.delay_usd &&
           of_a.deviation_usd == of_b.deviation_usd;
}

static bool same_configurations(const struct ifp_problem *problem,
                                const struct ifp_configuration *a,
                                const struct ifp_configuration *b)
{
    if (a->degree != b->degree || a->max_replicas != b->max_replicas ||
        a->rental_usd != b->rental_usd || a->weights_gb != b->weights_gb ||
        a->weights_usd != b->weights_usd || a->kv_gb != b->kv_gb || a->tflops != b->tflops ||
        a->route_count != b->route_count)
        return false;
    for (size_t k = 0; k < a->route_count; k++) {
        if (!same_routes(problem, &problem->routes[a->first_route + k],
                         &problem->routes[b->first_route + k]))
            return false;
    }
    return true;
}

static bool alike(const struct ifp_problem *problem, size_t p, size_t q)
{
    const struct ifp_pair *a = &problem->pairs[p];
    const struct ifp_pair *b = &problem->pairs[q];
    if (a->count != b->count || problem->tier_pool[a->tier] != problem->tier_pool[b->tier])
        return false;
    for (size_t n = 0; n < a->count; n++) {
        if (!same_configurations(problem, &problem->configurations[a->first + n],
                                 &problem->configurations[b->first + n]))
            return false;
    }
    return true;
}

static int by_hash(const void *left, const void *right)
{
    const struct hashed *a = left;
    const struct hashed *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->pair > b->pair) - (a->pair < b->pair);
}

/* Sets out of runs of equal hashes: what is like the first of its run. */
static void collect(const struct ifp_problem *problem, const struct hashed *sorted,
                    struct ifp_twins *twins)
{
    size_t listed = 0;
    for (size_t k = 0; k < problem->pair_count;) {
        size_t end = k + 1;
        size_t first = listed;
        twins->pairs[listed++] = sorted[k].pair;
        for (; end < problem->pair_count && sorted[end].hash == sorted[k].hash; end++) {
            if (alike(problem, sorted[k].pair, sorted[end].pair))
                twins->pairs[listed++] = sorted[end].pair;
        }
        if (listed - first < 2) {
            listed = first;
        } else {
            for (size_t t = first; t < listed; t++)
                twins->set[twins->pairs[t]] = twins->count;
            twins->start[twins->count++] = first;
        }
        k = end;
    }
    twins->start[twins->count] = listed;
}

bool ifp_twins_find(const struct ifp_problem *problem, struct ifp_twins *twins)
{
    size_t pairs = problem->pair_count;
    *twins = (struct ifp_twins){0};
    twins->start = calloc(pairs + 1, sizeof *twins->start);
    twins->pairs = calloc(pairs + 1, sizeof *twins->pairs);
    twins->set = calloc(pairs + 1, sizeof *twins->set);
    struct hashed *sorted = calloc(pairs + 1, sizeof *sorted);
    bool good = twins->start && twins->pairs && twins->set && sorted;
    for (size_t p = 0; good && p < pairs; p++) {
        twins->set[p] = SIZE_MAX;
        sorted[p] = (struct hashed){hash_pair(problem, &problem->pairs[p]), p};
    }
    if (good && problem->placement != IFP_PLACEMENT_MATCHING) {
        qsort(sorted, pairs, sizeof *sorted, by_hash);
        collect(problem, sorted, twins);
    }
    free(sorted);
    if (!good)
        ifp_twins_clear(twins);
    return good;
}
