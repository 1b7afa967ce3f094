/* SPDX-License-Identifier: MIT */
/* Finding pairs that are equal in every number: they are grouped by a hash of some numbers, then by
 * all numbers. */
#include "problem/twins.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Pairs between two polls of the cancel. */
enum { POLL = 64 };

struct hashed {
    const struct ifp_problem *problem;
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
    number += 0.0; /* turns -0 into 0 */
    memcpy(&word, &number, sizeof word);
    return mix(hash, word);
}

static uint64_t hash_pair(const struct ifp_problem *problem, const struct ifp_pair *pair)
{
    uint64_t hash =
        mix(pair->count, ifp_account_pool(problem, &problem->configurations[pair->first]));
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        hash = mix_number(hash, configuration->degree);
        hash = mix_number(hash, configuration->cost.replica);
        hash = mix_number(hash, configuration->max_replicas);
        for (size_t k = 0; k < configuration->route_count; k++) {
            const struct ifp_route_data *route = &problem->routes[configuration->first_route + k];
            hash = mix(hash, route->query);
            for (int level = 0; level < IFP_SERVICE_COUNT; level++)
                hash = mix_number(hash, route->level[level]);
        }
    }
    return hash;
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int order_routes(const struct ifp_problem *problem, const struct ifp_route_data *a,
                        const struct ifp_route_data *b)
{
    struct ifp_route_deviation of_a = ifp_route_deviation(problem, a);
    struct ifp_route_deviation of_b = ifp_route_deviation(problem, b);
    const double numbers[][2] = {
        {a->query, b->query},
        {a->max_share, b->max_share},
        {ifp_route_need(problem, a, IFP_CAPACITY_MEMORY),
         ifp_route_need(problem, b, IFP_CAPACITY_MEMORY)},
        {ifp_route_need(problem, a, IFP_CAPACITY_LOAD),
         ifp_route_need(problem, b, IFP_CAPACITY_LOAD)},
        {ifp_route_need(problem, a, IFP_CAPACITY_SLOTS),
         ifp_route_need(problem, b, IFP_CAPACITY_SLOTS)},
        {of_a.delay_usd, of_b.delay_usd},
        {of_a.deviation_usd, of_b.deviation_usd},
    };
    int found = 0;
    for (size_t n = 0; !found && n < sizeof numbers / sizeof *numbers; n++)
        found = order(numbers[n][0], numbers[n][1]);
    for (int level = 0; !found && level < IFP_SERVICE_COUNT; level++) {
        found = order(a->level[level], b->level[level]);
        if (!found)
            found = order(of_a.deviation[level], of_b.deviation[level]);
        if (!found)
            found = order(of_a.cap[level], of_b.cap[level]);
    }
    return found;
}

static int order_configurations(const struct ifp_problem *problem,
                                const struct ifp_configuration *a,
                                const struct ifp_configuration *b)
{
    const double numbers[][2] = {
        {a->degree, b->degree},
        {a->min_replicas, b->min_replicas},
        {a->max_replicas, b->max_replicas},
        {a->spare, b->spare},
        {(double)a->load_table, (double)b->load_table},
        {(double)a->route_count, (double)b->route_count},
    };
    int found = ifp_account_compare(a, b);
    for (size_t n = 0; !found && n < sizeof numbers / sizeof *numbers; n++)
        found = order(numbers[n][0], numbers[n][1]);
    for (size_t k = 0; !found && k < a->route_count; k++)
        found = order_routes(problem, &problem->routes[a->first_route + k],
                             &problem->routes[b->first_route + k]);
    return found;
}

/* 0 if the pairs are equal in every number. */
static int order_pairs(const struct ifp_problem *problem, size_t p, size_t q)
{
    const struct ifp_pair *a = &problem->pairs[p];
    const struct ifp_pair *b = &problem->pairs[q];
    int found = order((double)a->count, (double)b->count);
    for (size_t n = 0; !found && n < a->count; n++)
        found = order_configurations(problem, &problem->configurations[a->first + n],
                                     &problem->configurations[b->first + n]);
    return found;
}

static int by_hash(const void *left, const void *right)
{
    const struct hashed *a = left;
    const struct hashed *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->pair > b->pair) - (a->pair < b->pair);
}

static int by_numbers(const void *left, const void *right)
{
    const struct hashed *a = left;
    const struct hashed *b = right;
    int found = order_pairs(a->problem, a->pair, b->pair);
    return found ? found : (a->pair > b->pair) - (a->pair < b->pair);
}

/* Move the pairs that equal the first one to the front of a run of pairs with one hash. Returns
 * their number. */
static size_t group_first(struct hashed *run, size_t count, struct hashed *spare)
{
    size_t alike = 0;
    size_t other = 0;
    for (size_t k = 0; k < count; k++) {
        if (order_pairs(run[0].problem, run[0].pair, run[k].pair) == 0)
            run[alike++] = run[k];
        else
            spare[other++] = run[k];
    }
    memcpy(run + alike, spare, other * sizeof *run);
    return alike;
}

static void add_set(const struct hashed *entries, size_t count, size_t *listed,
                    struct ifp_twins *twins)
{
    if (count < 2)
        return;
    twins->start[twins->count] = *listed;
    for (size_t k = 0; k < count; k++) {
        twins->set[entries[k].pair] = twins->count;
        twins->pairs[(*listed)++] = entries[k].pair;
    }
    twins->count++;
}

/* Make sets from runs of pairs with one hash. The pairs of a run are nearly always equal; those
 * that differ from the first are sorted by their numbers. */
static void collect(struct hashed *sorted, size_t count, struct hashed *spare,
                    struct ifp_twins *twins)
{
    size_t listed = 0;
    for (size_t k = 0; k < count;) {
        size_t end = k + 1;
        while (end < count && sorted[end].hash == sorted[k].hash)
            end++;
        size_t alike = group_first(sorted + k, end - k, spare);
        add_set(sorted + k, alike, &listed, twins);
        k += alike;
        qsort(sorted + k, end - k, sizeof *sorted, by_numbers);
        while (k < end) {
            size_t first = k++;
            while (k < end && !order_pairs(sorted[k].problem, sorted[first].pair, sorted[k].pair))
                k++;
            add_set(sorted + first, k - first, &listed, twins);
        }
    }
    twins->start[twins->count] = listed;
}

bool ifp_twins_find(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                    struct ifp_twins *twins)
{
    size_t pairs = problem->pair_count;
    *twins = (struct ifp_twins){0};
    twins->start = calloc(pairs + 1, sizeof *twins->start);
    twins->pairs = calloc(pairs + 1, sizeof *twins->pairs);
    twins->set = calloc(pairs + 1, sizeof *twins->set);
    struct hashed *sorted = calloc(2 * pairs + 1, sizeof *sorted);
    bool good = twins->start && twins->pairs && twins->set && sorted;
    bool cancelled = false;
    for (size_t p = 0; good && p < pairs; p++) {
        cancelled = cancelled || (p % POLL == 0 && ifp_is_cancelled(cancel));
        twins->set[p] = SIZE_MAX;
        if (!cancelled)
            sorted[p] = (struct hashed){problem, hash_pair(problem, &problem->pairs[p]), p};
    }
    if (good && !cancelled && problem->placement != IFP_PLACEMENT_MATCHING) {
        qsort(sorted, pairs, sizeof *sorted, by_hash);
        collect(sorted, pairs, sorted + pairs, twins);
    }
    free(sorted);
    if (!good)
        ifp_twins_clear(twins);
    return good;
}
