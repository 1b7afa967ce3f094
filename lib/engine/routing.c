/* SPDX-License-Identifier: MIT */
/* The best routes for a selection of deployments. */
#include "engine/routing.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/relaxation.h"

/* Shares below are rounding. */
static const double NOISE = 1e-9;

/* A worst case that is missed by less, in parts of its limit, is met: plans are verified to more.
 */
static const double MISSED = 1e-8;

enum {
    SHEDS_MAX = 40, /* solves to make routes respect the placement */
    CASES_MAX = 40, /* of deviations that each worst case is taken over, until that is enough */
    ITERATIONS_MAX = 20000
};

bool ifp_selection_new(size_t pairs, struct ifp_selection *selection)
{
    selection->configuration = malloc((pairs + 1) * sizeof *selection->configuration);
    selection->replicas = calloc(pairs + 1, sizeof *selection->replicas);
    if (!selection->configuration || !selection->replicas)
        return false;
    for (size_t p = 0; p < pairs; p++)
        selection->configuration[p] = SIZE_MAX;
    return true;
}

void ifp_selection_free(struct ifp_selection *selection)
{
    free(selection->configuration);
    free(selection->replicas);
}

void ifp_selection_copy(struct ifp_selection *to, const struct ifp_selection *from, size_t pairs)
{
    memcpy(to->configuration, from->configuration, pairs * sizeof *to->configuration);
    memcpy(to->replicas, from->replicas, pairs * sizeof *to->replicas);
}

static size_t group_count(const struct ifp_problem *problem)
{
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return problem->query_count;
    return problem->placement == IFP_PLACEMENT_SPLIT
               ? 0
               : problem->query_count * (problem->model_count + problem->tier_count);
}

void ifp_routing_free(struct ifp_routing *routing)
{
    if (!routing)
        return;
    free(routing->now.route);
    free(routing->now.share);
    free(routing->now.price);
    free(routing->allowed);
    free(routing->columns);
    free(routing->shares);
    free(routing->numbers);
    free(routing->index);
    free(routing->entry);
    free(routing->place);
    free(routing->group_row);
    free(routing->letters);
    free(routing->column_letter);
    free(routing->row_letter);
    free(routing->capacity_letter);
    free(routing->group_letter);
    ifp_worst_room_free(routing->room);
    free(routing->place_of_route);
    free(routing->by_route);
    free(routing->rented);
    free(routing->deviation);
    free(routing);
}

int ifp_routing_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                    const struct ifp_milp *milp, struct ifp_run *run, struct ifp_routing **routing,
                    struct ifp_error *error)
{
    struct ifp_routing *made = calloc(1, sizeof *made);
    *routing = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t queries = problem->query_count;
    size_t routes = queries * problem->pair_count + 1;
    size_t groups = group_count(problem) + 1;
    size_t blocks = milp->worst->count;
    size_t fixed = 2 * queries + blocks; /* columns that are no routes */
    size_t rows = 3 * queries + 2 + 2 * problem->pair_count + groups + CASES_MAX * blocks;
    double largest = 1;
    for (size_t c = 0; c < milp->column_count; c++)
        largest = fmax(largest, milp->cost[c]);
    made->environment = environment;
    made->problem = problem;
    made->worst = milp->worst;
    made->run = run;
    made->first_route = fixed;
    made->scale = ifp_milp_scale(milp);
    made->penalty = 16 * largest * (double)queries;
    made->now.route = calloc(routes, sizeof *made->now.route);
    made->now.share = calloc(routes, sizeof *made->now.share);
    made->now.price = calloc(rows, sizeof *made->now.price);
    made->allowed = calloc(problem->route_count + 1, sizeof *made->allowed);
    made->columns = calloc(routes, sizeof *made->columns);
    made->shares = calloc(fixed + routes, sizeof *made->shares);
    made->numbers = calloc(3 * fixed + 1, sizeof *made->numbers);
    made->index = calloc(queries + routes + 12, sizeof *made->index);
    made->entry = calloc(queries + routes + 12, sizeof *made->entry);
    made->place = calloc(problem->pair_count + 1, sizeof *made->place);
    made->group_row = calloc(groups, sizeof *made->group_row);
    made->letters = calloc(fixed + routes + rows, 1);
    made->column_letter = calloc(fixed + problem->route_count + 1, 1);
    made->row_letter = calloc(3 * queries + 2, 1);
    made->capacity_letter = calloc(2 * problem->pair_count + 1, 1);
    made->group_letter = calloc(groups, 1);
    made->room = ifp_worst_room_new(milp->worst);
    made->place_of_route = calloc(problem->route_count + 1, sizeof *made->place_of_route);
    made->by_route = calloc(problem->route_count + 1, sizeof *made->by_route);
    made->rented = calloc(problem->route_count + 1, sizeof *made->rented);
    made->deviation = calloc(milp->worst->largest + 1, sizeof *made->deviation);
    if (!made->room || !made->place_of_route || !made->by_route || !made->rented ||
        !made->deviation || !made->now.route || !made->now.share || !made->now.price ||
        !made->allowed || !made->columns || !made->shares || !made->numbers || !made->index ||
        !made->entry || !made->place || !made->group_row || !made->letters ||
        !made->column_letter || !made->row_letter || !made->capacity_letter ||
        !made->group_letter) {
        ifp_routing_free(made);
        return ifp_error_memory(error);
    }
    *routing = made;
    return IFP_OK;
}

/* What renting alone uses up. */
struct spent {
    double usd;
    double storage_gb;
    size_t deployments;
};

double ifp_routing_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    return replicas * configuration->rental_usd +
           ifp_deployment_weights_usd(problem, configuration);
}

static struct spent spent_by(const struct ifp_problem *problem,
                             const struct ifp_selection *selection)
{
    struct spent spent = {0};
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        spent.usd += ifp_routing_fixed_usd(problem, c, selection->replicas[p]);
        if (problem->storage_basis == IFP_STORAGE_DEPLOYMENT)
            spent.storage_gb += problem->configurations[c].weights_gb;
        spent.deployments++;
    }
    return spent;
}

static bool fits(double used, double limit)
{
    return used <= limit + 1e-9 * fabs(limit);
}

bool ifp_routing_affordable(const struct ifp_problem *problem,
                            const struct ifp_selection *selection)
{
    struct spent spent = spent_by(problem, selection);
    if (!fits(spent.usd, problem->budget_usd) || !fits(spent.storage_gb, problem->storage_gb))
        return false;
    for (size_t pool = 0; pool < problem->pool_count; pool++) {
        double gpus = 0;
        for (size_t p = 0; p < problem->pair_count; p++) {
            size_t c = selection->configuration[p];
            if (c != SIZE_MAX && problem->tier_pool[problem->configurations[c].tier] == pool)
                gpus += selection->replicas[p] * problem->configurations[c].degree;
        }
        if (!fits(gpus, problem->pool_gpus[pool]))
            return false;
    }
    return true;
}

static double scale_of(double limit)
{
    return limit > 0 && isfinite(limit) ? limit : 1;
}

static size_t delay_row(const struct ifp_problem *problem, size_t i)
{
    return problem->query_count + i;
}

static size_t error_row(const struct ifp_problem *problem, size_t i)
{
    return 2 * problem->query_count + i;
}

static size_t budget_row(const struct ifp_problem *problem)
{
    return 3 * problem->query_count;
}

static size_t storage_row(const struct ifp_problem *problem)
{
    return 3 * problem->query_count + 1;
}

static size_t capacity_row(const struct ifp_problem *problem, size_t place)
{
    return 3 * problem->query_count + 2 + 2 * place;
}

/* The rows that keep a query type's routes apart as the placement demands: at most two, counted
 * from the first of them. */
static size_t group_rows(const struct ifp_problem *problem, const struct ifp_candidate *route,
                         size_t *rows)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    if (problem->placement == IFP_PLACEMENT_SINGLE) {
        rows[0] = route->query;
        return 1;
    }
    if (problem->placement == IFP_PLACEMENT_SPLIT)
        return 0;
    rows[0] = route->query * problem->model_count + c->model;
    rows[1] =
        problem->query_count * problem->model_count + route->query * problem->tier_count + c->tier;
    return 2;
}

/* What share 1 of a route costs, its weights spread over its largest share. */
static double route_usd(const struct ifp_problem *problem, const struct ifp_candidate *route)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    return route->storage_usd + route->delay_usd +
           ifp_route_weights_usd(problem, c) / route->max_share;
}

/* What the routes' weights that are paid already take of the budget and of the storage. */
static void add_sunk(const struct ifp_routing *routing, struct spent *spent)
{
    const struct ifp_problem *problem = routing->problem;
    for (size_t k = 0; routing->sunk && k < routing->now.count; k++) {
        const struct ifp_configuration *c =
            &problem->configurations[problem->routes[routing->now.route[k]].configuration];
        spent->usd += ifp_route_weights_usd(problem, c);
        spent->storage_gb += c->weights_gb;
    }
}

static double limit_coefficient(const struct ifp_problem *problem,
                                const struct ifp_candidate *route, bool delay)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    double limit = delay ? demand->delay_limit_ms : demand->error_limit;
    double served = problem->slo_basis == IFP_SLO_SERVED ? limit : 0;
    if (isinf(limit) || problem->placement == IFP_PLACEMENT_SINGLE)
        return 0;
    return ((delay ? route->delay_ms : route->error) - served) / scale_of(limit);
}

static double limit_bound(const struct ifp_problem *problem, size_t i, bool delay)
{
    double limit = delay ? problem->demands[i].delay_limit_ms : problem->demands[i].error_limit;
    if (isinf(limit) || problem->placement == IFP_PLACEMENT_SINGLE)
        return INFINITY;
    return problem->slo_basis == IFP_SLO_SERVED || limit <= 0 ? 0 : 1;
}

static int build_rows(struct ifp_routing *routing, struct ifp_lp *lp, const struct spent *spent,
                      struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    size_t queries = problem->query_count;
    const double ones[2] = {1, 1};
    int code = IFP_OK;
    for (size_t i = 0; !code && i < queries; i++) {
        const size_t columns[2] = {i, queries + i};
        code = ifp_lp_add_row(lp, 1, 1, 2, columns, ones, error);
    }
    for (size_t i = 0; !code && i < 2 * queries; i++) {
        const struct ifp_worst *worst = routing->worst;
        size_t block = i < queries ? worst->delay[i] : worst->error[i - queries];
        bool weighed = block != SIZE_MAX && worst->blocks[block].limited;
        const size_t column = 2 * queries + block;
        code = ifp_lp_add_row(lp, -INFINITY, limit_bound(problem, i % queries, i < queries),
                              weighed ? 1 : 0, &column, ones, error);
    }
    double usd = (problem->budget_usd - spent->usd) / scale_of(problem->budget_usd);
    double gb = (problem->storage_gb - spent->storage_gb) / scale_of(problem->storage_gb);
    if (!code)
        code = ifp_lp_add_row(lp, -INFINITY, fmax(0, usd), 0, NULL, NULL, error);
    if (!code)
        code = ifp_lp_add_row(lp, -INFINITY, fmax(0, gb), 0, NULL, NULL, error);
    return code;
}

static int add_route(struct ifp_routing *routing, struct ifp_lp *lp, size_t r, size_t place,
                     struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    const struct ifp_candidate *route = &problem->routes[r];
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    size_t *index = routing->index;
    double *entry = routing->entry;
    size_t count = 0;
    size_t groups[2];
    index[count] = route->query;
    entry[count++] = 1;
    double delay = limit_coefficient(problem, route, true);
    double errors = limit_coefficient(problem, route, false);
    if (delay != 0) {
        index[count] = delay_row(problem, route->query);
        entry[count++] = delay;
    }
    if (errors != 0) {
        index[count] = error_row(problem, route->query);
        entry[count++] = errors;
    }
    double weights = routing->sunk ? 0 : ifp_route_weights_usd(problem, c) / route->max_share;
    double usd = route->storage_usd + weights;
    if (isfinite(problem->budget_usd) && usd > 0) {
        index[count] = budget_row(problem);
        entry[count++] = usd / scale_of(problem->budget_usd);
    }
    bool by_share = problem->storage_basis == IFP_STORAGE_ROUTE && !routing->sunk;
    double gb = by_share ? c->weights_gb / route->max_share : 0;
    if (isfinite(problem->storage_gb) && gb > 0) {
        index[count] = storage_row(problem);
        entry[count++] = gb / scale_of(problem->storage_gb);
    }
    if (c->kv_gb > 0 && route->kv_gb > 0) {
        index[count] = capacity_row(problem, place);
        entry[count++] = route->kv_gb / c->kv_gb;
    }
    if (route->tflops > 0) {
        index[count] = capacity_row(problem, place) + 1;
        entry[count++] = route->tflops / c->tflops;
    }
    size_t placed = group_rows(problem, route, groups);
    for (size_t k = 0; k < placed; k++) {
        if (routing->group_row[groups[k]] == SIZE_MAX)
            continue;
        index[count] = routing->group_row[groups[k]];
        entry[count++] = 1 / route->max_share;
    }
    return ifp_lp_add_column(lp, (route->delay_usd + usd) / routing->scale, 0,
                             routing->sunk && !routing->allowed[r] ? 0 : route->max_share, count,
                             index, entry, error);
}

/* A row for each group that has two routes or more. */
static int add_groups(struct ifp_routing *routing, const struct ifp_selection *selection,
                      struct ifp_lp *lp, size_t row, struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    size_t groups = group_count(problem);
    int code = IFP_OK;
    for (size_t g = 0; g < groups; g++)
        routing->group_row[g] = 0;
    for (size_t p = 0; groups && p < problem->pair_count; p++) {
        if (selection->configuration[p] == SIZE_MAX)
            continue;
        const struct ifp_configuration *c = &problem->configurations[selection->configuration[p]];
        for (size_t k = 0; k < c->route_count; k++) {
            size_t in[2];
            size_t placed = group_rows(problem, &problem->routes[c->first_route + k], in);
            for (size_t g = 0; g < placed; g++)
                routing->group_row[in[g]]++;
        }
    }
    for (size_t g = 0; !code && g < groups; g++) {
        bool needed = routing->group_row[g] > 1;
        routing->group_row[g] = needed ? row++ : SIZE_MAX;
        if (needed)
            code = ifp_lp_add_row(lp, -INFINITY, 1, 0, NULL, NULL, error);
    }
    return code;
}

/* Columns: unmet by query, what is missing by query, worst cases, then routes; *count of these. */
static int build_lp(struct ifp_routing *routing, const struct ifp_selection *selection,
                    struct ifp_lp **lp, size_t *count, struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    size_t queries = problem->query_count;
    struct spent spent = spent_by(problem, selection);
    add_sunk(routing, &spent);
    double *cost = routing->numbers;
    double *lower = cost + routing->first_route;
    double *upper = lower + routing->first_route;
    *count = 0;
    for (size_t i = 0; i < queries; i++) {
        cost[i] = problem->demands[i].unmet_usd / routing->scale;
        cost[queries + i] = routing->penalty / routing->scale;
        lower[i] = lower[queries + i] = 0;
        upper[i] = problem->demands[i].max_unmet;
        upper[queries + i] = 1;
    }
    for (size_t b = 0; b < routing->worst->count; b++) {
        cost[2 * queries + b] = routing->worst->blocks[b].usd / routing->scale;
        lower[2 * queries + b] = 0;
        upper[2 * queries + b] = routing->worst->blocks[b].most;
    }
    int code =
        ifp_lp_new(routing->environment, routing->first_route, cost, lower, upper, lp, error);
    if (!code)
        code = build_rows(routing, *lp, &spent, error);
    size_t place = 0;
    for (size_t p = 0; !code && p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        routing->place[p] = place++;
        for (int row = 0; !code && row < 2; row++)
            code = ifp_lp_add_row(*lp, -INFINITY, selection->replicas[p], 0, NULL, NULL, error);
    }
    if (!code)
        code = add_groups(routing, selection, *lp, capacity_row(problem, spent.deployments), error);
    for (size_t p = 0; !code && p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        const struct ifp_configuration *configuration = &problem->configurations[c];
        for (size_t k = 0; !code && k < configuration->route_count; k++) {
            size_t r = configuration->first_route + k;
            code = add_route(routing, *lp, r, routing->place[p], error);
            routing->place_of_route[r] = routing->first_route + *count;
            routing->columns[(*count)++] = r;
        }
    }
    return code;
}

/* Of the routes that may not go together, keep the largest; false where all is well. */
static int shed(struct ifp_routing *routing, struct ifp_lp *lp, size_t count, bool *changed,
                struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    const double *shares = routing->shares + routing->first_route;
    int code = IFP_OK;
    *changed = false;
    for (size_t a = 0; !code && a < count; a++) {
        const struct ifp_candidate *left = &problem->routes[routing->columns[a]];
        size_t groups[2];
        size_t placed = group_rows(problem, left, groups);
        bool beaten = false;
        for (size_t b = 0; b < count && shares[a] > NOISE && !beaten; b++) {
            const struct ifp_candidate *right = &problem->routes[routing->columns[b]];
            size_t others[2];
            if (b == a || right->query != left->query || shares[b] <= NOISE)
                continue;
            group_rows(problem, right, others);
            bool clash = false;
            for (size_t k = 0; k < placed; k++)
                clash |= groups[k] == others[k];
            beaten = clash && (shares[b] > shares[a] || (shares[b] == shares[a] && b < a));
        }
        if (beaten) {
            *changed = true;
            code = ifp_lp_set_column_bounds(lp, routing->first_route + a, 0, 0, error);
        }
    }
    return code;
}

/* The LP's shares by route; and none, afterwards, where `set` is false. */
static void spread_shares(struct ifp_routing *routing, size_t count, bool set)
{
    for (size_t k = 0; k < count; k++) {
        size_t r = routing->columns[k];
        routing->by_route[r] = set ? fmax(0, routing->shares[routing->first_route + k]) : 0;
        routing->rented[r] = set;
    }
}

/* Bring in, for each worst case that the LP's point misses, the deviations that are worst there:
 * sum g_r v_r x_r <= D. */
static int add_cases(struct ifp_routing *routing, struct ifp_lp *lp, size_t count, size_t *added,
                     struct ifp_error *error)
{
    size_t first = 2 * routing->problem->query_count;
    int code = IFP_OK;
    *added = 0;
    if (!routing->worst->count)
        return IFP_OK;
    spread_shares(routing, count, true);
    for (size_t b = 0; !code && b < routing->worst->count; b++) {
        const struct ifp_worst_block *block = &routing->worst->blocks[b];
        double value = ifp_worst_value(block, routing->by_route, routing->rented, routing->room,
                                       routing->deviation);
        size_t entries = 0;
        if (value <= routing->shares[first + b] + MISSED * fmax(1, value))
            continue;
        for (size_t m = 0; m < block->member_count; m++) {
            const struct ifp_worst_member *member = &block->members[m];
            if (!routing->rented[member->route] || !(routing->deviation[m] > 0))
                continue;
            routing->index[entries] = member->route; /* its column follows */
            routing->entry[entries++] = routing->deviation[m] * member->deviation;
        }
        for (size_t e = 0; e < entries; e++)
            routing->index[e] = routing->place_of_route[routing->index[e]];
        routing->index[entries] = first + b;
        routing->entry[entries++] = -1;
        code = ifp_lp_add_row(lp, -INFINITY, 0, entries, routing->index, routing->entry, error);
        ++*added;
    }
    spread_shares(routing, count, false);
    return code;
}

/* What the LP's shares really cost: weights by route are paid whole. */
static double total_usd(struct ifp_routing *routing, const struct ifp_selection *selection,
                        size_t count, double *storage_gb, double *budget_usd)
{
    const struct ifp_problem *problem = routing->problem;
    size_t queries = problem->query_count;
    const double *shares = routing->shares;
    struct spent spent = spent_by(problem, selection);
    double total = spent.usd;
    *storage_gb = spent.storage_gb;
    *budget_usd = spent.usd;
    for (size_t i = 0; i < queries; i++)
        total += problem->demands[i].unmet_usd * shares[i] + routing->penalty * shares[queries + i];
    for (size_t k = 0; k < count; k++) {
        const struct ifp_candidate *route = &problem->routes[routing->columns[k]];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        double share = shares[routing->first_route + k];
        if (share <= NOISE)
            continue;
        double weights = ifp_route_weights_usd(problem, c);
        total += share * (route->storage_usd + route->delay_usd) + weights;
        *budget_usd += share * route->storage_usd + weights;
        if (problem->storage_basis == IFP_STORAGE_ROUTE)
            *storage_gb += c->weights_gb;
    }
    spread_shares(routing, count, true);
    for (size_t b = 0; b < routing->worst->count; b++) {
        const struct ifp_worst_block *block = &routing->worst->blocks[b];
        if (block->usd > 0)
            total += block->usd * ifp_worst_value(block, routing->by_route, routing->rented,
                                                  routing->room, NULL);
    }
    spread_shares(routing, count, false);
    return total;
}

static void take_shares(struct ifp_routing *routing, size_t count)
{
    const double *shares = routing->shares + routing->first_route;
    routing->now.count = 0;
    for (size_t k = 0; k < count; k++) {
        if (shares[k] <= NOISE)
            continue;
        routing->now.route[routing->now.count] = routing->columns[k];
        routing->now.share[routing->now.count++] = shares[k];
    }
}

/* What remains where the routes' weights do not fit: without the route used least. */
static void drop_smallest(struct ifp_routing *routing)
{
    const struct ifp_problem *problem = routing->problem;
    struct ifp_valuation *now = &routing->now;
    size_t smallest = 0;
    for (size_t k = 1; k < now->count; k++) {
        if (now->share[k] / problem->routes[now->route[k]].max_share <
            now->share[smallest] / problem->routes[now->route[smallest]].max_share)
            smallest = k;
    }
    routing->allowed[now->route[smallest]] = false;
    now->count--;
    now->route[smallest] = now->route[now->count];
    now->share[smallest] = now->share[now->count];
}

/* Where each letter of the basis belongs: called for all of them, in the order of the LP's columns
 * and rows, to remember them or to make a basis of what is remembered. */
static void exchange_letters(struct ifp_routing *routing, const struct ifp_selection *selection,
                             size_t count, bool remember)
{
    const struct ifp_problem *problem = routing->problem;
    size_t queries = problem->query_count;
    size_t at = 0;
    char *letters = routing->letters;
    if (remember) {
        memset(routing->column_letter, 'l', routing->first_route + problem->route_count);
        memset(routing->capacity_letter, 'b', 2 * problem->pair_count);
        memset(routing->group_letter, 'b', group_count(problem));
    }
    size_t first = routing->first_route;
    for (size_t c = 0; c < first + count; c++) {
        char *mine = &routing->column_letter[c < first ? c : first + routing->columns[c - first]];
        *(remember ? mine : &letters[at]) = *(remember ? &letters[at] : mine);
        at++;
    }
    for (size_t r = 0; r < 3 * queries + 2; r++) {
        *(remember ? &routing->row_letter[r] : &letters[at]) =
            *(remember ? &letters[at] : &routing->row_letter[r]);
        at++;
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        for (size_t k = 0; k < 2 && selection->configuration[p] != SIZE_MAX; k++) {
            char *mine = &routing->capacity_letter[2 * p + k];
            *(remember ? mine : &letters[at]) = *(remember ? &letters[at] : mine);
            at++;
        }
    }
    for (size_t g = 0; g < group_count(problem); g++) {
        if (routing->group_row[g] == SIZE_MAX)
            continue;
        *(remember ? &routing->group_letter[g] : &letters[at]) =
            *(remember ? &letters[at] : &routing->group_letter[g]);
        at++;
    }
}

static size_t row_count(const struct ifp_routing *routing, const struct ifp_selection *selection)
{
    size_t rows = capacity_row(routing->problem, spent_by(routing->problem, selection).deployments);
    for (size_t g = 0; g < group_count(routing->problem); g++)
        rows += routing->group_row[g] != SIZE_MAX;
    return rows;
}

/* Solve for the routes, shedding those that the placement forbids; the LP's point is left in
 * routing->shares, and *solved says whether there is one worth having: below `than`. */
static int solve_routes(struct ifp_routing *routing, const struct ifp_selection *selection,
                        bool addition, double than, size_t *count, bool *solved,
                        struct ifp_error *error)
{
    struct ifp_lp *lp = NULL;
    bool changed = true;
    int cases = 0;
    double fixed = spent_by(routing->problem, selection).usd;
    *solved = false;
    routing->solves += 1;
    int code = build_lp(routing, selection, &lp, count, error);
    if (!code && addition) {
        exchange_letters(routing, selection, *count, false);
        code = ifp_lp_set_basis(lp, routing->letters, row_count(routing, selection), error);
    }
    for (int pass = 0; !code && changed && pass < SHEDS_MAX; pass++) {
        struct ifp_lp_result result;
        size_t added = 0;
        const struct ifp_lp_limits limits = {
            .iterations = ITERATIONS_MAX,
            .cutoff = INFINITY,
            .primal = addition && pass == 0 && cases == 0,
        };
        code = ifp_solve_in_slices(routing->run, lp, limits, &result, error);
        if (code || result.status != IFP_LP_OPTIMAL)
            break;
        if (pass == 0 && !routing->sunk) {
            code = ifp_lp_multipliers(lp, routing->now.price, error);
            if (!code && !addition && cases == 0) {
                code = ifp_lp_get_basis(lp, routing->letters, error);
                exchange_letters(routing, selection, *count, true);
            }
        }
        if (result.objective * routing->scale + fixed > than)
            break;
        if (!code)
            code = ifp_lp_point(lp, routing->shares, error);
        if (!code)
            code = add_cases(routing, lp, *count, &added, error);
        if (!code && added) {
            if (++cases == CASES_MAX)
                break;
            routing->solves += 1;
            pass--; /* that one does not count */
            continue;
        }
        if (!code)
            code = shed(routing, lp, *count, &changed, error);
        *solved = !code && !changed;
    }
    ifp_lp_free(lp);
    return code;
}

int ifp_routing_value(struct ifp_routing *routing, const struct ifp_selection *selection,
                      bool addition, double than, struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    size_t count;
    bool solved;
    routing->now.value = INFINITY;
    routing->now.complete = false;
    routing->now.count = 0;
    routing->sunk = false;
    int code = solve_routes(routing, selection, addition, than, &count, &solved, error);
    if (!code && solved)
        take_shares(routing, count);
    if (!code && solved && problem->storage_basis == IFP_STORAGE_ROUTE) {
        memset(routing->allowed, 0, problem->route_count * sizeof *routing->allowed);
        for (size_t k = 0; k < routing->now.count; k++)
            routing->allowed[routing->now.route[k]] = true;
        struct spent rent = spent_by(problem, selection);
        for (;;) {
            struct spent spent = rent;
            routing->sunk = true;
            add_sunk(routing, &spent);
            if (!routing->now.count || (fits(spent.usd, problem->budget_usd) &&
                                        fits(spent.storage_gb, problem->storage_gb)))
                break;
            drop_smallest(routing);
        }
        code = solve_routes(routing, selection, false, than, &count, &solved, error);
        routing->sunk = false;
        if (!code && solved)
            take_shares(routing, count);
    }
    if (code || !solved)
        return code;
    double storage_gb;
    double budget_usd;
    double missing = 0;
    double total = total_usd(routing, selection, count, &storage_gb, &budget_usd);
    for (size_t i = 0; i < problem->query_count; i++)
        missing += routing->shares[problem->query_count + i];
    if (!fits(storage_gb, problem->storage_gb) || !fits(budget_usd, problem->budget_usd))
        return IFP_OK;
    routing->now.value = total;
    routing->now.complete = missing <= 1e-9;
    return IFP_OK;
}

double ifp_routing_budget_price(const struct ifp_routing *routing)
{
    const struct ifp_problem *problem = routing->problem;
    if (isinf(problem->budget_usd))
        return 0;
    return fmin(0, routing->now.price[budget_row(problem)]) / scale_of(problem->budget_usd);
}

void ifp_routing_gains(const struct ifp_routing *routing,
                       const struct ifp_configuration *configuration, double *gain)
{
    const struct ifp_problem *problem = routing->problem;
    const double *price = routing->now.price;
    double budget = ifp_routing_budget_price(routing);
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_candidate *route = &problem->routes[configuration->first_route + k];
        gain[k] =
            price[route->query] - route_usd(problem, route) / routing->scale +
            budget * route->storage_usd +
            limit_coefficient(problem, route, true) * price[delay_row(problem, route->query)] +
            limit_coefficient(problem, route, false) * price[error_row(problem, route->query)];
    }
}
