/* SPDX-License-Identifier: MIT */
/* Local search over fleets, whose routes are an LP. */
#include "engine/heuristics/eval_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/draw.h"
#include "engine/routing/routing.h"

/* A change must save more than this fraction of the cost, so that the search does not cycle. */
static const double WORTH = 1e-9;
/* ifp_fleet_wander accepts a fleet that is worse than the last one by at most this fraction. */
static const double ASTRAY = 0.02;

enum {
    TRIED = 8,          /* most promising additions to evaluate by an LP */
    TRIED_MOST = 64,    /* the same when the best plan is improved */
    PROMISING = 12,     /* additions from which a random change chooses, without evaluation */
    ADDITIONS_MAX = 64, /* maximum number of consecutive additions */
    ASTRAY_MAX = 12,    /* fleets without improvement until the search returns to the best */
    REPLICAS_ALL = 16,
    DESCENT_SOLVES = 2500 /* maximum LP solves in one descent; most need a tenth of it */
};

struct ifp_fleet {
    struct ifp_incumbent *incumbent;
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    struct ifp_watch *watch;
    struct ifp_routing *routing;
    double until;     /* number of LP solves at which a descent ends */
    size_t breadth;   /* number of additions to evaluate */
    size_t barred[2]; /* configurations that must not be added next with barred_replicas */
    double barred_replicas[2];
    size_t barred_count;
    struct ifp_selection base;
    struct ifp_selection trial;
    struct ifp_selection best; /* the best found */
    struct ifp_selection walk; /* the present selection of ifp_fleet_wander */
    double best_value;
    uint64_t state; /* of ifp_draw */
    double *gain;   /* by route of a configuration; workspace, as are the arrays below */
    double *density;
    double *need;
    double *point;
    size_t *selected; /* room for all pairs */
};

void ifp_fleet_free(struct ifp_fleet *fleet)
{
    if (!fleet)
        return;
    ifp_routing_free(fleet->routing);
    ifp_selection_free(&fleet->base);
    ifp_selection_free(&fleet->trial);
    ifp_selection_free(&fleet->best);
    ifp_selection_free(&fleet->walk);
    free(fleet->gain);
    free(fleet->selected);
    free(fleet->density);
    free(fleet->need);
    free(fleet->point);
    free(fleet);
}

int ifp_fleet_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                  struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                  struct ifp_fleet **fleet, struct ifp_error *error)
{
    struct ifp_fleet *made = calloc(1, sizeof *made);
    *fleet = NULL;
    if (!made)
        return ifp_error_memory(error);
    made->incumbent = incumbent;
    made->problem = problem;
    made->milp = milp;
    made->watch = watch;
    made->breadth = TRIED;
    made->best_value = INFINITY;
    made->gain = calloc(problem->query_count + 1, sizeof *made->gain);
    made->selected = calloc(problem->pair_count + 1, sizeof *made->selected);
    made->density = calloc(problem->query_count + 1, sizeof *made->density);
    made->need = calloc(problem->query_count + 1, sizeof *made->need);
    made->point = calloc(milp->column_count + 1, sizeof *made->point);
    bool selections = ifp_selection_new(problem->pair_count, &made->base);
    selections = ifp_selection_new(problem->pair_count, &made->trial) && selections;
    selections = ifp_selection_new(problem->pair_count, &made->best) && selections;
    selections = ifp_selection_new(problem->pair_count, &made->walk) && selections;
    int code =
        selections && made->gain && made->selected && made->density && made->need && made->point
            ? ifp_routing_new(problem, milp, watch, &made->routing, error)
            : ifp_error_memory(error);
    if (code) {
        ifp_fleet_free(made);
        return code;
    }
    *fleet = made;
    return IFP_OK;
}

/* -- offering plans -- */

static int offer(struct ifp_fleet *fleet, const struct ifp_selection *selection,
                 struct ifp_error *error)
{
    const struct ifp_milp *milp = fleet->milp;
    bool verified;
    if (!fleet->routing->now.complete || fleet->routing->now.value >= fleet->incumbent->objective)
        return IFP_OK;
    memset(fleet->point, 0, milp->column_count * sizeof *fleet->point);
    for (size_t p = 0; p < fleet->problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        fleet->point[milp->replicas[c]] = selection->replicas[p];
        fleet->point[milp->rent[c]] = 1;
    }
    for (size_t k = 0; k < fleet->routing->now.count; k++)
        fleet->point[ifp_milp_share(milp, fleet->routing->now.route[k])] =
            fleet->routing->now.share[k];
    return ifp_incumbent_offer(fleet->incumbent, fleet->problem, milp, fleet->point, &verified,
                               error);
}

/* -- moves -- */

/* The maximum saving of a configuration under one capacity only: a fractional knapsack, with routes
 * in the order of saving per need. */
static double fill_one(struct ifp_fleet *fleet, const struct ifp_configuration *configuration,
                       double room, bool memory)
{
    const struct ifp_problem *problem = fleet->problem;
    double saved = 0;
    size_t count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_candidate *route = &problem->routes[configuration->first_route + k];
        double need = memory ? (configuration->kv_gb > 0
                                    ? ifp_route_kv_gb(problem, route) / configuration->kv_gb
                                    : 0)
                             : ifp_route_tflops(problem, route) / configuration->tflops;
        double gain = fleet->gain[k];
        if (gain <= 0)
            continue;
        if (need <= 0) {
            saved += gain * route->max_share;
            continue;
        }
        double density = gain / need;
        size_t at = count++;
        for (; at > 0 && fleet->density[at - 1] < density; at--) {
            fleet->density[at] = fleet->density[at - 1];
            fleet->need[at] = fleet->need[at - 1];
        }
        fleet->density[at] = density;
        fleet->need[at] = need * route->max_share;
    }
    for (size_t k = 0; k < count && room > 0; k++) {
        saved += fleet->density[k] * fmin(fleet->need[k], room);
        room -= fleet->need[k];
    }
    return saved;
}

/* An upper bound on the saving by renting the configuration in addition, in dollars, net of its
 * rent. It is a bound since the LP's cost is convex: the marginal saving never exceeds the prices.
 * Call ifp_routing_gains before. */
static double promise(struct ifp_fleet *fleet, size_t c, double replicas)
{
    const struct ifp_problem *problem = fleet->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double budget = ifp_routing_budget_price(fleet->routing);
    double usd = ifp_routing_fixed_usd(problem, c, replicas);
    double saved = fmin(fill_one(fleet, configuration, replicas, true),
                        fill_one(fleet, configuration, replicas, false));
    return fleet->routing->scale * (saved + budget * usd) - usd;
}

struct addition {
    double promise;
    size_t pair;
    size_t configuration;
    double replicas;
};

/* Has the deployment just been removed? Then it must not be the first to be added again. */
static bool is_barred(const struct ifp_fleet *fleet, size_t c, double replicas)
{
    for (size_t k = 0; k < fleet->barred_count; k++) {
        if (fleet->barred[k] == c && fleet->barred_replicas[k] == replicas)
            return true;
    }
    return false;
}

static void leave(struct ifp_fleet *fleet, size_t pair)
{
    fleet->barred[fleet->barred_count] = fleet->trial.configuration[pair];
    fleet->barred_replicas[fleet->barred_count++] = fleet->trial.replicas[pair];
    fleet->trial.configuration[pair] = SIZE_MAX;
}

/* Find the most promising additions to a selection, best first: at most `most`, and at most
 * `by_pair` of each pair. The prices are those of the selection. */
static size_t find_additions(struct ifp_fleet *fleet, struct ifp_selection *selection,
                             struct addition *found, size_t most, size_t by_pair)
{
    const struct ifp_problem *problem = fleet->problem;
    /* The selected pairs and the pair to be added, in ascending order. */
    size_t *with = fleet->selected;
    size_t others = ifp_routing_selected(problem, selection, with + 1);
    size_t place = 0;
    size_t count = 0;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        struct addition best[4];
        for (; place < others && with[place + 1] < p; place++)
            with[place] = with[place + 1];
        with[place] = p;
        size_t kept = 0;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            if (selection->configuration[p] != SIZE_MAX)
                break;
            ifp_routing_gains(fleet->routing, &problem->configurations[c], fleet->gain);
            /* Try all small numbers of replicas, and some of the larger ones. */
            for (double m = 1; m <= problem->configurations[c].max_replicas;
                 m = ceil(m < REPLICAS_ALL ? m + 1 : 1.25 * m)) {
                struct addition addition = {promise(fleet, c, m), p, c, m};
                if (addition.promise <= 0 || is_barred(fleet, c, m) ||
                    (kept == by_pair && addition.promise <= best[kept - 1].promise))
                    continue;
                selection->configuration[p] = c;
                selection->replicas[p] = m;
                bool possible = ifp_routing_affordable(problem, selection, with, others + 1);
                selection->configuration[p] = SIZE_MAX;
                if (!possible)
                    break;
                size_t at = kept < by_pair ? kept++ : kept - 1;
                for (; at > 0 && best[at - 1].promise < addition.promise; at--)
                    best[at] = best[at - 1];
                best[at] = addition;
            }
        }
        for (size_t k = 0; k < kept; k++) {
            if (count == most && best[k].promise <= found[count - 1].promise)
                continue;
            size_t at = count < most ? count++ : count - 1;
            for (; at > 0 && found[at - 1].promise < best[k].promise; at--)
                found[at] = found[at - 1];
            found[at] = best[k];
        }
    }
    return count;
}

static bool better(double value, double than)
{
    return isinf(than) ? value < than : value < than - WORTH * fmax(1, fabs(than));
}

/* Add deployments that pay to fleet->trial, the best one each time. *value is its final value. */
static int fill_up(struct ifp_fleet *fleet, double *value, struct ifp_error *error)
{
    struct ifp_selection *trial = &fleet->trial;
    int code = ifp_routing_value(fleet->routing, trial, false, INFINITY, error);
    double bound = fleet->routing->now.bound;
    *value = fleet->routing->now.value;
    if (!code)
        code = offer(fleet, trial, error);
    for (int turn = 0; !code && turn < ADDITIONS_MAX && !ifp_watch_stopped(fleet->watch); turn++) {
        struct addition found[TRIED_MOST];
        size_t count =
            find_additions(fleet, trial, found, fleet->breadth, fleet->breadth > TRIED ? 4 : 2);
        fleet->barred_count = 0;
        size_t best = SIZE_MAX;
        for (size_t k = 0; !code && k < count; k++) {
            if (bound - found[k].promise >= *value)
                break; /* the rest promises less */
            trial->configuration[found[k].pair] = found[k].configuration;
            trial->replicas[found[k].pair] = found[k].replicas;
            code = ifp_routing_value(fleet->routing, trial, true, *value, error);
            if (!code)
                code = offer(fleet, trial, error);
            trial->configuration[found[k].pair] = SIZE_MAX;
            if (!code && better(fleet->routing->now.value, *value)) {
                *value = fleet->routing->now.value;
                best = k;
            }
        }
        if (code || best == SIZE_MAX)
            break;
        trial->configuration[found[best].pair] = found[best].configuration;
        trial->replicas[found[best].pair] = found[best].replicas;
        code =
            ifp_routing_value(fleet->routing, trial, false, INFINITY, error); /* for the prices */
        bound = fleet->routing->now.bound;
    }
    return code;
}

/* Remove `how_many` (0 to 2) deployments and add others that pay. The first change that saves is
 * kept. */
static int leave_out(struct ifp_fleet *fleet, double *value, size_t how_many, bool *improved,
                     struct ifp_error *error)
{
    const struct ifp_problem *problem = fleet->problem;
    int code = IFP_OK;
    *improved = false;
    size_t pairs = how_many > 0 ? problem->pair_count : 1; /* with 0, a single turn */
    for (size_t a = 0; !code && a < pairs; a++) {
        if (how_many > 0 && fleet->base.configuration[a] == SIZE_MAX)
            continue;
        for (size_t b = how_many == 2 ? a + 1 : a; !code && b < pairs; b++) {
            if (how_many == 2 && fleet->base.configuration[b] == SIZE_MAX)
                continue;
            if (ifp_watch_stopped(fleet->watch) || fleet->routing->solves >= fleet->until)
                return IFP_OK;
            ifp_selection_copy(&fleet->trial, &fleet->base, fleet->problem->pair_count);
            fleet->barred_count = 0;
            if (how_many > 0)
                leave(fleet, a);
            if (how_many > 1)
                leave(fleet, b);
            double changed;
            code = fill_up(fleet, &changed, error);
            if (!code && better(changed, *value)) {
                ifp_selection_copy(&fleet->base, &fleet->trial, fleet->problem->pair_count);
                *value = changed;
                *improved = true;
                return ifp_routing_keep(fleet->routing, error);
            }
            if (how_many < 2)
                break;
        }
    }
    return code;
}

/* Remove deployments, the cheapest first, until the limits hold. */
static void trim(const struct ifp_fleet *fleet, struct ifp_selection *selection)
{
    const struct ifp_problem *problem = fleet->problem;
    for (;;) {
        size_t count = ifp_routing_selected(problem, selection, fleet->selected);
        if (ifp_routing_affordable(problem, selection, fleet->selected, count))
            break;
        size_t least = SIZE_MAX;
        double usd = INFINITY;
        for (size_t k = 0; k < count; k++) {
            size_t p = fleet->selected[k];
            size_t c = selection->configuration[p];
            if (ifp_routing_fixed_usd(problem, c, selection->replicas[p]) >= usd)
                continue;
            usd = ifp_routing_fixed_usd(problem, c, selection->replicas[p]);
            least = p;
        }
        if (least == SIZE_MAX)
            break;
        selection->configuration[least] = SIZE_MAX;
    }
}

/* Read the selection of a point whose integers are whole, as far as the limits allow it. */
static void read_point(const struct ifp_fleet *fleet, const double *point,
                       struct ifp_selection *selection)
{
    const struct ifp_problem *problem = fleet->problem;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        selection->configuration[p] = SIZE_MAX;
        for (size_t c = pair->first; point && c < pair->first + pair->count; c++) {
            if (point[fleet->milp->rent[c]] < 0.5)
                continue;
            selection->configuration[p] = c;
            selection->replicas[p] = fmax(1, floor(point[fleet->milp->replicas[c]] + 0.5));
        }
    }
    trim(fleet, selection);
}

/* Improve fleet->base until replacing no subset of up to `most` deployments pays. */
static int descend(struct ifp_fleet *fleet, double *value, size_t most, struct ifp_error *error)
{
    size_t how_many = 0;
    int code = IFP_OK;
    *value = INFINITY;
    fleet->until = fleet->routing->solves + DESCENT_SOLVES;
    while (!code && how_many <= most && !ifp_watch_stopped(fleet->watch)) {
        bool improved;
        code = leave_out(fleet, value, how_many, &improved, error);
        how_many = improved ? how_many > 0 ? 1 : 0 : how_many + 1;
    }
    return code;
}

int ifp_fleet_improve(struct ifp_fleet *fleet, const double *point, struct ifp_error *error)
{
    double value;
    read_point(fleet, point, &fleet->base);
    int code = descend(fleet, &value, 2, error);
    if (!code && (isinf(fleet->best_value) || better(value, fleet->best_value))) {
        fleet->best_value = value;
        ifp_selection_copy(&fleet->best, &fleet->base, fleet->problem->pair_count);
    }
    return code;
}

int ifp_fleet_complete(struct ifp_fleet *fleet, const double *point, struct ifp_error *error)
{
    double value;
    read_point(fleet, point, &fleet->trial);
    fleet->barred_count = 0;
    return fill_up(fleet, &value, error);
}

int ifp_fleet_polish(struct ifp_fleet *fleet, const ifp_plan *plan, struct ifp_error *error)
{
    const struct ifp_problem *problem = fleet->problem;
    double value;
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        fleet->base.configuration[p] = SIZE_MAX;
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            double replicas =
                ifp_incumbent_replicas(fleet->incumbent, plan, &problem->configurations[c]);
            if (replicas < 1)
                continue;
            fleet->base.configuration[p] = c;
            fleet->base.replicas[p] = replicas;
        }
    }
    trim(fleet, &fleet->base);
    fleet->breadth = TRIED_MOST;
    int code = descend(fleet, &value, 1, error);
    fleet->breadth = TRIED;
    if (!code && (isinf(fleet->best_value) || better(value, fleet->best_value))) {
        fleet->best_value = value;
        ifp_selection_copy(&fleet->best, &fleet->base, fleet->problem->pair_count);
    }
    return code;
}

static size_t deployments_of(const struct ifp_fleet *fleet)
{
    size_t count = 0;
    for (size_t p = 0; p < fleet->problem->pair_count; p++)
        count += fleet->base.configuration[p] != SIZE_MAX;
    return count;
}

/* Random change: remove up to two deployments and add a promising one. */
static int kick(struct ifp_fleet *fleet, struct ifp_error *error)
{
    const struct ifp_problem *problem = fleet->problem;
    size_t rented = deployments_of(fleet);
    size_t out = 1 + ifp_draw(&fleet->state, 2);
    for (; out > 0 && rented > 0; out--) {
        size_t which = ifp_draw(&fleet->state, rented);
        for (size_t p = 0; p < problem->pair_count; p++) {
            if (fleet->base.configuration[p] != SIZE_MAX && which-- == 0) {
                fleet->base.configuration[p] = SIZE_MAX;
                break;
            }
        }
        rented--;
    }
    int code = ifp_routing_value(fleet->routing, &fleet->base, false, INFINITY, error);
    if (code)
        return code;
    struct addition found[PROMISING];
    size_t count = find_additions(fleet, &fleet->base, found, PROMISING, 1);
    if (count) {
        const struct addition *addition = &found[ifp_draw(&fleet->state, count)];
        fleet->base.configuration[addition->pair] = addition->configuration;
        fleet->base.replicas[addition->pair] = addition->replicas;
    }
    return IFP_OK;
}

int ifp_fleet_wander(struct ifp_fleet *fleet, double solves, struct ifp_error *error)
{
    double until = fleet->routing->solves + solves;
    double here = fleet->best_value;
    size_t astray = 0;
    int code = IFP_OK;
    ifp_selection_copy(&fleet->walk, &fleet->best, fleet->problem->pair_count);
    while (!code && fleet->routing->solves < until && !ifp_watch_stopped(fleet->watch)) {
        double value;
        ifp_selection_copy(&fleet->base, &fleet->walk, fleet->problem->pair_count);
        code = kick(fleet, error);
        if (!code)
            code = descend(fleet, &value, 1, error);
        if (code)
            break;
        if (better(value, fleet->best_value)) {
            fleet->best_value = value;
            ifp_selection_copy(&fleet->best, &fleet->base, fleet->problem->pair_count);
            astray = 0;
        }
        /* Accept a slightly worse fleet for a while, then return to the best. */
        if (value <= here + ASTRAY * fabs(here)) {
            here = value;
            ifp_selection_copy(&fleet->walk, &fleet->base, fleet->problem->pair_count);
        }
        if (++astray >= ASTRAY_MAX) {
            astray = 0;
            here = fleet->best_value;
            ifp_selection_copy(&fleet->walk, &fleet->best, fleet->problem->pair_count);
        }
    }
    return code;
}
