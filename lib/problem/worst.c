/* SPDX-License-Identifier: MIT */
/* Worst cases over the uncertainty set: those that are coefficients, and blocks for the others. */
#include "problem/worst.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "problem/problem.h"

/* -- coefficients -- */

/* The largest part of a budget that routes can use at once. With split it is the sum of all caps.
 * With matching it is the smaller of two sums of largest caps: over models and over tiers. */
static double max_at_once(const struct ifp_problem *problem, const double *cap)
{
    double all = 0;
    double models = 0;
    double tiers = 0;
    for (size_t j = 0; j < problem->model_count; j++) {
        double largest = 0;
        for (size_t k = 0; k < problem->tier_count; k++) {
            all += cap[j * problem->tier_count + k];
            largest = fmax(largest, cap[j * problem->tier_count + k]);
        }
        models += largest;
    }
    for (size_t k = 0; k < problem->tier_count; k++) {
        double largest = 0;
        for (size_t j = 0; j < problem->model_count; j++)
            largest = fmax(largest, cap[j * problem->tier_count + k]);
        tiers += largest;
    }
    return problem->placement == IFP_PLACEMENT_SPLIT ? all : fmin(models, tiers);
}

bool ifp_worst_certain(const struct ifp_problem *problem, const double *cap, double budget)
{
    return problem->placement == IFP_PLACEMENT_SINGLE || max_at_once(problem, cap) <= budget;
}

void ifp_worst_fold(struct ifp_problem *problem, size_t r, size_t kind)
{
    struct ifp_route_data *route = &problem->routes[r];
    struct ifp_route_deviation *of = &problem->deviations[r];
    double delay_usd = problem->demands[route->query].delay_usd;
    if (kind == IFP_WORST_COST) {
        of->delay_usd = fmin(problem->penalty_max,
                             of->delay_usd + of->cap[IFP_SERVICE_DELAY] * of->deviation_usd);
        of->deviation_usd = 0;
        return;
    }
    route->level[kind] = ifp_route_alone(problem, route, (enum ifp_service_level)kind);
    of->deviation[kind] = 0;
    if (kind == IFP_SERVICE_DELAY && !problem->coupled)
        of->delay_usd = fmin(problem->penalty_max, delay_usd * route->level[kind]);
}

/* Routes by query: those of query i are route[start[i]] .. route[start[i + 1] - 1], ascending. */
struct by_query {
    size_t *start;
    uint32_t *route;
};

static void forget_order(struct by_query *order)
{
    free(order->start);
    free(order->route);
}

/* False if out of memory. Free `order` with forget_order in any case. */
static bool sort_routes(const struct ifp_problem *problem, struct by_query *order)
{
    size_t queries = problem->query_count;
    order->start = calloc(queries + 2, sizeof *order->start);
    order->route = malloc((problem->route_count + 1) * sizeof *order->route);
    if (!order->start || !order->route)
        return false;
    for (size_t r = 0; r < problem->route_count; r++)
        order->start[problem->routes[r].query + 2]++;
    for (size_t i = 0; i < queries; i++)
        order->start[i + 2] += order->start[i + 1];
    /* start[i + 1] is the begin of query i. Filling moves it to the end, the begin of i + 1. */
    for (size_t r = 0; r < problem->route_count; r++)
        order->route[order->start[problem->routes[r].query + 1]++] = (uint32_t)r;
    return true;
}

static void fold_all(struct ifp_problem *problem, const struct by_query *order, size_t query,
                     size_t kind)
{
    for (size_t k = order->start[query]; k < order->start[query + 1]; k++)
        ifp_worst_fold(problem, order->route[k], kind);
}

bool ifp_worst_fold_all(struct ifp_problem *problem)
{
    size_t cells = problem->model_count * problem->tier_count;
    double largest_of_all = 0;
    if (!problem->uncertain)
        return true;
    struct by_query order = {0};
    double *cap = malloc((IFP_SERVICE_COUNT * cells + 1) * sizeof *cap);
    bool good = cap && sort_routes(problem, &order);
    for (size_t i = 0; good && i < problem->query_count; i++) {
        double largest = 0;
        double of_routes[IFP_SERVICE_COUNT] = {0};
        for (size_t k = 0; k < IFP_SERVICE_COUNT * cells; k++)
            cap[k] = 0;
        for (size_t k = order.start[i]; k < order.start[i + 1]; k++) {
            size_t r = order.route[k];
            const struct ifp_route_data *route = &problem->routes[r];
            const struct ifp_configuration *c = &problem->configurations[route->configuration];
            const struct ifp_route_deviation *of = &problem->deviations[r];
            for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
                if (!(of->deviation[l] > 0))
                    continue;
                cap[l * cells + c->model * problem->tier_count + c->tier] = of->cap[l];
                of_routes[l] += of->cap[l];
            }
            if (of->deviation_usd > 0)
                largest = fmax(largest, of->cap[IFP_SERVICE_DELAY]);
        }
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
            double budget = problem->deviation_budget[l];
            /* Each of several deployments of a pair deviates by itself. */
            bool by_route = problem->several && problem->placement == IFP_PLACEMENT_SPLIT;
            if (by_route ? of_routes[l] <= budget
                         : ifp_worst_certain(problem, cap + l * cells, budget))
                fold_all(problem, &order, i, l);
        }
        largest_of_all += largest;
    }
    free(cap);
    bool certain = largest_of_all <= problem->deviation_budget[IFP_SERVICE_DELAY];
    for (size_t i = 0; good && certain && i < problem->query_count; i++)
        fold_all(problem, &order, i, IFP_WORST_COST);
    forget_order(&order);
    return good;
}

/* -- blocks -- */

void ifp_worst_free(struct ifp_worst *worst)
{
    if (!worst)
        return;
    for (size_t b = 0; worst->blocks && b < worst->count; b++) {
        free(worst->blocks[b].start);
        free(worst->blocks[b].entries);
    }
    free(worst->blocks);
    free(worst->level[0]);
    free(worst);
}

bool ifp_worst_by_model(const struct ifp_problem *problem)
{
    return problem->model_count <= problem->tier_count;
}

/* The group of a route. A plan uses at most one route of a group. */
static size_t group_of(const struct ifp_problem *problem, const struct ifp_route_data *route,
                       size_t kind)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    if (kind == IFP_WORST_COST)
        return route->query;
    if (problem->placement == IFP_PLACEMENT_SPLIT)
        return problem->several ? route->configuration : c->model * problem->tier_count + c->tier;
    return ifp_worst_by_model(problem) ? c->model : c->tier;
}

struct entry {
    size_t group;
    struct ifp_worst_entry entry;
};

static int by_group(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->entry.cap != b->entry.cap)
        return a->entry.cap < b->entry.cap ? -1 : 1;
    return a->entry.route < b->entry.route ? -1 : a->entry.route > b->entry.route;
}

/* The service level whose deviations and budget make the worst case. */
static enum ifp_service_level level_of(size_t kind)
{
    return kind == IFP_WORST_COST ? IFP_SERVICE_DELAY : (enum ifp_service_level)kind;
}

/* Collect the routes with a deviation above 0, sorted into groups. */
static bool gather(const struct ifp_problem *problem, const struct by_query *order,
                   struct ifp_worst_block *block)
{
    bool all = block->kind == IFP_WORST_COST;
    size_t first = all ? 0 : order->start[block->query];
    size_t last = all ? problem->route_count : order->start[block->query + 1];
    struct entry *entries = malloc((last - first + 1) * sizeof *entries);
    size_t count = 0;
    if (!entries)
        return false;
    for (size_t k = first; k < last; k++) {
        size_t r = order->route[k];
        const struct ifp_route_data *route = &problem->routes[r];
        const struct ifp_route_deviation *of = &problem->deviations[r];
        double cap = of->cap[level_of(block->kind)];
        double deviation =
            block->kind == IFP_WORST_COST ? of->deviation_usd : of->deviation[block->kind];
        if (!(cap * deviation > 0))
            continue;
        entries[count++] = (struct entry){group_of(problem, route, block->kind),
                                          {.route = r, .deviation = deviation, .cap = cap}};
    }
    qsort(entries, count, sizeof *entries, by_group);
    block->start = malloc((count + 1) * sizeof *block->start);
    block->entries = malloc((count + 1) * sizeof *block->entries);
    bool good = block->start && block->entries;
    for (size_t m = 0; good && m < count; m++) {
        if (m == 0 || entries[m].group != entries[m - 1].group)
            block->start[block->group_count++] = m;
        block->entries[m] = entries[m].entry;
    }
    if (good)
        block->start[block->group_count] = count;
    block->entry_count = count;
    free(entries);
    return good;
}

/* Set the units, and the maximum of D: the shares of a query type sum to at most 1. */
static void scale(const struct ifp_problem *problem, struct ifp_worst_block *block)
{
    double largest = 0;
    for (size_t m = 0; m < block->entry_count; m++)
        largest = fmax(largest, block->entries[m].deviation);
    block->unit = largest;
    block->usd = 0;
    if (block->kind == IFP_WORST_COST) {
        block->usd = block->unit;
    } else {
        const struct ifp_demand *demand = &problem->demands[block->query];
        double limit = demand->limit[block->kind];
        block->limited = isfinite(limit);
        block->fraction = 1;
        if (block->limited)
            block->unit = ifp_limit_scale(limit);
        if (block->kind == IFP_SERVICE_DELAY)
            block->usd = demand->delay_usd * block->unit;
        if (block->limited && block->usd > problem->penalty_max) {
            block->fraction = exp2(-ceil(log2(block->usd / problem->penalty_max)));
            block->unit *= block->fraction;
            block->usd *= block->fraction;
        }
    }
    double sum = 0;
    double maximum = 0;
    for (size_t g = 0; g < block->group_count; g++) {
        double of_group = 0;
        for (size_t m = block->start[g]; m < block->start[g + 1]; m++) {
            block->entries[m].deviation /= block->unit;
            of_group = fmax(of_group, block->entries[m].cap * block->entries[m].deviation);
        }
        sum += of_group;
        maximum = fmax(maximum, of_group);
    }
    block->max_excess = block->kind == IFP_WORST_COST ? sum : maximum;
}

static bool add_block(const struct ifp_problem *problem, const struct by_query *order,
                      struct ifp_worst *worst, size_t kind, size_t query, size_t *place)
{
    struct ifp_worst_block *block = &worst->blocks[worst->count];
    *block = (struct ifp_worst_block){
        .kind = kind, .query = query, .budget = problem->deviation_budget[level_of(kind)]};
    bool good = gather(problem, order, block);
    if (good)
        scale(problem, block);
    if (good && block->entry_count && (block->usd > 0 || block->limited)) {
        if (block->entry_count > worst->largest)
            worst->largest = block->entry_count;
        *place = worst->count++;
        return true;
    }
    free(block->start);
    free(block->entries);
    *block = (struct ifp_worst_block){0};
    return good;
}

struct ifp_worst *ifp_worst_new(const struct ifp_problem *problem)
{
    size_t queries = problem->query_count;
    struct ifp_worst *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    size_t levels = IFP_SERVICE_COUNT * queries;
    made->blocks = calloc(levels + 2, sizeof *made->blocks);
    made->level[0] = malloc((levels + 1) * sizeof *made->level[0]);
    made->cost = SIZE_MAX;
    struct by_query order = {0};
    bool good =
        made->blocks && made->level[0] && (!problem->uncertain || sort_routes(problem, &order));
    for (size_t l = 1; good && l < IFP_SERVICE_COUNT; l++)
        made->level[l] = made->level[0] + l * queries;
    for (size_t i = 0; good && i < levels; i++)
        made->level[0][i] = SIZE_MAX;
    for (size_t i = 0; good && problem->uncertain && i < queries; i++) {
        for (size_t l = 0; good && l < IFP_SERVICE_COUNT; l++)
            good = add_block(problem, &order, made, l, i, &made->level[l][i]);
    }
    if (good && problem->uncertain)
        good = add_block(problem, &order, made, IFP_WORST_COST, 0, &made->cost);
    forget_order(&order);
    if (!good) {
        ifp_worst_free(made);
        return NULL;
    }
    return made;
}

/* -- the value at given shares -- */

/* A piece of the budget that a group can take: from one cap to the next. */
struct piece {
    double slope;  /* the value of a unit of the budget in this piece */
    double spare;  /* ranks pieces of slope 0: the largest slope at other shares */
    double length; /* amount of the budget */
    size_t group;
    size_t order;
};

struct ifp_worst_workspace {
    struct piece *pieces;
    double *taken; /* by group: how much of the budget it takes */
};

struct ifp_worst_workspace *ifp_worst_workspace_new(const struct ifp_worst *worst)
{
    struct ifp_worst_workspace *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->pieces = malloc((worst->largest + 1) * sizeof *made->pieces);
    made->taken = malloc((worst->largest + 1) * sizeof *made->taken);
    if (!made->pieces || !made->taken) {
        ifp_worst_workspace_free(made);
        return NULL;
    }
    return made;
}

void ifp_worst_workspace_free(struct ifp_worst_workspace *workspace)
{
    if (!workspace)
        return;
    free(workspace->pieces);
    free(workspace->taken);
    free(workspace);
}

static bool comes_before(const struct piece *a, const struct piece *b)
{
    if (a->slope != b->slope)
        return a->slope > b->slope;
    if (a->spare != b->spare)
        return a->spare > b->spare;
    return a->order < b->order;
}

/* Restore the heap below `at`: move the piece at `at` down. */
static void sink(struct piece *heap, size_t count, size_t at)
{
    struct piece piece = heap[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && comes_before(&heap[child + 1], &heap[child]))
            child++;
        if (!comes_before(&heap[child], &piece))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = piece;
}

/* The pieces of one group, in reverse order. Pieces of slope 0 are included only if `all` is
 * true. */
static size_t cut_up(const struct ifp_worst_block *block, size_t group, const double *shares,
                     const bool *marked, bool all, struct piece *pieces)
{
    size_t count = 0;
    double slope = 0;
    double spare = 0;
    for (size_t m = block->start[group + 1]; m-- > block->start[group];) {
        const struct ifp_worst_entry *entry = &block->entries[m];
        double below = m > block->start[group] ? block->entries[m - 1].cap : 0;
        slope += entry->deviation * fmax(0, shares[entry->route]);
        if (!marked || marked[entry->route])
            spare = fmax(spare, entry->deviation);
        if (entry->cap > below && (slope > 0 || (all && spare > 0)))
            pieces[count++] = (struct piece){slope, spare, entry->cap - below, group, m};
    }
    return count;
}

double ifp_worst_value(const struct ifp_worst_block *block, const double *shares,
                       const bool *marked, struct ifp_worst_workspace *workspace, double *g)
{
    size_t count = 0;
    double value = 0;
    double left = block->budget;
    for (size_t group = 0; group < block->group_count; group++) {
        count += cut_up(block, group, shares, marked, g != NULL, workspace->pieces + count);
        workspace->taken[group] = 0;
    }
    /* Slopes fall from piece to piece of a group, so taking the steepest pieces first takes those
     * of a group in order; `order` breaks ties. A heap, not a sort, since few pieces are needed. */
    for (size_t k = count / 2; k-- > 0;)
        sink(workspace->pieces, count, k);
    while (count > 0 && left > 0) {
        const struct piece *piece = &workspace->pieces[0];
        double fraction = fmin(left, piece->length);
        value += fraction * piece->slope;
        workspace->taken[piece->group] += fraction;
        left -= fraction;
        workspace->pieces[0] = workspace->pieces[--count];
        sink(workspace->pieces, count, 0);
    }
    for (size_t group = 0; g && group < block->group_count; group++) {
        for (size_t m = block->start[group]; m < block->start[group + 1]; m++)
            g[m] = fmin(block->entries[m].cap, workspace->taken[group]);
    }
    return value;
}
