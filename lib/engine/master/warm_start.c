/* SPDX-License-Identifier: MIT */
/* Warm start: patterns and pseudo-costs that are kept between solves. */
#include "engine/master/warm_start.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "engine/pseudocost.h"

void ifp_stock_clear_patterns(struct ifp_stock *stock)
{
    for (size_t k = 0; k < stock->count; k++)
        free(stock->items[k].parts);
    free(stock->items);
    stock->items = NULL;
    stock->count = 0;
    stock->capacity = 0;
}

void ifp_stock_clear(struct ifp_stock *stock)
{
    ifp_stock_clear_patterns(stock);
    free(stock->pseudocosts);
    stock->pseudocosts = NULL;
    stock->entities = 0;
}

bool ifp_stock_put(struct ifp_stock *stock, const struct ifp_problem *problem,
                   const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    struct ifp_stocked made = {.model = c->model,
                               .tier = c->tier,
                               .degree_index = c->degree_index,
                               .replicas = pattern->replicas,
                               .count = pattern->count};
    if (!ifp_array_reserve(&stock->items, &stock->capacity, stock->count + 1, sizeof *stock->items))
        return false;
    made.parts = malloc((pattern->count + 1) * sizeof *made.parts);
    if (!made.parts)
        return false;
    for (size_t t = 0; t < pattern->count; t++)
        made.parts[t] =
            (struct ifp_stocked_part){.query = problem->routes[pattern->parts[t].route].query,
                                      .share = pattern->parts[t].share};
    stock->items[stock->count++] = made;
    return true;
}

static size_t find_configuration(const struct ifp_problem *problem,
                                 const struct ifp_stocked *stocked)
{
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        if (pair->model != stocked->model || pair->tier != stocked->tier)
            continue;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            if (problem->configurations[c].degree_index == stocked->degree_index)
                return c;
        }
    }
    return SIZE_MAX;
}

void ifp_stock_fit(const struct ifp_stocked *stocked, const struct ifp_problem *problem,
                   struct ifp_pattern *pattern)
{
    size_t c = find_configuration(problem, stocked);
    pattern->configuration = c;
    pattern->count = 0;
    if (c == SIZE_MAX)
        return;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    pattern->replicas = fmin(stocked->replicas, configuration->max_replicas);
    double kv_gb = 0;
    double tflops = 0;
    size_t at = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        const struct ifp_candidate *route = &problem->routes[r];
        while (at < stocked->count && stocked->parts[at].query < route->query)
            at++;
        if (at == stocked->count || stocked->parts[at].query != route->query)
            continue;
        double share = fmin(stocked->parts[at].share, route->max_share);
        kv_gb += share * ifp_route_kv_gb(problem, route);
        tflops += share * ifp_route_tflops(problem, route);
        pattern->parts[pattern->count++] = (struct ifp_part){.route = r, .share = share};
    }
    /* If the shares exceed the capacity, scale all of them down. */
    double part = fmax(kv_gb / (pattern->replicas * configuration->kv_gb),
                       tflops / (pattern->replicas * configuration->tflops));
    for (size_t t = 0; part > 1 && t < pattern->count; t++)
        pattern->parts[t].share /= part;
}

bool ifp_stock_remember(struct ifp_stock *stock, const struct ifp_pseudocost *pseudocosts,
                        size_t entities)
{
    struct ifp_pseudocost *copy = malloc((entities + 1) * sizeof *copy);
    if (!copy)
        return false;
    memcpy(copy, pseudocosts, entities * sizeof *copy);
    free(stock->pseudocosts);
    stock->pseudocosts = copy;
    stock->entities = entities;
    return true;
}

void ifp_stock_recall(const struct ifp_stock *stock, struct ifp_pseudocost *pseudocosts,
                      size_t entities)
{
    if (stock->pseudocosts && stock->entities == entities)
        memcpy(pseudocosts, stock->pseudocosts, entities * sizeof *pseudocosts);
}
