/* SPDX-License-Identifier: MIT */
/* A relaxation by deployments, solved by column generation. */
#include "engine/master.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pricing.h"

/* A column whose reduced cost is not below this, in scaled dollars, changes nothing. */
static const double ATTRACTIVE = 1e-8;

/* Rounds after which patterns should have replaced the stand-ins: where not, there may be no plan
 * at all, and prices only rise. */
enum { REPLICAS_MANY = 64, ROUNDS_MAX = 2000, ROUNDS_STANDING_IN = 25, ITERATIONS_MAX = 100000 };

struct part {
    size_t route;
    double share;
};

/* One deployment with the query types it serves. */
struct pattern {
    size_t configuration;
    double replicas;
    struct part *parts;
    size_t count;
    bool allowed; /* under the bounds of the last solve */
};

struct ifp_master {
    const struct ifp_problem *problem;
    struct ifp_relaxation *relaxation;
    struct ifp_lp *lp;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct pattern *patterns; /* LP column first_pattern + index */
    size_t pattern_count;
    size_t pattern_capacity;
    size_t first_pattern;
    bool *required; /* by pair: must it be rented? */
    bool *rentable; /* by configuration */
    size_t row_count;
    size_t first_pair; /* rows, see demand_row */
    size_t first_limit;
    size_t budget_row; /* SIZE_MAX: none; so for the others */
    size_t storage_row;
    size_t pool_row;   /* of pool 0; the others follow */
    double *row_upper; /* by row; of demand rows also the lower bound */
    double *price;
    double *values; /* of the LP's columns; grows with the patterns */
    size_t *index;  /* for a column's entries */
    double *entry;
    double penalty; /* of leaving a demand or a pair out, in scaled dollars */
};

/* Rows: demand by query; then what the placement forbids together; then pairs; then the limits
 * by query, where routes may be several; then budget, storage and pools. */
static size_t demand_row(size_t i)
{
    return i;
}

static size_t pair_row(const struct ifp_master *master, size_t p)
{
    return master->first_pair + p;
}

static bool is_pair_row(const struct ifp_master *master, size_t row)
{
    return row >= master->first_pair && row < master->first_limit;
}

/* The rows that a route stands in because of the placement: at most two. */
static size_t placement_rows(const struct ifp_master *master, const struct ifp_candidate *route,
                             size_t *rows)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    size_t first = problem->query_count;
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

static double scale_of(double limit)
{
    return limit > 0 ? limit : 1;
}

/* The rows of delay and error limits, with the route's coefficient at share 1: at most two. With
 * one route per query they are in the routes' largest shares. */
static size_t limit_rows(const struct ifp_master *master, const struct ifp_candidate *route,
                         size_t *rows, double *coefficients)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_demand *demand = &problem->demands[route->query];
    bool served = problem->slo_basis == IFP_SLO_SERVED;
    size_t count = 0;
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return 0;
    if (isfinite(demand->delay_limit_ms)) {
        rows[count] = master->first_limit + route->query;
        coefficients[count++] = (route->delay_ms - (served ? demand->delay_limit_ms : 0)) /
                                scale_of(demand->delay_limit_ms);
    }
    if (isfinite(demand->error_limit)) {
        rows[count] = master->first_limit + problem->query_count + route->query;
        coefficients[count++] =
            (route->error - (served ? demand->error_limit : 0)) / scale_of(demand->error_limit);
    }
    return count;
}

bool ifp_master_helps(const struct ifp_problem *problem)
{
    return problem->placement != IFP_PLACEMENT_SPLIT || problem->storage_basis == IFP_STORAGE_ROUTE;
}

bool ifp_master_pays(const struct ifp_problem *problem)
{
    /* Each number of replicas is priced by itself. */
    for (size_t c = 0; c < problem->configuration_count; c++) {
        if (problem->configurations[c].max_replicas > REPLICAS_MANY)
            return false;
    }
    return problem->placement == IFP_PLACEMENT_SINGLE;
}

void ifp_master_free(struct ifp_master *master)
{
    if (!master)
        return;
    for (size_t s = 0; s < master->pattern_count; s++)
        free(master->patterns[s].parts);
    ifp_lp_free(master->lp);
    ifp_pricing_free(master->pricing);
    free(master->items);
    free(master->required);
    free(master->rentable);
    free(master->patterns);
    free(master->row_upper);
    free(master->price);
    free(master->values);
    free(master->index);
    free(master->entry);
    free(master);
}

/* Columns of the LP before any pattern: unmet u_i, then one that stands in for whatever no
 * pattern can serve yet, by query and by pair. */
static int build_lp(struct ifp_lp_environment *environment, struct ifp_master *master,
                    struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_relaxation *relaxation = master->relaxation;
    size_t queries = problem->query_count;
    size_t columns = master->first_pattern;
    double *numbers = calloc(3 * columns, sizeof *numbers);
    if (!numbers)
        return ifp_error_memory(error);
    double *cost = numbers;
    double *lower = numbers + columns;
    double *upper = numbers + 2 * columns;
    for (size_t c = 0; c < columns; c++) {
        cost[c] = c < queries ? relaxation->cost[c] : master->penalty;
        upper[c] = c < queries ? problem->demands[c].max_unmet : 1;
    }
    int code = ifp_lp_new(environment, columns, cost, lower, upper, &master->lp, error);
    free(numbers);
    const double ones[2] = {1, 1};
    for (size_t i = 0; !code && i < queries; i++) {
        const size_t entries[2] = {i, queries + i};
        code = ifp_lp_add_row(master->lp, 1, 1, 2, entries, ones, error);
    }
    for (size_t r = queries; !code && r < master->row_count; r++) {
        bool pair = is_pair_row(master, r);
        const size_t entry = pair ? 2 * queries + (r - master->first_pair) : 0;
        code = ifp_lp_add_row(master->lp, -INFINITY, master->row_upper[r], pair ? 1 : 0, &entry,
                              ones, error);
    }
    return code;
}

int ifp_master_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                   struct ifp_relaxation *relaxation, struct ifp_master **master,
                   struct ifp_error *error)
{
    struct ifp_master *made = calloc(1, sizeof *made);
    *master = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t queries = problem->query_count;
    made->problem = problem;
    made->relaxation = relaxation;
    made->first_pair = queries;
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        made->first_pair += queries;
    else if (problem->placement == IFP_PLACEMENT_MATCHING)
        made->first_pair += queries * (problem->model_count + problem->tier_count);
    made->first_limit = made->first_pair + problem->pair_count;
    size_t rows = made->first_limit + 2 * queries;
    made->budget_row = isfinite(problem->budget_usd) ? rows++ : SIZE_MAX;
    made->storage_row = isfinite(problem->storage_gb) ? rows++ : SIZE_MAX;
    made->pool_row = rows;
    rows += problem->pool_count;
    made->row_count = rows;
    made->row_upper = calloc(rows + 1, sizeof *made->row_upper);
    made->price = calloc(rows + 1, sizeof *made->price);
    made->index = calloc(5 * queries + 4, sizeof *made->index);
    made->entry = calloc(5 * queries + 4, sizeof *made->entry);
    made->required = calloc(problem->pair_count + 1, sizeof *made->required);
    made->rentable = calloc(problem->configuration_count + 1, sizeof *made->rentable);
    made->items = calloc(queries + 1, sizeof *made->items);
    made->pricing = ifp_pricing_new(queries);
    int code = IFP_OK;
    if (!made->row_upper || !made->price || !made->index || !made->entry || !made->items ||
        !made->pricing || !made->required || !made->rentable)
        code = ifp_error_memory(error);
    if (!code) {
        for (size_t r = 0; r < rows; r++)
            made->row_upper[r] = 1;
        for (size_t i = 0; i < queries; i++) {
            const struct ifp_demand *demand = &problem->demands[i];
            bool served = problem->slo_basis == IFP_SLO_SERVED;
            double *upper = &made->row_upper[made->first_limit + i];
            upper[0] = served || demand->delay_limit_ms == 0 ? 0 : 1;
            upper[queries] = served || demand->error_limit == 0 ? 0 : 1;
        }
        if (made->budget_row != SIZE_MAX)
            made->row_upper[made->budget_row] = problem->budget_usd / scale_of(problem->budget_usd);
        if (made->storage_row != SIZE_MAX)
            made->row_upper[made->storage_row] =
                problem->storage_gb / scale_of(problem->storage_gb);
        for (size_t p = 0; p < problem->pool_count; p++)
            made->row_upper[made->pool_row + p] =
                problem->pool_gpus[p] / scale_of(problem->pool_gpus[p]);
        double largest = 1;
        for (size_t c = 0; c < relaxation->milp->column_count; c++)
            largest = fmax(largest, relaxation->cost[c]);
        made->penalty = 16 * largest;
        made->first_pattern = 2 * queries + problem->pair_count;
        made->values = calloc(made->first_pattern + 1, sizeof *made->values);
        code = !made->values ? ifp_error_memory(error) : build_lp(environment, made, error);
    }
    if (code) {
        ifp_master_free(made);
        return code;
    }
    *master = made;
    return IFP_OK;
}

/* What a pattern costs and uses, apart from its shares: in dollars, of the budget, of W. */
static double fixed_usd(const struct ifp_problem *problem, const struct ifp_configuration *c,
                        double replicas)
{
    return replicas * c->rental_usd + ifp_deployment_weights_usd(problem, c);
}

static int add_pattern(struct ifp_master *master, size_t configuration, double replicas,
                       const struct ifp_item *items, size_t item_count, struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_configuration *c = &problem->configurations[configuration];
    if (master->pattern_count == master->pattern_capacity) {
        size_t capacity = master->pattern_capacity ? 2 * master->pattern_capacity : 256;
        struct pattern *patterns = realloc(master->patterns, capacity * sizeof *master->patterns);
        if (!patterns)
            return ifp_error_memory(error);
        master->patterns = patterns;
        double *values =
            realloc(master->values, (master->first_pattern + capacity) * sizeof *values);
        if (!values)
            return ifp_error_memory(error);
        master->values = values;
        master->pattern_capacity = capacity;
    }
    struct pattern pattern = {
        .configuration = configuration, .replicas = replicas, .allowed = true};
    pattern.parts = calloc(item_count + 1, sizeof *pattern.parts);
    if (!pattern.parts)
        return ifp_error_memory(error);
    double usd = fixed_usd(problem, c, replicas);
    double delay_usd = 0;
    size_t entries = 0;
    for (size_t t = 0; t < item_count; t++) {
        const struct ifp_candidate *route = &problem->routes[items[t].route];
        if (!items[t].taken)
            continue;
        double share = items[t].share;
        pattern.parts[pattern.count++] = (struct part){items[t].route, share};
        usd += ifp_route_weights_usd(problem, c) + route->storage_usd * share;
        delay_usd += route->delay_usd * share;
        size_t rows[2];
        double coefficients[2];
        size_t placed = placement_rows(master, route, rows);
        for (size_t k = 0; k < placed; k++) {
            master->index[entries] = rows[k];
            master->entry[entries++] = 1;
        }
        if (share <= 0)
            continue;
        master->index[entries] = demand_row(route->query);
        master->entry[entries++] = share;
        size_t limited = limit_rows(master, route, rows, coefficients);
        for (size_t k = 0; k < limited; k++) {
            master->index[entries] = rows[k];
            master->entry[entries++] = coefficients[k] * share;
        }
    }
    size_t pair = 0;
    while (pair + 1 < problem->pair_count && problem->pairs[pair + 1].first <= configuration)
        pair++;
    master->index[entries] = pair_row(master, pair);
    master->entry[entries++] = 1;
    if (master->budget_row != SIZE_MAX && usd > 0) {
        master->index[entries] = master->budget_row;
        master->entry[entries++] = usd / scale_of(problem->budget_usd);
    }
    double copies = problem->storage_basis == IFP_STORAGE_ROUTE ? (double)pattern.count : 1;
    if (master->storage_row != SIZE_MAX && copies * c->weights_gb > 0) {
        master->index[entries] = master->storage_row;
        master->entry[entries++] = copies * c->weights_gb / scale_of(problem->storage_gb);
    }
    size_t pool = problem->tier_pool[c->tier];
    if (pool < problem->pool_count) {
        master->index[entries] = master->pool_row + pool;
        master->entry[entries++] = replicas * c->degree / scale_of(problem->pool_gpus[pool]);
    }
    int code = ifp_lp_add_column(master->lp, (usd + delay_usd) / master->relaxation->scale, 0, 1,
                                 entries, master->index, master->entry, error);
    if (code) {
        free(pattern.parts);
        return code;
    }
    master->patterns[master->pattern_count++] = pattern;
    return IFP_OK;
}

/* -- the present bounds -- */

static bool route_closed(const struct ifp_master *master, size_t route)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    return relaxation->upper[relaxation->milp->route[route]] < 0.5;
}

static bool route_required(const struct ifp_master *master, size_t route)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    return relaxation->lower[relaxation->milp->route[route]] > 0.5;
}

/* Which pairs must be rented, and which configurations may be. */
static void read_bounds(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_relaxation *relaxation = master->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        size_t row = milp->degree[p];
        size_t most = 0; /* routes that must be taken, of the configuration with most of them */
        bool rent = false;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            const struct ifp_configuration *configuration = &problem->configurations[c];
            size_t taken = 0;
            for (size_t r = 0; r < configuration->route_count; r++)
                taken += route_required(master, configuration->first_route + r);
            most = taken > most ? taken : most;
            rent |= relaxation->lower[milp->rent[c]] > 0.5;
        }
        master->required[p] =
            rent || most > 0 || (row != SIZE_MAX && relaxation->rows.lower[row] > 0.5);
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            const struct ifp_configuration *configuration = &problem->configurations[c];
            size_t taken = 0;
            for (size_t r = 0; r < configuration->route_count; r++)
                taken += route_required(master, configuration->first_route + r);
            /* Another degree that must be rented, or a route that must be taken and is not this
             * configuration's, rules it out. */
            master->rentable[c] = relaxation->upper[milp->rent[c]] > 0.5 && taken == most &&
                                  (!rent || relaxation->lower[milp->rent[c]] > 0.5);
        }
    }
}

static bool rentable(const struct ifp_master *master, size_t c, double replicas)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    if (!master->rentable[c])
        return false;
    return milp->replicas[c] == milp->rent[c] ||
           (relaxation->upper[milp->replicas[c]] > replicas - 0.5 &&
            relaxation->lower[milp->replicas[c]] < replicas + 0.5);
}

static bool pattern_allowed(const struct ifp_master *master, const struct pattern *pattern)
{
    const struct ifp_configuration *c = &master->problem->configurations[pattern->configuration];
    if (!rentable(master, pattern->configuration, pattern->replicas))
        return false;
    size_t at = 0;
    /* Parts and routes are both in the order of queries. */
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        bool has = at < pattern->count && pattern->parts[at].route == r;
        if (has && route_closed(master, r))
            return false;
        if (!has && route_required(master, r))
            return false;
        at += has;
    }
    return true;
}

static int follow_bounds(struct ifp_master *master, struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    int code = IFP_OK;
    read_bounds(master);
    for (size_t p = 0; !code && p < problem->pair_count; p++)
        code = ifp_lp_set_row_bounds(master->lp, pair_row(master, p),
                                     master->required[p] ? 1 : -INFINITY, 1, error);
    for (size_t s = 0; !code && s < master->pattern_count; s++) {
        struct pattern *pattern = &master->patterns[s];
        bool allowed = pattern_allowed(master, pattern);
        if (allowed != pattern->allowed)
            code = ifp_lp_set_column_bounds(master->lp, master->first_pattern + s, 0,
                                            allowed ? 1 : 0, error);
        pattern->allowed = allowed;
    }
    return code;
}

/* -- pricing -- */

/* A price of the wrong sign for a row "<=" is no price. */
static void clean_prices(struct ifp_master *master)
{
    for (size_t r = 0; r < master->row_count; r++) {
        bool demand = r < master->problem->query_count;
        bool equation =
            demand || (is_pair_row(master, r) && master->required[r - master->first_pair]);
        if (!isfinite(master->price[r]) || (!equation && master->price[r] > 0))
            master->price[r] = 0;
    }
}

static double price_of(const struct ifp_master *master, size_t row, double limit)
{
    return row == SIZE_MAX ? 0 : master->price[row] / scale_of(limit);
}

/* What a configuration could serve and at what value; false where a route that must be taken is
 * closed. All in scaled dollars. */
static size_t make_items(struct ifp_master *master, const struct ifp_configuration *c,
                         double replicas)
{
    const struct ifp_problem *problem = master->problem;
    double scale = master->relaxation->scale;
    double budget = price_of(master, master->budget_row, problem->budget_usd);
    double storage = price_of(master, master->storage_row, problem->storage_gb);
    double weights = ifp_route_weights_usd(problem, c);
    double copy = problem->storage_basis == IFP_STORAGE_ROUTE ? c->weights_gb : 0;
    size_t count = 0;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        const struct ifp_candidate *route = &problem->routes[r];
        struct ifp_item item = {.route = r, .most = route->max_share};
        if (route_closed(master, r))
            continue;
        item.value = master->price[demand_row(route->query)] -
                     (route->storage_usd + route->delay_usd) / scale + budget * route->storage_usd;
        item.charge = weights / scale - budget * weights - storage * copy;
        size_t rows[2];
        double coefficients[2];
        size_t placed = placement_rows(master, route, rows);
        for (size_t k = 0; k < placed; k++)
            item.charge -= master->price[rows[k]];
        size_t limited = limit_rows(master, route, rows, coefficients);
        for (size_t k = 0; k < limited; k++)
            item.value += coefficients[k] * master->price[rows[k]];
        item.charge = fmax(0, item.charge); /* it is, but for rounding */
        item.forced = route_required(master, r);
        /* Room of 0 holds only what needs none: the filter has left nothing else. */
        item.kv = c->kv_gb > 0 ? route->kv_gb / c->kv_gb : 0;
        item.tflops = route->tflops / c->tflops;
        if (item.kv > 0)
            item.most = fmin(item.most, replicas / item.kv);
        if (item.tflops > 0)
            item.most = fmin(item.most, replicas / item.tflops);
        if (item.forced || item.value * item.most - item.charge > 0)
            master->items[count++] = item;
    }
    return count;
}

static int by_route(const void *left, const void *right)
{
    const struct ifp_item *a = left;
    const struct ifp_item *b = right;
    return a->route < b->route ? -1 : a->route > b->route;
}

/* The best reduced cost over one pair's deployments (the pair row's price apart), as a safe lower
 * bound; attractive patterns are added. +infinity where nothing may be rented. */
static int price_pair(struct ifp_master *master, size_t p, double *least, size_t *added,
                      struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_pair *pair = &problem->pairs[p];
    double scale = master->relaxation->scale;
    double pair_price = master->price[pair_row(master, p)];
    double budget = price_of(master, master->budget_row, problem->budget_usd);
    double storage = price_of(master, master->storage_row, problem->storage_gb);
    *least = INFINITY;
    for (size_t n = 0; n < pair->count; n++) {
        const struct ifp_configuration *c = &problem->configurations[pair->first + n];
        size_t pool = problem->tier_pool[c->tier];
        double pool_price = pool < problem->pool_count ? price_of(master, master->pool_row + pool,
                                                                  problem->pool_gpus[pool])
                                                       : 0;
        double copy = problem->storage_basis == IFP_STORAGE_DEPLOYMENT ? c->weights_gb : 0;
        for (double m = 1; m <= c->max_replicas; m++) {
            if (!rentable(master, pair->first + n, m))
                continue;
            if (ifp_run_stopped(master->relaxation->run)) {
                *least = -INFINITY; /* not known */
                return IFP_OK;
            }
            double usd = fixed_usd(problem, c, m);
            double fixed = usd / scale - budget * usd - storage * copy - pool_price * m * c->degree;
            size_t count = make_items(master, c, m);
            /* Only what beats the pair's price, or the best so far, is of interest. */
            double worth = fmin(*least, pair_price);
            double most;
            double limit = fixed - worth;
            double best = ifp_pricing_solve(master->pricing, master->items, count, m, limit, &most);
            double size = fabs(fixed) + fabs(most);
            *least = fmin(*least, fixed - most - 1e-13 * size);
            if (best <= limit || fixed - best - pair_price > -ATTRACTIVE)
                continue;
            qsort(master->items, count, sizeof *master->items, by_route);
            int code = add_pattern(master, pair->first + n, m, master->items, count, error);
            if (code)
                return code;
            ++*added;
        }
    }
    return IFP_OK;
}

/* Lagrange's bound at the present prices, in scaled dollars, and new patterns. */
static int price_all(struct ifp_master *master, double *bound, size_t *added,
                     struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    double total = 0;
    double size = 0;
    *added = 0;
    clean_prices(master);
    for (size_t i = 0; i < problem->query_count; i++) {
        double price = master->price[demand_row(i)];
        double unmet = (master->relaxation->cost[i] - price) * problem->demands[i].max_unmet;
        total += price + fmin(0, unmet);
        size += fabs(price) + fabs(unmet);
    }
    for (size_t r = problem->query_count; r < master->row_count; r++) {
        if (is_pair_row(master, r))
            continue; /* each pair's best is chosen below */
        total += master->price[r] * master->row_upper[r];
        size += fabs(master->price[r] * master->row_upper[r]);
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        double least;
        int code = price_pair(master, p, &least, added, error);
        if (code)
            return code;
        double best = master->required[p] ? least : fmin(0, least);
        total += best;
        size += isinf(best) ? 0 : fabs(best);
    }
    *bound = total - 1e-13 * size;
    return IFP_OK;
}

/* -- solving -- */

/* The patterns' mixture in the columns of the compact MILP. */
static void write_point(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_milp *milp = master->relaxation->milp;
    double *point = master->relaxation->point;
    memset(point, 0, milp->column_count * sizeof *point);
    for (size_t i = 0; i < problem->query_count; i++)
        point[i] = master->values[i];
    for (size_t s = 0; s < master->pattern_count; s++) {
        const struct pattern *pattern = &master->patterns[s];
        double weight = master->values[master->first_pattern + s];
        size_t c = pattern->configuration;
        if (weight <= 0)
            continue;
        point[milp->rent[c]] += weight;
        if (milp->replicas[c] != milp->rent[c])
            point[milp->replicas[c]] += weight * pattern->replicas;
        for (size_t t = 0; t < pattern->count; t++) {
            point[milp->share[pattern->parts[t].route]] += weight * pattern->parts[t].share;
            point[milp->route[pattern->parts[t].route]] += weight;
        }
    }
}

/* What stands in for missing patterns: more than rounding of it means that the point is none. */
static double stand_ins(const struct ifp_master *master)
{
    double sum = 0;
    for (size_t c = master->problem->query_count; c < master->first_pattern; c++)
        sum += master->values[c];
    return sum;
}

int ifp_master_solve(struct ifp_master *master, double cutoff, enum ifp_relaxation_status *status,
                     struct ifp_error *error)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    double scaled = cutoff / relaxation->scale;
    relaxation->bound = -INFINITY;
    relaxation->reduced_bound = -INFINITY;
    for (size_t c = 0; c < relaxation->milp->column_count; c++)
        relaxation->reduced[c] = -INFINITY;
    int code = follow_bounds(master, error);
    double best = -INFINITY;
    *status = IFP_RELAXATION_UNKNOWN;
    for (int round = 0; !code && round < ROUNDS_MAX; round++) {
        struct ifp_lp_result result;
        double bound;
        size_t added;
        const struct ifp_lp_limits limits = {
            .iterations = ITERATIONS_MAX, .cutoff = INFINITY, .primal = true};
        code = ifp_solve_in_slices(relaxation->run, master->lp, limits, &result, error);
        if (code)
            break;
        relaxation->iterations += result.iterations;
        if (result.status != IFP_LP_OPTIMAL) {
            if (ifp_run_stopped(relaxation->run))
                *status = IFP_RELAXATION_STOPPED;
            break;
        }
        code = ifp_lp_multipliers(master->lp, master->price, error);
        if (!code)
            code = price_all(master, &bound, &added, error);
        if (code)
            break;
        best = fmax(best, bound);
        relaxation->objective = result.objective * relaxation->scale;
        relaxation->bound = best * relaxation->scale;
        if (best > scaled) {
            *status = IFP_RELAXATION_CUTOFF;
            break;
        }
        if (ifp_run_stopped(relaxation->run)) {
            *status = IFP_RELAXATION_STOPPED;
            break;
        }
        if (!added || round == ROUNDS_STANDING_IN)
            code = ifp_lp_point(master->lp, master->values, error);
        if (code || (round == ROUNDS_STANDING_IN && stand_ins(master) > 1e-7))
            break;
        if (!added) {
            if (stand_ins(master) <= 1e-7) {
                write_point(master);
                *status = IFP_RELAXATION_SOLVED;
            }
            break;
        }
    }
    return code;
}
