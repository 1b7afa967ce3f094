/* SPDX-License-Identifier: MIT */
/* A fleet with at most one route for each query type: memory, tables and accounts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/eval_single_table.h"

/* The premium for meeting a demand that has to be met, as a multiple of the cost of serving
 * nothing. */
static const double MUST = 16;

/* -- memory -- */

static bool fleet_new(const struct ifp_problem *problem, struct ifp_selection *fleet)
{
    fleet->configuration = malloc((problem->pair_count + 1) * sizeof *fleet->configuration);
    fleet->replicas = calloc(problem->pair_count + 1, sizeof *fleet->replicas);
    fleet->kv = calloc(problem->pair_count + 1, sizeof *fleet->kv);
    fleet->tflops = calloc(problem->pair_count + 1, sizeof *fleet->tflops);
    fleet->route = malloc((problem->query_count + 1) * sizeof *fleet->route);
    fleet->share = calloc(problem->query_count + 1, sizeof *fleet->share);
    fleet->earned = calloc(problem->query_count + 1, sizeof *fleet->earned);
    fleet->gpus = calloc(problem->pool_count + 1, sizeof *fleet->gpus);
    if (!fleet->configuration || !fleet->replicas || !fleet->kv || !fleet->tflops ||
        !fleet->route || !fleet->share || !fleet->earned || !fleet->gpus)
        return false;
    for (size_t p = 0; p < problem->pair_count; p++)
        fleet->configuration[p] = SIZE_MAX;
    for (size_t i = 0; i < problem->query_count; i++)
        fleet->route[i] = SIZE_MAX;
    return true;
}

static void fleet_free(struct ifp_selection *fleet)
{
    free(fleet->configuration);
    free(fleet->replicas);
    free(fleet->kv);
    free(fleet->tflops);
    free(fleet->route);
    free(fleet->share);
    free(fleet->earned);
    free(fleet->gpus);
}

void ifp_assign_copy(const struct ifp_problem *problem, struct ifp_selection *to,
                     const struct ifp_selection *from)
{
    size_t pairs = problem->pair_count;
    size_t queries = problem->query_count;
    memcpy(to->configuration, from->configuration, pairs * sizeof *to->configuration);
    memcpy(to->replicas, from->replicas, pairs * sizeof *to->replicas);
    memcpy(to->kv, from->kv, pairs * sizeof *to->kv);
    memcpy(to->tflops, from->tflops, pairs * sizeof *to->tflops);
    memcpy(to->route, from->route, queries * sizeof *to->route);
    memcpy(to->share, from->share, queries * sizeof *to->share);
    memcpy(to->earned, from->earned, queries * sizeof *to->earned);
    if (problem->pool_count)
        memcpy(to->gpus, from->gpus, problem->pool_count * sizeof *to->gpus);
    to->usd = from->usd;
    to->gb = from->gb;
    to->value = from->value;
}

void ifp_assign_free(struct ifp_assign *assign)
{
    if (!assign)
        return;
    fleet_free(&assign->now);
    fleet_free(&assign->base);
    fleet_free(&assign->best);
    fleet_free(&assign->walk);
    ifp_pricing_free(assign->pricing);
    free(assign->items);
    free(assign->room_price);
    free(assign->pair);
    free(assign->route_at);
    free(assign->value);
    free(assign->most);
    free(assign->whole);
    free(assign->kv);
    free(assign->tflops);
    free(assign->point);
    free(assign);
}

/* The largest share of a route if it is the only one of its query type. */
static double most_alone(const struct ifp_problem *problem, const struct ifp_candidate *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    double delay = ifp_route_delay_alone(problem, route);
    double error = ifp_route_error_alone(problem, route);
    double most = route->max_share;
    if (problem->slo_basis == IFP_SLO_SERVED)
        return delay <= demand->delay_limit_ms && error <= demand->error_limit ? most : 0;
    if (delay > 0)
        most = fmin(most, demand->delay_limit_ms / delay);
    if (error > 0)
        most = fmin(most, demand->error_limit / error);
    return most;
}

static void fill_tables(struct ifp_assign *assign)
{
    const struct ifp_problem *problem = assign->problem;
    size_t queries = problem->query_count;
    for (size_t k = 0; k < problem->configuration_count * queries; k++)
        assign->route_at[k] = SIZE_MAX;
    for (size_t p = 0; p < problem->pair_count; p++) {
        for (size_t n = 0; n < problem->pairs[p].count; n++)
            assign->pair[problem->pairs[p].first + n] = p;
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_candidate *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        assign->route_at[route->configuration * queries + route->query] = r;
        /* The joint cost of the deviations of all query types is not included; the verifier adds
         * it. */
        assign->value[r] = problem->demands[route->query].unmet_usd -
                           ifp_route_delay_usd(problem, route) -
                           ifp_route_storage_usd(problem, route);
        assign->most[r] = most_alone(problem, route);
        assign->kv[r] = c->kv_gb > 0 ? ifp_route_kv_gb(problem, route) / c->kv_gb : 0;
        assign->tflops[r] = ifp_route_tflops(problem, route) / c->tflops;
    }
    for (size_t i = 0; i < queries; i++)
        assign->nothing += problem->demands[i].unmet_usd;
    assign->must = MUST * (1 + assign->nothing);
    for (size_t r = 0; r < problem->route_count; r++) {
        double most = assign->most[r];
        assign->whole[r].query = problem->routes[r].query;
        assign->whole[r].earned = most > 0 ? ifp_assign_earned(assign, r, most) : -INFINITY;
    }
}

int ifp_assign_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                   struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                   struct ifp_assign **assign, struct ifp_error *error)
{
    struct ifp_assign *made = calloc(1, sizeof *made);
    size_t routes = problem->route_count + 1;
    size_t configurations = problem->configuration_count + 1;
    *assign = NULL;
    if (!made)
        return ifp_error_memory(error);
    made->problem = problem;
    made->milp = milp;
    made->incumbent = incumbent;
    made->watch = watch;
    made->pricing = ifp_pricing_new(problem->query_count, watch);
    made->items = calloc(problem->query_count + 1, sizeof *made->items);
    made->room_price = calloc(configurations, sizeof *made->room_price);
    made->pair = calloc(configurations, sizeof *made->pair);
    made->route_at = calloc(configurations * (problem->query_count + 1), sizeof *made->route_at);
    made->value = calloc(routes, sizeof *made->value);
    made->most = calloc(routes, sizeof *made->most);
    made->whole = calloc(routes, sizeof *made->whole);
    made->kv = calloc(routes, sizeof *made->kv);
    made->tflops = calloc(routes, sizeof *made->tflops);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    bool fleets = fleet_new(problem, &made->now);
    fleets = fleet_new(problem, &made->base) && fleets;
    fleets = fleet_new(problem, &made->best) && fleets;
    fleets = fleet_new(problem, &made->walk) && fleets;
    if (!fleets || !made->pricing || !made->items || !made->room_price || !made->pair ||
        !made->route_at || !made->value || !made->most || !made->whole || !made->kv ||
        !made->tflops || !made->point) {
        ifp_assign_free(made);
        return ifp_error_memory(error);
    }
    fill_tables(made);
    *assign = made;
    return IFP_OK;
}

/* -- accounts -- */

double ifp_assign_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    return replicas * configuration->rental_usd +
           ifp_deployment_weights_usd(problem, configuration);
}

double ifp_assign_deployment_gb(const struct ifp_problem *problem, size_t c)
{
    return problem->storage_basis == IFP_STORAGE_DEPLOYMENT ? problem->configurations[c].weights_gb
                                                            : 0;
}

double ifp_assign_charge(const struct ifp_problem *problem, size_t route)
{
    return ifp_route_weights_usd(problem,
                                 &problem->configurations[problem->routes[route].configuration]);
}

double ifp_assign_route_gb(const struct ifp_problem *problem, size_t route)
{
    size_t c = problem->routes[route].configuration;
    return problem->storage_basis == IFP_STORAGE_ROUTE ? problem->configurations[c].weights_gb : 0;
}

double ifp_assign_earned(const struct ifp_assign *assign, size_t route, double share)
{
    const struct ifp_demand *demand =
        &assign->problem->demands[assign->problem->routes[route].query];
    double earned = assign->value[route] * share - ifp_assign_charge(assign->problem, route);
    if (demand->max_unmet < 1 && 1 - share <= demand->max_unmet + IFP_ASSIGN_ROUNDING)
        earned += assign->must;
    return earned;
}

bool ifp_assign_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                     double usd, double gb)
{
    return fleet->usd + usd <= problem->budget_usd * (1 + IFP_ASSIGN_ROUNDING) &&
           fleet->gb + gb <= problem->storage_gb * (1 + IFP_ASSIGN_ROUNDING);
}

bool ifp_assign_pool_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                          size_t c, double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t pool = problem->tier_pool[configuration->tier];
    return pool == problem->pool_count ||
           fleet->gpus[pool] + replicas * configuration->degree <= problem->pool_gpus[pool];
}

void ifp_assign_take_off(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t query)
{
    const struct ifp_problem *problem = assign->problem;
    size_t route = fleet->route[query];
    if (route == SIZE_MAX)
        return;
    size_t p = assign->pair[problem->routes[route].configuration];
    fleet->kv[p] -= assign->kv[route] * fleet->share[query];
    fleet->tflops[p] -= assign->tflops[route] * fleet->share[query];
    fleet->usd -= ifp_assign_charge(problem, route) +
                  ifp_route_storage_usd(problem, &problem->routes[route]) * fleet->share[query];
    fleet->gb -= ifp_assign_route_gb(problem, route);
    fleet->value -= fleet->earned[query];
    fleet->route[query] = SIZE_MAX;
    fleet->share[query] = 0;
    fleet->earned[query] = 0;
}

void ifp_assign_put_on(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t route,
                       double share)
{
    const struct ifp_problem *problem = assign->problem;
    size_t query = problem->routes[route].query;
    size_t p = assign->pair[problem->routes[route].configuration];
    ifp_assign_take_off(assign, fleet, query);
    fleet->route[query] = route;
    fleet->share[query] = share;
    fleet->earned[query] = ifp_assign_earned(assign, route, share);
    fleet->kv[p] += assign->kv[route] * share;
    fleet->tflops[p] += assign->tflops[route] * share;
    fleet->usd += ifp_assign_charge(problem, route) +
                  ifp_route_storage_usd(problem, &problem->routes[route]) * share;
    fleet->gb += ifp_assign_route_gb(problem, route);
    fleet->value += fleet->earned[query];
}

void ifp_assign_rent(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t c,
                     double replicas)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t p = assign->pair[c];
    size_t pool = problem->tier_pool[configuration->tier];
    fleet->configuration[p] = c;
    fleet->replicas[p] = replicas;
    fleet->kv[p] = 0;
    fleet->tflops[p] = 0;
    fleet->usd += ifp_assign_fixed_usd(problem, c, replicas);
    fleet->gb += ifp_assign_deployment_gb(problem, c);
    fleet->value -= ifp_assign_fixed_usd(problem, c, replicas);
    if (pool < problem->pool_count)
        fleet->gpus[pool] += replicas * configuration->degree;
}

void ifp_assign_give_back(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t p)
{
    const struct ifp_problem *problem = assign->problem;
    size_t c = fleet->configuration[p];
    size_t pool = problem->tier_pool[problem->configurations[c].tier];
    for (size_t i = 0; i < problem->query_count; i++) {
        if (fleet->route[i] != SIZE_MAX && problem->routes[fleet->route[i]].configuration == c)
            ifp_assign_take_off(assign, fleet, i);
    }
    fleet->usd -= ifp_assign_fixed_usd(problem, c, fleet->replicas[p]);
    fleet->gb -= ifp_assign_deployment_gb(problem, c);
    fleet->value += ifp_assign_fixed_usd(problem, c, fleet->replicas[p]);
    if (pool < problem->pool_count)
        fleet->gpus[pool] -= fleet->replicas[p] * problem->configurations[c].degree;
    fleet->configuration[p] = SIZE_MAX;
}

void ifp_assign_clear(const struct ifp_assign *assign, struct ifp_selection *fleet)
{
    for (size_t p = 0; p < assign->problem->pair_count; p++) {
        if (fleet->configuration[p] != SIZE_MAX)
            ifp_assign_give_back(assign, fleet, p);
    }
    fleet->usd = fleet->gb = fleet->value = 0;
}
