/* SPDX-License-Identifier: MIT */
/* The rows and columns of the master's LP. */
#include "engine/master/master_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/tuning.h"
#include "util/array.h"

void ifp_master_free(struct ifp_master *master)
{
    if (!master)
        return;
    for (size_t s = 0; s < master->column_count; s++)
        free(master->columns[s].pattern.entries);
    ifp_lp_free(master->lp);
    ifp_pricing_free(master->pricing);
    ifp_coupling_free(master->coupling);
    free(master->items);
    free(master->columns);
    free(master->place);
    free(master->active);
    free(master->required);
    free(master->rentable);
    free(master->price);
    free(master->min_reduced);
    free(master->capacity_price);
    free(master->hulls);
    free(master->hull_replicas);
    free(master->estimates);
    free(master->pair_min_reduced);
    free(master->charge);
    free(master->center);
    free(master->routes);
    free(master->promising);
    free(master->values);
    free(master->sums);
    free(master->row_value);
    free(master->shares);
    free(master->adjustment);
    free(master->adjustment_size);
    free(master->balances);
    free(master->index);
    free(master->entry);
    ifp_worst_workspace_free(master->workspace);
    free(master->place_in_block);
    free(master->deviation);
    ifp_master_clear_cases(master);
    free(master);
}

static double coefficient(const struct ifp_master *master, const struct ifp_pattern *pattern,
                          size_t row)
{
    const struct ifp_coupling *coupling = master->coupling;
    if (ifp_master_is_pair(master, row))
        return coupling->pair[pattern->configuration] == row - coupling->first_pair ? 1 : 0;
    if (ifp_master_is_balance(master, row)) {
        double sum = 0;
        for (size_t t = 0; t < pattern->count; t++)
            sum += ifp_coupling_in_balance(coupling, row, pattern->entries[t].route) *
                   pattern->entries[t].share;
        return sum;
    }
    for (size_t t = 0; t < pattern->count; t++) {
        size_t rows[2];
        size_t placed = ifp_coupling_placement(
            coupling, &master->problem->routes[pattern->entries[t].route], rows);
        for (size_t k = 0; k < placed; k++) {
            if (rows[k] == row)
                return 1;
        }
    }
    return 0;
}

static bool grow_columns(struct ifp_master *master)
{
    size_t capacity = ifp_array_growth(master->column_capacity, master->column_count + 1);
    if (capacity == master->column_capacity)
        return true;
    if (!ifp_array_resize(&master->columns, capacity, sizeof *master->columns) ||
        !ifp_array_resize(&master->values, master->first_column + capacity, sizeof *master->values))
        return false;
    master->column_capacity = capacity;
    return true;
}

/* Add the row of a pair, the placement or a balance. A pair's row gets an artificial column. */
int ifp_master_activate(struct ifp_master *master, size_t row, struct ifp_error *error)
{
    if (master->place[row] != SIZE_MAX)
        return IFP_OK;
    bool pair = ifp_master_is_pair(master, row);
    if (!grow_columns(master) || !ifp_master_grow_rows(master))
        return ifp_error_memory(error);
    size_t *index = malloc((master->column_count + 1) * sizeof *index);
    double *value = malloc((master->column_count + 1) * sizeof *value);
    size_t count = 0;
    int code = index && value ? IFP_OK : ifp_error_memory(error);
    for (size_t s = 0; !code && s < master->column_count; s++) {
        const struct ifp_pattern *pattern = &master->columns[s].pattern;
        double entry = pattern->configuration == SIZE_MAX ? 0 : coefficient(master, pattern, row);
        if (entry == 0)
            continue;
        index[count] = master->first_column + s;
        value[count++] = entry;
    }
    if (!code)
        code = ifp_lp_add_row(master->lp, -INFINITY,
                              ifp_master_is_balance(master, row) ? 0 : master->coupling->upper[row],
                              count, index, value, error);
    free(index);
    free(value);
    if (code)
        return code;
    size_t place = master->active_count++;
    master->place[row] = place;
    master->active[place] = row;
    if (ifp_master_is_balance(master, row))
        master->balances[master->balance_count++] = row;
    if (pair) {
        const double one = 1;
        code = ifp_lp_add_column(master->lp, master->penalty, 0, 1, 1, &place, &one, error);
        if (!code)
            master->columns[master->column_count++] =
                (struct ifp_master_column){.pattern.configuration = SIZE_MAX, .allowed = true};
    }
    return code;
}

static int build_lp(struct ifp_master *master, struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    size_t queries = problem->query_count;
    size_t columns = master->first_column;
    double *numbers = calloc(3 * columns + 1, sizeof *numbers);
    if (!numbers)
        return ifp_error_memory(error);
    double *lower = numbers + columns;
    double *upper = numbers + 2 * columns;
    for (size_t c = 0; c < master->first_worst; c++) {
        numbers[c] = c < queries ? master->relaxation->cost[c] : master->penalty;
        upper[c] = c < queries ? problem->demands[c].max_unmet : 1;
    }
    for (size_t b = 0; b < master->worst->count; b++) {
        numbers[master->first_worst + b] = master->worst->blocks[b].usd / coupling->scale;
        upper[master->first_worst + b] = master->worst->blocks[b].max_excess;
    }
    int code = ifp_lp_new(master->relaxation->environment, IFP_LP_SMALL, columns, numbers, lower,
                          upper, NULL, &master->lp, error);
    free(numbers);
    for (size_t r = 0; !code && r < coupling->first_placement; r++) {
        double coefficients[3] = {1, 1};
        size_t entries[3] = {r, queries + r};
        bool demand = ifp_master_is_demand(master, r);
        size_t count = demand ? 2 : 0;
        size_t block = SIZE_MAX; /* the block whose D has an entry in the row of the limit */
        bool limit = r >= coupling->first_level && r < coupling->first_resource;
        size_t at = r - coupling->first_level;
        if (limit)
            block = master->worst->level[at / queries][at % queries];
        if (block != SIZE_MAX && master->worst->blocks[block].limited) {
            coefficients[count] = master->worst->blocks[block].fraction;
            entries[count++] = master->first_worst + block;
        }
        if (limit && !coupling->has_limit[at])
            continue;
        /* If unmet demand counts, the artificial column serves it without a miss. */
        if (limit && coupling->upper[r] < 0) {
            coefficients[count] = coupling->upper[r];
            entries[count++] = queries + at % queries;
        }
        code = ifp_lp_add_row(master->lp, demand ? 1 : -INFINITY, coupling->upper[r], count,
                              entries, coefficients, error);
        if (!code) {
            master->place[r] = master->active_count;
            master->active[master->active_count++] = r;
        }
    }
    return code;
}

/* Append the corners of the upper hull of a configuration's load between its least and its largest
 * number of replicas. `stack` has room for all of them. Returns their number. */
static size_t find_corners(const struct ifp_problem *problem, const struct ifp_configuration *c,
                           double *stack)
{
    size_t count = 0;
    for (double m = c->min_replicas; m <= c->max_replicas; m++) {
        double load = ifp_capacity_of(problem, c, IFP_CAPACITY_LOAD, m);
        while (count > 1) {
            double last = ifp_capacity_of(problem, c, IFP_CAPACITY_LOAD, stack[count - 1]);
            double before = ifp_capacity_of(problem, c, IFP_CAPACITY_LOAD, stack[count - 2]);
            if ((last - before) * (m - stack[count - 1]) >
                (load - last) * (stack[count - 1] - stack[count - 2]))
                break;
            count--;
        }
        stack[count++] = m;
    }
    return count;
}

/* Set hulls, hull_replicas and estimates. Returns false if out of memory. */
static bool describe_replicas(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    double maximum = 1;
    for (size_t c = 0; c < problem->configuration_count; c++)
        maximum = fmax(maximum, problem->configurations[c].max_replicas);
    master->hulls = calloc(problem->configuration_count + 1, sizeof *master->hulls);
    master->estimates = malloc(((size_t)maximum + 1) * sizeof *master->estimates);
    if (!master->hulls || !master->estimates)
        return false;
    size_t capacity = 0;
    size_t count = 0;
    for (size_t c = 0; c < problem->configuration_count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        master->hulls[c].first = count;
        if (configuration->load_table == SIZE_MAX)
            continue;
        /* The estimates are a workspace until pricing begins. */
        size_t corners = find_corners(problem, configuration, master->estimates);
        if (!ifp_array_reserve(&master->hull_replicas, &capacity, count + corners,
                               sizeof *master->hull_replicas))
            return false;
        for (size_t k = 0; k < corners; k++)
            master->hull_replicas[count + k] = master->estimates[k];
        master->hulls[c].count = corners;
        count += corners;
    }
    return true;
}

static void describe_routes(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        struct ifp_master_route *data = &master->routes[r];
        data->query = (uint32_t)route->query;
        data->max_share = route->max_share;
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
            enum ifp_capacity capacity = (enum ifp_capacity)k;
            data->need[k] = ifp_route_need(problem, route, capacity);
            if (data->need[k] > 0)
                data->max_share =
                    fmin(data->max_share,
                         ifp_capacity_of(problem, c, capacity, c->max_replicas) / data->need[k]);
        }
    }
}

int ifp_master_new(const struct ifp_problem *problem, struct ifp_relaxation *relaxation,
                   struct ifp_master **master, struct ifp_error *error)
{
    struct ifp_master *made = calloc(1, sizeof *made);
    *master = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t queries = problem->query_count;
    made->problem = problem;
    made->relaxation = relaxation;
    made->worst = relaxation->milp->worst;
    made->first_worst = 2 * queries;
    made->first_column = made->first_worst + made->worst->count;
    made->coupling = ifp_coupling_new(problem, relaxation->scale);
    size_t rows = made->coupling ? made->coupling->row_count + 1 : 1;
    made->row_capacity = rows;
    made->place = malloc(rows * sizeof *made->place);
    made->active = calloc(rows, sizeof *made->active);
    made->price = calloc(rows, sizeof *made->price);
    made->sums = calloc(rows, sizeof *made->sums);
    made->row_value = calloc(rows, sizeof *made->row_value);
    made->shares = calloc(problem->route_count + problem->model_count + problem->tier_count +
                              problem->model_count * problem->tier_count + 1,
                          sizeof *made->shares);
    made->adjustment = calloc(problem->route_count + 1, sizeof *made->adjustment);
    made->adjustment_size = calloc(problem->route_count + 1, sizeof *made->adjustment_size);
    made->balances = calloc(rows, sizeof *made->balances);
    made->routes = calloc(problem->route_count + 1, sizeof *made->routes);
    made->center = calloc(rows, sizeof *made->center);
    made->charges_by_query =
        !problem->route_charges && problem->placement != IFP_PLACEMENT_MATCHING;
    made->charge = calloc(queries + 1, sizeof *made->charge);
    made->pair_min_reduced = calloc(problem->pair_count + 1, sizeof *made->pair_min_reduced);
    made->promising = calloc(problem->configuration_count + 1, sizeof *made->promising);
    made->capacity_price = calloc(problem->configuration_count + 1, sizeof *made->capacity_price);
    made->min_reduced = calloc(problem->configuration_count + 1, sizeof *made->min_reduced);
    made->index = calloc(ifp_coupling_entries_max(queries) + rows, sizeof *made->index);
    made->entry = calloc(ifp_coupling_entries_max(queries) + rows, sizeof *made->entry);
    made->required = calloc(problem->pair_count + 1, sizeof *made->required);
    made->rentable = calloc(problem->configuration_count + 1, sizeof *made->rentable);
    made->items = calloc(queries + 1, sizeof *made->items);
    made->values = calloc(made->first_column + 1, sizeof *made->values);
    made->pricing = ifp_pricing_new(queries, relaxation->watch);
    made->workspace = ifp_worst_workspace_new(made->worst);
    made->place_in_block = ifp_master_places_new(problem, made->worst);
    made->deviation = calloc(made->worst->largest + 1, sizeof *made->deviation);
    int code = IFP_OK;
    if (!made->coupling || !made->place || !made->active || !made->price || !made->sums ||
        !made->row_value || !made->shares || !made->adjustment || !made->adjustment_size ||
        !made->balances || !made->min_reduced || !made->capacity_price || !made->pair_min_reduced ||
        !made->charge || !made->center || !made->routes || !made->promising || !made->index ||
        !made->entry || !made->required || !made->rentable || !made->items || !made->values ||
        !made->pricing || !made->workspace || !made->place_in_block || !made->deviation ||
        !describe_replicas(made))
        code = ifp_error_memory(error);
    if (!code) {
        double largest = 1;
        for (size_t r = 0; r < rows; r++)
            made->place[r] = SIZE_MAX;
        for (size_t c = 0; c < relaxation->milp->column_count; c++)
            largest = fmax(largest, relaxation->cost[c]);
        made->penalty = IFP_ARTIFICIAL_PENALTY * largest;
        describe_routes(made);
        code = build_lp(made, error);
    }
    if (code) {
        ifp_master_free(made);
        return code;
    }
    *master = made;
    return IFP_OK;
}

/* Add the pattern of the taken items; its entries are in the order of queries. */
int ifp_master_add_pattern(struct ifp_master *master, size_t configuration, double replicas,
                           size_t item_count, struct ifp_error *error)
{
    struct ifp_pattern pattern = {.configuration = configuration, .replicas = replicas};
    pattern.entries = calloc(item_count + 1, sizeof *pattern.entries);
    if (!pattern.entries || !grow_columns(master)) {
        free(pattern.entries);
        return ifp_error_memory(error);
    }
    for (size_t t = 0; t < item_count; t++) {
        const struct ifp_item *item = &master->items[t];
        size_t at = pattern.count;
        if (!item->taken)
            continue;
        for (; at > 0 && pattern.entries[at - 1].route > item->route; at--)
            pattern.entries[at] = pattern.entries[at - 1];
        pattern.entries[at] = (struct ifp_pattern_entry){item->route, item->share};
        pattern.count++;
    }
    double cost;
    size_t count =
        ifp_coupling_entries(master->coupling, &pattern, &cost, master->index, master->entry);
    size_t kept = 0;
    for (size_t e = 0; e < count; e++) {
        if (master->place[master->index[e]] == SIZE_MAX)
            continue;
        master->index[kept] = master->place[master->index[e]];
        master->entry[kept++] = master->entry[e];
    }
    for (size_t b = 0; b < master->balance_count; b++) {
        double entry = coefficient(master, &pattern, master->balances[b]);
        if (entry == 0)
            continue;
        master->index[kept] = master->place[master->balances[b]];
        master->entry[kept++] = entry;
    }
    for (size_t k = 0; k < master->case_count; k++) {
        double entry = ifp_master_in_case(master, &master->cases[k], &pattern);
        if (entry == 0)
            continue;
        master->index[kept] = master->cases[k].place;
        master->entry[kept++] = entry;
    }
    /* The pair's row implies the upper bound of 1, but may not be there yet, and the LP needs a
     * finite bound. */
    int code = ifp_lp_add_column(master->lp, cost, 0, 1, kept, master->index, master->entry, error);
    if (code) {
        free(pattern.entries);
        return code;
    }
    master->columns[master->column_count++] =
        (struct ifp_master_column){.pattern = pattern, .allowed = true};
    return IFP_OK;
}

int ifp_master_take(struct ifp_master *master, const struct ifp_warm_start *warm_start,
                    struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    struct ifp_pattern pattern = {0};
    pattern.entries = malloc((problem->query_count + 1) * sizeof *pattern.entries);
    int code = pattern.entries ? IFP_OK : ifp_error_memory(error);
    for (size_t k = 0; !code && k < warm_start->count; k++) {
        ifp_warm_start_fit(&warm_start->items[k], problem, &pattern);
        if (pattern.configuration == SIZE_MAX || !pattern.count)
            continue;
        for (size_t t = 0; t < pattern.count; t++)
            master->items[t] = (struct ifp_item){.route = pattern.entries[t].route,
                                                 .share = pattern.entries[t].share,
                                                 .taken = true};
        code = ifp_master_add_pattern(master, pattern.configuration, pattern.replicas,
                                      pattern.count, error);
    }
    free(pattern.entries);
    return code;
}

int ifp_master_give(const struct ifp_master *master, struct ifp_warm_start *warm_start,
                    struct ifp_error *error)
{
    ifp_warm_start_clear_patterns(warm_start);
    for (size_t s = 0; s < master->column_count; s++) {
        const struct ifp_pattern *pattern = &master->columns[s].pattern;
        if (pattern->configuration != SIZE_MAX &&
            !ifp_warm_start_add(warm_start, master->problem, pattern))
            return ifp_error_memory(error);
    }
    return IFP_OK;
}
