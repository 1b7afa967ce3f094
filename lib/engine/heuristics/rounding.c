/* SPDX-License-Identifier: MIT */
/* Round a fractional point up to whole deployments and routes that may carry its shares. */
#include "engine/heuristics/rounding.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sum the shares by query and pair, over the degrees. */
static void sum_shares(const struct ifp_problem *problem, const struct ifp_milp *milp,
                       const double *point, double *share)
{
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        for (size_t n = 0; n < pair->count; n++) {
            const struct ifp_configuration *c = &problem->configurations[pair->first + n];
            for (size_t r = c->first_route; r < c->first_route + c->route_count; r++)
                share[problem->routes[r].query * problem->pair_count + p] +=
                    point[ifp_milp_share(milp, r)];
        }
    }
}

static bool clash(const struct ifp_problem *problem, size_t p, size_t q)
{
    return problem->placement == IFP_PLACEMENT_SINGLE ||
           (problem->placement == IFP_PLACEMENT_MATCHING &&
            (problem->pairs[p].model == problem->pairs[q].model ||
             problem->pairs[p].tier == problem->pairs[q].tier));
}

/* Of one query's shares by pair, keep the largest first and drop those that the placement does not
 * allow beside it. With placement single, the route that is kept takes over the dropped shares. */
static void keep_largest(const struct ifp_problem *problem, double *share, bool *kept)
{
    memset(kept, 0, problem->pair_count * sizeof *kept);
    for (;;) {
        size_t best = SIZE_MAX;
        for (size_t p = 0; p < problem->pair_count; p++) {
            if (!kept[p] && share[p] > IFP_ROUNDING_SHARE_MIN &&
                (best == SIZE_MAX || share[p] > share[best]))
                best = p;
        }
        if (best == SIZE_MAX)
            break;
        kept[best] = true;
        for (size_t p = 0; p < problem->pair_count; p++) {
            if (kept[p] || !clash(problem, best, p))
                continue;
            if (problem->placement == IFP_PLACEMENT_SINGLE)
                share[best] = fmin(1, share[best] + share[p]);
            share[p] = 0;
        }
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (!kept[p])
            share[p] = 0;
    }
}

struct fit {
    double miss; /* the shares that do not fit */
    double usd;
    double replicas;
};

/* Evaluate how one configuration would carry a pair's shares. */
static struct fit fit_of(const struct ifp_problem *problem, const struct ifp_configuration *c,
                         const double *share, size_t pair)
{
    struct fit fit = {0};
    double load[IFP_CAPACITY_COUNT] = {0};
    double served = 0;
    double wanted = 0;
    for (size_t i = 0; i < problem->query_count; i++)
        wanted += share[i * problem->pair_count + pair];
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        double get = fmin(share[route->query * problem->pair_count + pair], route->max_share);
        served += get;
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
            load[k] += get * ifp_route_need(problem, route, (enum ifp_capacity)k);
        fit.usd += get * ifp_route_share_usd(problem, route);
    }
    fit.miss = fmax(0, wanted - served);
    fit.replicas = ifp_capacity_replicas(problem, c, load, IFP_ROUNDING_SHARE_MIN);
    if (isinf(fit.replicas)) {
        double max = 0; /* the largest load, as a multiple of what all replicas carry */
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
            max = fmax(max, load[k] /
                                ifp_capacity_of(problem, c, (enum ifp_capacity)k, c->max_replicas));
        fit.miss += 1 - 1 / max;
        fit.replicas = c->max_replicas;
    }
    fit.usd += ifp_rates_of_deployment(&c->cost, fit.replicas);
    return fit;
}

int ifp_round_up(const struct ifp_problem *problem, const struct ifp_milp *milp,
                 const double *point, double *rounded)
{
    double *share = calloc(problem->query_count * problem->pair_count + 1, sizeof *share);
    bool *kept = calloc(problem->pair_count + 1, sizeof *kept);
    int code = share && kept ? IFP_OK : IFP_ERROR_MEMORY;
    if (code)
        goto done;
    memset(rounded, 0, milp->column_count * sizeof *rounded);
    sum_shares(problem, milp, point, share);
    for (size_t i = 0; i < problem->query_count; i++)
        keep_largest(problem, share + i * problem->pair_count, kept);
    for (size_t p = 0; p < problem->pair_count; p++) {
        bool used = false;
        for (size_t i = 0; i < problem->query_count; i++)
            used |= share[i * problem->pair_count + p] > 0;
        if (!used)
            continue;
        size_t chosen = problem->pairs[p].first;
        struct fit best = {.miss = INFINITY};
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            struct fit fit = fit_of(problem, &problem->configurations[c], share, p);
            bool better = fit.miss < best.miss - IFP_ROUNDING_SHARE_MIN ||
                          (fit.miss < best.miss + IFP_ROUNDING_SHARE_MIN && fit.usd < best.usd);
            if (better) {
                best = fit;
                chosen = c;
            }
        }
        const struct ifp_configuration *c = &problem->configurations[chosen];
        rounded[milp->replicas[chosen]] = best.replicas;
        rounded[milp->rent[chosen]] = 1;
        for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
            bool routed = share[problem->routes[r].query * problem->pair_count + p] > 0;
            if (routed && ifp_milp_choice(milp, r) != SIZE_MAX)
                rounded[ifp_milp_choice(milp, r)] = 1;
        }
    }
done:
    free(kept);
    free(share);
    return code;
}
