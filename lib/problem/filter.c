/* SPDX-License-Identifier: MIT */
/*
 * Which configurations and routes may be left out of a problem before it is built, and why that
 * loses no optimal plan. Comparisons err on the side of keeping: whatever the verifier could accept
 * stays in.
 */
#include "problem/filter.h"

/* Relative margin of the comparisons. */
static const double KEEP = IFP_KEEP_TOLERANCE;

/*
 * Coefficients that divide by a share of at least this are finite. A smaller share is worth less
 * than 1e-55 dollars, whatever the penalties (IFP_NUMBER_MAX). No plan could express it, since all
 * shares of its query type sum to 1.
 */
static const double SHARE_MIN = 1e-100;

static bool exceeds(const struct ifp_problem *problem, double value, double limit)
{
    return value > ifp_limit_maximum(limit, problem->slack);
}

int ifp_filter_configuration(const struct ifp_problem *problem,
                             const struct ifp_configuration *configuration)
{
    /* The slack relaxes the memory left by the weights, not the whole memory. */
    double memory_gb = configuration->weights_gb + configuration->kv_gb / (1 + problem->slack);
    if (configuration->weights_gb > memory_gb * (1 + IFP_VERIFY_TOLERANCE) * (1 + KEEP))
        return IFP_REMOVAL_WEIGHTS;
    const struct ifp_resource *exceeded = ifp_account_exceeded(problem, configuration);
    return exceeded ? exceeded->trait->removal : 0;
}

/*
 * The largest share of a route under a limit on the sum over routes, or a negative number if the
 * route may serve no share. `rate` is the route's rate in its worst case when it serves alone.
 * `minimum` is the nominal rate of the best other candidate. It is nominal because routes may share
 * the budget of deviations, and the case that only this route deviates must be met, too.
 *   offered: rate x <= limit whatever else is routed
 *   served:  rate x + least (s - x) <= limit s with s <= 1; alone, x = s
 */
static double share_within(const struct ifp_problem *problem, double rate, double minimum,
                           double limit)
{
    if (isinf(limit))
        return 1;
    if (problem->slo_basis == IFP_SLO_OFFERED)
        return rate > 0 ? limit / rate : 1;
    /* The route serves all or nothing, so this check replaces the limit rows of the program. */
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return rate > limit * (1 + problem->tolerance) * (1 + KEEP) ? -1 : 1;
    if (!exceeds(problem, rate, limit))
        return 1;
    if (exceeds(problem, minimum, limit))
        return -1;
    return fmax(0, limit * (1 + KEEP) - minimum) / (rate - minimum);
}

/* The largest share for which every resource is enough, after renting one replica and paying for
 * one route. */
static double share_within_resources(const struct ifp_problem *problem,
                                     const struct ifp_configuration *configuration,
                                     const struct ifp_route_data *route)
{
    double share = 1;
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_use *use = &configuration->uses[u];
        const struct ifp_resource *resource = &problem->resources[use->resource];
        double all = ifp_route_share_use(problem, resource, route);
        double left = resource->maximum[IFP_MARGIN_VERIFIER] - ifp_rates_minimum(&use->rates);
        if (all > 0)
            share = fmin(share, fmax(0, left) / all);
    }
    return share;
}

int ifp_filter_route(const struct ifp_problem *problem,
                     const struct ifp_configuration *configuration, const double *minimum,
                     struct ifp_route_data *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    for (int level = 0; level < IFP_SERVICE_COUNT; level++) {
        if (isnan(route->level[level]))
            return IFP_REMOVAL_NOT_MEASURED;
    }
    static const int removals[IFP_SERVICE_COUNT] = {IFP_REMOVAL_DELAY, IFP_REMOVAL_ERROR};
    double replicas = configuration->max_replicas;
    double share = 1;
    for (int level = 0; level < IFP_SERVICE_COUNT; level++) {
        double within =
            share_within(problem, ifp_route_alone(problem, route, (enum ifp_service_level)level),
                         minimum[level], demand->limit[level]);
        if (within <= 0)
            return removals[level];
        share = fmin(share, within);
    }
    if (ifp_route_kv_gb(problem, route) > 0)
        share = fmin(share, configuration->kv_gb * replicas / ifp_route_kv_gb(problem, route));
    if (ifp_route_tflops(problem, route) > 0)
        share = fmin(share, configuration->tflops * replicas / ifp_route_tflops(problem, route));
    share = fmin(share, share_within_resources(problem, configuration, route));
    /* Plans may need even a very small share, since penalties may be large. */
    if (!(share >= SHARE_MIN))
        return IFP_REMOVAL_CAPACITY;
    route->max_share = share;
    /*
     * Suppose that all demand may stay unmet and dropping a share breaks no other limit (one route
     * per query, or limits on the offered share). Then a route that costs at least as much as unmet
     * demand is never better than leaving it unmet. (Deviations would only add to its cost.)
     */
    bool free_to_drop = demand->max_unmet >= 1 && (problem->placement == IFP_PLACEMENT_SINGLE ||
                                                   problem->slo_basis == IFP_SLO_OFFERED);
    if (free_to_drop &&
        ifp_route_storage_usd(problem, route) + ifp_route_delay_usd(problem, route) >=
            demand->unmet_usd)
        return IFP_REMOVAL_DEARER;
    return 0;
}

int ifp_filter_profit(const struct ifp_problem *problem,
                      const struct ifp_configuration *configuration,
                      const struct ifp_route_data *routes)
{
    if (!configuration->route_count)
        return IFP_REMOVAL_NO_ROUTE;
    if (problem->placement != IFP_PLACEMENT_SINGLE && problem->slo_basis != IFP_SLO_OFFERED)
        return 0;
    /* The most that the configuration could save: it serves the largest share of each of its query
     * types, which would otherwise be unmet. If that is less than its cost, leaving all its shares
     * unmet is no worse than renting it. */
    struct ifp_sum saving = {0};
    for (size_t r = 0; r < configuration->route_count; r++) {
        const struct ifp_demand *demand = &problem->demands[routes[r].query];
        if (demand->max_unmet < 1)
            return 0;
        double each = demand->unmet_usd - ifp_route_storage_usd(problem, &routes[r]) -
                      ifp_route_delay_usd(problem, &routes[r]);
        double net = each * routes[r].max_share - configuration->cost.charge;
        ifp_sum_add(&saving, fmax(0, net));
    }
    double usd = ifp_rates_of_deployment(&configuration->cost, 1);
    return ifp_sum_total(&saving) < usd * (1 - KEEP) ? IFP_REMOVAL_UNPROFITABLE : 0;
}

/* Does one replica of `other` have capacity for the largest shares of all the configuration's
 * routes? */
static bool holds_everything(const struct ifp_problem *problem,
                             const struct ifp_configuration *other,
                             const struct ifp_configuration *configuration,
                             const struct ifp_route_data *routes)
{
    struct ifp_sum kv = {0};
    struct ifp_sum tflops = {0};
    for (size_t r = 0; r < configuration->route_count; r++) {
        ifp_sum_add(&kv, ifp_route_kv_gb(problem, &routes[r]) * routes[r].max_share);
        ifp_sum_add(&tflops, ifp_route_tflops(problem, &routes[r]) * routes[r].max_share);
    }
    return ifp_sum_total(&kv) <= other->kv_gb && ifp_sum_total(&tflops) <= other->tflops;
}

bool ifp_filter_dominates(const struct ifp_problem *problem, const struct ifp_configuration *other,
                          const struct ifp_route_data *other_routes,
                          const struct ifp_configuration *configuration,
                          const struct ifp_route_data *routes)
{
    /* `other` must allow the same shares, be at least as fast and cost and use no more. Residency,
     * errors and caps of deviations are those of the pair, so they need no check. On a tie the
     * smaller degree stays. */
    if (!ifp_account_at_most(other, configuration) || other->degree >= configuration->degree)
        return false;
    size_t o = 0;
    for (size_t r = 0; r < configuration->route_count; r++) {
        while (o < other->route_count && other_routes[o].query < routes[r].query)
            o++;
        if (o == other->route_count || other_routes[o].query != routes[r].query ||
            other_routes[o].level[IFP_SERVICE_DELAY] > routes[r].level[IFP_SERVICE_DELAY] ||
            other_routes[o].max_share < routes[r].max_share)
            return false;
        if (!problem->deviations)
            continue;
        struct ifp_route_deviation with = ifp_route_deviation(problem, &other_routes[o]);
        struct ifp_route_deviation without = ifp_route_deviation(problem, &routes[r]);
        if (with.deviation[IFP_SERVICE_DELAY] > without.deviation[IFP_SERVICE_DELAY] ||
            with.deviation_usd > without.deviation_usd)
            return false;
    }
    /* This check comes last, since it reads all routes; the loop above often ends at the first. */
    return holds_everything(problem, other, configuration, routes);
}
