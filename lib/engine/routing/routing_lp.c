/* SPDX-License-Identifier: MIT */
/* The LP over the routes of a selection: building it, changing it, and adding rows. */
#include "engine/routing/routing_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tuning.h"
#include "util/array.h"

/* -- the problem's numbers -- */

static size_t group_count(const struct ifp_problem *problem)
{
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return problem->query_count;
    return problem->placement == IFP_PLACEMENT_SPLIT
               ? 0
               : problem->query_count * (problem->model_count + problem->tier_count);
}

size_t ifp_routing_groups(const struct ifp_problem *problem, const struct ifp_route_data *route,
                          size_t *groups)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    if (problem->placement == IFP_PLACEMENT_SINGLE) {
        groups[0] = route->query;
        return 1;
    }
    if (problem->placement == IFP_PLACEMENT_SPLIT)
        return 0;
    groups[0] = route->query * problem->model_count + c->model;
    groups[1] =
        problem->query_count * problem->model_count + route->query * problem->tier_count + c->tier;
    return 2;
}

static bool is_limited(const struct ifp_problem *problem, size_t query,
                       enum ifp_service_level level)
{
    return ifp_limit_has_row(problem, level, query);
}

double ifp_routing_limit_coefficient(const struct ifp_problem *problem,
                                     const struct ifp_route_data *route,
                                     enum ifp_service_level level)
{
    if (!is_limited(problem, route->query, level))
        return 0;
    return ifp_limit_coefficient(problem, level, route->level[level],
                                 problem->demands[route->query].limit[level]);
}

static double limit_bound(const struct ifp_problem *problem, size_t i, enum ifp_service_level level)
{
    if (!is_limited(problem, i, level))
        return INFINITY;
    return ifp_limit_right_side(problem, level, problem->demands[i].limit[level]);
}

/* Rows that are added when a point violates them, and removed when they are not tight. */
static bool is_lazy(enum ifp_routing_row_kind kind)
{
    return kind == IFP_ROUTING_LEVEL || kind == IFP_ROUTING_CASE || kind == IFP_ROUTING_GROUP;
}

/* -- data that LPs share -- */

void ifp_routing_terms_free(struct ifp_routing_terms *terms)
{
    for (int kind = 0; kind < IFP_WORST_KIND_COUNT; kind++)
        free(terms->spots[kind]);
    ifp_worst_workspace_free(terms->workspace);
    free(terms->value_column);
    free(terms->blocks);
    free(terms->entries);
    free(terms->starts);
    free(terms->order);
    free(terms->groups);
    free(terms->deviation);
    free(terms->sums);
    free(terms->present);
    free(terms->crowd);
    free(terms->line);
    free(terms->index);
    free(terms->entry);
}

static bool find_spots(struct ifp_routing_terms *terms)
{
    const struct ifp_worst *worst = terms->worst;
    for (size_t b = 0; b < worst->count; b++) {
        const struct ifp_worst_block *block = &worst->blocks[b];
        struct ifp_routing_spot **spots = &terms->spots[block->kind];
        if (!*spots) {
            *spots = malloc((terms->problem->route_count + 1) * sizeof **spots);
            for (size_t r = 0; *spots && r < terms->problem->route_count; r++)
                (*spots)[r].block = SIZE_MAX;
        }
        if (!*spots)
            return false;
        for (size_t g = 0; g < block->group_count; g++) {
            for (size_t m = block->start[g]; m < block->start[g + 1]; m++)
                (*spots)[block->entries[m].route] = (struct ifp_routing_spot){b, g, m};
        }
    }
    return true;
}

bool ifp_routing_terms_make(struct ifp_routing_terms *terms, const struct ifp_problem *problem,
                            const struct ifp_milp *milp)
{
    const struct ifp_worst *worst = milp->worst;
    size_t queries = problem->query_count;
    size_t routes = queries * problem->pair_count;
    double largest = 1;
    for (size_t c = 0; c < milp->column_count; c++)
        largest = fmax(largest, milp->cost[c]);
    *terms = (struct ifp_routing_terms){.problem = problem, .worst = worst};
    terms->scale = ifp_milp_scale(milp);
    terms->penalty = IFP_ARTIFICIAL_PENALTY * largest * (double)queries;
    terms->first_route = 2 * queries;
    terms->value_column = malloc((worst->count + 1) * sizeof *terms->value_column);
    for (size_t b = 0; terms->value_column && b < worst->count; b++)
        terms->value_column[b] = worst->blocks[b].usd > 0 ? terms->first_route++ : SIZE_MAX;
    /* A route is in at most one block of each kind, and for each query type at most one route of a
     * pair is in the LP. */
    size_t entries = IFP_WORST_KIND_COUNT * routes + 1;
    size_t columns = terms->first_route + routes + 1;
    terms->workspace = ifp_worst_workspace_new(worst);
    terms->blocks = calloc(worst->count + 1, sizeof *terms->blocks);
    if (worst->count) {
        terms->entries = malloc(entries * sizeof *terms->entries);
        terms->starts = malloc((entries + worst->count) * sizeof *terms->starts);
        terms->order = malloc(entries * sizeof *terms->order);
        terms->groups = malloc(entries * sizeof *terms->groups);
        terms->deviation = malloc(entries * sizeof *terms->deviation);
        if (!terms->entries || !terms->starts || !terms->order || !terms->groups ||
            !terms->deviation)
            return false;
    }
    terms->sums = calloc(IFP_SERVICE_COUNT * queries + 1, sizeof *terms->sums);
    terms->present = calloc(IFP_SERVICE_COUNT * queries + 1, sizeof *terms->present);
    terms->crowd = calloc(group_count(problem) + 1, sizeof *terms->crowd);
    terms->line = calloc(columns, sizeof *terms->line);
    terms->index = malloc(columns * sizeof *terms->index);
    terms->entry = malloc(columns * sizeof *terms->entry);
    return terms->value_column && terms->workspace && terms->blocks && terms->sums &&
           terms->present && terms->crowd && terms->line && terms->index && terms->entry &&
           find_spots(terms);
}

/* -- LPs -- */

void ifp_routing_lp_free(struct ifp_routing_lp *lp)
{
    ifp_lp_free(lp->lp);
    free(lp->deployments);
    free(lp->route);
    free(lp->rows);
    free(lp->index);
    free(lp->entry);
}

static bool reserve(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp)
{
    /* An LP may hold two configurations of a pair until ifp_routing_lp_tidy removes one. */
    size_t pairs = 2 * terms->problem->pair_count + 1;
    if (!lp->deployments)
        lp->deployments = malloc(pairs * sizeof *lp->deployments);
    if (!lp->route)
        lp->route = malloc(pairs * terms->problem->query_count * sizeof *lp->route);
    return lp->deployments && lp->route;
}

static bool reserve_rows(struct ifp_routing_lp *lp, size_t rows)
{
    if (rows <= lp->row_capacity)
        return true;
    size_t capacity = ifp_array_growth(lp->row_capacity, rows);
    if (!ifp_array_resize(&lp->rows, capacity, sizeof *lp->rows) ||
        !ifp_array_resize(&lp->index, capacity, sizeof *lp->index) ||
        !ifp_array_resize(&lp->entry, capacity, sizeof *lp->entry))
        return false;
    lp->row_capacity = capacity;
    return true;
}

static int add_row(struct ifp_routing_lp *lp, enum ifp_routing_row_kind kind, size_t of,
                   double lower, double upper, size_t count, const size_t *index,
                   const double *entry, struct ifp_error *error)
{
    if (!reserve_rows(lp, lp->row_count + 1))
        return ifp_error_memory(error);
    lp->rows[lp->row_count++] = (struct ifp_routing_row){.kind = kind, .of = of};
    return ifp_lp_add_row(lp->lp, lower, upper, count, index, entry, error);
}

int ifp_routing_lp_open(struct ifp_lp_environment *environment,
                        const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                        struct ifp_error *error)
{
    const struct ifp_problem *problem = terms->problem;
    const struct ifp_worst *worst = terms->worst;
    size_t queries = problem->query_count;
    const double ones[2] = {1, 1};
    double *numbers = calloc(3 * terms->first_route + 1, sizeof *numbers);
    double *cost = numbers;
    if (!numbers || !reserve(terms, lp)) {
        free(numbers);
        return ifp_error_memory(error);
    }
    double *lower = cost + terms->first_route;
    double *upper = lower + terms->first_route;
    for (size_t i = 0; i < queries; i++) {
        cost[i] = problem->demands[i].unmet_usd / terms->scale;
        cost[queries + i] = terms->penalty / terms->scale;
        upper[i] = problem->demands[i].max_unmet;
        upper[queries + i] = 1;
    }
    for (size_t b = 0; b < worst->count; b++) {
        if (terms->value_column[b] == SIZE_MAX)
            continue;
        cost[terms->value_column[b]] = worst->blocks[b].usd / terms->scale;
        upper[terms->value_column[b]] = worst->blocks[b].max_excess;
    }
    int code = ifp_lp_new(environment, IFP_LP_SMALL, terms->first_route, cost, lower, upper, NULL,
                          &lp->lp, error);
    free(numbers);
    for (size_t i = 0; !code && i < queries; i++) {
        const size_t columns[2] = {i, queries + i};
        code = add_row(lp, IFP_ROUTING_DEMAND, i, 1, 1, 2, columns, ones, error);
    }
    for (size_t s = 0; !code && s < problem->resource_count; s++) {
        if (ifp_resource_is_routed(&problem->resources[s]))
            code = add_row(lp, IFP_ROUTING_RESOURCE, s, -INFINITY, 0, 0, NULL, NULL, error);
    }
    return code;
}

int ifp_routing_lp_copy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *to,
                        const struct ifp_routing_lp *from, struct ifp_error *error)
{
    if (!reserve(terms, to) || !reserve_rows(to, from->row_count + 1))
        return ifp_error_memory(error);
    memcpy(to->rows, from->rows, from->row_count * sizeof *to->rows);
    memcpy(to->route, from->route, from->route_count * sizeof *to->route);
    memcpy(to->deployments, from->deployments, from->deployment_count * sizeof *to->deployments);
    to->row_count = from->row_count;
    to->route_count = from->route_count;
    to->deployment_count = from->deployment_count;
    return ifp_lp_copy(&to->lp, from->lp, error);
}

int ifp_routing_lp_limit(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                         const double *used, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t r = terms->problem->query_count; !code && r < lp->row_count; r++) {
        const struct ifp_routing_row *row = &lp->rows[r];
        if (row->kind != IFP_ROUTING_RESOURCE)
            continue;
        const struct ifp_resource *resource = &terms->problem->resources[row->of];
        code = ifp_lp_set_row_bounds(lp->lp, r, -INFINITY,
                                     fmax(0, (resource->limit - used[row->of]) / resource->scale),
                                     error);
    }
    return code;
}

static bool is_in_group(const struct ifp_problem *problem, const struct ifp_route_data *route,
                        size_t group)
{
    size_t groups[2];
    size_t count = ifp_routing_groups(problem, route, groups);
    return (count > 0 && groups[0] == group) || (count > 1 && groups[1] == group);
}

/* What share 1 of a route adds to its cost or its use of a resource; the charge is spread over its
 * largest share unless it is paid already. */
static double spread(const struct ifp_rates *rates, double by_share,
                     const struct ifp_route_data *route, bool paid)
{
    return by_share + (paid ? 0 : rates->charge / route->max_share);
}

/* A route's entry in the row of a resource. */
static double resource_entry(const struct ifp_problem *problem, size_t resource,
                             const struct ifp_route_data *route, bool paid)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    const struct ifp_resource *of = &problem->resources[resource];
    for (size_t u = 0; u < c->use_count; u++) {
        if (c->uses[u].resource == resource)
            return spread(&c->uses[u].rates, ifp_route_share_use(problem, of, route), route, paid) /
                   of->scale;
    }
    return 0;
}

/* A route's entry in a row, except in capacity rows. In the row of a worst case that was made
 * before the route was added, the route does not deviate. */
static double entry_of(const struct ifp_routing_terms *terms, const struct ifp_routing_row *row,
                       const struct ifp_route_data *route, bool paid)
{
    const struct ifp_problem *problem = terms->problem;
    switch (row->kind) {
    case IFP_ROUTING_DEMAND:
        return route->query == row->of ? 1 : 0;
    case IFP_ROUTING_RESOURCE:
        return resource_entry(problem, row->of, route, paid);
    case IFP_ROUTING_LEVEL:
        return route->query == row->of ? ifp_routing_limit_coefficient(problem, route, row->level)
                                       : 0;
    case IFP_ROUTING_GROUP:
        return is_in_group(problem, route, row->of) ? 1 / route->max_share : 0;
    case IFP_ROUTING_CAPACITY:
    case IFP_ROUTING_CASE:
        break;
    }
    return 0;
}

/* Add a route of the deployment whose capacity rows are the last ones, from `capacity` on. */
static int add_route(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp, size_t r,
                     size_t capacity, bool paid, struct ifp_error *error)
{
    const struct ifp_problem *problem = terms->problem;
    const struct ifp_route_data *route = &problem->routes[r];
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    double usd = spread(&c->cost, ifp_route_storage_usd(problem, route), route, paid);
    size_t queries = problem->query_count;
    size_t *index = lp->index;
    double *entry = lp->entry;
    size_t count = 1;
    index[0] = route->query;
    entry[0] = 1;
    for (size_t row = queries; row < capacity; row++) {
        double value = entry_of(terms, &lp->rows[row], route, paid);
        if (value == 0)
            continue;
        index[count] = row;
        entry[count++] = value;
    }
    for (size_t row = capacity; row < lp->row_count; row++) {
        double need = ifp_route_need(problem, route, lp->rows[row].capacity);
        if (need > 0) {
            index[count] = row;
            entry[count++] = need;
        }
    }
    lp->route[lp->route_count++] = r;
    return ifp_lp_add_column(lp->lp, (ifp_route_delay_usd(problem, route) + usd) / terms->scale, 0,
                             route->max_share, count, index, entry, error);
}

static bool needs_slots(const struct ifp_problem *problem, const struct ifp_configuration *c)
{
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        if (ifp_route_need(problem, &problem->routes[r], IFP_CAPACITY_SLOTS) > 0)
            return true;
    }
    return false;
}

int ifp_routing_lp_add(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                       size_t pair, size_t c, double replicas, const bool *paid,
                       struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &terms->problem->configurations[c];
    size_t capacity = lp->row_count;
    int code = IFP_OK;
    lp->deployments[lp->deployment_count++] = (struct ifp_routing_deployment){
        .pair = pair, .configuration = c, .replicas = replicas, .first = lp->route_count};
    for (int k = 0; !code && k < IFP_CAPACITY_COUNT; k++) {
        enum ifp_capacity kind = (enum ifp_capacity)k;
        if (kind == IFP_CAPACITY_SLOTS && !needs_slots(terms->problem, configuration))
            continue;
        code = add_row(lp, IFP_ROUTING_CAPACITY, pair, -INFINITY,
                       ifp_capacity_of(terms->problem, configuration, kind, replicas), 0, NULL,
                       NULL, error);
        if (!code)
            lp->rows[lp->row_count - 1].capacity = kind;
    }
    for (size_t k = 0; !code && k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        if (!paid || paid[r])
            code = add_route(terms, lp, r, capacity, paid != NULL, error);
    }
    return code;
}

static size_t end_of(const struct ifp_routing_lp *lp, size_t deployment)
{
    return deployment + 1 < lp->deployment_count ? lp->deployments[deployment + 1].first
                                                 : lp->route_count;
}

int ifp_routing_lp_set_replicas(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                                size_t deployment, double replicas, struct ifp_error *error)
{
    const struct ifp_problem *problem = terms->problem;
    struct ifp_routing_deployment *changed = &lp->deployments[deployment];
    const struct ifp_configuration *c = &problem->configurations[changed->configuration];
    int code = IFP_OK;
    for (size_t r = 0; !code && r < lp->row_count; r++) {
        if (lp->rows[r].kind == IFP_ROUTING_CAPACITY && lp->rows[r].of == changed->pair)
            code = ifp_lp_set_row_bounds(
                lp->lp, r, -INFINITY, ifp_capacity_of(problem, c, lp->rows[r].capacity, replicas),
                error);
    }
    changed->replicas = replicas;
    return code;
}

int ifp_routing_lp_close(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                         size_t deployment, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t k = lp->deployments[deployment].first; !code && k < end_of(lp, deployment); k++)
        code = ifp_lp_set_column_bounds(lp->lp, terms->first_route + k, 0, 0, error);
    for (size_t r = 0; r < lp->row_count; r++) {
        if (lp->rows[r].kind == IFP_ROUTING_CAPACITY &&
            lp->rows[r].of == lp->deployments[deployment].pair)
            lp->rows[r].of = SIZE_MAX;
    }
    lp->deployments[deployment].gone = true;
    return code;
}

static bool is_idle(const struct ifp_routing_lp *lp, size_t row)
{
    return is_lazy(lp->rows[row].kind) && ifp_lp_row_is_basic(lp->lp, row);
}

int ifp_routing_lp_tidy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                        struct ifp_error *error)
{
    size_t *index = terms->index;
    size_t count = 0;
    size_t kept = 0;
    size_t routes = 0;
    for (size_t d = 0; d < lp->deployment_count; d++) {
        struct ifp_routing_deployment deployment = lp->deployments[d];
        size_t end = end_of(lp, d);
        if (deployment.gone) {
            for (size_t k = deployment.first; k < end; k++)
                index[count++] = terms->first_route + k;
            continue;
        }
        size_t first = routes;
        for (size_t k = deployment.first; k < end; k++)
            lp->route[routes++] = lp->route[k];
        deployment.first = first;
        lp->deployments[kept++] = deployment;
    }
    bool gone = kept < lp->deployment_count;
    lp->deployment_count = kept;
    lp->route_count = routes;
    int code = count ? ifp_lp_delete_columns(lp->lp, count, index, error) : IFP_OK;
    size_t idle = 0;
    for (size_t r = 0; r < lp->row_count; r++)
        idle += is_idle(lp, r);
    if (code || (!gone && idle <= IFP_ROUTING_IDLE_ROWS_MAX))
        return code;
    count = 0;
    kept = 0;
    for (size_t r = 0; r < lp->row_count; r++) {
        bool closed = lp->rows[r].kind == IFP_ROUTING_CAPACITY && lp->rows[r].of == SIZE_MAX;
        if (closed || is_idle(lp, r))
            lp->index[count++] = r;
        else
            lp->rows[kept++] = lp->rows[r];
    }
    lp->row_count = kept;
    return count ? ifp_lp_delete_rows(lp->lp, count, lp->index, error) : IFP_OK;
}

/* -- worst cases -- */

static void place_entry(struct ifp_routing_terms *terms, const struct ifp_routing_spot *spot,
                        size_t column)
{
    struct ifp_worst_block *block = &terms->blocks[spot->block];
    size_t first = (size_t)(block->entries - terms->entries);
    size_t at = first + block->entry_count++;
    for (; at > first && terms->order[at - 1] > spot->entry; at--) {
        terms->entries[at] = terms->entries[at - 1];
        terms->order[at] = terms->order[at - 1];
        terms->groups[at] = terms->groups[at - 1];
    }
    terms->entries[at] = terms->worst->blocks[spot->block].entries[spot->entry];
    terms->entries[at].route = column;
    terms->order[at] = spot->entry;
    terms->groups[at] = spot->group;
}

void ifp_routing_lp_gather(struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp)
{
    const struct ifp_worst *worst = terms->worst;
    if (!worst->count)
        return;
    /* The first pass counts the members of each block, the second one places them. */
    for (size_t b = 0; b < worst->count; b++) {
        terms->blocks[b] = worst->blocks[b];
        terms->blocks[b].entry_count = 0;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int kind = 0; kind < IFP_WORST_KIND_COUNT; kind++) {
            for (size_t k = 0; terms->spots[kind] && k < lp->route_count; k++) {
                const struct ifp_routing_spot *spot = &terms->spots[kind][lp->route[k]];
                if (spot->block == SIZE_MAX)
                    continue;
                if (pass == 0)
                    terms->blocks[spot->block].entry_count++;
                else
                    place_entry(terms, spot, terms->first_route + k);
            }
        }
        size_t entries = 0;
        for (size_t b = 0; pass == 0 && b < worst->count; b++) {
            terms->blocks[b].entries = terms->entries + entries;
            entries += terms->blocks[b].entry_count;
            terms->blocks[b].entry_count = 0;
        }
    }
    size_t *start = terms->starts;
    for (size_t b = 0; b < worst->count; b++) {
        struct ifp_worst_block *block = &terms->blocks[b];
        const size_t *group = terms->groups + (block->entries - terms->entries);
        block->start = start;
        block->group_count = 0;
        for (size_t m = 0; m < block->entry_count; m++) {
            if (m == 0 || group[m] != group[m - 1])
                block->start[block->group_count++] = m;
        }
        block->start[block->group_count] = block->entry_count;
        start += block->group_count + 1;
    }
}

double ifp_routing_lp_worst_usd(const struct ifp_routing_terms *terms, const double *point)
{
    double usd = 0;
    for (size_t b = 0; b < terms->worst->count; b++) {
        const struct ifp_worst_block *block = &terms->blocks[b];
        if (block->usd > 0)
            usd += block->usd * ifp_worst_value(block, point, NULL, terms->workspace, NULL);
    }
    return usd;
}

/* -- rows -- */

/* Add terms->line as a row, and clear it. */
static int add_line(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                    enum ifp_routing_row_kind kind, size_t of, double upper,
                    struct ifp_error *error)
{
    size_t columns = terms->first_route + lp->route_count;
    size_t count = 0;
    for (size_t c = 0; c < columns; c++) {
        if (terms->line[c] == 0)
            continue;
        terms->index[count] = c;
        terms->entry[count++] = terms->line[c];
        terms->line[c] = 0;
    }
    return add_row(lp, kind, of, -INFINITY, upper, count, terms->index, terms->entry, error);
}

static void deviate(const struct ifp_routing_terms *terms, const struct ifp_worst_block *block)
{
    for (size_t m = 0; m < block->entry_count; m++) {
        const struct ifp_worst_entry *entry = &block->entries[m];
        terms->line[entry->route] += terms->deviation[m] * entry->deviation;
    }
}

/* For each block with a cost, add a row of the worst deviations at the point if D is too low. */
static int add_cases(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                     const double *point, size_t *added, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t b = 0; !code && b < terms->worst->count; b++) {
        const struct ifp_worst_block *block = &terms->blocks[b];
        size_t column = terms->value_column[b];
        if (column == SIZE_MAX || !block->entry_count)
            continue;
        double value = ifp_worst_value(block, point, NULL, terms->workspace, terms->deviation);
        if (value <= point[column] + IFP_ROUTING_WORST_VIOLATION_MIN * fmax(1, value))
            continue;
        deviate(terms, block);
        terms->line[column] = -1;
        code = add_line(terms, lp, IFP_ROUTING_CASE, b, 0, error);
        ++*added;
    }
    return code;
}

static int add_limits(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                      const double *point, size_t *added, struct ifp_error *error)
{
    const struct ifp_problem *problem = terms->problem;
    size_t queries = problem->query_count;
    int code = IFP_OK;
    memset(terms->sums, 0, IFP_SERVICE_COUNT * queries * sizeof *terms->sums);
    memset(terms->present, 0, IFP_SERVICE_COUNT * queries * sizeof *terms->present);
    for (size_t r = 0; r < lp->row_count; r++) {
        const struct ifp_routing_row *row = &lp->rows[r];
        if (row->kind == IFP_ROUTING_LEVEL)
            terms->present[row->level * queries + row->of] = true;
    }
    for (size_t k = 0; k < lp->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[lp->route[k]];
        double share = point[terms->first_route + k];
        if (share <= 0)
            continue;
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++)
            terms->sums[l * queries + route->query] +=
                share * ifp_routing_limit_coefficient(problem, route, (enum ifp_service_level)l);
    }
    for (size_t n = 0; !code && n < IFP_SERVICE_COUNT * queries; n++) {
        enum ifp_service_level level = (enum ifp_service_level)(n / queries);
        size_t i = n % queries;
        double bound = limit_bound(problem, i, level);
        size_t b = terms->worst->level[level][i];
        const struct ifp_worst_block *block = NULL;
        double worst = 0;
        if (isinf(bound))
            continue;
        if (b != SIZE_MAX && terms->blocks[b].limited)
            block = &terms->blocks[b];
        bool paid = block && terms->value_column[b] != SIZE_MAX;
        if (paid)
            worst = block->fraction * point[terms->value_column[b]];
        else if (block)
            worst = ifp_worst_value(block, point, NULL, terms->workspace, terms->deviation);
        if (terms->sums[n] + worst <= bound + IFP_ROUTING_VIOLATION_MIN ||
            (terms->present[n] && (!block || paid)))
            continue;
        for (size_t k = 0; k < lp->route_count; k++) {
            const struct ifp_route_data *route = &problem->routes[lp->route[k]];
            if (route->query == i)
                terms->line[terms->first_route + k] =
                    ifp_routing_limit_coefficient(problem, route, level);
        }
        /* Serving nothing may break the limit: an artificial column serves without a miss. */
        if (bound < 0)
            terms->line[queries + i] =
                ifp_limit_coefficient(problem, level, 0, problem->demands[i].limit[level]);
        if (paid)
            terms->line[terms->value_column[b]] = block->fraction;
        else if (block)
            deviate(terms, block);
        code = add_line(terms, lp, IFP_ROUTING_LEVEL, i, bound, error);
        if (!code)
            lp->rows[lp->row_count - 1].level = level;
        ++*added;
    }
    return code;
}

static int add_groups(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                      const double *point, size_t *added, struct ifp_error *error)
{
    const struct ifp_problem *problem = terms->problem;
    const double met = 1 + IFP_ROUTING_VIOLATION_MIN;
    size_t groups[2];
    int code = IFP_OK;
    for (size_t k = 0; k < lp->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[lp->route[k]];
        size_t count = ifp_routing_groups(problem, route, groups);
        for (size_t g = 0; g < count; g++)
            terms->crowd[groups[g]] += point[terms->first_route + k] / route->max_share;
    }
    for (size_t r = 0; r < lp->row_count; r++) {
        if (lp->rows[r].kind == IFP_ROUTING_GROUP)
            terms->crowd[lp->rows[r].of] = 0;
    }
    for (size_t k = 0; k < lp->route_count; k++) {
        size_t count = ifp_routing_groups(problem, &problem->routes[lp->route[k]], groups);
        for (size_t g = 0; g < count; g++) {
            bool broken = terms->crowd[groups[g]] > met;
            terms->crowd[groups[g]] = 0;
            if (!broken || code)
                continue;
            for (size_t other = 0; other < lp->route_count; other++) {
                const struct ifp_route_data *route = &problem->routes[lp->route[other]];
                if (is_in_group(problem, route, groups[g]))
                    terms->line[terms->first_route + other] = 1 / route->max_share;
            }
            code = add_line(terms, lp, IFP_ROUTING_GROUP, groups[g], 1, error);
            ++*added;
        }
    }
    return code;
}

int ifp_routing_lp_separate(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                            const double *point, size_t *added, struct ifp_error *error)
{
    *added = 0;
    int code = add_cases(terms, lp, point, added, error);
    if (!code)
        code = add_limits(terms, lp, point, added, error);
    if (!code && terms->problem->placement != IFP_PLACEMENT_SPLIT)
        code = add_groups(terms, lp, point, added, error);
    return code;
}

int ifp_routing_lp_prices(const struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp,
                          double *price, struct ifp_error *error)
{
    size_t queries = terms->problem->query_count;
    double *multipliers = lp->entry;
    int code = ifp_lp_multipliers(lp->lp, multipliers, error);
    if (code)
        return code;
    memset(price, 0, ((1 + IFP_SERVICE_COUNT) * queries + 1) * sizeof *price);
    for (size_t r = 0; r < lp->row_count; r++) {
        switch (lp->rows[r].kind) {
        case IFP_ROUTING_DEMAND:
            price[lp->rows[r].of] += multipliers[r];
            break;
        case IFP_ROUTING_LEVEL:
            price[(1 + lp->rows[r].level) * queries + lp->rows[r].of] += multipliers[r];
            break;
        case IFP_ROUTING_RESOURCE:
            if (lp->rows[r].of == terms->problem->shared_resource)
                price[(1 + IFP_SERVICE_COUNT) * queries] += multipliers[r];
            break;
        case IFP_ROUTING_CAPACITY:
        case IFP_ROUTING_CASE:
        case IFP_ROUTING_GROUP:
            break;
        }
    }
    return IFP_OK;
}
