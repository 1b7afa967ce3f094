/* SPDX-License-Identifier: MIT */
/* Relocation of query types and consolidation of deployments. */
#include "improve.h"

#include <math.h>
#include <stdint.h>

#include "construct.h"

/* A deployment's cheapest degree and number of replicas for what it serves; smaller ones as well as
 * larger, which may pay by their speed. */
static void fit(const struct greedy_problem *problem, struct greedy_fleet *fleet, size_t pair)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &fleet->deployments[pair];
    int best_degree = deployment->degree;
    int best_replicas = deployment->replicas;
    double best = greedy_fleet_cost(problem, fleet);

    for (int n = 0; n < data->degree_count; n++) {
        const struct greedy_degree *degree = &data->degrees[n];
        double replicas = 1;
        if (deployment->kv > 0)
            replicas = fmax(replicas, ceil(deployment->kv / degree->room - 1e-9));
        if (deployment->compute > 0)
            replicas = fmax(replicas, ceil(deployment->compute / degree->power - 1e-9));
        if (replicas > problem->max_replicas)
            continue;
        greedy_fleet_rent(problem, fleet, pair, n, (int)replicas);
        bool holds = greedy_fleet_spent(problem, fleet) <= problem->budget &&
                     (data->pool < 0 || fleet->pool_gpus[data->pool] <= problem->pools[data->pool]);
        for (size_t i = 0; i < problem->query_count && holds; i++)
            if (greedy_fleet_part(fleet, i, pair))
                holds = greedy_fleet_holds(problem, fleet, i);
        if (!holds)
            continue;
        double cost = greedy_fleet_cost(problem, fleet);
        if (cost < best - 1e-9 * fmax(1, fabs(best))) {
            best = cost;
            best_degree = n;
            best_replicas = (int)replicas;
        }
    }
    greedy_fleet_rent(problem, fleet, pair, best_degree, best_replicas);
}

/* Serve a query type anew in every way; whether one of them, left in scratch->best, is better. */
static bool relocate(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                     const struct greedy_scratch *scratch, size_t query)
{
    struct greedy_fleet *trial = scratch->trial;
    size_t left[GREEDY_ROUTES_MAX];
    int left_count = fleet->services[query].count;
    bool found = false;

    for (int r = 0; r < left_count; r++)
        left[r] = fleet->services[query].parts[r].pair;
    greedy_fleet_copy(problem, scratch->best, fleet);
    greedy_fleet_copy(problem, scratch->without, fleet);
    greedy_fleet_drop(problem, scratch->without, query);
    for (int r = 0; r < left_count; r++)
        if (scratch->without->deployments[left[r]].degree >= 0)
            fit(problem, scratch->without, left[r]);
    /* Way 0 is to leave it unserved, way 1 by rank, the rest each rented deployment first. */
    for (size_t way = 0; way < fleet->rented_count + 2; way++) {
        struct greedy_choice choice = GREEDY_FREELY;
        greedy_fleet_copy(problem, trial, scratch->without);
        if (way >= 2) {
            choice.forced = fleet->rented[way - 2];
            choice.thrift = GREEDY_GENEROUS; /* the fleet as a whole decides */
        }
        if (way >= 1)
            greedy_serve(problem, trial, query, choice);
        if (greedy_fleet_better(problem, trial, scratch->best)) {
            greedy_fleet_copy(problem, scratch->best, trial);
            found = true;
        }
    }
    return found;
}

/* Close a deployment and serve anew whom it served; whether that, left in scratch->trial, is
 * better. */
static bool close_deployment(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                             const struct greedy_scratch *scratch, size_t pair, bool rented_only)
{
    struct greedy_fleet *trial = scratch->trial;
    struct greedy_choice choice = GREEDY_FREELY;
    choice.banned = pair;
    choice.rented_only = rented_only;
    greedy_fleet_copy(problem, trial, fleet);
    for (size_t i = 0; i < problem->query_count; i++) {
        if (!greedy_fleet_part(fleet, i, pair))
            continue;
        greedy_fleet_leave(problem, trial, i, pair);
        /* What made up for others' delay or error may be gone. */
        if (!greedy_fleet_holds(problem, trial, i))
            greedy_fleet_drop(problem, trial, i);
    }
    for (size_t i = 0; i < problem->query_count; i++)
        if (greedy_fleet_part(fleet, i, pair))
            greedy_serve(problem, trial, i, choice);
    return greedy_fleet_better(problem, trial, fleet);
}

static bool consolidate(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                        const struct greedy_scratch *scratch)
{
    for (size_t n = 0; n < fleet->rented_count; n++)
        for (int rented_only = 1; rented_only >= 0; rented_only--)
            if (close_deployment(problem, fleet, scratch, fleet->rented[n], rented_only)) {
                greedy_fleet_copy(problem, fleet, scratch->trial);
                return true;
            }
    return false;
}

void greedy_improve(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                    const struct greedy_scratch *scratch)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t n = 0; n < fleet->rented_count; n++)
            fit(problem, fleet, fleet->rented[n]);
        for (size_t i = 0; i < problem->query_count; i++)
            if (relocate(problem, fleet, scratch, i)) {
                greedy_fleet_copy(problem, fleet, scratch->best);
                changed = true;
            }
        while (consolidate(problem, fleet, scratch))
            changed = true;
    }
}
