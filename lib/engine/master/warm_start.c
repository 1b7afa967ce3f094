/* SPDX-License-Identifier: MIT */
/* Warm start: patterns and pseudo-costs that are kept between solves. */
#include "engine/master/warm_start.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pseudocost.h"
#include "util/array.h"

void ifp_warm_start_clear_patterns(struct ifp_warm_start *warm_start)
{
    for (size_t k = 0; k < warm_start->count; k++)
        free(warm_start->items[k].entries);
    free(warm_start->items);
    warm_start->items = NULL;
    warm_start->count = 0;
    warm_start->capacity = 0;
}

void ifp_warm_start_clear(struct ifp_warm_start *warm_start)
{
    ifp_warm_start_clear_patterns(warm_start);
    free(warm_start->pseudocosts);
    warm_start->pseudocosts = NULL;
    warm_start->entities = 0;
}

bool ifp_warm_start_add(struct ifp_warm_start *warm_start, const struct ifp_problem *problem,
                        const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    struct ifp_stored_pattern made = {.model = c->model,
                                      .tier = c->tier,
                                      .degree_index = c->degree_index,
                                      .replicas = pattern->replicas,
                                      .count = pattern->count};
    if (!ifp_array_reserve(&warm_start->items, &warm_start->capacity, warm_start->count + 1,
                           sizeof *warm_start->items))
        return false;
    made.entries = malloc((pattern->count + 1) * sizeof *made.entries);
    if (!made.entries)
        return false;
    for (size_t t = 0; t < pattern->count; t++)
        made.entries[t] =
            (struct ifp_stored_entry){.query = problem->routes[pattern->entries[t].route].query,
                                      .share = pattern->entries[t].share};
    warm_start->items[warm_start->count++] = made;
    return true;
}

static size_t find_configuration(const struct ifp_problem *problem,
                                 const struct ifp_stored_pattern *stored)
{
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        if (pair->model != stored->model || pair->tier != stored->tier)
            continue;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            if (problem->configurations[c].degree_index == stored->degree_index)
                return c;
        }
    }
    return SIZE_MAX;
}

void ifp_warm_start_fit(const struct ifp_stored_pattern *stored, const struct ifp_problem *problem,
                        struct ifp_pattern *pattern)
{
    size_t c = find_configuration(problem, stored);
    pattern->configuration = c;
    pattern->count = 0;
    if (c == SIZE_MAX)
        return;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    pattern->replicas =
        fmax(configuration->min_replicas, fmin(stored->replicas, configuration->max_replicas));
    double load[IFP_CAPACITY_COUNT] = {0};
    size_t at = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        while (at < stored->count && stored->entries[at].query < route->query)
            at++;
        if (at == stored->count || stored->entries[at].query != route->query)
            continue;
        double share = fmin(stored->entries[at].share, route->max_share);
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
            load[k] += share * ifp_route_need(problem, route, (enum ifp_capacity)k);
        pattern->entries[pattern->count++] = (struct ifp_pattern_entry){.route = r, .share = share};
    }
    /* If the shares exceed the capacity, scale all of them down. */
    double scale = 0;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        double capacity =
            ifp_capacity_of(problem, configuration, (enum ifp_capacity)k, pattern->replicas);
        if (load[k] > 0)
            scale = fmax(scale, load[k] / capacity);
    }
    for (size_t t = 0; scale > 1 && t < pattern->count; t++)
        pattern->entries[t].share /= scale;
}

bool ifp_warm_start_remember(struct ifp_warm_start *warm_start,
                             const struct ifp_pseudocost *pseudocosts, size_t entities)
{
    struct ifp_pseudocost *copy = malloc((entities + 1) * sizeof *copy);
    if (!copy)
        return false;
    memcpy(copy, pseudocosts, entities * sizeof *copy);
    free(warm_start->pseudocosts);
    warm_start->pseudocosts = copy;
    warm_start->entities = entities;
    return true;
}

void ifp_warm_start_recall(const struct ifp_warm_start *warm_start,
                           struct ifp_pseudocost *pseudocosts, size_t entities)
{
    if (warm_start->pseudocosts && warm_start->entities == entities)
        memcpy(pseudocosts, warm_start->pseudocosts, entities * sizeof *pseudocosts);
}
