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
    size_t loads = IFP_CAPACITY_COUNT * problem->pair_count + 1;
    assignment->load = calloc(loads, sizeof *assignment->load);
    assignment->capacity = calloc(loads, sizeof *assignment->capacity);
    assignment->route = malloc((problem->query_count + 1) * sizeof *assignment->route);
    assignment->share = calloc(problem->query_count + 1, sizeof *assignment->share);
    assignment->earned = calloc(problem->query_count + 1, sizeof *assignment->earned);
    assignment->used = calloc(problem->resource_count + 1, sizeof *assignment->used);
    for (size_t i = 0; assignment->route && i < problem->query_count; i++)
        assignment->route[i] = SIZE_MAX;
    return assignment->load && assignment->capacity && assignment->route && assignment->share &&
           assignment->earned && assignment->used;
}

void ifp_assignment_accounts_free(struct ifp_selection *selection)
{
    struct ifp_assignment *assignment = (struct ifp_assignment *)selection;
    free(assignment->load);
    free(assignment->capacity);
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
    memcpy(to->load, from->load, IFP_CAPACITY_COUNT * pairs * sizeof *to->load);
    memcpy(to->capacity, from->capacity, IFP_CAPACITY_COUNT * pairs * sizeof *to->capacity);
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
    free(single->smallest);
    free(single->whole);
    free(single->need);
    free(single->steepest);
    free(single->rented);
    free(single->point);
    free(single);
}

/* The smallest and the largest share of a route if it is the only one of its query type. The
 * smallest one meets the demand that has to be met. */
static void shares_alone(const struct ifp_problem *problem, const struct ifp_route_data *route,
                         double *smallest, double *largest)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    *smallest = 1 - demand->max_unmet;
    *largest = route->max_share;
    for (int l = 0; l < IFP_SERVICE_COUNT; l++) {
        enum ifp_service_level level = (enum ifp_service_level)l;
        double alone = ifp_route_alone(problem, route, level);
        double limit = demand->limit[level];
        double unmet = ifp_limit_of_unmet(level);
        if (problem->slo_basis == IFP_SLO_SERVED || (unmet > 0 && alone > limit))
            *largest = alone <= limit ? *largest : 0;
        else if (unmet > 0 && limit < unmet) /* alone x + unmet (1 - x) <= limit */
            *smallest = fmax(*smallest, (unmet - limit) / (unmet - alone));
        else if (unmet == 0 && alone > 0)
            *largest = fmin(*largest, limit / alone);
    }
    if (*smallest > *largest + IFP_SUM_TOLERANCE)
        *smallest = INFINITY;
}

/* The most load for each counted replica: L(m) / m is not monotone in m for every table. */
static double steepest_of(const struct ifp_load_table *table)
{
    double steepest = 0;
    for (size_t m = 1; m <= table->count; m++)
        steepest = fmax(steepest, table->load[m - 1] / (double)m);
    return steepest;
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
        shares_alone(problem, route, &single->smallest[r], &single->largest[r]);
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
            single->need[IFP_CAPACITY_COUNT * r + (size_t)k] =
                ifp_route_need(problem, route, (enum ifp_capacity)k);
    }
    for (size_t t = 0; t < problem->load_table_count; t++)
        single->steepest[t] = steepest_of(&problem->load_tables[t]);
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
    made->smallest = calloc(routes, sizeof *made->smallest);
    made->whole = calloc(routes, sizeof *made->whole);
    made->need = calloc(IFP_CAPACITY_COUNT * routes, sizeof *made->need);
    made->steepest = calloc(problem->load_table_count + 1, sizeof *made->steepest);
    made->rented = calloc(problem->pair_count + 1, sizeof *made->rented);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    if (!made->pricing || !made->items || !made->capacity_price || !made->pair || !made->route_at ||
        !made->value || !made->largest || !made->smallest || !made->whole || !made->need ||
        !made->steepest || !made->rented || !made->point) {
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

bool ifp_assignment_meets(const struct ifp_eval_single *single, size_t route, double share)
{
    return single->smallest[route] <= share + IFP_SUM_TOLERANCE;
}

double ifp_assignment_earned(const struct ifp_eval_single *single, size_t route, double share)
{
    const struct ifp_demand *demand =
        &single->evaluator.problem->demands[single->evaluator.problem->routes[route].query];
    double earned = single->value[route] * share -
                    configuration_of(single->evaluator.problem, route)->cost.charge;
    if (demand->max_unmet < 1 && ifp_assignment_meets(single, route, share))
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

/* Add `share` of a route to the loads of its deployment. */
static void change_load(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                        size_t route, double share)
{
    size_t c = single->evaluator.problem->routes[route].configuration;
    double *load = assignment->load + IFP_CAPACITY_COUNT * single->pair[c];
    const double *need = single->need + IFP_CAPACITY_COUNT * route;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        load[k] += need[k] * share;
}

void ifp_assignment_take_off(const struct ifp_eval_single *single,
                             struct ifp_assignment *assignment, size_t query)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t route = assignment->route[query];
    if (route == SIZE_MAX)
        return;
    change_load(single, assignment, route, -assignment->share[query]);
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
    ifp_assignment_take_off(single, assignment, query);
    assignment->route[query] = route;
    assignment->share[query] = share;
    assignment->earned[query] = ifp_assignment_earned(single, route, share);
    change_load(single, assignment, route, share);
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
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        size_t at = IFP_CAPACITY_COUNT * p + (size_t)k;
        assignment->load[at] = 0;
        assignment->capacity[at] =
            ifp_capacity_of(problem, configuration, (enum ifp_capacity)k, replicas);
    }
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

size_t ifp_assignment_rented(struct ifp_eval_single *single,
                             const struct ifp_assignment *assignment)
{
    size_t count = 0;
    for (size_t p = 0; p < single->evaluator.problem->pair_count; p++) {
        if (assignment->selection.configuration[p] != SIZE_MAX)
            single->rented[count++] = p;
    }
    return count;
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
