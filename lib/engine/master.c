/* SPDX-License-Identifier: MIT */
/* A relaxation by deployments, solved by column generation. */
#include "engine/master.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/master_lp.h"

/* A pattern whose reduced cost is not below this, in scaled dollars, changes nothing. */
static const double ATTRACTIVE = 1e-8;

/* The bound is that of the LP up to this part. */
static const double CONVERGED = 1e-9;

/* A row that is violated by less is left out: as much the LP solver allows itself in any row. */
static const double VIOLATED = 1e-9;

/* Stand-ins for patterns that sum to less are rounding. */
static const double MISSING = 1e-7;

/* Balances only tighten the bound: those violated by little are not worth a row. */
static const double BALANCE_VIOLATED = 1e-3;

/* Nodes of one search of pricing: at first, then more until it is not cut short or there are
 * enough; beyond that only where whole deployments are rented, and the plan should meet its bound.
 */
static const double EFFORT_LEAST = 200;
static const double EFFORT_MORE = 25;
static const double EFFORT_ENOUGH = 5000;
static const double EFFORT_MOST = 1e5;

/* ROUNDS_STANDING_IN: after that many patterns should have replaced the stand-ins; where not, there
 * may be no plan at all, and prices only rise. Patterns beyond PATTERNS_MOST and as many as
 * PATTERNS_PER_ROW for each row go when they do nothing. */
enum {
    REPLICAS_MANY = 64,
    ROUNDS_MAX = 2000,
    ROUNDS_STANDING_IN = 25,
    ITERATIONS_LEAST = 1000, /* of the LP; as many, and so many for each row, and it is stuck */
    ITERATIONS_PER_ROW = 50,
    PATTERNS_MOST = 100,
    PATTERNS_PER_ROW = 2
};

bool ifp_master_pays(const struct ifp_problem *problem)
{
    for (size_t c = 0; c < problem->configuration_count; c++) {
        if (problem->configurations[c].max_replicas > REPLICAS_MANY)
            return false;
    }
    return true;
}

/* -- the present bounds -- */

static bool route_closed(const struct ifp_master *master, size_t route)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    size_t column = relaxation->milp->route[route];
    return column != SIZE_MAX && relaxation->upper[column] < 0.5;
}

static bool route_required(const struct ifp_master *master, size_t route)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    size_t column = relaxation->milp->route[route];
    return column != SIZE_MAX && relaxation->lower[column] > 0.5;
}

static size_t required_routes(const struct ifp_master *master, size_t configuration)
{
    const struct ifp_configuration *c = &master->problem->configurations[configuration];
    size_t count = 0;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++)
        count += route_required(master, r);
    return count;
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
            size_t taken = required_routes(master, c);
            most = taken > most ? taken : most;
            rent |= relaxation->lower[milp->rent[c]] > 0.5;
        }
        master->required[p] =
            rent || most > 0 || (row != SIZE_MAX && relaxation->rows.lower[row] > 0.5);
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            /* Another degree that must be rented, or a route that must be taken and is not this
             * configuration's, rules it out. */
            master->rentable[c] = relaxation->upper[milp->rent[c]] > 0.5 &&
                                  required_routes(master, c) == most &&
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

static bool pattern_allowed(const struct ifp_master *master, const struct ifp_pattern *pattern)
{
    if (pattern->configuration == SIZE_MAX)
        return true;
    const struct ifp_configuration *c = &master->problem->configurations[pattern->configuration];
    if (!rentable(master, pattern->configuration, pattern->replicas))
        return false;
    size_t at = 0;
    /* Parts and routes are both in the order of queries. */
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        bool has = at < pattern->count && pattern->parts[at].route == r;
        if (has ? route_closed(master, r) : route_required(master, r))
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
    for (size_t s = 0; !code && s < master->member_count; s++) {
        struct member *member = &master->members[s];
        bool allowed = pattern_allowed(master, &member->pattern);
        if (allowed != member->allowed)
            code = ifp_lp_set_column_bounds(master->lp, master->first_member + s, 0,
                                            allowed ? 1 : 0, error);
        member->allowed = allowed;
    }
    return code;
}

/* -- pricing -- */

/* What the prices of balances and of worst cases add to the value of routes. */
static void adjust(struct ifp_master *master)
{
    const struct ifp_coupling *coupling = master->coupling;
    const struct ifp_problem *problem = master->problem;
    for (size_t r = 0; r < problem->route_count; r++)
        master->adjustment[r] = 0;
    for (size_t b = 0; b < master->balance_count; b++) {
        size_t row = master->balances[b];
        size_t query = (row - coupling->first_balance) / problem->pair_count % problem->query_count;
        double price = master->price[row];
        for (size_t k = coupling->query_start[query];
             price != 0 && k < coupling->query_start[query + 1]; k++) {
            size_t route = coupling->of_query[k];
            master->adjustment[route] += price * ifp_coupling_in_balance(coupling, row, route);
        }
    }
    ifp_master_adjust_by_cases(master);
}

/* The LP's prices by coupling row; one of the wrong sign for a row "<=" is no price. */
static int read_prices(struct ifp_master *master, struct ifp_error *error)
{
    int code = ifp_lp_multipliers(master->lp, master->row_value, error);
    for (size_t r = 0; !code && r < master->coupling->row_count; r++)
        master->price[r] = 0;
    for (size_t a = 0; !code && a < master->active_count; a++) {
        size_t row = master->active[a];
        double price = master->row_value[a];
        if (row >= master->coupling->row_count) {
            master->cases[row - master->coupling->row_count].price =
                isfinite(price) ? fmin(0, price) : 0;
            continue;
        }
        bool equation = ifp_master_is_demand(master, row) ||
                        (ifp_master_is_pair(master, row) &&
                         master->required[row - master->coupling->first_pair]);
        if (isfinite(price) && (equation || price < 0))
            master->price[row] = price;
    }
    if (!code)
        adjust(master);
    return code;
}

/* What a configuration could serve and at what value. *free: no item has a charge that it could do
 * without. *concave: nor has any route that more replicas might make one. */
static size_t make_items(struct ifp_master *master, const struct ifp_configuration *c,
                         double replicas, bool *free, bool *concave)
{
    const struct ifp_problem *problem = master->problem;
    size_t count = 0;
    *free = true;
    *concave = true;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        const struct ifp_candidate *route = &problem->routes[r];
        if (route_closed(master, r))
            continue;
        struct ifp_item *item = &master->items[count];
        *item = (struct ifp_item){
            .route = r,
            .most = route->max_share,
            .value = ifp_coupling_value(master->coupling, master->price, r) + master->adjustment[r],
            .forced = route_required(master, r),
        };
        if (!item->forced && item->value <= 0)
            continue;
        item->charge = ifp_coupling_charge(master->coupling, master->price, route);
        *concave &= item->forced || item->charge == 0;
        /* Room of 0 holds only what needs none: the filter has left nothing else. */
        item->kv = c->kv_gb > 0 ? route->kv_gb / c->kv_gb : 0;
        item->tflops = route->tflops / c->tflops;
        if (item->kv > 0)
            item->most = fmin(item->most, replicas / item->kv);
        if (item->tflops > 0)
            item->most = fmin(item->most, replicas / item->tflops);
        if (!item->forced && item->value * item->most <= item->charge)
            continue;
        *free &= item->forced || item->charge == 0;
        count++;
    }
    return count;
}

/* One configuration with so many replicas: its least reduced cost (the pair row's price apart), as
 * a safe lower bound, and its best pattern where that is attractive. *value is the pattern's. */
static int price_replicas(struct ifp_master *master, size_t c, double replicas, double pair_price,
                          double *least, double *value, bool *concave, size_t *added,
                          struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    double rent = ifp_coupling_rent(master->coupling, master->price, c, replicas);
    bool free;
    size_t count = make_items(master, configuration, replicas, &free, concave);
    double most;
    double limit = rent - pair_price;
    double best = free ? ifp_pricing_fill(master->pricing, master->items, count, replicas, &most)
                       : ifp_pricing_solve(master->pricing, master->items, count, replicas, limit,
                                           master->effort, &most);
    if (!free)
        master->cut_short |= ifp_pricing_cut_short(master->pricing);
    double size = fabs(rent) + fabs(most);
    *least = rent - most - 1e-13 * size;
    *value = rent - best;
    if (rent - best - pair_price > -ATTRACTIVE)
        return IFP_OK;
    ++*added;
    return ifp_master_add_pattern(master, c, replicas, count, error);
}

/* All numbers of replicas of one configuration, into master->least. Where routes are free, what a
 * deployment is worth is concave in its replicas: past the best number all are worse. */
static int price_configuration(struct ifp_master *master, size_t c, double pair_price,
                               size_t *added, struct ifp_error *error)
{
    double last = INFINITY;
    master->least[c] = INFINITY;
    for (double m = 1; m <= master->problem->configurations[c].max_replicas; m++) {
        double least;
        double value;
        bool concave;
        if (!rentable(master, c, m))
            continue;
        if (ifp_run_stopped(master->relaxation->run)) {
            master->least[c] = -INFINITY; /* not known */
            return IFP_OK;
        }
        int code = price_replicas(master, c, m, pair_price, &least, &value, &concave, added, error);
        if (code)
            return code;
        master->least[c] = fmin(master->least[c], least);
        if (concave && value > last + 1e-9 * (1 + fabs(last)))
            break;
        last = value;
    }
    return IFP_OK;
}

/* Lagrange's bound at the present prices, in scaled dollars, and new patterns. */
static int price_all(struct ifp_master *master, double *bound, size_t *added,
                     struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    double total = 0;
    double size = 0;
    *added = 0;
    total += ifp_master_cases_bound(master, &size);
    for (size_t i = 0; i < problem->query_count; i++) {
        double unmet =
            (master->relaxation->cost[i] - master->price[i]) * problem->demands[i].max_unmet;
        total += master->price[i] + fmin(0, unmet);
        size += fabs(master->price[i]) + fabs(unmet);
    }
    for (size_t r = problem->query_count; r < coupling->first_balance; r++) {
        total += master->price[r] * coupling->upper[r];
        size += fabs(master->price[r] * coupling->upper[r]);
    }
    /* Each pair's best is chosen by itself. */
    for (size_t p = 0; p < problem->pair_count; p++) {
        double pair_price = master->price[coupling->first_pair + p];
        double least = master->required[p] ? INFINITY : 0;
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            int code = price_configuration(master, c, pair_price, added, error);
            if (code)
                return code;
            least = fmin(least, master->least[c]);
        }
        total += least;
        size += isinf(least) ? 0 : fabs(least);
        /* What renting a configuration costs beyond the pair's best. */
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            master->least[c] = isfinite(least) ? master->least[c] - least : 0;
        }
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
    for (size_t s = 0; s < master->member_count; s++) {
        const struct ifp_pattern *pattern = &master->members[s].pattern;
        double weight = master->values[master->first_member + s];
        size_t c = pattern->configuration;
        if (weight <= 0 || c == SIZE_MAX)
            continue;
        point[milp->rent[c]] += weight;
        if (milp->replicas[c] != milp->rent[c])
            point[milp->replicas[c]] += weight * pattern->replicas;
        for (size_t t = 0; t < pattern->count; t++) {
            size_t column = milp->route[pattern->parts[t].route];
            point[milp->share[pattern->parts[t].route]] += weight * pattern->parts[t].share;
            if (column != SIZE_MAX)
                point[column] += weight;
        }
    }
}

/* What stands in for missing patterns: more than rounding of it means that the point is none. */
static double stand_ins(const struct ifp_master *master)
{
    double sum = 0;
    for (size_t i = master->problem->query_count; i < master->first_worst; i++)
        sum += master->values[i];
    for (size_t s = 0; s < master->member_count; s++) {
        if (master->members[s].pattern.configuration == SIZE_MAX)
            sum += master->values[master->first_member + s];
    }
    return sum;
}

/* What of a query's routes can make good for others, by model, tier and pair. */
struct slack {
    double all;
    double *model;
    double *tier;
    double *pair;
};

static void sum_slack(struct ifp_master *master, size_t query, bool error, struct slack *slack)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    size_t count = problem->model_count + problem->tier_count + problem->pair_count;
    slack->model = master->shares + problem->route_count;
    slack->tier = slack->model + problem->model_count;
    slack->pair = slack->tier + problem->tier_count;
    slack->all = 0;
    memset(slack->model, 0, count * sizeof *slack->model);
    for (size_t k = coupling->query_start[query]; k < coupling->query_start[query + 1]; k++) {
        size_t r = coupling->of_query[k];
        const struct ifp_candidate *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        double part = -fmin(0, error ? coupling->error[r] : coupling->delay[r]) * master->shares[r];
        slack->all += part;
        slack->model[c->model] += part;
        slack->tier[c->tier] += part;
        slack->pair[coupling->pair[route->configuration]] += part;
    }
}

/* By route, of the LP's point. */
static void sum_shares(struct ifp_master *master)
{
    memset(master->shares, 0, master->problem->route_count * sizeof *master->shares);
    for (size_t s = 0; s < master->member_count; s++) {
        const struct ifp_pattern *pattern = &master->members[s].pattern;
        double weight = master->values[master->first_member + s];
        for (size_t t = 0; weight > 0 && t < pattern->count; t++)
            master->shares[pattern->parts[t].route] += weight * pattern->parts[t].share;
    }
}

/* Bring in the balances that the shares violate. */
static int add_balances(struct ifp_master *master, size_t *added, struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    int code = IFP_OK;
    for (size_t i = 0; !code && i < 2 * problem->query_count; i++) {
        bool kind = i >= problem->query_count;
        size_t query = i % problem->query_count;
        struct slack slack;
        if (!(kind ? coupling->has_error : coupling->has_delay)[query])
            continue;
        sum_slack(master, query, kind, &slack);
        for (size_t k = coupling->query_start[query]; !code && k < coupling->query_start[query + 1];
             k++) {
            size_t r = coupling->of_query[k];
            const struct ifp_configuration *c =
                &problem->configurations[problem->routes[r].configuration];
            size_t pair = coupling->pair[problem->routes[r].configuration];
            size_t row = ifp_coupling_balance(coupling, kind, query, pair);
            double excess = fmax(0, (kind ? coupling->error_alone : coupling->delay_alone)[r]) *
                            master->shares[r];
            double scale = coupling->largest[row - coupling->first_balance];
            double others =
                slack.all - slack.model[c->model] - slack.tier[c->tier] + slack.pair[pair];
            if (master->place[row] == SIZE_MAX && excess > others + BALANCE_VIOLATED * scale) {
                code = ifp_master_activate(master, row, error);
                ++*added;
            }
        }
    }
    return code;
}

/* Bring in the rows of pairs, of the placement, of worst cases and of balances that the LP's point
 * violates. */
static int add_violated(struct ifp_master *master, size_t *added, struct ifp_error *error)
{
    const struct ifp_coupling *coupling = master->coupling;
    double *sums = master->sums;
    int code = IFP_OK;
    *added = 0;
    sum_shares(master); /* before rows bring in stand-ins, which have no value yet */
    for (size_t r = coupling->first_placement; r < coupling->row_count; r++)
        sums[r] = 0;
    for (size_t s = 0; s < master->member_count; s++) {
        const struct ifp_pattern *pattern = &master->members[s].pattern;
        double weight = master->values[master->first_member + s];
        if (weight <= 0 || pattern->configuration == SIZE_MAX)
            continue;
        sums[coupling->first_pair + coupling->pair[pattern->configuration]] += weight;
        for (size_t t = 0; t < pattern->count; t++) {
            size_t rows[2];
            size_t placed = ifp_coupling_placement(
                coupling, &master->problem->routes[pattern->parts[t].route], rows);
            for (size_t k = 0; k < placed; k++)
                sums[rows[k]] += weight;
        }
    }
    for (size_t r = coupling->first_placement; !code && r < coupling->row_count; r++) {
        bool counted = !ifp_master_is_balance(master, r);
        if (counted && master->place[r] == SIZE_MAX && sums[r] > 1 + VIOLATED) {
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

/* The best bound, and the reduced costs that go with it, from the last pricing. */
static void keep_best(struct ifp_master *master, double bound, double *best)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    if (!(bound > *best))
        return;
    *best = bound;
    relaxation->reduced_bound = bound * relaxation->scale;
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        relaxation->reduced[relaxation->milp->rent[c]] = master->least[c] * relaxation->scale;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Forget patterns that have done nothing when there are very many: pricing finds them again. */
static int purge(struct ifp_master *master, struct ifp_error *error)
{
    size_t most = PATTERNS_MOST + PATTERNS_PER_ROW * master->active_count;
    if (2 * master->member_count <= 3 * most)
        return IFP_OK;
    size_t columns = master->first_member + master->member_count;
    double *reduced = malloc(2 * columns * sizeof *reduced);
    size_t *gone = malloc(columns * sizeof *gone);
    int code = reduced && gone ? ifp_lp_reduced_costs(master->lp, reduced, error)
                               : ifp_error_memory(error);
    size_t count = 0;
    if (!code) {
        double *sorted = reduced + columns;
        memcpy(sorted, reduced + master->first_member, master->member_count * sizeof *sorted);
        qsort(sorted, master->member_count, sizeof *sorted, by_size);
        double threshold = sorted[most];
        size_t kept = 0;
        for (size_t s = 0; s < master->member_count; s++) {
            struct member *member = &master->members[s];
            bool go = member->pattern.configuration != SIZE_MAX &&
                      reduced[master->first_member + s] > fmax(threshold, ATTRACTIVE) &&
                      master->values[master->first_member + s] <= 0;
            if (go) {
                gone[count++] = master->first_member + s;
                free(member->pattern.parts);
            } else {
                master->members[kept++] = *member;
            }
        }
        master->member_count = kept;
        code = ifp_lp_delete_columns(master->lp, count, gone, error);
    }
    free(reduced);
    free(gone);
    return code;
}

/* By the primal method, which columns that come in leave feasible; where that gets stuck, by the
 * other one. */
static int solve_lp(struct ifp_master *master, struct ifp_lp_result *result,
                    struct ifp_error *error)
{
    struct ifp_relaxation *relaxation = master->relaxation;
    int most = ITERATIONS_LEAST + ITERATIONS_PER_ROW * (int)master->active_count;
    int code = IFP_OK;
    for (int turn = 0; turn < 2; turn++) {
        const struct ifp_lp_limits limits = {
            .iterations = most, .cutoff = INFINITY, .primal = turn == 0};
        code = ifp_solve_in_slices(relaxation->run, master->lp, limits, result, error);
        if (code)
            break;
        relaxation->iterations += result->iterations;
        if (result->status == IFP_LP_OPTIMAL || ifp_run_stopped(relaxation->run))
            break;
        ifp_run_log(relaxation->run, "the master's LP is stuck");
    }
    return code;
}

/* Does the LP's point rent whole deployments only? */
static int is_whole(struct ifp_master *master, bool *whole, struct ifp_error *error)
{
    double *rented = master->least; /* not needed until the next pricing */
    int code = ifp_lp_point(master->lp, master->values, error);
    *whole = true;
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        rented[c] = 0;
    for (size_t s = 0; s < master->member_count; s++) {
        size_t c = master->members[s].pattern.configuration;
        if (c != SIZE_MAX)
            rented[c] += master->values[master->first_member + s];
    }
    for (size_t c = 0; c < master->problem->configuration_count; c++)
        *whole &= fabs(rented[c] - floor(rented[c] + 0.5)) <= 1e-6;
    return code;
}

static bool converged(double objective, double bound)
{
    return objective - bound <= CONVERGED * fmax(1, fabs(objective));
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
    bool refused = false; /* patterns came in; if the LP takes none of them, that is it */
    *status = IFP_RELAXATION_UNKNOWN;
    for (int round = 0; !code && round < ROUNDS_MAX; round++) {
        struct ifp_lp_result result;
        double bound = -INFINITY;
        size_t added = 0;
        bool whole = true;
        code = solve_lp(master, &result, error);
        if (code)
            break;
        if (result.status != IFP_LP_OPTIMAL) {
            if (ifp_run_stopped(relaxation->run))
                *status = IFP_RELAXATION_STOPPED;
            break;
        }
        code = read_prices(master, error);
        master->effort = EFFORT_LEAST;
        master->cut_short = false;
        if (!code)
            code = price_all(master, &bound, &added, error);
        keep_best(master, bound, &best);
        /* Harder only where nothing was found easily, and there is something to be gained. */
        while (!code && !added && master->cut_short && best <= scaled &&
               !converged(result.objective, best) && !ifp_run_stopped(relaxation->run)) {
            if (master->effort >= EFFORT_ENOUGH)
                code = is_whole(master, &whole, error);
            if (code || !whole || master->effort >= EFFORT_MOST)
                break;
            master->effort *= EFFORT_MORE;
            master->cut_short = false;
            code = price_all(master, &bound, &added, error);
            keep_best(master, bound, &best);
        }
        if (code)
            break;
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
        /* What is still attractive may be so by rounding alone. */
        if (converged(result.objective, best) || (refused && !result.iterations))
            added = 0;
        refused = added > 0;
        if (added && round != ROUNDS_STANDING_IN)
            continue;
        code = ifp_lp_point(master->lp, master->values, error);
        if (code || (round == ROUNDS_STANDING_IN && stand_ins(master) > MISSING))
            break;
        if (!added) {
            code = add_violated(master, &added, error);
            if (code || added)
                continue;
            if (stand_ins(master) <= MISSING) {
                write_point(master);
                *status = IFP_RELAXATION_SOLVED;
            }
            code = purge(master, error);
            if (!code)
                code = ifp_master_drop_cases(master, error);
            break;
        }
    }
    return code;
}
