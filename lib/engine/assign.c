/* SPDX-License-Identifier: MIT */
/* Plans with one route for each query type, by moves. */
#include "engine/assign.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/draw.h"
#include "engine/pricing.h"

/* A change that brings less than this part is none: no walking in circles. */
static const double WORTH = 1e-9;
/* Limits are kept by a little more than rounding. */
static const double ROUNDING = 1e-12;
/* For demand that has to be met and is, as a multiple of all costs of unmet demand. */
static const double MUST = 16;
/* While wandering, a fleet may be worse than the last one by this part of the cost. */
static const double ASTRAY = 0.03;

enum { ASTRAY_MAX = 12, MOVES_MAX = 20, KICKED_AT_RANDOM = 6 };

/* A fleet with what each query type gets. Values are dollars saved against serving nothing. */
struct fleet {
    size_t *configuration; /* by pair; SIZE_MAX: nothing */
    double *replicas;
    double *kv; /* by pair: used, in parts of one replica's room */
    double *tflops;
    size_t *route; /* by query; SIZE_MAX: none */
    double *share;
    double *earned; /* by query: what its route saves */
    double *gpus;   /* by pool */
    double usd;     /* of the budget */
    double gb;      /* of the storage capacity */
    double value;
};

struct ifp_assign {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    struct ifp_incumbent *incumbent;
    struct ifp_run *run;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_room_price *room_price; /* by configuration: of its last filling */
    size_t *pair;                      /* by configuration */
    size_t *route_at;                  /* by configuration and query; SIZE_MAX: none */
    double *value;                     /* by route, of share 1: what it saves */
    double *most;                      /* by route: largest share when it is the only one */
    double *kv;                        /* by route, of share 1, in parts of one replica's room */
    double *tflops;
    double must;    /* for a demand that has to be met */
    double nothing; /* cost of serving nothing */
    double looks;
    double until;
    struct fleet now;
    struct fleet base;
    struct fleet best;
    struct fleet walk;
    size_t barred[2]; /* pairs that have just been left out */
    size_t barred_count;
    double offered; /* the best value offered */
    double *point;
    uint64_t random;
};

/* -- memory -- */

static bool fleet_new(const struct ifp_problem *problem, struct fleet *fleet)
{
    fleet->configuration = malloc((problem->pair_count + 1) * sizeof *fleet->configuration);
    fleet->replicas = calloc(problem->pair_count + 1, sizeof *fleet->replicas);
    fleet->kv = calloc(problem->pair_count + 1, sizeof *fleet->kv);
    fleet->tflops = calloc(problem->pair_count + 1, sizeof *fleet->tflops);
    fleet->route = malloc((problem->query_count + 1) * sizeof *fleet->route);
    fleet->share = calloc(problem->query_count + 1, sizeof *fleet->share);
    fleet->earned = calloc(problem->query_count + 1, sizeof *fleet->earned);
    fleet->gpus = calloc(problem->pool_count + 1, sizeof *fleet->gpus);
    if (!fleet->configuration || !fleet->replicas || !fleet->kv || !fleet->tflops ||
        !fleet->route || !fleet->share || !fleet->earned || !fleet->gpus)
        return false;
    for (size_t p = 0; p < problem->pair_count; p++)
        fleet->configuration[p] = SIZE_MAX;
    for (size_t i = 0; i < problem->query_count; i++)
        fleet->route[i] = SIZE_MAX;
    return true;
}

static void fleet_free(struct fleet *fleet)
{
    free(fleet->configuration);
    free(fleet->replicas);
    free(fleet->kv);
    free(fleet->tflops);
    free(fleet->route);
    free(fleet->share);
    free(fleet->earned);
    free(fleet->gpus);
}

static void fleet_copy(const struct ifp_problem *problem, struct fleet *to,
                       const struct fleet *from)
{
    size_t pairs = problem->pair_count;
    size_t queries = problem->query_count;
    memcpy(to->configuration, from->configuration, pairs * sizeof *to->configuration);
    memcpy(to->replicas, from->replicas, pairs * sizeof *to->replicas);
    memcpy(to->kv, from->kv, pairs * sizeof *to->kv);
    memcpy(to->tflops, from->tflops, pairs * sizeof *to->tflops);
    memcpy(to->route, from->route, queries * sizeof *to->route);
    memcpy(to->share, from->share, queries * sizeof *to->share);
    memcpy(to->earned, from->earned, queries * sizeof *to->earned);
    if (problem->pool_count)
        memcpy(to->gpus, from->gpus, problem->pool_count * sizeof *to->gpus);
    to->usd = from->usd;
    to->gb = from->gb;
    to->value = from->value;
}

void ifp_assign_free(struct ifp_assign *assign)
{
    if (!assign)
        return;
    fleet_free(&assign->now);
    fleet_free(&assign->base);
    fleet_free(&assign->best);
    fleet_free(&assign->walk);
    ifp_pricing_free(assign->pricing);
    free(assign->items);
    free(assign->room_price);
    free(assign->pair);
    free(assign->route_at);
    free(assign->value);
    free(assign->most);
    free(assign->kv);
    free(assign->tflops);
    free(assign->point);
    free(assign);
}

/* The largest share of a route that is its query type's only one. */
static double most_alone(const struct ifp_problem *problem, const struct ifp_candidate *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    double delay = ifp_candidate_delay_alone(route);
    double error = ifp_candidate_error_alone(route);
    double most = route->max_share;
    if (problem->slo_basis == IFP_SLO_SERVED)
        return delay <= demand->delay_limit_ms && error <= demand->error_limit ? most : 0;
    if (delay > 0)
        most = fmin(most, demand->delay_limit_ms / delay);
    if (error > 0)
        most = fmin(most, demand->error_limit / error);
    return most;
}

static void fill_tables(struct ifp_assign *assign)
{
    const struct ifp_problem *problem = assign->problem;
    size_t queries = problem->query_count;
    for (size_t k = 0; k < problem->configuration_count * queries; k++)
        assign->route_at[k] = SIZE_MAX;
    for (size_t p = 0; p < problem->pair_count; p++) {
        for (size_t n = 0; n < problem->pairs[p].count; n++)
            assign->pair[problem->pairs[p].first + n] = p;
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_candidate *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        assign->route_at[route->configuration * queries + route->query] = r;
        /* What the deviations of all query types together cost is left to the verifier. */
        assign->value[r] =
            problem->demands[route->query].unmet_usd - route->delay_usd - route->storage_usd;
        assign->most[r] = most_alone(problem, route);
        assign->kv[r] = c->kv_gb > 0 ? route->kv_gb / c->kv_gb : 0;
        assign->tflops[r] = route->tflops / c->tflops;
    }
    for (size_t i = 0; i < queries; i++)
        assign->nothing += problem->demands[i].unmet_usd;
    assign->must = MUST * (1 + assign->nothing);
}

int ifp_assign_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                   struct ifp_incumbent *incumbent, struct ifp_run *run, struct ifp_assign **assign,
                   struct ifp_error *error)
{
    struct ifp_assign *made = calloc(1, sizeof *made);
    size_t routes = problem->route_count + 1;
    size_t configurations = problem->configuration_count + 1;
    *assign = NULL;
    if (!made)
        return ifp_error_memory(error);
    made->problem = problem;
    made->milp = milp;
    made->incumbent = incumbent;
    made->run = run;
    made->pricing = ifp_pricing_new(problem->query_count);
    made->items = calloc(problem->query_count + 1, sizeof *made->items);
    made->room_price = calloc(configurations, sizeof *made->room_price);
    made->pair = calloc(configurations, sizeof *made->pair);
    made->route_at = calloc(configurations * (problem->query_count + 1), sizeof *made->route_at);
    made->value = calloc(routes, sizeof *made->value);
    made->most = calloc(routes, sizeof *made->most);
    made->kv = calloc(routes, sizeof *made->kv);
    made->tflops = calloc(routes, sizeof *made->tflops);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    bool fleets = fleet_new(problem, &made->now);
    fleets = fleet_new(problem, &made->base) && fleets;
    fleets = fleet_new(problem, &made->best) && fleets;
    fleets = fleet_new(problem, &made->walk) && fleets;
    if (!fleets || !made->pricing || !made->items || !made->room_price || !made->pair ||
        !made->route_at || !made->value || !made->most || !made->kv || !made->tflops ||
        !made->point) {
        ifp_assign_free(made);
        return ifp_error_memory(error);
    }
    fill_tables(made);
    *assign = made;
    return IFP_OK;
}

/* -- accounts -- */

static double fixed_usd(const struct ifp_problem *problem, size_t c, double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    return replicas * configuration->rental_usd +
           ifp_deployment_weights_usd(problem, configuration);
}

static double deployment_gb(const struct ifp_problem *problem, size_t c)
{
    return problem->storage_basis == IFP_STORAGE_DEPLOYMENT ? problem->configurations[c].weights_gb
                                                            : 0;
}

/* What a route costs once, whatever its share; and what it takes of the storage capacity. */
static double charge_of(const struct ifp_problem *problem, size_t route)
{
    return ifp_route_weights_usd(problem,
                                 &problem->configurations[problem->routes[route].configuration]);
}

static double route_gb(const struct ifp_problem *problem, size_t route)
{
    size_t c = problem->routes[route].configuration;
    return problem->storage_basis == IFP_STORAGE_ROUTE ? problem->configurations[c].weights_gb : 0;
}

static double earned_by(const struct ifp_assign *assign, size_t route, double share)
{
    const struct ifp_demand *demand =
        &assign->problem->demands[assign->problem->routes[route].query];
    double earned = assign->value[route] * share - charge_of(assign->problem, route);
    if (demand->max_unmet < 1 && 1 - share <= demand->max_unmet + ROUNDING)
        earned += assign->must;
    return earned;
}

/* Would so much more fit under the limits? */
static bool fits(const struct ifp_problem *problem, const struct fleet *fleet, double usd,
                 double gb)
{
    return fleet->usd + usd <= problem->budget_usd * (1 + ROUNDING) &&
           fleet->gb + gb <= problem->storage_gb * (1 + ROUNDING);
}

static bool pool_fits(const struct ifp_problem *problem, const struct fleet *fleet, size_t c,
                      double replicas)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t pool = problem->tier_pool[configuration->tier];
    return pool == problem->pool_count ||
           fleet->gpus[pool] + replicas * configuration->degree <= problem->pool_gpus[pool];
}

/* A query type without a route, or with another share of it. */
static void take_off(const struct ifp_assign *assign, struct fleet *fleet, size_t query)
{
    const struct ifp_problem *problem = assign->problem;
    size_t route = fleet->route[query];
    if (route == SIZE_MAX)
        return;
    size_t p = assign->pair[problem->routes[route].configuration];
    fleet->kv[p] -= assign->kv[route] * fleet->share[query];
    fleet->tflops[p] -= assign->tflops[route] * fleet->share[query];
    fleet->usd -=
        charge_of(problem, route) + problem->routes[route].storage_usd * fleet->share[query];
    fleet->gb -= route_gb(problem, route);
    fleet->value -= fleet->earned[query];
    fleet->route[query] = SIZE_MAX;
    fleet->share[query] = 0;
    fleet->earned[query] = 0;
}

static void put_on(const struct ifp_assign *assign, struct fleet *fleet, size_t route, double share)
{
    const struct ifp_problem *problem = assign->problem;
    size_t query = problem->routes[route].query;
    size_t p = assign->pair[problem->routes[route].configuration];
    take_off(assign, fleet, query);
    fleet->route[query] = route;
    fleet->share[query] = share;
    fleet->earned[query] = earned_by(assign, route, share);
    fleet->kv[p] += assign->kv[route] * share;
    fleet->tflops[p] += assign->tflops[route] * share;
    fleet->usd += charge_of(problem, route) + problem->routes[route].storage_usd * share;
    fleet->gb += route_gb(problem, route);
    fleet->value += fleet->earned[query];
}

static void rent(const struct ifp_assign *assign, struct fleet *fleet, size_t c, double replicas)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t p = assign->pair[c];
    size_t pool = problem->tier_pool[configuration->tier];
    fleet->configuration[p] = c;
    fleet->replicas[p] = replicas;
    fleet->kv[p] = 0;
    fleet->tflops[p] = 0;
    fleet->usd += fixed_usd(problem, c, replicas);
    fleet->gb += deployment_gb(problem, c);
    fleet->value -= fixed_usd(problem, c, replicas);
    if (pool < problem->pool_count)
        fleet->gpus[pool] += replicas * configuration->degree;
}

/* With all its query types. */
static void give_back(const struct ifp_assign *assign, struct fleet *fleet, size_t p)
{
    const struct ifp_problem *problem = assign->problem;
    size_t c = fleet->configuration[p];
    size_t pool = problem->tier_pool[problem->configurations[c].tier];
    for (size_t i = 0; i < problem->query_count; i++) {
        if (fleet->route[i] != SIZE_MAX && problem->routes[fleet->route[i]].configuration == c)
            take_off(assign, fleet, i);
    }
    fleet->usd -= fixed_usd(problem, c, fleet->replicas[p]);
    fleet->gb -= deployment_gb(problem, c);
    fleet->value += fixed_usd(problem, c, fleet->replicas[p]);
    if (pool < problem->pool_count)
        fleet->gpus[pool] -= fleet->replicas[p] * problem->configurations[c].degree;
    fleet->configuration[p] = SIZE_MAX;
}

static void clear(const struct ifp_assign *assign, struct fleet *fleet)
{
    for (size_t p = 0; p < assign->problem->pair_count; p++) {
        if (fleet->configuration[p] != SIZE_MAX)
            give_back(assign, fleet, p);
    }
    fleet->usd = fleet->gb = fleet->value = 0;
}

/* -- moves -- */

/* A deployment shares its room anew among what it serves. */
static void refill(struct ifp_assign *assign, struct fleet *fleet, size_t p)
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
        double more =
            (item->share - fleet->share[query]) * problem->routes[item->route].storage_usd;
        if (more > 0 && !fits(problem, fleet, more, 0))
            continue;
        if (item->share > 0 && earned_by(assign, item->route, item->share) > 0)
            put_on(assign, fleet, item->route, item->share);
        else
            take_off(assign, fleet, query);
    }
}

/* The share of a route for which its deployment has room. */
static double share_left(const struct ifp_assign *assign, const struct fleet *fleet, size_t p,
                         size_t route)
{
    double share = assign->most[route];
    if (assign->kv[route] > 0)
        share = fmin(share, (fleet->replicas[p] - fleet->kv[p]) / assign->kv[route]);
    if (assign->tflops[route] > 0)
        share = fmin(share, (fleet->replicas[p] - fleet->tflops[p]) / assign->tflops[route]);
    return fmax(0, share);
}

/* Move query types to where they bring more, one at a time. */
static void relocate(struct ifp_assign *assign, struct fleet *fleet)
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
                    : charge_of(problem, old) + problem->routes[old].storage_usd * fleet->share[i];
            for (size_t p = 0; p < problem->pair_count; p++) {
                size_t c = fleet->configuration[p];
                if (c == SIZE_MAX)
                    continue;
                size_t r = assign->route_at[c * problem->query_count + i];
                if (r == SIZE_MAX || r == old || assign->most[r] <= 0)
                    continue;
                double share = share_left(assign, fleet, p, r);
                double more = earned_by(assign, r, share) - fleet->earned[i];
                double usd = charge_of(problem, r) + problem->routes[r].storage_usd * share;
                double gb = route_gb(problem, r) - (old == SIZE_MAX ? 0 : route_gb(problem, old));
                if (share > 0 && more > gain && fits(problem, fleet, usd - released, gb)) {
                    best = r;
                    best_share = share;
                    gain = more;
                }
            }
            if (best == SIZE_MAX)
                continue;
            put_on(assign, fleet, best, best_share);
            if (old != SIZE_MAX)
                refill(assign, fleet, assign->pair[problem->routes[old].configuration]);
            moved = true;
        }
    }
}

/* What a query type would bring more on a route than where it is. */
static double gain_of(const struct ifp_assign *assign, const struct fleet *fleet, size_t route)
{
    return earned_by(assign, route, assign->most[route]) -
           fleet->earned[assign->problem->routes[route].query];
}

/* Nothing that a configuration could bring exceeds this; fills the items. */
static double promise(struct ifp_assign *assign, const struct fleet *fleet, size_t c, size_t *count)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    const struct ifp_room_price price = assign->room_price[c];
    double brought = 0;
    *count = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        double most = assign->most[r];
        double gain = most > 0 ? gain_of(assign, fleet, r) : 0;
        if (gain <= 0)
            continue;
        assign->items[*count] = (struct ifp_item){.route = r,
                                                  .value = gain / most,
                                                  .kv = assign->kv[r],
                                                  .tflops = assign->tflops[r],
                                                  .most = most};
        brought += ifp_pricing_rest(&assign->items[(*count)++], price);
    }
    double room = price.kv + price.tflops;
    double most = configuration->max_replicas;
    return brought +
           fmax(room - fixed_usd(problem, c, 1), most * room - fixed_usd(problem, c, most));
}

/* What the items bring a deployment of so many replicas, rent taken off. */
static double bring(struct ifp_assign *assign, const struct fleet *fleet, size_t c, size_t count,
                    double replicas)
{
    double most;
    double brought = 0;
    ifp_pricing_fill(assign->pricing, assign->items, count, replicas, &most);
    assign->room_price[c] = ifp_pricing_room_price(assign->pricing);
    for (size_t k = 0; k < count; k++) {
        struct ifp_item *item = &assign->items[k];
        size_t query = assign->problem->routes[item->route].query;
        double more = item->share > 0
                          ? earned_by(assign, item->route, item->share) - fleet->earned[query]
                          : 0;
        item->taken = more > 0;
        brought += fmax(0, more);
    }
    return brought - fixed_usd(assign->problem, c, replicas);
}

static bool is_barred(const struct ifp_assign *assign, size_t p)
{
    return (assign->barred_count > 0 && assign->barred[0] == p) ||
           (assign->barred_count > 1 && assign->barred[1] == p);
}

/* The deployment that pays most, or, where thrifty, most for each dollar of it; SIZE_MAX: none. */
static size_t find_addition(struct ifp_assign *assign, const struct fleet *fleet, bool thrifty,
                            double *replicas)
{
    const struct ifp_problem *problem = assign->problem;
    size_t best = SIZE_MAX;
    double best_score = 0;
    double least = WORTH * (1 + fabs(fleet->value));
    assign->looks += 1;
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (fleet->configuration[p] != SIZE_MAX || is_barred(assign, p))
            continue;
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            size_t count;
            double cheapest = fixed_usd(problem, c, 1);
            if (!fits(problem, fleet, cheapest, deployment_gb(problem, c)) ||
                !pool_fits(problem, fleet, c, 1))
                continue;
            double bound = promise(assign, fleet, c, &count);
            if (bound <= fmax(least, best_score * (thrifty ? cheapest : 1)))
                continue;
            double last = -INFINITY;
            for (double m = 1; m <= problem->configurations[c].max_replicas; m++) {
                double usd = fixed_usd(problem, c, m);
                if (!fits(problem, fleet, usd, deployment_gb(problem, c)) ||
                    !pool_fits(problem, fleet, c, m))
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

static void add(struct ifp_assign *assign, struct fleet *fleet, size_t c, double replicas)
{
    const struct ifp_problem *problem = assign->problem;
    size_t count;
    promise(assign, fleet, c, &count);
    bring(assign, fleet, c, count, replicas);
    rent(assign, fleet, c, replicas);
    for (size_t k = 0; k < count; k++) {
        const struct ifp_item *item = &assign->items[k];
        double usd = charge_of(problem, item->route) +
                     problem->routes[item->route].storage_usd * item->share;
        if (item->taken && fits(problem, fleet, usd, route_gb(problem, item->route)))
            put_on(assign, fleet, item->route, item->share);
    }
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (fleet->configuration[p] != SIZE_MAX && fleet->configuration[p] != c)
            refill(assign, fleet, p);
    }
}

/* Deployments that do not earn their rent. */
static void close_idle(struct ifp_assign *assign, struct fleet *fleet)
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
        if (earned < fixed_usd(problem, c, fleet->replicas[p]))
            give_back(assign, fleet, p);
    }
}

/* Add what pays until nothing does. */
static void fill_up(struct ifp_assign *assign, struct fleet *fleet, bool thrifty)
{
    relocate(assign, fleet);
    for (size_t turn = 0; turn <= assign->problem->query_count; turn++) {
        double before = fleet->value;
        double replicas = 1;
        if (ifp_run_stopped(assign->run))
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

static int offer(struct ifp_assign *assign, const struct fleet *fleet, struct ifp_error *error)
{
    const struct ifp_problem *problem = assign->problem;
    const struct ifp_milp *milp = assign->milp;
    bool held;
    if (!better(fleet->value, assign->offered))
        return IFP_OK;
    for (size_t i = 0; i < problem->query_count; i++) {
        if (1 - fleet->share[i] > problem->demands[i].max_unmet + ROUNDING)
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
            assign->point[milp->share[fleet->route[i]]] = fleet->share[i];
    }
    return ifp_incumbent_offer(assign->incumbent, problem, milp, assign->point, &held, error);
}

/* -- searching -- */

static bool is_over(const struct ifp_assign *assign)
{
    return assign->looks >= assign->until || ifp_run_stopped(assign->run);
}

/* Leave out so many deployments of the base in every way and fill up again; the first change that
 * brings more is kept. */
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
            fleet_copy(problem, &assign->now, &assign->base);
            give_back(assign, &assign->now, a);
            if (b > a)
                give_back(assign, &assign->now, b);
            assign->barred[0] = a;
            assign->barred[1] = b;
            assign->barred_count = 2;
            fill_up(assign, &assign->now, false);
            if (better(assign->now.value, assign->base.value)) {
                fleet_copy(problem, &assign->base, &assign->now);
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
        fleet_copy(assign->problem, &assign->best, &assign->base);
    return offer(assign, &assign->best, error);
}

int ifp_assign_construct(struct ifp_assign *assign, double looks, struct ifp_error *error)
{
    int code = IFP_OK;
    assign->until = assign->looks + looks;
    for (int thrifty = 0; !code && thrifty < 2; thrifty++) {
        struct fleet *fleet = &assign->now;
        clear(assign, fleet);
        fill_up(assign, fleet, thrifty != 0);
        if (better(fleet->value, assign->base.value))
            fleet_copy(assign->problem, &assign->base, fleet);
        code = offer(assign, fleet, error);
    }
    fleet_copy(assign->problem, &assign->best, &assign->base);
    return code ? code : descend(assign, 2, error);
}

/* The best plan as it is, as far as each query type has one route in it. */
static void read_plan(struct ifp_assign *assign, struct fleet *fleet)
{
    const struct ifp_problem *problem = assign->problem;
    const ifp_plan *plan = assign->incumbent->plan;
    clear(assign, fleet);
    for (size_t c = 0; c < problem->configuration_count; c++) {
        double replicas = ifp_incumbent_replicas(assign->incumbent, &problem->configurations[c]);
        if (replicas >= 1 && fleet->configuration[assign->pair[c]] == SIZE_MAX)
            rent(assign, fleet, c, replicas);
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
            if (share > fleet->share[route->query])
                put_on(assign, fleet, r, share);
        }
    }
    relocate(assign, fleet);
}

int ifp_assign_polish(struct ifp_assign *assign, double looks, struct ifp_error *error)
{
    assign->until = assign->looks + looks;
    read_plan(assign, &assign->base);
    return descend(assign, 2, error);
}

/* Take out up to two deployments and put in one that pays, or at random any. */
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
                give_back(assign, &assign->base, p);
                assign->barred[assign->barred_count++] = p;
                break;
            }
        }
    }
    for (int draws = 0; draws < KICKED_AT_RANDOM; draws++) {
        size_t c = ifp_draw(&assign->random, problem->configuration_count);
        if (assign->base.configuration[assign->pair[c]] == SIZE_MAX &&
            !is_barred(assign, assign->pair[c]) &&
            fits(problem, &assign->base, fixed_usd(problem, c, 1), deployment_gb(problem, c)) &&
            pool_fits(problem, &assign->base, c, 1)) {
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
    fleet_copy(problem, &assign->walk, &assign->best);
    while (!code && !is_over(assign) && problem->configuration_count) {
        double best = assign->best.value;
        fleet_copy(problem, &assign->base, &assign->walk);
        kick(assign);
        code = descend(assign, 1, error);
        if (assign->best.value > best)
            astray = 0;
        /* A little worse will do for a while, then back to the best. */
        if (assign->base.value >= here - ASTRAY * fabs(assign->nothing - here)) {
            here = assign->base.value;
            fleet_copy(problem, &assign->walk, &assign->base);
        }
        if (++astray >= ASTRAY_MAX) {
            astray = 0;
            here = assign->best.value;
            fleet_copy(problem, &assign->walk, &assign->best);
        }
    }
    return code;
}
