/* SPDX-License-Identifier: MIT */
/* The coupling rows: the rows that deployments share. */
#include "engine/master/coupling.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

void ifp_coupling_free(struct ifp_coupling *coupling)
{
    if (!coupling)
        return;
    free(coupling->upper);
    free(coupling->pair);
    free(coupling->has_limit);
    free(coupling->cost);
    free(coupling->of_query);
    free(coupling->balance_scale);
    free(coupling->query_start);
    free(coupling);
}

static size_t placement_row_count(const struct ifp_problem *problem)
{
    switch (problem->placement) {
    case IFP_PLACEMENT_SINGLE:
        return problem->query_count;
    case IFP_PLACEMENT_MATCHING:
        return problem->query_count * (problem->model_count + problem->tier_count);
    default:
        return 0;
    }
}

static void lay_out_rows(struct ifp_coupling *coupling)
{
    const struct ifp_problem *problem = coupling->problem;
    size_t queries = problem->query_count;
    size_t rows = queries;
    coupling->first_level = rows;
    rows += IFP_SERVICE_COUNT * queries;
    coupling->first_resource = rows;
    coupling->budget = problem->shared_resource;
    if (coupling->budget != SIZE_MAX)
        coupling->budget += rows;
    rows += problem->resource_count;
    coupling->first_placement = rows;
    rows += placement_row_count(problem);
    coupling->first_balance = rows;
    if (problem->placement == IFP_PLACEMENT_MATCHING && problem->slo_basis == IFP_SLO_SERVED)
        rows += IFP_SERVICE_COUNT * queries * problem->pair_count;
    coupling->first_pair = rows;
    rows += problem->pair_count;
    coupling->row_count = rows;
}

/* Limits are 1 after scaling. A limit on served demand is part of the left side, so the right side
 * is 0; a limit of 0 stays 0. */
static void set_limits(struct ifp_coupling *coupling)
{
    const struct ifp_problem *problem = coupling->problem;
    for (size_t r = 0; r < coupling->row_count; r++)
        coupling->upper[r] = 1;
    for (size_t i = 0; i < problem->query_count; i++) {
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
            enum ifp_service_level level = (enum ifp_service_level)l;
            size_t row = ifp_coupling_level(coupling, l, i);
            bool has_row = ifp_limit_has_row(problem, level, i);
            coupling->has_limit[row - coupling->first_level] = has_row;
            if (has_row)
                coupling->upper[row] =
                    ifp_limit_right_side(problem, level, problem->demands[i].limit[l]);
        }
    }
    for (size_t s = 0; s < problem->resource_count; s++) {
        if (problem->resources[s].limit == 0)
            coupling->upper[coupling->first_resource + s] = 0;
    }
}

/* The divisor of each balance: the largest excess of the pair's routes. */
static void scale_balances(struct ifp_coupling *coupling)
{
    const struct ifp_problem *problem = coupling->problem;
    for (size_t b = 0; b < coupling->first_pair - coupling->first_balance; b++)
        coupling->balance_scale[b] = 0;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        size_t pair = coupling->pair[route->configuration];
        for (size_t l = 0; l < IFP_SERVICE_COUNT && coupling->first_balance < coupling->first_pair;
             l++) {
            double *largest =
                &coupling->balance_scale[ifp_coupling_balance(coupling, l, route->query, pair) -
                                         coupling->first_balance];
            *largest = fmax(*largest, coupling->alone[l][r]);
        }
    }
    for (size_t b = 0; b < coupling->first_pair - coupling->first_balance; b++) {
        if (coupling->balance_scale[b] < IFP_BALANCE_EXCESS_MIN)
            coupling->balance_scale[b] = 1;
    }
}

static void sort_routes(struct ifp_coupling *coupling)
{
    const struct ifp_problem *problem = coupling->problem;
    size_t *start = coupling->query_start;
    for (size_t r = 0; r < problem->route_count; r++)
        start[problem->routes[r].query + 2]++;
    for (size_t i = 0; i < problem->query_count; i++)
        start[i + 2] += start[i + 1];
    for (size_t r = 0; r < problem->route_count; r++)
        coupling->of_query[start[problem->routes[r].query + 1]++] = r;
}

static void set_routes(struct ifp_coupling *coupling)
{
    const struct ifp_problem *problem = coupling->problem;
    size_t budget = problem->shared_resource;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        const struct ifp_demand *demand = &problem->demands[route->query];
        coupling->cost[r] = ifp_route_share_usd(problem, route) / coupling->scale;
        if (budget != SIZE_MAX)
            coupling->budget_use[r] =
                ifp_route_share_use(problem, &problem->resources[budget], route) /
                problem->resources[budget].scale;
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
            size_t row = ifp_coupling_level(coupling, l, route->query);
            enum ifp_service_level level = (enum ifp_service_level)l;
            double alone = ifp_route_alone(problem, route, level);
            if (!coupling->has_limit[row - coupling->first_level])
                continue;
            coupling->level[l][r] =
                ifp_limit_coefficient(problem, level, route->level[l], demand->limit[l]);
            coupling->alone[l][r] = ifp_limit_coefficient(problem, level, alone, demand->limit[l]);
        }
    }
}

struct ifp_coupling *ifp_coupling_new(const struct ifp_problem *problem, double scale)
{
    struct ifp_coupling *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    size_t routes = problem->route_count + 1;
    made->problem = problem;
    made->scale = scale;
    lay_out_rows(made);
    made->upper = calloc(made->row_count + 1, sizeof *made->upper);
    made->pair = calloc(problem->configuration_count + 1, sizeof *made->pair);
    made->has_limit = calloc(IFP_SERVICE_COUNT * problem->query_count + 1, sizeof *made->has_limit);
    made->cost = calloc((2 + 2 * IFP_SERVICE_COUNT) * routes, sizeof *made->cost);
    made->of_query = calloc(routes, sizeof *made->of_query);
    made->query_start = calloc(problem->query_count + 3, sizeof *made->query_start);
    made->balance_scale =
        calloc(made->first_pair - made->first_balance + 1, sizeof *made->balance_scale);
    if (!made->balance_scale || !made->of_query || !made->query_start || !made->upper ||
        !made->pair || !made->has_limit || !made->cost) {
        ifp_coupling_free(made);
        return NULL;
    }
    made->budget_use = made->cost + routes;
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
        made->level[l] = made->budget_use + (1 + l) * routes;
        made->alone[l] = made->level[l] + IFP_SERVICE_COUNT * routes;
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        for (size_t n = 0; n < problem->pairs[p].count; n++)
            made->pair[problem->pairs[p].first + n] = p;
    }
    set_limits(made);
    set_routes(made);
    sort_routes(made);
    scale_balances(made);
    return made;
}

size_t ifp_coupling_placement(const struct ifp_coupling *coupling,
                              const struct ifp_route_data *route, size_t rows[2])
{
    const struct ifp_problem *problem = coupling->problem;
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    size_t first = coupling->first_placement;
    switch (problem->placement) {
    case IFP_PLACEMENT_SINGLE:
        rows[0] = first + route->query;
        return 1;
    case IFP_PLACEMENT_MATCHING:
        rows[0] = first + route->query * problem->model_count + c->model;
        rows[1] = first + problem->query_count * problem->model_count +
                  route->query * problem->tier_count + c->tier;
        return 2;
    default:
        return 0;
    }
}

size_t ifp_coupling_balance(const struct ifp_coupling *coupling, size_t level, size_t query,
                            size_t pair)
{
    const struct ifp_problem *problem = coupling->problem;
    return coupling->first_balance + (level * problem->query_count + query) * problem->pair_count +
           pair;
}

double ifp_coupling_in_balance(const struct ifp_coupling *coupling, size_t row, size_t route)
{
    const struct ifp_problem *problem = coupling->problem;
    size_t at = row - coupling->first_balance;
    size_t pair = at % problem->pair_count;
    size_t level = at / problem->pair_count / problem->query_count;
    size_t query = at / problem->pair_count % problem->query_count;
    const struct ifp_route_data *data = &problem->routes[route];
    const struct ifp_configuration *c = &problem->configurations[data->configuration];
    const struct ifp_pair *a = &problem->pairs[pair];
    double largest = coupling->balance_scale[at];
    if (data->query != query)
        return 0;
    if (coupling->pair[data->configuration] == pair)
        return fmax(0, coupling->alone[level][route]) / largest;
    if (c->model == a->model || c->tier == a->tier)
        return 0;
    return fmin(0, coupling->level[level][route]) / largest;
}

struct entries {
    size_t count;
    size_t *index;
    double *value;
};

static void add(struct entries *entries, size_t row, double value)
{
    if (row == SIZE_MAX || value == 0)
        return;
    entries->index[entries->count] = row;
    entries->value[entries->count++] = value;
}

/* What a pattern uses of a resource, as a fraction of its limit. Only the budget pays for
 * shares. */
static double use_of(const struct ifp_coupling *coupling, const struct ifp_use *use,
                     const struct ifp_pattern *pattern)
{
    const struct ifp_resource *resource = &coupling->problem->resources[use->resource];
    double fixed = ifp_rates_of_deployment(&use->rates, pattern->replicas);
    double shares = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        fixed += use->rates.charge;
        if (resource->trait->shared)
            shares += coupling->budget_use[pattern->entries[t].route] * pattern->entries[t].share;
    }
    return fixed / resource->scale + shares;
}

/* The price of one unit of a resource. */
static double price_of(const struct ifp_coupling *coupling, const double *price, size_t resource)
{
    return price[coupling->first_resource + resource] /
           coupling->problem->resources[resource].scale;
}

size_t ifp_coupling_entries(const struct ifp_coupling *coupling, const struct ifp_pattern *pattern,
                            double *cost, size_t *index, double *value)
{
    const struct ifp_problem *problem = coupling->problem;
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    struct entries entries = {.index = index, .value = value};
    double usd = ifp_rates_of_deployment(&c->cost, pattern->replicas);
    *cost = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        const struct ifp_pattern_entry *entry = &pattern->entries[t];
        const struct ifp_route_data *route = &problem->routes[entry->route];
        size_t rows[2];
        size_t placed = ifp_coupling_placement(coupling, route, rows);
        usd += c->cost.charge;
        *cost += coupling->cost[entry->route] * entry->share;
        add(&entries, route->query, entry->share);
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++)
            add(&entries, ifp_coupling_level(coupling, l, route->query),
                coupling->level[l][entry->route] * entry->share);
        for (size_t k = 0; k < placed; k++)
            add(&entries, rows[k], 1);
    }
    *cost += usd / coupling->scale;
    for (size_t u = 0; u < c->use_count; u++)
        add(&entries, coupling->first_resource + c->uses[u].resource,
            use_of(coupling, &c->uses[u], pattern));
    add(&entries, coupling->first_pair + coupling->pair[pattern->configuration], 1);
    return entries.count;
}

double ifp_coupling_rent(const struct ifp_coupling *coupling, const double *price,
                         size_t configuration, double replicas)
{
    const struct ifp_problem *problem = coupling->problem;
    const struct ifp_configuration *c = &problem->configurations[configuration];
    double rent = ifp_rates_of_deployment(&c->cost, replicas) / coupling->scale;
    for (size_t u = 0; u < c->use_count; u++)
        rent -= price_of(coupling, price, c->uses[u].resource) *
                ifp_rates_of_deployment(&c->uses[u].rates, replicas);
    return rent;
}

double ifp_coupling_charge(const struct ifp_coupling *coupling, const double *price,
                           const struct ifp_route_data *route)
{
    const struct ifp_problem *problem = coupling->problem;
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    size_t rows[2];
    size_t placed = ifp_coupling_placement(coupling, route, rows);
    double charge = c->cost.charge / coupling->scale;
    for (size_t u = 0; problem->route_charges && u < c->use_count; u++)
        charge -= price_of(coupling, price, c->uses[u].resource) * c->uses[u].rates.charge;
    for (size_t k = 0; k < placed; k++)
        charge -= price[rows[k]];
    return fmax(0, charge); /* negative by rounding only */
}
