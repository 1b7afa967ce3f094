/* SPDX-License-Identifier: MIT */
/* What a selection of deployments is worth if each query type has at most one route, and which
 * additions pay. */
#include "engine/heuristics/eval_single.h"

#include <math.h>

#include "engine/heuristics/eval_single_table.h"
#include "engine/tuning.h"
#include "util/random.h"

static struct ifp_eval_single *self_of(struct ifp_evaluator *evaluator)
{
    return (struct ifp_eval_single *)evaluator;
}

static struct ifp_assignment *assignment_of(struct ifp_selection *selection)
{
    return (struct ifp_assignment *)selection;
}

/* -- moves of query types -- */

/* A route as an item of the knapsack; `value` is that of share 1. */
static struct ifp_item item_of(const struct ifp_eval_single *single, size_t route, double value)
{
    const double *need = single->need + IFP_CAPACITY_COUNT * route;
    struct ifp_item item = {.route = route, .value = value, .max_share = single->largest[route]};
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        item.need[k] = need[k];
    return item;
}

/* Reallocate the capacity of a deployment among the query types that it serves. */
static void refill(struct ifp_eval_single *single, struct ifp_assignment *assignment, size_t p)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t c = assignment->selection.configuration[p];
    size_t count = 0;
    bool partial = false;
    double bound;
    for (size_t i = 0; i < problem->query_count; i++) {
        size_t r = assignment->route[i];
        if (r == SIZE_MAX || problem->routes[r].configuration != c)
            continue;
        partial |= assignment->share[i] < single->largest[r];
        single->items[count++] = item_of(single, r, single->value[r]);
    }
    if (!partial)
        return;
    ifp_pricing_fill(single->pricing, single->items, count,
                     assignment->capacity + IFP_CAPACITY_COUNT * p, &bound);
    for (size_t k = 0; k < count; k++) {
        const struct ifp_item *item = &single->items[k];
        size_t query = problem->routes[item->route].query;
        if (!ifp_assignment_share_fits(problem, assignment, item->route,
                                       item->share - assignment->share[query]))
            continue;
        if (item->share > 0 && ifp_assignment_earned(single, item->route, item->share) > 0)
            ifp_assignment_put_on(single, assignment, item->route, item->share);
        else
            ifp_assignment_take_off(single, assignment, query);
    }
}

/* The largest share of a route for which its deployment has capacity left. */
static double share_left(const struct ifp_eval_single *single,
                         const struct ifp_assignment *assignment, size_t p, size_t route)
{
    const double *need = single->need + IFP_CAPACITY_COUNT * route;
    const double *load = assignment->load + IFP_CAPACITY_COUNT * p;
    const double *capacity = assignment->capacity + IFP_CAPACITY_COUNT * p;
    double share = single->largest[route];
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        if (need[k] > 0)
            share = fmin(share, (capacity[k] - load[k]) / need[k]);
    }
    return fmax(0, share);
}

/* Move query types to deployments where they save more, one at a time. */
static void relocate(struct ifp_eval_single *single, struct ifp_assignment *assignment)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t rented = ifp_assignment_rented(single, assignment);
    bool moved = true;
    for (int pass = 0; moved && pass < IFP_SINGLE_MOVES_MAX; pass++) {
        moved = false;
        for (size_t i = 0; i < problem->query_count; i++) {
            size_t best = SIZE_MAX;
            double best_share = 0;
            double gain = ifp_local_margin(assignment->earned[i]);
            size_t old = assignment->route[i];
            for (size_t n = 0; n < rented; n++) {
                size_t p = single->rented[n];
                size_t c = assignment->selection.configuration[p];
                size_t r = single->route_at[c * problem->query_count + i];
                if (r == SIZE_MAX || r == old || single->largest[r] <= 0)
                    continue;
                double share = share_left(single, assignment, p, r);
                double more = ifp_assignment_earned(single, r, share) - assignment->earned[i];
                if (share > 0 && more > gain &&
                    ifp_assignment_route_fits(problem, assignment, r, share, old)) {
                    best = r;
                    best_share = share;
                    gain = more;
                }
            }
            if (best == SIZE_MAX)
                continue;
            ifp_assignment_put_on(single, assignment, best, best_share);
            if (old != SIZE_MAX)
                refill(single, assignment, single->pair[problem->routes[old].configuration]);
            moved = true;
        }
    }
}

/* -- additions -- */

/* What `replicas` replicas are worth at capacity prices. */
static double worth(const struct ifp_problem *problem, const struct ifp_configuration *c,
                    const struct ifp_capacity_price *price, double replicas)
{
    double usd = 0;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        if (price->each[k] > 0)
            usd += price->each[k] * ifp_capacity_of(problem, c, (enum ifp_capacity)k, replicas);
    }
    return usd;
}

/* Fill the items of a configuration. Returns an upper bound on the saving by renting it. */
static double promise(struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                      size_t c, size_t *count)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    const struct ifp_capacity_price price = single->capacity_price[c];
    double brought = 0;
    *count = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        /* The additional saving here, compared with its present route. */
        double gain = single->whole[r].earned - assignment->earned[single->whole[r].query];
        if (gain <= 0)
            continue;
        single->items[*count] = item_of(single, r, gain / single->largest[r]);
        brought += ifp_pricing_profit(&single->items[(*count)++], &price);
    }
    double per_replica = 0;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        per_replica += k == IFP_CAPACITY_LOAD && configuration->load_table != SIZE_MAX
                           ? price.each[k] * single->steepest[configuration->load_table]
                           : price.each[k];
    double min = configuration->min_replicas;
    double max = configuration->max_replicas;
    return brought + fmax((min - configuration->spare) * per_replica -
                              ifp_assignment_fixed_usd(problem, c, min),
                          (max - configuration->spare) * per_replica -
                              ifp_assignment_fixed_usd(problem, c, max));
}

/* The saving of a deployment of `replicas` replicas with the items, net of its rent. Sets `taken`
 * of each item. */
static double bring(struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                    size_t c, size_t count, double replicas)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    double bound;
    double brought = 0;
    double capacity[IFP_CAPACITY_COUNT];
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        capacity[k] =
            ifp_capacity_of(problem, &problem->configurations[c], (enum ifp_capacity)k, replicas);
    ifp_pricing_fill(single->pricing, single->items, count, capacity, &bound);
    single->capacity_price[c] = ifp_pricing_capacity_price(single->pricing);
    for (size_t k = 0; k < count; k++) {
        struct ifp_item *item = &single->items[k];
        size_t query = problem->routes[item->route].query;
        double more = item->share > 0 ? ifp_assignment_earned(single, item->route, item->share) -
                                            assignment->earned[query]
                                      : 0;
        item->taken = more > 0;
        brought += fmax(0, more);
    }
    return brought - ifp_assignment_fixed_usd(problem, c, replicas);
}

/* Must configuration `c` of pair `p` not be added? The other operating points of a pair may be. */
static bool is_barred(const struct ifp_problem *problem, const struct ifp_barred *barred, size_t p,
                      size_t c)
{
    bool points = problem->configurations[c].profile != SIZE_MAX;
    for (size_t k = 0; barred && k < barred->count; k++) {
        if (points ? barred->configuration[k] == c : barred->pair[k] == p)
            return true;
    }
    return false;
}

/* The best deployment found so far. */
struct addition {
    size_t configuration; /* SIZE_MAX: none */
    double replicas;
    double score;   /* its gain, or that per dollar of its cost */
    double minimum; /* the gain must exceed this */
    bool thrifty;
};

/* Try `replicas` replicas of configuration `c` for its items. Returns the saving. */
static double try_replicas(struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                           size_t c, size_t count, double replicas, struct addition *best)
{
    double gain = bring(single, assignment, c, count, replicas);
    double usd = ifp_assignment_fixed_usd(single->evaluator.problem, c, replicas);
    double score = gain / (best->thrifty ? usd : 1);
    if (gain > best->minimum && score > best->score)
        *best = (struct addition){c, replicas, score, best->minimum, best->thrifty};
    return gain;
}

/* Numbers of replicas to try, each with an upper bound on its score. */
struct trials {
    size_t count;
    double replicas[IFP_SINGLE_TRIALS_MAX];
    double bound[IFP_SINGLE_TRIALS_MAX]; /* -INFINITY once it has been tried */
};

/* Add a number of replicas unless it is there already or is no number of replicas. */
static void add_trial(const struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                      size_t c, double replicas, struct trials *trials)
{
    if (isinf(replicas) || trials->count == IFP_SINGLE_TRIALS_MAX ||
        !ifp_assignment_rent_fits(single->evaluator.problem, assignment, c, replicas))
        return;
    for (size_t t = 0; t < trials->count; t++) {
        if (trials->replicas[t] == replicas)
            return;
    }
    trials->bound[trials->count] = INFINITY;
    trials->replicas[trials->count++] = replicas;
}

/* Lower the bounds by the configuration's present capacity prices. */
static void bound_trials(const struct ifp_eval_single *single, size_t c, size_t count, bool thrifty,
                         struct trials *trials)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    const struct ifp_capacity_price *price = &single->capacity_price[c];
    double brought = 0;
    for (size_t k = 0; k < count; k++)
        brought += ifp_pricing_profit(&single->items[k], price);
    for (size_t t = 0; t < trials->count; t++) {
        double m = trials->replicas[t];
        double usd = ifp_assignment_fixed_usd(problem, c, m);
        double gain = brought + worth(problem, &problem->configurations[c], price, m) - usd;
        trials->bound[t] = fmin(trials->bound[t], gain / (thrifty ? usd : 1));
    }
}

/* The numbers of replicas that hold the items with a share, and that hold these items in full. */
static void add_fits(const struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                     size_t c, size_t count, bool all, struct trials *trials)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    double load[IFP_CAPACITY_COUNT] = {0};
    double full[IFP_CAPACITY_COUNT] = {0};
    for (size_t n = 0; n < count; n++) {
        const struct ifp_item *item = &single->items[n];
        for (int k = 0; (all || item->taken) && k < IFP_CAPACITY_COUNT; k++) {
            load[k] += item->need[k] * item->share;
            full[k] += item->need[k] * item->max_share;
        }
    }
    const struct ifp_configuration *configuration = &problem->configurations[c];
    if (!all)
        add_trial(single, assignment, c,
                  ifp_capacity_replicas(problem, configuration, load, IFP_SUM_TOLERANCE), trials);
    add_trial(single, assignment, c,
              ifp_capacity_replicas(problem, configuration, full, IFP_SUM_TOLERANCE), trials);
}

/* Try the numbers of replicas of a configuration that may have many of them, or whose load is not
 * in proportion to them: always the one with the best bound. Small numbers of replicas are tried
 * one by one, larger ones in steps of a factor and where the load of the items fits. */
static void try_many(struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                     size_t c, size_t count, struct addition *best)
{
    const struct ifp_configuration *configuration = &single->evaluator.problem->configurations[c];
    double min = configuration->min_replicas;
    struct trials trials = {0};
    add_fits(single, assignment, c, count, true, &trials);
    add_trial(single, assignment, c, configuration->max_replicas, &trials);
    for (double m = min; m < configuration->max_replicas;
         m = ceil(m < min + IFP_ROUTED_REPLICAS_ALL ? m + 1 : IFP_ROUTED_REPLICAS_FACTOR * m))
        add_trial(single, assignment, c, m, &trials);
    for (int tries = 0; tries < IFP_SINGLE_TRIALS; tries++) {
        size_t next = SIZE_MAX;
        double bound = best->score;
        bound_trials(single, c, count, best->thrifty, &trials);
        for (size_t t = 0; t < trials.count; t++) {
            if (trials.bound[t] > bound) {
                next = t;
                bound = trials.bound[t];
            }
        }
        if (next == SIZE_MAX)
            break;
        (void)try_replicas(single, assignment, c, count, trials.replicas[next], best);
        trials.bound[next] = -INFINITY;
        add_fits(single, assignment, c, count, false, &trials);
    }
}

/* Does `try_many` find the number of replicas faster than one after the other, or better? */
static bool has_many(const struct ifp_configuration *c)
{
    return c->load_table != SIZE_MAX ||
           c->max_replicas - c->min_replicas >= IFP_ROUTED_REPLICAS_ALL;
}

/* Find the best number of replicas of a configuration for its items. */
static void try_configuration(struct ifp_eval_single *single,
                              const struct ifp_assignment *assignment, size_t c, size_t count,
                              struct addition *best)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double last = -INFINITY;
    if (has_many(configuration)) {
        try_many(single, assignment, c, count, best);
        return;
    }
    for (double m = configuration->min_replicas; m <= configuration->max_replicas; m++) {
        if (!ifp_assignment_rent_fits(problem, assignment, c, m))
            break;
        double gain = try_replicas(single, assignment, c, count, m, best);
        if (gain <= last)
            break;
        last = gain;
    }
}

/* The configuration, with its replicas, that saves most or, if `thrifty`, saves most per dollar of
 * its cost. Returns SIZE_MAX if no deployment pays. */
static size_t find_addition(struct ifp_eval_single *single, const struct ifp_assignment *assignment,
                            const struct ifp_barred *barred, bool thrifty, double *replicas)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    struct addition best = {.configuration = SIZE_MAX,
                            .minimum = ifp_local_margin(assignment->selection.value),
                            .thrifty = thrifty};
    single->evaluator.effort += 1;
    for (size_t p = 0; p < problem->pair_count && !ifp_watch_stopped(single->evaluator.watch);
         p++) {
        if (assignment->selection.configuration[p] != SIZE_MAX)
            continue;
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            size_t count;
            double min = problem->configurations[c].min_replicas;
            double cheapest = ifp_assignment_fixed_usd(problem, c, min);
            if (is_barred(problem, barred, p, c) ||
                !ifp_assignment_rent_fits(problem, assignment, c, min))
                continue;
            double bound = promise(single, assignment, c, &count);
            if (bound > fmax(best.minimum, best.score * (thrifty ? cheapest : 1)))
                try_configuration(single, assignment, c, count, &best);
        }
    }
    *replicas = best.replicas;
    return best.configuration;
}

/* Rent a deployment and move to it the query types that save more there. */
static void rent_and_serve(struct ifp_eval_single *single, struct ifp_assignment *assignment,
                           size_t c, double replicas)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    size_t count;
    promise(single, assignment, c, &count);
    bring(single, assignment, c, count, replicas);
    ifp_assignment_rent(single, assignment, c, replicas);
    for (size_t k = 0; k < count; k++) {
        const struct ifp_item *item = &single->items[k];
        if (item->taken &&
            ifp_assignment_route_fits(problem, assignment, item->route, item->share, SIZE_MAX))
            ifp_assignment_put_on(single, assignment, item->route, item->share);
    }
    size_t rented = ifp_assignment_rented(single, assignment);
    for (size_t n = 0; n < rented; n++) {
        if (assignment->selection.configuration[single->rented[n]] != c)
            refill(single, assignment, single->rented[n]);
    }
}

/* Remove deployments that do not earn their rent. */
static void close_idle(struct ifp_eval_single *single, struct ifp_assignment *assignment)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = assignment->selection.configuration[p];
        double earned = 0;
        if (c == SIZE_MAX)
            continue;
        for (size_t i = 0; i < problem->query_count; i++) {
            if (assignment->route[i] != SIZE_MAX &&
                problem->routes[assignment->route[i]].configuration == c)
                earned += assignment->earned[i];
        }
        if (earned < ifp_assignment_fixed_usd(problem, c, assignment->selection.replicas[p]))
            ifp_assignment_give_back(single, assignment, p);
    }
}

/* -- for the moves of the search -- */

static int fill(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                const struct ifp_barred *barred, enum ifp_filling filling, struct ifp_error *error)
{
    struct ifp_eval_single *single = self_of(evaluator);
    struct ifp_assignment *assignment = assignment_of(selection);
    bool thrifty = filling == IFP_FILLING_THRIFTY;
    (void)error;
    relocate(single, assignment);
    for (size_t turn = 0; turn <= evaluator->problem->query_count; turn++) {
        double before = selection->value;
        double replicas = 1;
        if (ifp_watch_stopped(evaluator->watch))
            return IFP_OK;
        size_t c = find_addition(single, assignment, turn == 0 ? barred : NULL, thrifty, &replicas);
        if (c == SIZE_MAX)
            break;
        rent_and_serve(single, assignment, c, replicas);
        close_idle(single, assignment);
        relocate(single, assignment);
        if (!ifp_local_better(selection->value, before))
            break;
    }
    close_idle(single, assignment);
    return IFP_OK;
}

/* The number of replicas for a random addition: the least one or, if there may be many, the one
 * that saves most. */
static double random_replicas(struct ifp_eval_single *single,
                              const struct ifp_assignment *assignment, size_t c)
{
    const struct ifp_configuration *configuration = &single->evaluator.problem->configurations[c];
    struct addition best = {.configuration = SIZE_MAX, .score = -INFINITY, .minimum = -INFINITY};
    if (has_many(configuration)) {
        size_t count;
        promise(single, assignment, c, &count);
        try_many(single, assignment, c, count, &best);
    }
    return best.configuration == SIZE_MAX ? configuration->min_replicas : best.replicas;
}

/* Try a few random configurations. */
static int add_random(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                      const struct ifp_barred *barred, struct ifp_random *random,
                      struct ifp_error *error)
{
    struct ifp_eval_single *single = self_of(evaluator);
    const struct ifp_problem *problem = evaluator->problem;
    (void)error;
    for (int tries = 0; tries < IFP_SINGLE_RANDOM_TRIES; tries++) {
        size_t c = ifp_random_below(random, problem->configuration_count);
        size_t p = single->pair[c];
        if (selection->configuration[p] == SIZE_MAX && !is_barred(problem, barred, p, c) &&
            ifp_assignment_rent_fits(problem, assignment_of(selection), c,
                                     problem->configurations[c].min_replicas)) {
            rent_and_serve(single, assignment_of(selection), c,
                           random_replicas(single, assignment_of(selection), c));
            break;
        }
    }
    return IFP_OK;
}

static void take_out(struct ifp_evaluator *evaluator, struct ifp_selection *selection, size_t pair)
{
    ifp_assignment_give_back(self_of(evaluator), assignment_of(selection), pair);
}

/* Offer the plan of a selection, if it is better than those offered before and meets all demand
 * that has to be met. */
static int offer(struct ifp_evaluator *evaluator, const struct ifp_selection *selection,
                 struct ifp_error *error)
{
    struct ifp_eval_single *single = self_of(evaluator);
    const struct ifp_assignment *assignment = (const struct ifp_assignment *)selection;
    const struct ifp_problem *problem = evaluator->problem;
    bool verified;
    if (!ifp_local_better(selection->value, single->offered))
        return IFP_OK;
    for (size_t i = 0; i < problem->query_count; i++) {
        size_t r = assignment->route[i];
        if (r == SIZE_MAX ? problem->demands[i].max_unmet + IFP_SUM_TOLERANCE < 1
                          : !ifp_assignment_meets(single, r, assignment->share[i]))
            return IFP_OK;
    }
    single->offered = selection->value;
    ifp_local_point(problem, single->milp, selection, single->point);
    for (size_t i = 0; i < problem->query_count; i++) {
        if (assignment->route[i] != SIZE_MAX)
            single->point[ifp_milp_share(single->milp, assignment->route[i])] =
                assignment->share[i];
    }
    return ifp_incumbent_offer(single->incumbent, problem, single->milp, single->point, &verified,
                               error);
}

/* -- reading -- */

/* Read a plan, as far as the limits allow it. If a query type has several routes, keep the one with
 * the largest share. */
static void read_plan(struct ifp_eval_single *single, const ifp_plan *plan,
                      struct ifp_assignment *assignment)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    for (size_t c = 0; c < problem->configuration_count; c++) {
        double replicas =
            ifp_incumbent_replicas(single->incumbent, plan, &problem->configurations[c]);
        if (replicas >= problem->configurations[c].min_replicas &&
            assignment->selection.configuration[single->pair[c]] == SIZE_MAX &&
            ifp_assignment_rent_fits(problem, assignment, c, replicas))
            ifp_assignment_rent(single, assignment, c, replicas);
    }
    size_t rented = ifp_assignment_rented(single, assignment);
    for (size_t k = 0; k < plan->route_count; k++) {
        const struct ifp_plan_route *route = &plan->routes[k];
        for (size_t n = 0; n < rented; n++) {
            size_t p = single->rented[n];
            size_t c = assignment->selection.configuration[p];
            if (problem->pairs[p].model != route->model || problem->pairs[p].tier != route->tier ||
                (problem->several &&
                 !ifp_incumbent_routes_to(single->incumbent, route, &problem->configurations[c])))
                continue;
            size_t r = single->route_at[c * problem->query_count + route->query];
            double share =
                r == SIZE_MAX ? 0 : fmin(route->fraction, share_left(single, assignment, p, r));
            if (share > assignment->share[route->query] &&
                ifp_assignment_route_fits(problem, assignment, r, share, SIZE_MAX))
                ifp_assignment_put_on(single, assignment, r, share);
        }
    }
    relocate(single, assignment);
}

/* The configuration of a pair with the largest value at a point. Returns the sum over the pair. */
static double rented_at(const struct ifp_eval_single *single, const double *point, size_t p,
                        size_t *largest)
{
    const struct ifp_pair *pair = &single->evaluator.problem->pairs[p];
    const size_t *rent = single->milp->rent;
    double rented = 0;
    *largest = pair->first;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        rented += point[rent[c]];
        if (point[rent[c]] > point[rent[*largest]])
            *largest = c;
    }
    return rented;
}

/* Round a point: take nearly integral deployments first, then those of at least one half. */
static void read_point(struct ifp_eval_single *single, const double *point,
                       struct ifp_assignment *assignment)
{
    const struct ifp_problem *problem = single->evaluator.problem;
    const struct ifp_milp *milp = single->milp;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t p = 0; p < problem->pair_count; p++) {
            size_t c;
            double rented = rented_at(single, point, p, &c);
            if (rented < (turn == 0 ? IFP_SINGLE_ROUND_FIRST : IFP_SINGLE_ROUND_THEN) ||
                assignment->selection.configuration[p] != SIZE_MAX)
                continue;
            double replicas = fmax(
                problem->configurations[c].min_replicas,
                floor(point[milp->replicas[c]] / point[milp->rent[c]] + IFP_SINGLE_ROUND_THEN));
            if (ifp_assignment_rent_fits(problem, assignment, c, replicas))
                ifp_assignment_rent(single, assignment, c, replicas);
        }
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        size_t c = problem->routes[r].configuration;
        size_t p = single->pair[c];
        if (assignment->selection.configuration[p] != c ||
            point[ifp_milp_share(milp, r)] < IFP_SINGLE_ROUND_THEN * single->largest[r])
            continue;
        double share = share_left(single, assignment, p, r);
        if (share > 0 && ifp_assignment_route_fits(problem, assignment, r, share, SIZE_MAX))
            ifp_assignment_put_on(single, assignment, r, share);
    }
}

static void read_selection(struct ifp_evaluator *evaluator, const ifp_plan *plan,
                           const double *point, struct ifp_selection *selection)
{
    struct ifp_eval_single *single = self_of(evaluator);
    ifp_assignment_clear(single, assignment_of(selection));
    if (point)
        read_point(single, point, assignment_of(selection));
    else if (plan)
        read_plan(single, plan, assignment_of(selection));
}

struct ifp_evaluator *ifp_eval_single_new(const struct ifp_problem *problem,
                                          const struct ifp_milp *milp,
                                          struct ifp_incumbent *incumbent, struct ifp_watch *watch)
{
    const struct ifp_evaluator evaluator = {
        .problem = problem,
        .watch = watch,
        .worse_max = IFP_SINGLE_WORSE_MAX,
        .removed_of_plan = 2,
        .removed_of_point = 1, /* points are rounded at many nodes */
        .selection_size = sizeof(struct ifp_assignment),
        .free = ifp_assignment_tables_free,
        .accounts_new = ifp_assignment_accounts_new,
        .accounts_free = ifp_assignment_accounts_free,
        .accounts_copy = ifp_assignment_accounts_copy,
        .read = read_selection,
        .remove = take_out,
        .fill = fill,
        .add_random = add_random,
        .offer = offer,
    };
    struct ifp_eval_single *made = ifp_assignment_tables_new(&evaluator, milp);
    if (!made)
        return NULL;
    made->incumbent = incumbent;
    return &made->evaluator;
}
