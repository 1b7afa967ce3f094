/* SPDX-License-Identifier: MIT */
/* Local search over plans with at most one route for each query type. */
#include <math.h>
#include <string.h>

#include "engine/heuristics/eval_single_table.h"
#include "engine/draw.h"

/* A change must save more than this fraction, so that the search does not cycle. */
static const double WORTH = 1e-9;
/* ifp_assign_wander accepts a fleet that is worse than the last one by at most this fraction of the
 * cost. */
static const double ASTRAY = 0.03;

/* Thresholds for rounding a point: pairs rented by at least NEARLY come first, then those rented by
 * at least HALF. A route is taken if its share is at least HALF of its largest one. */
static const double NEARLY = 0.9;
static const double HALF = 0.5;

enum { ASTRAY_MAX = 12, MOVES_MAX = 20, KICKED_AT_RANDOM = 6 };

/* -- moves -- */

/* Reallocate the capacity of a deployment among the query types that it serves. */
static void refill(struct ifp_assign *assign, struct ifp_selection *fleet, size_t p)
{
    const struct ifp_problem *problem = assign->problem;
    size_t c = fleet->configuration[p];
    size_t count = 0;
    bool partial = false;
    double most;
    for (size_t i = 0; i < problem->query_count; i++) {
        size_t r = fleet->route[i];
        if (r == SIZE_MAX || problem->routes[r].configuration != c)
            continue;
        partial |= fleet->share[i] < assign->most[r];
        assign->items[count++] = (struct ifp_item){.route = r,
                                                   .value = assign->value[r],
                                                   .kv = assign->kv[r],
                                                   .tflops = assign->tflops[r],
                                                   .most = assign->most[r]};
    }
    if (!partial)
        return;
    ifp_pricing_fill(assign->pricing, assign->items, count, fleet->replicas[p], &most);
    for (size_t k = 0; k < count; k++) {
        const struct ifp_item *item = &assign->items[k];
        size_t query = problem->routes[item->route].query;
        double more = (item->share - fleet->share[query]) *
                      ifp_route_storage_usd(problem, &problem->routes[item->route]);
        if (more > 0 && !ifp_assign_fits(problem, fleet, more, 0))
            continue;
        if (item->share > 0 && ifp_assign_earned(assign, item->route, item->share) > 0)
            ifp_assign_put_on(assign, fleet, item->route, item->share);
        else
            ifp_assign_take_off(assign, fleet, query);
    }
}

/* The largest share of a route for which its deployment has capacity left. */
static double share_left(const struct ifp_assign *assign, const struct ifp_selection *fleet,
                         size_t p, size_t route)
{
    double share = assign->most[route];
    if (assign->kv[route] > 0)
        share = fmin(share, (fleet->replicas[p] - fleet->kv[p]) / assign->kv[route]);
    if (assign->tflops[route] > 0)
        share = fmin(share, (fleet->replicas[p] - fleet->tflops[p]) / assign->tflops[route]);
    return fmax(0, share);
}

/* Move query types to deployments where they save more, one at a time. */
static void relocate(struct ifp_assign *assign, struct ifp_selection *fleet)
{
    const struct ifp_problem *problem = assign->problem;
    bool moved = true;
    for (int pass = 0; moved && pass < MOVES_MAX; pass++) {
        moved = false;
        for (size_t i = 0; i < problem->query_count; i++) {
            size_t best = SIZE_MAX;
            double best_share = 0;
            double gain = WORTH * (1 + fabs(fleet->earned[i]));
            size_t old = fleet->route[i];
            double released =
                old == SIZE_MAX
                    ? 0
                    : ifp_assign_charge(problem, old) +
                          ifp_route_storage_usd(problem, &problem->routes[old]) * fleet->share[i];
            for (size_t p = 0; p < problem->pair_count; p++) {
                size_t c = fleet->configuration[p];
                if (c == SIZE_MAX)
                    continue;
                size_t r = assign->route_at[c * problem->query_count + i];
                if (r == SIZE_MAX || r == old || assign->most[r] <= 0)
                    continue;
                double share = share_left(assign, fleet, p, r);
                double more = ifp_assign_earned(assign, r, share) - fleet->earned[i];
                double usd = ifp_assign_charge(problem, r) +
                             ifp_route_storage_usd(problem, &problem->routes[r]) * share;
                double gb = ifp_assign_route_gb(problem, r) -
                            (old == SIZE_MAX ? 0 : ifp_assign_route_gb(problem, old));
                if (share > 0 && more > gain &&
                    ifp_assign_fits(problem, fleet, usd - released, gb)) {
                    best = r;
                    best_share = share;
                    gain = more;
                }
            }
            if (best == SIZE_MAX)
                continue;
            ifp_assign_put_on(assign, fleet, best, best_share);
            if (old != SIZE_MAX)
                refill(assign, fleet, assign->pair[problem->routes[old].configuration]);
            moved = true;
        }
    }
}

/* Fill the items of a configuration. Returns an upper bound on the saving by renting it. */
static double promise(struct ifp_assign *assign, const struct ifp_selection *fleet, size_t c,
                      size_t *count)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    const struct ifp_room_price price = assign->room_price[c];
    double brought = 0;
    *count = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        /* The additional saving here, compared with its present route. */
        double gain = assign->whole[r].earned - fleet->earned[assign->whole[r].query];
        if (gain <= 0)
            continue;
        double most = assign->most[r];
        assign->items[*count] = (struct ifp_item){.route = r,
                                                  .value = gain / most,
                                                  .kv = assign->kv[r],
                                                  .tflops = assign->tflops[r],
                                                  .most = most};
        brought += ifp_pricing_rest(&assign->items[(*count)++], price);
    }
    double room = price.kv + price.tflops;
    double most = configuration->max_replicas;
    return brought + fmax(room - ifp_assign_fixed_usd(problem, c, 1),
                          most * room - ifp_assign_fixed_usd(problem, c, most));
}

/* The saving of a deployment of `replicas` replicas with the items, net of its rent. Sets `taken`
 * of each item. */
static double bring(struct ifp_assign *assign, const struct ifp_selection *fleet, size_t c,
                    size_t count, double replicas)
{
    double most;
    double brought = 0;
    ifp_pricing_fill(assign->pricing, assign->items, count, replicas, &most);
    assign->room_price[c] = ifp_pricing_room_price(assign->pricing);
    for (size_t k = 0; k < count; k++) {
        struct ifp_item *item = &assign->items[k];
        size_t query = assign->problem->routes[item->route].query;
        double more = item->share > 0 ? ifp_assign_earned(assign, item->route, item->share) -
                                            fleet->earned[query]
                                      : 0;
        item->taken = more > 0;
        brought += fmax(0, more);
    }
    return brought - ifp_assign_fixed_usd(assign->problem, c, replicas);
}

static bool is_barred(const struct ifp_assign *assign, size_t p)
{
    return (assign->barred_count > 0 && assign->barred[0] == p) ||
           (assign->barred_count > 1 && assign->barred[1] == p);
}

/* The configuration, with its replicas, that saves most or, if `thrifty`, saves most per dollar of
 * its cost. Returns SIZE_MAX if no deployment pays. */
static size_t find_addition(struct ifp_assign *assign, const struct ifp_selection *fleet,
                            bool thrifty, double *replicas)
{
    const struct ifp_problem *problem = assign->problem;
    size_t best = SIZE_MAX;
    double best_score = 0;
    double least = WORTH * (1 + fabs(fleet->value));
    assign->looks += 1;
    for (size_t p = 0; p < problem->pair_count && !ifp_watch_stopped(assign->watch); p++) {
        if (fleet->configuration[p] != SIZE_MAX || is_barred(assign, p))
            continue;
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            size_t count;
            double cheapest = ifp_assign_fixed_usd(problem, c, 1);
            if (!ifp_assign_fits(problem, fleet, cheapest, ifp_assign_deployment_gb(problem, c)) ||
                !ifp_assign_pool_fits(problem, fleet, c, 1))
                continue;
            double bound = promise(assign, fleet, c, &count);
            if (bound <= fmax(least, best_score * (thrifty ? cheapest : 1)))
                continue;
            double last = -INFINITY;
            for (double m = 1; m <= problem->configurations[c].max_replicas; m++) {
                double usd = ifp_assign_fixed_usd(problem, c, m);
                if (!ifp_assign_fits(problem, fleet, usd, ifp_assign_deployment_gb(problem, c)) ||
                    !ifp_assign_pool_fits(problem, fleet, c, m))
                    break;
                double gain = bring(assign, fleet, c, count, m);
                double score = gain / (thrifty ? usd : 1);
                if (gain > least && score > best_score) {
                    best = c;
                    best_score = score;
                    *replicas = m;
                }
                if (gain <= last)
                    break;
                last = gain;
            }
        }
    }
    return best;
}

static void add(struct ifp_assign *assign, struct ifp_selection *fleet, size_t c, double replicas)
{
    const struct ifp_problem *problem = assign->problem;
    size_t count;
    promise(assign, fleet, c, &count);
    bring(assign, fleet, c, count, replicas);
    ifp_assign_rent(assign, fleet, c, replicas);
    for (size_t k = 0; k < count; k++) {
        const struct ifp_item *item = &assign->items[k];
        double usd = ifp_assign_charge(problem, item->route) +
                     ifp_route_storage_usd(problem, &problem->routes[item->route]) * item->share;
        if (item->taken &&
            ifp_assign_fits(problem, fleet, usd, ifp_assign_route_gb(problem, item->route)))
            ifp_assign_put_on(assign, fleet, item->route, item->share);
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (fleet->configuration[p] != SIZE_MAX && fleet->configuration[p] != c)
            refill(assign, fleet, p);
    }
}

/* Remove deployments that do not earn their rent. */
static void close_idle(struct ifp_assign *assign, struct ifp_selection *fleet)
{
    const struct ifp_problem *problem = assign->problem;
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = fleet->configuration[p];
        double earned = 0;
        if (c == SIZE_MAX)
            continue;
        for (size_t i = 0; i < problem->query_count; i++) {
            if (fleet->route[i] != SIZE_MAX && problem->routes[fleet->route[i]].configuration == c)
                earned += fleet->earned[i];
        }
        if (earned < ifp_assign_fixed_usd(problem, c, fleet->replicas[p]))
            ifp_assign_give_back(assign, fleet, p);
    }
}

/* Add deployments until no more of them pay. */
static void fill_up(struct ifp_assign *assign, struct ifp_selection *fleet, bool thrifty)
{
    relocate(assign, fleet);
    for (size_t turn = 0; turn <= assign->problem->query_count; turn++) {
        double before = fleet->value;
        double replicas = 1;
        if (ifp_watch_stopped(assign->watch))
            return;
        size_t c = find_addition(assign, fleet, thrifty, &replicas);
        assign->barred_count = 0;
        if (c == SIZE_MAX)
            break;
        add(assign, fleet, c, replicas);
        close_idle(assign, fleet);
        relocate(assign, fleet);
        if (fleet->value <= before + WORTH * (1 + fabs(before)))
            break;
    }
    close_idle(assign, fleet);
}

static bool better(double value, double than)
{
    return value > than + WORTH * (1 + fabs(than));
}

static int offer(struct ifp_assign *assign, const struct ifp_selection *fleet,
                 struct ifp_error *error)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_milp *milp = assign->milp;
    bool held;
    if (!better(fleet->value, assign->offered))
        return IFP_OK;
    for (size_t i = 0; i < problem->query_count; i++) {
        if (1 - fleet->share[i] > problem->demands[i].max_unmet + IFP_ASSIGN_ROUNDING)
            return IFP_OK;
    }
    assign->offered = fleet->value;
    memset(assign->point, 0, milp->column_count * sizeof *assign->point);
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = fleet->configuration[p];
        if (c == SIZE_MAX)
            continue;
        assign->point[milp->replicas[c]] = fleet->replicas[p];
        assign->point[milp->rent[c]] = 1;
    }
    for (size_t i = 0; i < problem->query_count; i++) {
        if (fleet->route[i] != SIZE_MAX)
            assign->point[ifp_milp_share(milp, fleet->route[i])] = fleet->share[i];
    }
    return ifp_incumbent_offer(assign->incumbent, problem, milp, assign->point, &held, error);
}

/* -- searching -- */

static bool is_over(const struct ifp_assign *assign)
{
    return assign->looks >= assign->until || ifp_watch_stopped(assign->watch);
}

/* For each subset of `how_many` deployments of the base: remove it and add deployments that pay.
 * The first change that saves more is kept. */
static bool leave_out(struct ifp_assign *assign, size_t how_many)
{
    const struct ifp_problem *problem = assign->problem;
    for (size_t a = 0; a < problem->pair_count; a++) {
        if (assign->base.configuration[a] == SIZE_MAX)
            continue;
        for (size_t b = a; b < problem->pair_count; b++) {
            if ((b > a) != (how_many == 2) || assign->base.configuration[b] == SIZE_MAX)
                continue;
            if (is_over(assign))
                return false;
            ifp_assign_copy(problem, &assign->now, &assign->base);
            ifp_assign_give_back(assign, &assign->now, a);
            if (b > a)
                ifp_assign_give_back(assign, &assign->now, b);
            assign->barred[0] = a;
            assign->barred[1] = b;
            assign->barred_count = 2;
            fill_up(assign, &assign->now, false);
            if (better(assign->now.value, assign->base.value)) {
                ifp_assign_copy(problem, &assign->base, &assign->now);
                return true;
            }
        }
    }
    return false;
}

static int descend(struct ifp_assign *assign, size_t most, struct ifp_error *error)
{
    size_t how_many = 1;
    while (how_many <= most && !is_over(assign))
        how_many = leave_out(assign, how_many) ? 1 : how_many + 1;
    if (better(assign->base.value, assign->best.value))
        ifp_assign_copy(assign->problem, &assign->best, &assign->base);
    return offer(assign, &assign->best, error);
}

int ifp_assign_construct(struct ifp_assign *assign, double looks, struct ifp_error *error)
{
    int code = IFP_OK;
    assign->until = assign->looks + looks;
    for (int thrifty = 0; !code && thrifty < 2; thrifty++) {
        struct ifp_selection *fleet = &assign->now;
        ifp_assign_clear(assign, fleet);
        fill_up(assign, fleet, thrifty != 0);
        if (better(fleet->value, assign->base.value))
            ifp_assign_copy(assign->problem, &assign->base, fleet);
        code = offer(assign, fleet, error);
    }
    ifp_assign_copy(assign->problem, &assign->best, &assign->base);
    return code ? code : descend(assign, 2, error);
}

/* Read a plan, as far as the limits allow it. If a query type has several routes, keep the one with
 * the largest share. */
static void read_plan(struct ifp_assign *assign, const ifp_plan *plan, struct ifp_selection *fleet)
{
    const struct ifp_problem *problem = assign->problem;
    ifp_assign_clear(assign, fleet);
    for (size_t c = 0; c < problem->configuration_count; c++) {
        double replicas =
            ifp_incumbent_replicas(assign->incumbent, plan, &problem->configurations[c]);
        if (replicas >= 1 && fleet->configuration[assign->pair[c]] == SIZE_MAX &&
            ifp_assign_fits(problem, fleet, ifp_assign_fixed_usd(problem, c, replicas),
                            ifp_assign_deployment_gb(problem, c)) &&
            ifp_assign_pool_fits(problem, fleet, c, replicas))
            ifp_assign_rent(assign, fleet, c, replicas);
    }
    for (size_t k = 0; plan && k < plan->route_count; k++) {
        const struct ifp_plan_route *route = &plan->routes[k];
        for (size_t p = 0; p < problem->pair_count; p++) {
            size_t c = fleet->configuration[p];
            if (c == SIZE_MAX || problem->pairs[p].model != route->model ||
                problem->pairs[p].tier != route->tier)
                continue;
            size_t r = assign->route_at[c * problem->query_count + route->query];
            double share =
                r == SIZE_MAX ? 0 : fmin(route->fraction, share_left(assign, fleet, p, r));
            if (share > fleet->share[route->query] &&
                ifp_assign_fits(problem, fleet,
                                ifp_assign_charge(problem, r) +
                                    ifp_route_storage_usd(problem, &problem->routes[r]) * share,
                                ifp_assign_route_gb(problem, r)))
                ifp_assign_put_on(assign, fleet, r, share);
        }
    }
    relocate(assign, fleet);
}

int ifp_assign_polish(struct ifp_assign *assign, const ifp_plan *plan, double looks,
                      struct ifp_error *error)
{
    assign->until = assign->looks + looks;
    read_plan(assign, plan, &assign->base);
    return descend(assign, 2, error);
}

/* The configuration of a pair with the largest value at a point. Returns the sum over the pair. */
static double rented_most(const struct ifp_assign *assign, const double *point, size_t p,
                          size_t *most)
{
    const struct ifp_pair *pair = &assign->problem->pairs[p];
    const size_t *rent = assign->milp->rent;
    double rented = 0;
    *most = pair->first;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        rented += point[rent[c]];
        if (point[rent[c]] > point[rent[*most]])
            *most = c;
    }
    return rented;
}

/* Round a point: take nearly integral deployments first, then those of at least one half. */
static void read_point(struct ifp_assign *assign, const double *point, struct ifp_selection *fleet)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_milp *milp = assign->milp;
    ifp_assign_clear(assign, fleet);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t p = 0; p < problem->pair_count; p++) {
            size_t c;
            double rented = rented_most(assign, point, p, &c);
            if (rented < (turn == 0 ? NEARLY : HALF) || fleet->configuration[p] != SIZE_MAX)
                continue;
            double replicas =
                fmax(1, floor(point[milp->replicas[c]] / point[milp->rent[c]] + HALF));
            if (ifp_assign_fits(problem, fleet, ifp_assign_fixed_usd(problem, c, replicas),
                                ifp_assign_deployment_gb(problem, c)) &&
                ifp_assign_pool_fits(problem, fleet, c, replicas))
                ifp_assign_rent(assign, fleet, c, replicas);
        }
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        size_t c = problem->routes[r].configuration;
        size_t p = assign->pair[c];
        if (fleet->configuration[p] != c || point[ifp_milp_share(milp, r)] < HALF * assign->most[r])
            continue;
        double share = share_left(assign, fleet, p, r);
        if (share > 0 &&
            ifp_assign_fits(problem, fleet,
                            ifp_assign_charge(problem, r) +
                                ifp_route_storage_usd(problem, &problem->routes[r]) * share,
                            ifp_assign_route_gb(problem, r)))
            ifp_assign_put_on(assign, fleet, r, share);
    }
}

int ifp_assign_round(struct ifp_assign *assign, const double *point, double looks,
                     struct ifp_error *error)
{
    assign->until = assign->looks + looks;
    read_point(assign, point, &assign->base);
    assign->barred_count = 0;
    fill_up(assign, &assign->base, false);
    return descend(assign, 1, error);
}

/* Random change: remove one or two deployments, add a random one, and then those that pay. */
static void kick(struct ifp_assign *assign)
{
    const struct ifp_problem *problem = assign->problem;
    size_t rented = 0;
    for (size_t p = 0; p < problem->pair_count; p++)
        rented += assign->base.configuration[p] != SIZE_MAX;
    assign->barred_count = 0;
    for (size_t out = 1 + ifp_draw(&assign->random, 2); out > 0 && rented > 0; out--) {
        size_t which = ifp_draw(&assign->random, rented--);
        for (size_t p = 0; p < problem->pair_count; p++) {
            if (assign->base.configuration[p] != SIZE_MAX && which-- == 0) {
                ifp_assign_give_back(assign, &assign->base, p);
                assign->barred[assign->barred_count++] = p;
                break;
            }
        }
    }
    for (int draws = 0; draws < KICKED_AT_RANDOM; draws++) {
        size_t c = ifp_draw(&assign->random, problem->configuration_count);
        if (assign->base.configuration[assign->pair[c]] == SIZE_MAX &&
            !is_barred(assign, assign->pair[c]) &&
            ifp_assign_fits(problem, &assign->base, ifp_assign_fixed_usd(problem, c, 1),
                            ifp_assign_deployment_gb(problem, c)) &&
            ifp_assign_pool_fits(problem, &assign->base, c, 1)) {
            add(assign, &assign->base, c, 1);
            break;
        }
    }
    fill_up(assign, &assign->base, false);
}

int ifp_assign_wander(struct ifp_assign *assign, double looks, struct ifp_error *error)
{
    const struct ifp_problem *problem = assign->problem;
    double here = assign->best.value;
    int astray = 0;
    int code = IFP_OK;
    assign->until = assign->looks + looks;
    ifp_assign_copy(problem, &assign->walk, &assign->best);
    while (!code && !is_over(assign) && problem->configuration_count) {
        double best = assign->best.value;
        ifp_assign_copy(problem, &assign->base, &assign->walk);
        kick(assign);
        code = descend(assign, 1, error);
        if (assign->best.value > best)
            astray = 0;
        /* Accept a slightly worse fleet for a while, then return to the best. */
        if (assign->base.value >= here - ASTRAY * fabs(assign->nothing - here)) {
            here = assign->base.value;
            ifp_assign_copy(problem, &assign->walk, &assign->base);
        }
        if (++astray >= ASTRAY_MAX) {
            astray = 0;
            here = assign->best.value;
            ifp_assign_copy(problem, &assign->walk, &assign->best);
        }
    }
    return code;
}
