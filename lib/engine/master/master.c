/* SPDX-License-Identifier: MIT */
/* A relaxation by deployments (Dantzig-Wolfe), solved by column generation. */
#include "engine/master/master.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/master/master_lp.h"
#include "engine/tuning.h"

/* -- the present bounds -- */

static size_t required_routes(const struct ifp_master *master, size_t configuration)
{
    const struct ifp_configuration *c = &master->problem->configurations[configuration];
    size_t count = 0;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++)
        count += ifp_master_route_required(master, r);
    return count;
}

static bool must_be_rented(const struct ifp_relaxation *relaxation, size_t configuration)
{
    const struct ifp_milp *milp = relaxation->milp;
    return relaxation->lower[milp->rent[configuration]] > 0.5 ||
           relaxation->lower[milp->replicas[configuration]] > 0.5;
}

/* Read which pairs must be rented and which configurations may be rented. */
static void read_bounds(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_relaxation *relaxation = master->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    for (size_t r = 0; r < problem->route_count; r++) {
        size_t column = ifp_milp_choice(milp, r);
        if (column == SIZE_MAX)
            continue;
        master->routes[r].state = relaxation->upper[column] < 0.5   ? ROUTE_CLOSED
                                  : relaxation->lower[column] > 0.5 ? ROUTE_REQUIRED
                                                                    : ROUTE_FREE;
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        size_t row = milp->degree[p];
        size_t maximum = 0; /* maximum over configurations of the number of required routes */
        bool rent = false;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            size_t taken = required_routes(master, c);
            maximum = taken > maximum ? taken : maximum;
            rent |= must_be_rented(relaxation, c);
        }
        master->required[p] =
            rent || maximum > 0 || (row != SIZE_MAX && relaxation->rows.lower[row] > 0.5);
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            /* Not rentable if another degree must be rented, or if a required route of the pair
             * does not exist for this configuration. */
            master->rentable[c] = relaxation->upper[milp->rent[c]] > 0.5 &&
                                  required_routes(master, c) == maximum &&
                                  (!rent || must_be_rented(relaxation, c));
        }
    }
}

static bool pattern_allowed(const struct ifp_master *master, const struct ifp_pattern *pattern)
{
    if (pattern->configuration == SIZE_MAX)
        return true;
    const struct ifp_configuration *c = &master->problem->configurations[pattern->configuration];
    if (!ifp_master_rentable(master, pattern->configuration, pattern->replicas))
        return false;
    size_t at = 0;
    /* Entries and routes are both in the order of queries. */
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        bool has = at < pattern->count && pattern->entries[at].route == r;
        if (has ? ifp_master_route_closed(master, r) : ifp_master_route_required(master, r))
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
    for (size_t p = 0; !code && p < problem->pair_count; p++) {
        size_t row = master->coupling->first_pair + p;
        if (master->required[p])
            code = ifp_master_activate(master, row, error);
        if (!code && master->place[row] != SIZE_MAX)
            code = ifp_lp_set_row_bounds(master->lp, master->place[row],
                                         master->required[p] ? 1 : -INFINITY, 1, error);
    }
    for (size_t s = 0; !code && s < master->column_count; s++) {
        struct ifp_master_column *column = &master->columns[s];
        bool allowed = pattern_allowed(master, &column->pattern);
        if (allowed != column->allowed)
            code = ifp_lp_set_column_bounds(master->lp, master->first_column + s, 0,
                                            allowed ? 1 : 0, error);
        column->allowed = allowed;
    }
    return code;
}

/* -- solving -- */

/* Write the LP's point in the columns of the compact MILP. */
static void write_point(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_milp *milp = master->relaxation->milp;
    double *point = master->relaxation->point;
    memset(point, 0, milp->column_count * sizeof *point);
    for (size_t i = 0; i < problem->query_count; i++)
        point[i] = master->values[i];
    for (size_t s = 0; s < master->column_count; s++) {
        const struct ifp_pattern *pattern = &master->columns[s].pattern;
        double weight = master->values[master->first_column + s];
        size_t c = pattern->configuration;
        if (weight <= 0 || c == SIZE_MAX)
            continue;
        point[milp->rent[c]] += weight;
        if (milp->replicas[c] != milp->rent[c])
            point[milp->replicas[c]] += weight * pattern->replicas;
        size_t exactly = ifp_milp_exactly(milp, c, pattern->replicas);
        if (exactly != SIZE_MAX)
            point[exactly] += weight;
        for (size_t t = 0; t < pattern->count; t++) {
            size_t column = ifp_milp_choice(milp, pattern->entries[t].route);
            point[ifp_milp_share(milp, pattern->entries[t].route)] +=
                weight * pattern->entries[t].share;
            if (column != SIZE_MAX)
                point[column] += weight;
        }
    }
}

/* The sum of the artificial columns. If it exceeds IFP_ARTIFICIAL_MIN, the point is not
 * feasible. */
static double artificial_sum(const struct ifp_master *master)
{
    double sum = 0;
    for (size_t i = master->problem->query_count; i < master->first_worst; i++)
        sum += master->values[i];
    for (size_t s = 0; s < master->column_count; s++) {
        if (master->columns[s].pattern.configuration == SIZE_MAX)
            sum += master->values[master->first_column + s];
    }
    return sum;
}

/* How much the routes of a query can compensate for others: in total, by model, by tier, and by
 * model and tier. */
struct slack {
    double all;
    double *model;
    double *tier;
    double *cell;
};

static void sum_slack(struct ifp_master *master, size_t query, size_t level, struct slack *slack)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    size_t cells = problem->model_count * problem->tier_count;
    size_t count = problem->model_count + problem->tier_count + cells;
    slack->model = master->shares + problem->route_count;
    slack->tier = slack->model + problem->model_count;
    slack->cell = slack->tier + problem->tier_count;
    slack->all = 0;
    memset(slack->model, 0, count * sizeof *slack->model);
    for (size_t k = coupling->query_start[query]; k < coupling->query_start[query + 1]; k++) {
        size_t r = coupling->of_query[k];
        const struct ifp_route_data *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        double share_slack = -fmin(0, coupling->level[level][r]) * master->shares[r];
        slack->all += share_slack;
        slack->model[c->model] += share_slack;
        slack->tier[c->tier] += share_slack;
        slack->cell[c->model * problem->tier_count + c->tier] += share_slack;
    }
}

/* The shares of the LP's point by route, into master->shares. */
static void sum_shares(struct ifp_master *master)
{
    memset(master->shares, 0, master->problem->route_count * sizeof *master->shares);
    for (size_t s = 0; s < master->column_count; s++) {
        const struct ifp_pattern *pattern = &master->columns[s].pattern;
        double weight = master->values[master->first_column + s];
        for (size_t t = 0; weight > 0 && t < pattern->count; t++)
            master->shares[pattern->entries[t].route] += weight * pattern->entries[t].share;
    }
}

/* Add rows for the balances that the shares violate. */
static int add_balances(struct ifp_master *master, size_t *added, struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    int code = IFP_OK;
    for (size_t i = 0; !code && i < IFP_SERVICE_COUNT * problem->query_count; i++) {
        size_t level = i / problem->query_count;
        size_t query = i % problem->query_count;
        struct slack slack;
        if (!coupling->has_limit[i])
            continue;
        sum_slack(master, query, level, &slack);
        for (size_t k = coupling->query_start[query]; !code && k < coupling->query_start[query + 1];
             k++) {
            size_t r = coupling->of_query[k];
            const struct ifp_configuration *c =
                &problem->configurations[problem->routes[r].configuration];
            size_t pair = coupling->pair[problem->routes[r].configuration];
            size_t row = ifp_coupling_balance(coupling, level, query, pair);
            double excess = fmax(0, coupling->alone[level][r]) * master->shares[r];
            double scale = coupling->balance_scale[row - coupling->first_balance];
            double others = slack.all - slack.model[c->model] - slack.tier[c->tier] +
                            slack.cell[c->model * problem->tier_count + c->tier];
            if (master->place[row] == SIZE_MAX &&
                excess > others + IFP_BALANCE_VIOLATION_MIN * scale) {
                code = ifp_master_activate(master, row, error);
                ++*added;
            }
        }
    }
    return code;
}

/* Add the rows of pairs, of the placement, of worst cases and of balances that the LP's point
 * violates. */
static int add_violated(struct ifp_master *master, size_t *added, struct ifp_error *error)
{
    const struct ifp_coupling *coupling = master->coupling;
    double *sums = master->sums;
    int code = IFP_OK;
    *added = 0;
    sum_shares(master); /* before new rows add artificial columns, which have no value yet */
    for (size_t r = coupling->first_placement; r < coupling->row_count; r++)
        sums[r] = 0;
    for (size_t s = 0; s < master->column_count; s++) {
        const struct ifp_pattern *pattern = &master->columns[s].pattern;
        double weight = master->values[master->first_column + s];
        if (weight <= 0 || pattern->configuration == SIZE_MAX)
            continue;
        sums[coupling->first_pair + coupling->pair[pattern->configuration]] += weight;
        for (size_t t = 0; t < pattern->count; t++) {
            size_t rows[2];
            size_t placed = ifp_coupling_placement(
                coupling, &master->problem->routes[pattern->entries[t].route], rows);
            for (size_t k = 0; k < placed; k++)
                sums[rows[k]] += weight;
        }
    }
    for (size_t r = coupling->first_placement; !code && r < coupling->row_count; r++) {
        bool counted = !ifp_master_is_balance(master, r);
        if (counted && master->place[r] == SIZE_MAX && sums[r] > 1 + IFP_ROW_VIOLATION_MIN) {
            code = ifp_master_activate(master, r, error);
            ++*added;
        }
    }
    if (!code)
        code = ifp_master_add_cases(master, added, error);
    if (!code && !*added && coupling->first_balance < coupling->first_pair)
        code = add_balances(master, added, error);
    return code;
}

/* Keep the bound of the last pricing and its reduced costs if it is the best one. */
static void keep_best(struct ifp_master *master, double bound, double *best)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    if (!(bound > *best))
        return;
    *best = bound;
    memcpy(master->center, master->price, master->coupling->row_count * sizeof *master->center);
    relaxation->reduced_bound = bound * relaxation->scale;
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        relaxation->reduced[relaxation->milp->rent[c]] = master->min_reduced[c] * relaxation->scale;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Drop idle patterns if there are very many. Pricing finds them again if they are needed. */
static int purge(struct ifp_master *master, size_t beyond, struct ifp_error *error)
{
    size_t maximum = IFP_MASTER_PATTERNS_MIN + IFP_MASTER_PATTERNS_PER_ROW * master->active_count;
    if (2 * master->column_count <= beyond * maximum)
        return IFP_OK;
    size_t columns = master->first_column + master->column_count;
    double *reduced = malloc(2 * columns * sizeof *reduced);
    size_t *gone = malloc(columns * sizeof *gone);
    int code = reduced && gone ? ifp_lp_reduced_costs(master->lp, reduced, error)
                               : ifp_error_memory(error);
    size_t count = 0;
    if (!code) {
        double *sorted = reduced + columns;
        memcpy(sorted, reduced + master->first_column, master->column_count * sizeof *sorted);
        qsort(sorted, master->column_count, sizeof *sorted, by_size);
        double threshold = sorted[maximum];
        size_t kept = 0;
        for (size_t s = 0; s < master->column_count; s++) {
            struct ifp_master_column *column = &master->columns[s];
            bool go = column->pattern.configuration != SIZE_MAX &&
                      reduced[master->first_column + s] > fmax(threshold, IFP_PATTERN_IDLE) &&
                      master->values[master->first_column + s] <= 0;
            if (go) {
                gone[count++] = master->first_column + s;
                free(column->pattern.entries);
            } else {
                master->columns[kept++] = *column;
            }
        }
        master->column_count = kept;
        code = ifp_lp_delete_columns(master->lp, count, gone, error);
        if (!code) /* columns have moved up */
            code = ifp_lp_point(master->lp, master->values, error);
    }
    free(reduced);
    free(gone);
    return code;
}

static int solve_lp(struct ifp_master *master, struct ifp_lp_result *result,
                    struct ifp_error *error)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    int maximum =
        IFP_MASTER_ITERATIONS_MIN + IFP_MASTER_ITERATIONS_PER_ROW * (int)master->active_count;
    int code = ifp_solve_small(relaxation->watch, master->lp, maximum, result, error);
    relaxation->iterations += result->iterations;
    if (!code && result->status != IFP_LP_OPTIMAL && !ifp_watch_stopped(relaxation->watch))
        ifp_watch_note_stuck(relaxation->watch);
    return code;
}

/* Does the LP's point, in master->values, have whole deployments only? */
static bool is_whole(struct ifp_master *master)
{
    double *rented = master->min_reduced; /* as workspace: not needed until the next pricing */
    bool whole = true;
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        rented[c] = 0;
    for (size_t s = 0; s < master->column_count; s++) {
        size_t c = master->columns[s].pattern.configuration;
        if (c != SIZE_MAX)
            rented[c] += master->values[master->first_column + s];
    }
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        whole &= fabs(rented[c] - floor(rented[c] + 0.5)) <= 1e-6;
    return whole;
}

/* Dual smoothing (Wentges 1997): the LP's prices oscillate from LP to LP, so price at a point
 * between them and the prices of the best bound. */
static void move_to_center(struct ifp_master *master)
{
    for (size_t r = 0; r < master->coupling->row_count; r++)
        master->price[r] = IFP_MASTER_SMOOTHING * master->center[r] +
                           (1 - IFP_MASTER_SMOOTHING) * master->price[r];
    ifp_master_adjust(master);
}

static bool converged(double objective, double bound)
{
    return objective - bound <= IFP_MASTER_CONVERGED * fmax(1, fabs(objective));
}

/* The state of one solve. Costs are scaled. */
struct solve {
    struct ifp_bound_effort effort;
    double cutoff;
    double best;    /* the best bound */
    double before;  /* the LP's objective when rows were last added */
    double missing; /* sum of the artificial columns at the last check */
    bool centered;  /* is master->center from this solve? */
    bool refused;   /* were patterns added in the last round? If none enters the basis, stop */
    /* The LP's least objective with its present rows, the largest bound, and the number of rounds
     * in which neither has changed. */
    double min_objective;
    double largest_bound;
    int idle_rounds;
};

/* Is the remaining gain small compared with the distance to the cutoff? Then it is not worth the
 * time, since a node with fractional deployments is branched on anyway. */
static bool is_enough(struct ifp_master *master, const struct solve *solve, double gain)
{
    return solve->effort.early && isfinite(solve->best) && isfinite(solve->cutoff) &&
           gain <= IFP_MASTER_GAIN_MIN * (solve->cutoff - solve->best) && !is_whole(master) &&
           artificial_sum(master) <= IFP_ARTIFICIAL_MIN;
}

/* Is the effort of pricing sufficient, although a search was cut short? */
static bool is_effort_enough(struct ifp_master *master, struct ifp_bound_effort effort)
{
    double maximum =
        effort.mode == IFP_BOUND_THOROUGH ? IFP_PRICING_NODES_THOROUGH : IFP_PRICING_NODES_MAX;
    if (effort.mode == IFP_BOUND_DIVE || master->effort >= maximum)
        return true;
    return master->effort >= (effort.early ? IFP_PRICING_NODES_MIN : IFP_PRICING_NODES_MAX) &&
           !is_whole(master);
}

int ifp_master_estimate(struct ifp_master *master, double *objective, struct ifp_error *error)
{
    struct ifp_lp_result result;
    int code = follow_bounds(master, error);
    if (!code)
        code = solve_lp(master, &result, error);
    if (code)
        return code;
    *objective = result.objective * master->relaxation->scale;
    return IFP_OK;
}

size_t ifp_master_pattern_count(const struct ifp_master *master)
{
    return master->column_count;
}

const struct ifp_pattern *ifp_master_pattern(const struct ifp_master *master, size_t k,
                                             double *weight)
{
    *weight = master->values[master->first_column + k];
    return &master->columns[k].pattern;
}

/* Are there too many rounds without progress? If prices are very large, rounding exceeds the
 * reduced costs of patterns, and the same patterns can enter again and again. */
static bool is_stalled(struct solve *solve, double objective)
{
    bool better =
        objective < solve->min_objective - IFP_MASTER_PROGRESS * fabs(objective) ||
        solve->best > solve->largest_bound + IFP_MASTER_PROGRESS * fabs(solve->largest_bound);
    solve->min_objective = fmin(solve->min_objective, objective);
    solve->largest_bound = fmax(solve->largest_bound, solve->best);
    solve->idle_rounds = better ? 0 : solve->idle_rounds + 1;
    return solve->idle_rounds >= IFP_MASTER_ROUNDS_STALLED;
}

/* Price at the LP's prices: first between them and those of the best bound, then at the prices
 * themselves, then with more effort. *added is the number of new patterns. *exact: are they from
 * the LP's own prices? */
static int pricing_round(struct ifp_master *master, struct solve *solve,
                         const struct ifp_lp_result *result, size_t *added, bool *exact,
                         struct ifp_error *error)
{
    double bound = -INFINITY;
    int code = ifp_master_read_prices(master, error);
    *added = 0;
    master->effort =
        solve->effort.mode == IFP_BOUND_DIVE ? IFP_PRICING_NODES_DIVE : IFP_PRICING_NODES_MIN;
    master->cut_short = false;
    if (!code && solve->centered && result->iterations > 0) {
        move_to_center(master);
        code = ifp_master_price(master, &bound, added, error);
        keep_best(master, bound, &solve->best);
        if (!code && !*added && solve->best <= solve->cutoff)
            code = ifp_master_read_prices(master, error);
    }
    *exact = !*added && solve->best <= solve->cutoff;
    if (!code && *exact) {
        code = ifp_master_price(master, &bound, added, error);
        keep_best(master, bound, &solve->best);
    }
    solve->centered = !master->worst->count && isfinite(solve->best);
    /* More effort only if no pattern was found with less, and the bound can still rise. */
    while (!code && !*added && master->cut_short && solve->best <= solve->cutoff &&
           !converged(result->objective, solve->best) &&
           !ifp_watch_stopped(master->relaxation->watch)) {
        code = ifp_lp_point(master->lp, master->values, error);
        if (code || is_effort_enough(master, solve->effort))
            break;
        master->effort *= IFP_PRICING_NODES_FACTOR;
        master->cut_short = false;
        code = ifp_master_price(master, &bound, added, error);
        keep_best(master, bound, &solve->best);
    }
    return code;
}

/* Is the solve over after a round of pricing: by the cutoff, or because the run is stopped? */
static bool is_closed(const struct ifp_master *master, const struct solve *solve,
                      enum ifp_relaxation_status *status)
{
    if (solve->best > solve->cutoff)
        *status = IFP_RELAXATION_CUTOFF;
    else if (ifp_watch_stopped(master->relaxation->watch))
        *status = IFP_RELAXATION_STOPPED;
    else
        return false;
    return true;
}

/* Are patterns to be added no longer? Their reduced costs may be negative by rounding only, or the
 * gain is not worth the time. */
static bool is_priced(struct ifp_master *master, const struct solve *solve,
                      const struct ifp_lp_result *result, size_t added, int round)
{
    return converged(result->objective, solve->best) || (solve->refused && !result->iterations) ||
           (added && is_enough(master, solve, result->objective - solve->best)) ||
           (solve->effort.mode == IFP_BOUND_DIVE && artificial_sum(master) <= IFP_ARTIFICIAL_MIN &&
            (size_t)round >=
                IFP_MASTER_ROUNDS_DIVE + master->active_count / IFP_MASTER_ROUNDS_DIVE_ROWS);
}

/* Add violated rows; *added is their number. */
static int row_round(struct ifp_master *master, struct solve *solve, double objective,
                     size_t *added, struct ifp_error *error)
{
    int code = add_violated(master, added, error);
    solve->before = objective;
    if (*added) /* with more rows the objective increases */
        solve->min_objective = INFINITY;
    return code;
}

/* Every IFP_MASTER_ROUNDS_ARTIFICIAL rounds: *hopeless: have the artificial columns not shrunk
 * enough? If they are zero, add violated rows before the LP has converged, since they would be
 * added anyway. */
static int check_missing(struct ifp_master *master, struct solve *solve, double objective,
                         size_t patterns, bool *hopeless, struct ifp_error *error)
{
    double still = artificial_sum(master);
    size_t rows;
    *hopeless = still > IFP_ARTIFICIAL_MIN && still > IFP_MASTER_ARTIFICIAL_LEFT * solve->missing;
    if (*hopeless)
        return IFP_OK;
    solve->missing = still;
    if (still <= IFP_ARTIFICIAL_MIN && patterns &&
        objective - solve->best <= IFP_MASTER_NEAR * fabs(solve->best))
        return row_round(master, solve, objective, &rows, error);
    return IFP_OK;
}

/* No pattern is left to add, so add violated rows. If no row is violated, the LP is solved and
 * *over becomes true. */
static int finish_round(struct ifp_master *master, struct solve *solve, double objective,
                        bool *over, enum ifp_relaxation_status *status, struct ifp_error *error)
{
    size_t rows = 0;
    int code = IFP_OK;
    if (!is_enough(master, solve, objective - solve->before))
        code = row_round(master, solve, objective, &rows, error);
    if (code || rows)
        return code;
    if (artificial_sum(master) <= IFP_ARTIFICIAL_MIN) {
        write_point(master);
        *status = IFP_RELAXATION_SOLVED;
    }
    *over = true;
    code = purge(master, IFP_MASTER_PURGE_AFTER, error);
    if (!code)
        code = ifp_master_drop_cases(master, error);
    return code ? code : ifp_lp_point(master->lp, master->values, error);
}

static void clear_results(struct ifp_relaxation *relaxation)
{
    relaxation->bound = -INFINITY;
    relaxation->reduced_bound = -INFINITY;
    for (size_t c = 0; c < relaxation->milp->column_count; c++)
        relaxation->reduced[c] = -INFINITY;
}

int ifp_master_solve(struct ifp_master *master, struct ifp_bound_effort effort, double cutoff,
                     enum ifp_relaxation_status *status, struct ifp_error *error)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    struct solve solve = {.effort = effort,
                          .cutoff = cutoff / relaxation->scale,
                          .best = -INFINITY,
                          .before = -INFINITY,
                          .missing = INFINITY,
                          .min_objective = INFINITY,
                          .largest_bound = -INFINITY};
    bool over = false;
    clear_results(relaxation);
    int code = follow_bounds(master, error);
    *status = IFP_RELAXATION_UNKNOWN;
    for (int round = 0; !code && !over && round < IFP_MASTER_ROUNDS_MAX; round++) {
        struct ifp_lp_result result;
        size_t added;
        bool exact;
        code = solve_lp(master, &result, error);
        if (code || result.status != IFP_LP_OPTIMAL) {
            if (ifp_watch_stopped(relaxation->watch))
                *status = IFP_RELAXATION_STOPPED;
            break;
        }
        code = pricing_round(master, &solve, &result, &added, &exact, error);
        if (code)
            break;
        relaxation->objective = result.objective * relaxation->scale;
        relaxation->bound = solve.best * relaxation->scale;
        if (is_closed(master, &solve, status))
            break;
        code = ifp_lp_point(master->lp, master->values, error);
        if (is_priced(master, &solve, &result, added, round))
            added = 0;
        solve.refused = added > 0 && exact;
        if (!code && added)
            code = purge(master, IFP_MASTER_PURGE_WITHIN, error);
        if (code || is_stalled(&solve, result.objective))
            break;
        if (round % IFP_MASTER_ROUNDS_ARTIFICIAL == IFP_MASTER_ROUNDS_ARTIFICIAL - 1)
            code = check_missing(master, &solve, result.objective, added, &over, error);
        if (!code && !over && !added)
            code = finish_round(master, &solve, result.objective, &over, status, error);
    }
    return code;
}
