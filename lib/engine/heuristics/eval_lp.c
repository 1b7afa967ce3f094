/* SPDX-License-Identifier: MIT */
/* What a selection of deployments is worth by an LP over its routes, and which additions pay. */
#include "engine/heuristics/eval_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/routing/routing.h"
#include "engine/tuning.h"
#include "util/random.h"

struct ifp_eval_lp {
    struct ifp_evaluator evaluator;
    struct ifp_incumbent *incumbent;
    const struct ifp_milp *milp;
    struct ifp_routing *routing;
    double *gain;    /* by route of a configuration; workspace, as are the arrays below */
    double *density; /* by capacity and route of a configuration */
    double *need;
    double *point;
    size_t *selected; /* capacity for all pairs */
};

static struct ifp_eval_lp *self_of(struct ifp_evaluator *evaluator)
{
    return (struct ifp_eval_lp *)evaluator;
}

static void free_evaluator(struct ifp_evaluator *evaluator)
{
    struct ifp_eval_lp *lp = self_of(evaluator);
    ifp_routing_free(lp->routing);
    free(lp->gain);
    free(lp->selected);
    free(lp->density);
    free(lp->need);
    free(lp->point);
    free(lp);
}

/* -- values -- */

/* Offer the plan that the LP has found for a selection. */
static int offer(struct ifp_eval_lp *lp, const struct ifp_selection *selection,
                 struct ifp_error *error)
{
    const struct ifp_valuation *now = &lp->routing->now;
    bool verified;
    if (!now->complete || now->value >= lp->incumbent->objective)
        return IFP_OK;
    ifp_local_point(lp->evaluator.problem, lp->milp, selection, lp->point);
    for (size_t k = 0; k < now->count; k++)
        lp->point[ifp_milp_share(lp->milp, now->route[k])] = now->share[k];
    return ifp_incumbent_offer(lp->incumbent, lp->evaluator.problem, lp->milp, lp->point, &verified,
                               error);
}

/* Find the routes of a selection; for `addition` and `than` see ifp_routing_value. */
static int solve(struct ifp_eval_lp *lp, const struct ifp_selection *selection, bool addition,
                 double than, struct ifp_error *error)
{
    int code = ifp_routing_value(lp->routing, selection, addition, than, error);
    lp->evaluator.effort = lp->routing->solves;
    return code;
}

/* -- additions -- */

/* The routes of a configuration that save something at the present prices, for one capacity: those
 * that need it, in the order of saving per need. */
struct curve {
    double free; /* saved by routes that do not need the capacity */
    size_t count;
    double *density; /* by route: saving per need */
    double *need;    /* of its largest share */
};

static void make_curve(const struct ifp_eval_lp *lp, const struct ifp_configuration *configuration,
                       enum ifp_capacity capacity, struct curve *curve)
{
    const struct ifp_problem *problem = lp->evaluator.problem;
    size_t first = (size_t)capacity * problem->query_count;
    *curve = (struct curve){.density = lp->density + first, .need = lp->need + first};
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[configuration->first_route + k];
        double need = ifp_route_need(problem, route, capacity);
        double gain = lp->gain[k];
        if (gain <= 0)
            continue;
        if (need <= 0) {
            curve->free += gain * route->max_share;
            continue;
        }
        double density = gain / need;
        size_t at = curve->count++;
        for (; at > 0 && curve->density[at - 1] < density; at--) {
            curve->density[at] = curve->density[at - 1];
            curve->need[at] = curve->need[at - 1];
        }
        curve->density[at] = density;
        curve->need[at] = need * route->max_share;
    }
}

/* The maximum saving under one capacity only: a fractional knapsack. */
static double fill_one(const struct curve *curve, double capacity)
{
    double saved = curve->free;
    for (size_t k = 0; k < curve->count && capacity > 0; k++) {
        saved += curve->density[k] * fmin(curve->need[k], capacity);
        capacity -= curve->need[k];
    }
    return saved;
}

/* What all routes of a configuration together could save, whatever its replicas. */
static double save_all(const struct ifp_eval_lp *lp, const struct ifp_configuration *configuration)
{
    double saved = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        if (lp->gain[k] > 0)
            saved += lp->gain[k] *
                     lp->evaluator.problem->routes[configuration->first_route + k].max_share;
    }
    return saved;
}

/* An upper bound on the saving by renting the configuration in addition, in dollars, net of its
 * rent. It is a bound since the LP's cost is convex: the marginal saving never exceeds the prices.
 * `saved` is the most that its routes save at the prices, scaled. */
static double promise(const struct ifp_eval_lp *lp, const struct ifp_configuration *configuration,
                      double saved, double replicas)
{
    double budget = ifp_routing_budget_price(lp->routing);
    double usd = ifp_rates_of_deployment(&configuration->cost, replicas);
    return lp->routing->scale * (saved + budget * usd) - usd;
}

/* The same, with the capacities of `replicas` replicas. */
static double promise_of(const struct ifp_eval_lp *lp,
                         const struct ifp_configuration *configuration, const struct curve *curves,
                         double replicas)
{
    double saved = INFINITY;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        double capacity =
            ifp_capacity_of(lp->evaluator.problem, configuration, (enum ifp_capacity)k, replicas);
        if (k != IFP_CAPACITY_SLOTS || curves[k].count)
            saved = fmin(saved, fill_one(&curves[k], capacity));
    }
    return promise(lp, configuration, saved, replicas);
}

/* The number of replicas that hold all routes that save something, or all replicas. */
static double wanted_replicas(const struct ifp_eval_lp *lp,
                              const struct ifp_configuration *configuration,
                              const struct curve *curves)
{
    double load[IFP_CAPACITY_COUNT] = {0};
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        for (size_t n = 0; n < curves[k].count; n++)
            load[k] += curves[k].need[n];
    }
    return fmin(
        ifp_capacity_replicas(lp->evaluator.problem, configuration, load, IFP_SUM_TOLERANCE),
        configuration->max_replicas);
}

/* The number of replicas to try after `m`: small numbers one by one, larger ones in steps of a
 * factor, and `wanted`. */
static double next_replicas(double m, double wanted)
{
    double next = ceil(m < IFP_ROUTED_REPLICAS_ALL ? m + 1 : IFP_ROUTED_REPLICAS_FACTOR * m);
    return m < wanted && wanted < next ? wanted : next;
}

struct addition {
    double promise;
    size_t pair;
    size_t configuration;
    double replicas;
};

/* Has the deployment just been removed? The same configuration with other replicas may come
 * back. */
static bool is_barred(const struct ifp_barred *barred, size_t c, double replicas)
{
    for (size_t k = 0; barred && k < barred->count; k++) {
        if (barred->configuration[k] == c && barred->replicas[k] == replicas)
            return true;
    }
    return false;
}

static void rent(struct ifp_selection *selection, const struct addition *addition)
{
    selection->configuration[addition->pair] = addition->configuration;
    selection->replicas[addition->pair] = addition->replicas;
}

/* The most promising additions of one pair, best first. */
struct found_of_pair {
    struct addition items[IFP_ROUTED_BY_PAIR_MAX];
    size_t count;
    size_t maximum;
};

/* Is `promise` too small for the list? */
static bool is_beaten(const struct found_of_pair *found, double promised)
{
    return promised <= 0 ||
           (found->count == found->maximum && promised <= found->items[found->count - 1].promise);
}

static void insert(struct addition *items, size_t *count, size_t maximum,
                   const struct addition *addition)
{
    size_t at = *count < maximum ? (*count)++ : *count - 1;
    for (; at > 0 && items[at - 1].promise < addition->promise; at--)
        items[at] = items[at - 1];
    items[at] = *addition;
}

/* Try numbers of replicas of configuration `c` of pair `p`, which is not selected. `with` are the
 * `count` selected pairs and p, in ascending order. */
static void find_replicas(struct ifp_eval_lp *lp, struct ifp_selection *selection,
                          const struct ifp_barred *barred, const size_t *with, size_t count,
                          size_t p, size_t c, struct found_of_pair *found)
{
    const struct ifp_problem *problem = lp->evaluator.problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    struct curve curves[IFP_CAPACITY_COUNT];
    double min = configuration->min_replicas;
    ifp_routing_gains(lp->routing, configuration, lp->gain);
    if (is_beaten(found, promise(lp, configuration, save_all(lp, configuration), min)))
        return;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        make_curve(lp, configuration, (enum ifp_capacity)k, &curves[k]);
    double wanted = wanted_replicas(lp, configuration, curves);
    double max = fmin(configuration->max_replicas, fmax(wanted, IFP_ROUTED_REPLICAS_ALL));
    for (double m = min; m <= max; m = next_replicas(m, wanted)) {
        struct addition addition = {promise_of(lp, configuration, curves, m), p, c, m};
        if (is_beaten(found, addition.promise) || is_barred(barred, c, m))
            continue;
        selection->configuration[p] = c;
        selection->replicas[p] = m;
        bool possible = ifp_routing_affordable(lp->routing, selection, with, count);
        selection->configuration[p] = SIZE_MAX;
        if (!possible)
            break;
        insert(found->items, &found->count, found->maximum, &addition);
    }
}

/* Find the most promising additions to a selection, best first: at most `maximum`, and at most
 * `by_pair` of each pair. The prices are those of the selection. */
static size_t find_additions(struct ifp_eval_lp *lp, struct ifp_selection *selection,
                             const struct ifp_barred *barred, struct addition *found,
                             size_t maximum, size_t by_pair)
{
    const struct ifp_problem *problem = lp->evaluator.problem;
    /* The selected pairs and the pair to be added, in ascending order. */
    size_t *with = lp->selected;
    size_t others = ifp_routing_selected(problem, selection, with + 1);
    size_t place = 0;
    size_t count = 0;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        struct found_of_pair best = {.maximum = by_pair};
        for (; place < others && with[place + 1] < p; place++)
            with[place] = with[place + 1];
        with[place] = p;
        for (size_t c = pair->first;
             selection->configuration[p] == SIZE_MAX && c < pair->first + pair->count; c++)
            find_replicas(lp, selection, barred, with, others + 1, p, c, &best);
        for (size_t k = 0; k < best.count; k++) {
            if (count < maximum || best.items[k].promise > found[count - 1].promise)
                insert(found, &count, maximum, &best.items[k]);
        }
    }
    return count;
}

/* Add the best of the most promising additions each time, by their LPs. */
static int fill(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                const struct ifp_barred *barred, enum ifp_filling filling, struct ifp_error *error)
{
    struct ifp_eval_lp *lp = self_of(evaluator);
    const struct ifp_valuation *now = &lp->routing->now;
    bool wide = filling == IFP_FILLING_WIDE;
    int code = solve(lp, selection, false, INFINITY, error);
    double bound = now->bound;
    selection->value = -now->value;
    if (!code)
        code = offer(lp, selection, error);
    for (int turn = 0;
         !code && turn < IFP_ROUTED_ADDITIONS_MAX && !ifp_watch_stopped(evaluator->watch); turn++) {
        struct addition found[IFP_ROUTED_TRIED_MAX];
        size_t count = find_additions(lp, selection, turn == 0 ? barred : NULL, found,
                                      wide ? IFP_ROUTED_TRIED_MAX : IFP_ROUTED_TRIED,
                                      wide ? IFP_ROUTED_BY_PAIR_MAX : IFP_ROUTED_BY_PAIR);
        size_t best = SIZE_MAX;
        for (size_t k = 0; !code && k < count; k++) {
            if (bound - found[k].promise >= -selection->value)
                break; /* the rest promises less */
            rent(selection, &found[k]);
            code = solve(lp, selection, true, -selection->value, error);
            if (!code)
                code = offer(lp, selection, error);
            selection->configuration[found[k].pair] = SIZE_MAX;
            if (!code && ifp_local_better(-now->value, selection->value)) {
                selection->value = -now->value;
                best = k;
            }
        }
        if (code || best == SIZE_MAX)
            break;
        rent(selection, &found[best]);
        code = solve(lp, selection, false, INFINITY, error); /* for the prices */
        bound = now->bound;
    }
    return code;
}

/* Add one of the most promising additions; it may be one that has just been removed. */
static int add_random(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                      const struct ifp_barred *barred, struct ifp_random *random,
                      struct ifp_error *error)
{
    struct ifp_eval_lp *lp = self_of(evaluator);
    struct addition found[IFP_ROUTED_PROMISING];
    (void)barred;
    int code = solve(lp, selection, false, INFINITY, error);
    if (code)
        return code;
    size_t count = find_additions(lp, selection, NULL, found, IFP_ROUTED_PROMISING, 1);
    if (count)
        rent(selection, &found[ifp_random_below(random, count)]);
    selection->value = -INFINITY;
    return IFP_OK;
}

static int keep(struct ifp_evaluator *evaluator, struct ifp_error *error)
{
    return ifp_routing_keep(self_of(evaluator)->routing, error);
}

/* -- reading -- */

/* Remove deployments, the cheapest first, until the limits hold. */
static void trim(struct ifp_eval_lp *lp, struct ifp_selection *selection)
{
    const struct ifp_problem *problem = lp->evaluator.problem;
    for (;;) {
        size_t count = ifp_routing_selected(problem, selection, lp->selected);
        if (ifp_routing_affordable(lp->routing, selection, lp->selected, count))
            break;
        size_t cheapest = SIZE_MAX;
        double usd = INFINITY;
        for (size_t k = 0; k < count; k++) {
            size_t p = lp->selected[k];
            double cost = ifp_rates_of_deployment(
                &problem->configurations[selection->configuration[p]].cost, selection->replicas[p]);
            if (cost >= usd)
                continue;
            usd = cost;
            cheapest = p;
        }
        if (cheapest == SIZE_MAX)
            break;
        selection->configuration[cheapest] = SIZE_MAX;
    }
}

/* The replicas of a configuration at a point whose integers are whole. */
static double replicas_at(const struct ifp_milp *milp, const double *point, size_t c)
{
    return point[milp->rent[c]] < 0.5 ? 0 : fmax(1, floor(point[milp->replicas[c]] + 0.5));
}

static void read_selection(struct ifp_evaluator *evaluator, const ifp_plan *plan,
                           const double *point, struct ifp_selection *selection)
{
    struct ifp_eval_lp *lp = self_of(evaluator);
    const struct ifp_problem *problem = evaluator->problem;
    selection->value = -INFINITY;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        selection->configuration[p] = SIZE_MAX;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            double replicas =
                point ? replicas_at(lp->milp, point, c)
                      : ifp_incumbent_replicas(lp->incumbent, plan, &problem->configurations[c]);
            if (replicas < 1)
                continue;
            replicas = fmax(replicas, problem->configurations[c].min_replicas);
            selection->configuration[p] = c;
            selection->replicas[p] = replicas;
        }
    }
    trim(lp, selection);
}

struct ifp_evaluator *ifp_eval_lp_new(struct ifp_lp_environment *environment,
                                      const struct ifp_problem *problem,
                                      const struct ifp_milp *milp, struct ifp_incumbent *incumbent,
                                      struct ifp_watch *watch)
{
    struct ifp_error ignored; /* it can only be of memory */
    struct ifp_eval_lp *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->evaluator = (struct ifp_evaluator){
        .problem = problem,
        .watch = watch,
        .descent_effort = IFP_ROUTED_DESCENT_SOLVES,
        .worse_max = IFP_ROUTED_WORSE_MAX,
        .removed_of_plan = 1, /* among many more additions, two at once take too long */
        .removed_of_point = 2,
        .selection_size = sizeof(struct ifp_selection),
        .free = free_evaluator,
        .read = read_selection,
        .fill = fill,
        .add_random = add_random,
        .keep = keep,
    };
    made->incumbent = incumbent;
    made->milp = milp;
    made->gain = calloc(problem->query_count + 1, sizeof *made->gain);
    made->selected = calloc(problem->pair_count + 1, sizeof *made->selected);
    made->density = calloc(IFP_CAPACITY_COUNT * problem->query_count + 1, sizeof *made->density);
    made->need = calloc(IFP_CAPACITY_COUNT * problem->query_count + 1, sizeof *made->need);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    if (!made->gain || !made->selected || !made->density || !made->need || !made->point ||
        ifp_routing_new(environment, problem, milp, watch, &made->routing, &ignored)) {
        free_evaluator(&made->evaluator);
        return NULL;
    }
    return &made->evaluator;
}
