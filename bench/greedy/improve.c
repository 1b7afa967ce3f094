/* SPDX-License-Identifier: MIT */
/* Relocation of query types and consolidation of deployments. */
#include "improve.h"

#include <math.h>
#include <stdint.h>

#include "construct.h"

/* A deployment's cheapest degree and number of replicas for what it serves; smaller ones as well as
 * larger, which may pay by their speed. */
static void fit(const struct greedy_problem *problem, struct greedy_solution *solution, size_t pair)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &solution->deployments[pair];
    int best_degree = deployment->degree;
    int best_replicas = deployment->replicas;
    double best = greedy_selection_cost(problem, solution);

    for (int n = 0; n < data->degree_count; n++) {
        const struct greedy_degree *degree = &data->degrees[n];
        double replicas = 1;
        if (deployment->kv > 0)
            replicas = fmax(replicas, ceil(deployment->kv / degree->kv_gb - 1e-9));
        if (deployment->compute > 0)
            replicas = fmax(replicas, ceil(deployment->compute / degree->power - 1e-9));
        if (replicas > problem->max_replicas)
            continue;
        greedy_selection_rent(problem, solution, pair, n, (int)replicas);
        bool holds =
            greedy_selection_spent(problem, solution) <= problem->budget &&
            (data->pool < 0 || solution->pool_gpus[data->pool] <= problem->pools[data->pool]);
        for (size_t i = 0; i < problem->query_count && holds; i++)
            if (greedy_solution_share(solution, i, pair))
                holds = greedy_selection_holds(problem, solution, i);
        if (!holds)
            continue;
        double cost = greedy_selection_cost(problem, solution);
        if (cost < best - 1e-9 * fmax(1, fabs(best))) {
            best = cost;
            best_degree = n;
            best_replicas = (int)replicas;
        }
    }
    greedy_selection_rent(problem, solution, pair, best_degree, best_replicas);
}

/* Serve a query type anew in every way; whether one of them, left in scratch->best, is better. */
static bool relocate(const struct greedy_problem *problem, const struct greedy_solution *solution,
                     const struct greedy_scratch *scratch, size_t query)
{
    struct greedy_solution *trial = scratch->trial;
    size_t left[GREEDY_ROUTES_MAX];
    int left_count = solution->services[query].count;
    bool found = false;

    for (int r = 0; r < left_count; r++)
        left[r] = solution->services[query].shares[r].pair;
    greedy_selection_copy(problem, scratch->best, solution);
    greedy_selection_copy(problem, scratch->without, solution);
    greedy_selection_drop(problem, scratch->without, query);
    for (int r = 0; r < left_count; r++)
        if (scratch->without->deployments[left[r]].degree >= 0)
            fit(problem, scratch->without, left[r]);
    /* Way 0 is to leave it unserved, way 1 by rank, the rest each rented deployment first. */
    for (size_t way = 0; way < solution->rented_count + 2; way++) {
        struct greedy_choice choice = GREEDY_FREELY;
        greedy_selection_copy(problem, trial, scratch->without);
        if (way >= 2) {
            choice.forced = solution->rented[way - 2];
            choice.thrift = GREEDY_GENEROUS; /* the fleet as a whole decides */
        }
        if (way >= 1)
            greedy_serve(problem, trial, query, choice);
        if (greedy_selection_better(problem, trial, scratch->best)) {
            greedy_selection_copy(problem, scratch->best, trial);
            found = true;
        }
    }
    return found;
}

/* Close a deployment and serve anew whom it served; whether that, left in scratch->trial, is
 * better. */
static bool close_deployment(const struct greedy_problem *problem,
                             const struct greedy_solution *solution,
                             const struct greedy_scratch *scratch, size_t pair, bool rented_only)
{
    struct greedy_solution *trial = scratch->trial;
    struct greedy_choice choice = GREEDY_FREELY;
    choice.banned = pair;
    choice.rented_only = rented_only;
    greedy_selection_copy(problem, trial, solution);
    for (size_t i = 0; i < problem->query_count; i++) {
        if (!greedy_solution_share(solution, i, pair))
            continue;
        greedy_selection_leave(problem, trial, i, pair);
        /* What made up for others' delay or error may be gone. */
        if (!greedy_selection_holds(problem, trial, i))
            greedy_selection_drop(problem, trial, i);
    }
    for (size_t i = 0; i < problem->query_count; i++)
        if (greedy_solution_share(solution, i, pair))
            greedy_serve(problem, trial, i, choice);
    return greedy_selection_better(problem, trial, solution);
}

static bool consolidate(const struct greedy_problem *problem, struct greedy_solution *solution,
                        const struct greedy_scratch *scratch)
{
    for (size_t n = 0; n < solution->rented_count; n++)
        for (int rented_only = 1; rented_only >= 0; rented_only--)
            if (close_deployment(problem, solution, scratch, solution->rented[n], rented_only)) {
                greedy_selection_copy(problem, solution, scratch->trial);
                return true;
            }
    return false;
}

void greedy_improve(const struct greedy_problem *problem, struct greedy_solution *solution,
                    const struct greedy_scratch *scratch)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t n = 0; n < solution->rented_count; n++)
            fit(problem, solution, solution->rented[n]);
        for (size_t i = 0; i < problem->query_count; i++)
            if (relocate(problem, solution, scratch, i)) {
                greedy_selection_copy(problem, solution, scratch->best);
                changed = true;
            }
        while (consolidate(problem, solution, scratch))
            changed = true;
    }
}
