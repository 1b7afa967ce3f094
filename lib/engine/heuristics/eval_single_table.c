/* SPDX-License-Identifier: MIT */
/* An assignment of query types to deployments: memory, tables and accounts. */
#include "engine/heuristics/eval_single_table.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* -- memory -- */

bool ifp_assignment_accounts_new(const struct ifp_evaluator *evaluator,
                                 struct ifp_selection *selection)
{
    const struct ifp_problem *problem = evaluator->problem;
    struct ifp_assignment *assignment = (struct ifp_assignment *)selection;
    selection->value = 0;
    assignment->kv = calloc(problem->pair_count + 1, sizeof *assignment->kv);
    assignment->tflops = calloc(problem->pair_count + 1, sizeof *assignment->tflops);
    assignment->route = malloc((problem->query_count + 1) * sizeof *assignment->route);
    assignment->share = calloc(problem->query_count + 1, sizeof *assignment->share);
    assignment->earned = calloc(problem->query_count + 1, sizeof *assignment->earned);
    assignment->used = calloc(problem->resource_count + 1, sizeof *assignment->used);
    for (size_t i = 0; assignment->route && i < problem->query_count; i++)
        assignment->route[i] = SIZE_MAX;
    return assignment->kv && assignment->tflops && assignment->route && assignment->share &&
           assignment->earned && assignment->used;
}

void ifp_assignment_accounts_free(struct ifp_selection *selection)
{
    struct ifp_assignment *assignment = (struct ifp_assignment *)selection;
    free(assignment->kv);
    free(assignment->tflops);
    free(assignment->route);
    free(assignment->share);
    free(assignment->earned);
    free(assignment->used);
}

void ifp_assignment_accounts_copy(const struct ifp_evaluator *evaluator,
                                  struct ifp_selection *to_selection,
                                  const struct ifp_selection *from_selection)
{
    struct ifp_assignment *to = (struct ifp_assignment *)to_selection;
    const struct ifp_assignment *from = (const struct ifp_assignment *)from_selection;
    size_t pairs = evaluator->problem->pair_count;
    size_t queries = evaluator->problem->query_count;
    size_t resources = evaluator->problem->resource_count;
    memcpy(to->kv, from->kv, pairs * sizeof *to->kv);
    memcpy(to->tflops, from->tflops, pairs * sizeof *to->tflops);
    memcpy(to->route, from->route, queries * sizeof *to->route);
    memcpy(to->share, from->share, queries * sizeof *to->share);
    memcpy(to->earned, from->earned, queries * sizeof *to->earned);
    memcpy(to->used, from->used, resources * sizeof *to->used);
}

void ifp_assignment_tables_free(struct ifp_evaluator *evaluator)
{
    struct ifp_eval_single *single = (struct ifp_eval_single *)evaluator;
    ifp_pricing_free(single->pricing);
    free(single->items);
    free(single->capacity_price);
    free(single->pair);
    free(single->route_at);
    free(single->value);
    free(single->largest);
    free(single->whole);
    free(single->kv);
    free(single->tflops);
    free(single->point);
    free(single);
}

/* The largest share of a route if it is the only one of its query type. */
static double largest_alone(const struct ifp_problem *problem, const struct ifp_route_data *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    double largest = route->max_share;
    for (int level = 0; level < IFP_SERVICE_COUNT; level++) {
        double alone = ifp_route_alone(problem, route, (enum ifp_service_level)level);
        if (problem->slo_basis == IFP_SLO_SERVED)
            largest = alone <= demand->limit[level] ? largest : 0;
        else if (alone > 0)
            largest = fmin(largest, demand->limit[level] / alone);
    }
    return largest;
}

static void fill_tables(struct ifp_eval_single *single)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t queries = problem->query_count;
    for (size_t k = 0; k < problem->configuration_count * queries; k++)
        single->route_at[k] = SIZE_MAX;
    for (size_t p = 0; p < problem->pair_count; p++) {
        for (size_t n = 0; n < problem->pairs[p].count; n++)
            single->pair[problem->pairs[p].first + n] = p;
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        single->route_at[route->configuration * queries + route->query] = r;
        /* The joint cost of the deviations of all query types is not included; the verifier adds
         * it. */
        single->value[r] = problem->demands[route->query].unmet_usd -
                           ifp_route_delay_usd(problem, route) -
                           ifp_route_storage_usd(problem, route);
        single->largest[r] = largest_alone(problem, route);
        single->kv[r] = ifp_route_need(problem, route, IFP_CAPACITY_MEMORY);
        single->tflops[r] = ifp_route_need(problem, route, IFP_CAPACITY_LOAD);
    }
    for (size_t i = 0; i < queries; i++)
        single->evaluator.nothing_usd += problem->demands[i].unmet_usd;
    single->premium = IFP_LOCAL_PREMIUM * (1 + single->evaluator.nothing_usd);
    for (size_t r = 0; r < problem->route_count; r++) {
        double largest = single->largest[r];
        single->whole[r].query = problem->routes[r].query;
        single->whole[r].earned =
            largest > 0 ? ifp_assignment_earned(single, r, largest) : -INFINITY;
    }
}

struct ifp_eval_single *ifp_assignment_tables_new(const struct ifp_evaluator *evaluator,
                                                  const struct ifp_milp *milp)
{
    const struct ifp_problem *problem = evaluator->problem;
    struct ifp_eval_single *made = calloc(1, sizeof *made);
    size_t routes = problem->route_count + 1;
    size_t configurations = problem->configuration_count + 1;
    if (!made)
        return NULL;
    made->evaluator = *evaluator;
    made->milp = milp;
    made->pricing = ifp_pricing_new(problem->query_count, evaluator->watch);
    made->items = calloc(problem->query_count + 1, sizeof *made->items);
    made->capacity_price = calloc(configurations, sizeof *made->capacity_price);
    made->pair = calloc(configurations, sizeof *made->pair);
    made->route_at = calloc(configurations * (problem->query_count + 1), sizeof *made->route_at);
    made->value = calloc(routes, sizeof *made->value);
    made->largest = calloc(routes, sizeof *made->largest);
    made->whole = calloc(routes, sizeof *made->whole);
    made->kv = calloc(routes, sizeof *made->kv);
    made->tflops = calloc(routes, sizeof *made->tflops);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    if (!made->pricing || !made->items || !made->capacity_price || !made->pair || !made->route_at ||
        !made->value || !made->largest || !made->whole || !made->kv || !made->tflops ||
        !made->point) {
        ifp_assignment_tables_free(&made->evaluator);
        return NULL;
    }
    fill_tables(made);
    return made;
}

/* -- accounts -- */

static const struct ifp_configuration *configuration_of(const struct ifp_problem *problem,
                                                        size_t route)
{
    return &problem->configurations[problem->routes[route].configuration];
}

double ifp_assignment_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas)
{
    return ifp_rates_of_deployment(&problem->configurations[c].cost, replicas);
}

double ifp_assignment_earned(const struct ifp_eval_single *single, size_t route, double share)
{
    const struct ifp_demand *demand =
        &single->evaluator.problem->demands[single->evaluator.problem->routes[route].query];
    double earned = single->value[route] * share -
                    configuration_of(single->evaluator.problem, route)->cost.charge;
    if (demand->max_unmet < 1 && 1 - share <= demand->max_unmet + IFP_SUM_TOLERANCE)
        earned += single->premium;
    return earned;
}

bool ifp_assignment_rent_fits(const struct ifp_problem *problem,
                              const struct ifp_assignment *assignment, size_t c, double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_use *use = &configuration->uses[u];
        double more = ifp_rates_of_deployment(&use->rates, replicas);
        if (!ifp_resource_fits(&problem->resources[use->resource],
                               assignment->used[use->resource] + more, IFP_MARGIN_SUM))
            return false;
    }
    return true;
}

/* What a route with a share uses of a resource. */
static double use_of(const struct ifp_problem *problem, const struct ifp_use *use, size_t route,
                     double share)
{
    const struct ifp_resource *resource = &problem->resources[use->resource];
    return ifp_rates_of_route(
        &use->rates, ifp_route_share_use(problem, resource, &problem->routes[route]), share);
}

/* What the present route of a query type uses of a resource. */
static double present_use(const struct ifp_problem *problem,
                          const struct ifp_assignment *assignment, size_t resource, size_t route)
{
    const struct ifp_configuration *c = configuration_of(problem, route);
    for (size_t u = 0; u < c->use_count; u++) {
        if (c->uses[u].resource == resource)
            return use_of(problem, &c->uses[u], route,
                          assignment->share[problem->routes[route].query]);
    }
    return 0;
}

bool ifp_assignment_route_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double share,
                               size_t old)
{
    const struct ifp_configuration *c = configuration_of(problem, route);
    for (size_t u = 0; u < c->use_count; u++) {
        size_t s = c->uses[u].resource;
        if (!ifp_resource_is_routed(&problem->resources[s]))
            continue;
        double more = use_of(problem, &c->uses[u], route, share);
        if (old != SIZE_MAX)
            more -= present_use(problem, assignment, s, old);
        if (!ifp_resource_fits(&problem->resources[s], assignment->used[s] + more, IFP_MARGIN_SUM))
            return false;
    }
    return true;
}

bool ifp_assignment_share_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double more)
{
    const struct ifp_configuration *c = configuration_of(problem, route);
    for (size_t u = 0; u < c->use_count; u++) {
        const struct ifp_resource *resource = &problem->resources[c->uses[u].resource];
        double use = more * ifp_route_share_use(problem, resource, &problem->routes[route]);
        if (use > 0 && !ifp_resource_fits(resource, assignment->used[c->uses[u].resource] + use,
                                          IFP_MARGIN_SUM))
            return false;
    }
    return true;
}

void ifp_assignment_take_off(const struct ifp_eval_single *single,
                             struct ifp_assignment *assignment, size_t query)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t route = assignment->route[query];
    if (route == SIZE_MAX)
        return;
    size_t p = single->pair[problem->routes[route].configuration];
    assignment->kv[p] -= single->kv[route] * assignment->share[query];
    assignment->tflops[p] -= single->tflops[route] * assignment->share[query];
    const struct ifp_configuration *c = configuration_of(problem, route);
    for (size_t u = 0; u < c->use_count; u++)
        assignment->used[c->uses[u].resource] -=
            use_of(problem, &c->uses[u], route, assignment->share[query]);
    assignment->selection.value -= assignment->earned[query];
    assignment->route[query] = SIZE_MAX;
    assignment->share[query] = 0;
    assignment->earned[query] = 0;
}

void ifp_assignment_put_on(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                           size_t route, double share)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t query = problem->routes[route].query;
    size_t p = single->pair[problem->routes[route].configuration];
    ifp_assignment_take_off(single, assignment, query);
    assignment->route[query] = route;
    assignment->share[query] = share;
    assignment->earned[query] = ifp_assignment_earned(single, route, share);
    assignment->kv[p] += single->kv[route] * share;
    assignment->tflops[p] += single->tflops[route] * share;
    const struct ifp_configuration *c = configuration_of(problem, route);
    for (size_t u = 0; u < c->use_count; u++)
        assignment->used[c->uses[u].resource] += use_of(problem, &c->uses[u], route, share);
    assignment->selection.value += assignment->earned[query];
}

void ifp_assignment_rent(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                         size_t c, double replicas)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t p = single->pair[c];
    assignment->selection.configuration[p] = c;
    assignment->selection.replicas[p] = replicas;
    assignment->kv[p] = 0;
    assignment->tflops[p] = 0;
    assignment->selection.value -= ifp_assignment_fixed_usd(problem, c, replicas);
    for (size_t u = 0; u < configuration->use_count; u++)
        assignment->used[configuration->uses[u].resource] +=
            ifp_rates_of_deployment(&configuration->uses[u].rates, replicas);
}

void ifp_assignment_give_back(const struct ifp_eval_single *single,
                              struct ifp_assignment *assignment, size_t p)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t c = assignment->selection.configuration[p];
    const struct ifp_configuration *configuration = &problem->configurations[c];
    for (size_t i = 0; i < problem->query_count; i++) {
        if (assignment->route[i] != SIZE_MAX &&
            problem->routes[assignment->route[i]].configuration == c)
            ifp_assignment_take_off(single, assignment, i);
    }
    assignment->selection.value +=
        ifp_assignment_fixed_usd(problem, c, assignment->selection.replicas[p]);
    for (size_t u = 0; u < configuration->use_count; u++)
        assignment->used[configuration->uses[u].resource] -= ifp_rates_of_deployment(
            &configuration->uses[u].rates, assignment->selection.replicas[p]);
    assignment->selection.configuration[p] = SIZE_MAX;
}

void ifp_assignment_clear(const struct ifp_eval_single *single, struct ifp_assignment *assignment)
{
    for (size_t p = 0; p < single->evaluator.problem->pair_count; p++) {
        if (assignment->selection.configuration[p] != SIZE_MAX)
            ifp_assignment_give_back(single, assignment, p);
    }
    memset(assignment->used, 0,
           single->evaluator.problem->resource_count * sizeof *assignment->used);
    assignment->selection.value = 0;
}
