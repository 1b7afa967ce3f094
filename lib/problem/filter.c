/* SPDX-License-Identifier: MIT */
/*
 * Which configurations and routes may be left out of a problem before it is built, and why that
 * loses no optimal plan. Comparisons err on the side of keeping: whatever the verifier could accept
 * stays in.
 */
#include "problem/filter.h"

/* Relative margin of the comparisons. */
static const double KEEP = IFP_KEEP_TOLERANCE;

/* The verifier holds a route by itself to its limits within this fraction of them. */
static const double BY_ROUTE = 1e-9;

/*
 * Coefficients that divide by a share of at least this are finite. A smaller share is worth less
 * than 1e-55 dollars, whatever the penalties (IFP_NUMBER_MAX). No plan could express it, since all
 * shares of its query type sum to 1.
 */
static const double SHARE_MIN = 1e-100;

/* Set *miss and return the reason. */
static int found(struct ifp_miss *miss, double value, double limit, int reason)
{
    *miss = (struct ifp_miss){.value = value, .limit = limit};
    return reason;
}

int ifp_filter_configuration(const struct ifp_problem *problem,
                             const struct ifp_configuration *configuration, struct ifp_miss *miss)
{
    /* The slack relaxes the memory left by the weights, not the whole memory. */
    double memory_gb = configuration->weights_gb + configuration->kv_gb / (1 + problem->slack);
    if (configuration->weights_gb > memory_gb * (1 + IFP_VERIFY_TOLERANCE) * (1 + KEEP))
        return found(miss, configuration->weights_gb / configuration->degree,
                     memory_gb / configuration->degree, IFP_REMOVAL_WEIGHTS);
    if (configuration->min_replicas > configuration->max_replicas)
        return found(miss, configuration->min_replicas, configuration->max_replicas,
                     IFP_REMOVAL_REPLICAS);
    const struct ifp_use *exceeded = ifp_account_exceeded(problem, configuration);
    if (!exceeded)
        return 0;
    const struct ifp_resource *resource = &problem->resources[exceeded->resource];
    return found(miss, ifp_rates_minimum(&exceeded->rates, configuration->min_replicas),
                 resource->limit, resource->trait->removal);
}

static bool misses(double value, double limit)
{
    return value > limit * (1 + BY_ROUTE);
}

int ifp_filter_operation(const struct ifp_problem *problem,
                         const struct ifp_configuration *configuration, size_t query,
                         const struct ifp_operation *operation, double cap, struct ifp_miss *miss)
{
    const struct ifp_demand *demand = &problem->demands[query];
    bool by_token = isfinite(demand->ttft_limit_ms) || isfinite(demand->tpot_limit_ms);
    bool profiled = configuration->profile != SIZE_MAX;
    if ((by_token && !profiled) ||
        (isfinite(demand->limit[IFP_SERVICE_MISSED]) && isnan(operation->attainment)))
        return IFP_REMOVAL_UNPROFILED;
    if (!by_token)
        return 0;
    double ttft_ms = operation->ttft_ms + cap * operation->ttft_deviation_ms;
    double tpot_ms = operation->tpot_ms + cap * operation->tpot_deviation_ms;
    if (misses(ttft_ms, demand->ttft_limit_ms))
        return found(miss, ttft_ms, demand->ttft_limit_ms, IFP_REMOVAL_TTFT);
    return misses(tpot_ms, demand->tpot_limit_ms)
               ? found(miss, tpot_ms, demand->tpot_limit_ms, IFP_REMOVAL_TPOT)
               : 0;
}

int ifp_filter_request(const struct ifp_instance *instance, const struct ifp_problem *problem,
                       const struct ifp_configuration *configuration, size_t query,
                       struct ifp_miss *miss)
{
    const struct ifp_query_data *i = &instance->queries[query];
    if (configuration->profile == SIZE_MAX && !instance->whole_requests)
        return 0;
    double kv_gb = configuration->kv_gb_per_token * (i->input_tokens + i->output_tokens);
    double memory_gb = configuration->kv_gb / (1 + problem->slack);
    return misses(kv_gb, memory_gb) ? found(miss, kv_gb, memory_gb, IFP_REMOVAL_REQUEST) : 0;
}

/*
 * The largest share of a route under a limit on the sum over routes, or a negative number if the
 * route may serve no share. `rate` is the route's rate in its worst case when it serves alone.
 * `minimum` is the nominal rate of the best other candidate. It is nominal because routes may share
 * the budget of deviations, and the case that only this route deviates must be met, too.
 *   offered: rate x <= limit whatever else is routed
 *   served:  rate x + least (s - x) <= limit s with s <= 1; alone, x = s
 */
static double share_within(const struct ifp_problem *problem, enum ifp_service_level level,
                           double rate, double minimum, double limit)
{
    if (isinf(limit))
        return 1;
    /* If unmet demand counts like the worst route, s is 1 in the formula for served demand. */
    if (problem->slo_basis == IFP_SLO_OFFERED && ifp_limit_of_unmet(level) == 0)
        return rate > 0 ? limit / rate : 1;
    /* The route serves all or nothing, so this check replaces the limit rows of the program. */
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return rate > limit * (1 + problem->tolerance) * (1 + KEEP) ? -1 : 1;
    double maximum = ifp_limit_maximum(limit, problem->slack);
    if (rate <= maximum)
        return 1;
    if (minimum > maximum)
        return -1;
    return fmax(0, limit * (1 + KEEP) - minimum) / (rate - minimum);
}

/* The largest share for which every resource is enough, after renting the least number of replicas
 * and paying for one route. */
static double share_within_resources(const struct ifp_problem *problem,
                                     const struct ifp_configuration *configuration,
                                     const struct ifp_route_data *route)
{
    double share = 1;
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_use *use = &configuration->uses[u];
        const struct ifp_resource *resource = &problem->resources[use->resource];
        double all = ifp_route_share_use(problem, resource, route);
        double left = resource->maximum[IFP_MARGIN_VERIFIER] -
                      ifp_rates_minimum(&use->rates, configuration->min_replicas);
        if (all > 0)
            share = fmin(share, fmax(0, left) / all);
    }
    return share;
}

/* Attainment is given as the fraction that is attained, and its target. */
static int missed(enum ifp_service_level level, double value, double limit, int reason,
                  struct ifp_miss *miss)
{
    return level == IFP_SERVICE_MISSED ? found(miss, 1 - value, 1 - limit, reason)
                                       : found(miss, value, limit, reason);
}

int ifp_filter_route(const struct ifp_problem *problem,
                     const struct ifp_configuration *configuration, const double *minimum,
                     struct ifp_route_data *route, struct ifp_miss *miss)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    static const int removals[IFP_SERVICE_COUNT] = {IFP_REMOVAL_DELAY, IFP_REMOVAL_ERROR,
                                                    IFP_REMOVAL_ATTAINMENT};
    double share = 1;
    for (int l = 0; l < IFP_SERVICE_COUNT; l++) {
        enum ifp_service_level level = (enum ifp_service_level)l;
        double alone = ifp_route_alone(problem, route, level);
        double within = share_within(problem, level, alone, minimum[l], demand->limit[l]);
        if (within <= 0 || misses(alone, demand->route_limit[l]))
            return missed(level, alone, fmin(demand->limit[l], demand->route_limit[l]), removals[l],
                          miss);
        share = fmin(share, within);
    }
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        double need = ifp_route_need(problem, route, (enum ifp_capacity)k);
        double counted = configuration->max_replicas - configuration->spare;
        if (need > 0 && !(k == IFP_CAPACITY_LOAD && configuration->load_table != SIZE_MAX))
            share = fmin(share, counted / need);
    }
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
    double usd = ifp_route_storage_usd(problem, route) + ifp_route_delay_usd(problem, route);
    if (free_to_drop && usd >= demand->unmet_usd)
        return found(miss, usd, demand->unmet_usd, IFP_REMOVAL_DEARER);
    return 0;
}

int ifp_filter_profit(const struct ifp_problem *problem,
                      const struct ifp_configuration *configuration,
                      const struct ifp_route_data *routes, struct ifp_miss *miss)
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
    double usd = ifp_rates_of_deployment(&configuration->cost, configuration->min_replicas);
    double saved = ifp_sum_total(&saving);
    return saved < usd * (1 - KEEP) ? found(miss, usd, saved, IFP_REMOVAL_UNPROFITABLE) : 0;
}

/* Is a delay of the query type limited or charged? Otherwise it may be larger. */
static bool delay_matters(const struct ifp_demand *demand)
{
    return isfinite(demand->limit[IFP_SERVICE_DELAY]) || demand->delay_usd > 0;
}

/* Is `other` at least as good a route for the query type, apart from its needs? */
static bool is_as_good(const struct ifp_problem *problem, const struct ifp_route_data *other,
                       const struct ifp_route_data *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    struct ifp_route_deviation with = ifp_route_deviation(problem, other);
    struct ifp_route_deviation without = ifp_route_deviation(problem, route);
    if (other->max_share < route->max_share)
        return false;
    for (int level = 0; level < IFP_SERVICE_COUNT; level++) {
        if (level == IFP_SERVICE_DELAY ? !delay_matters(demand) : isinf(demand->limit[level]))
            continue;
        if (other->level[level] > route->level[level] ||
            with.deviation[level] > without.deviation[level] ||
            with.cap[level] > without.cap[level])
            return false;
    }
    return with.deviation_usd <= without.deviation_usd;
}

/* Do m replicas of `other` hold what m replicas of the configuration hold, for every m? */
static bool holds_as_much(const struct ifp_configuration *other,
                          const struct ifp_configuration *configuration)
{
    return other->load_table == configuration->load_table && other->spare <= configuration->spare &&
           other->min_replicas <= configuration->min_replicas;
}

bool ifp_filter_dominates(const struct ifp_problem *problem, const struct ifp_configuration *other,
                          const struct ifp_route_data *other_routes,
                          const struct ifp_configuration *configuration,
                          const struct ifp_route_data *routes)
{
    /* `other` must allow the same shares, be at least as good and cost and use no more. Either it
     * needs no more for any route, or its least number of replicas has room for everything. */
    if (!ifp_account_at_most(other, configuration))
        return false;
    bool needs_no_more = holds_as_much(other, configuration);
    bool holds_everything = other->min_replicas <= configuration->min_replicas;
    struct ifp_sum load[IFP_CAPACITY_COUNT] = {{0}};
    size_t o = 0;
    for (size_t r = 0; (needs_no_more || holds_everything) && r < configuration->route_count; r++) {
        while (o < other->route_count && other_routes[o].query < routes[r].query)
            o++;
        if (o == other->route_count || other_routes[o].query != routes[r].query ||
            !is_as_good(problem, &other_routes[o], &routes[r]))
            return false;
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
            enum ifp_capacity capacity = (enum ifp_capacity)k;
            double need = ifp_route_need(problem, &other_routes[o], capacity);
            needs_no_more &= need <= ifp_route_need(problem, &routes[r], capacity);
            ifp_sum_add(&load[k], need * routes[r].max_share);
        }
    }
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        holds_everything &=
            ifp_sum_total(&load[k]) <=
            ifp_capacity_of(problem, other, (enum ifp_capacity)k, other->min_replicas);
    return needs_no_more || holds_everything;
}
