/* SPDX-License-Identifier: MIT */
/* The best routes for a selection of deployments. */
#include "engine/routing/routing.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void ifp_routing_free(struct ifp_routing *routing)
{
    if (!routing)
        return;
    ifp_routing_lp_free(&routing->none);
    ifp_routing_lp_free(&routing->kept);
    ifp_routing_lp_free(&routing->last);
    ifp_routing_lp_free(&routing->trial);
    ifp_routing_terms_free(&routing->terms);
    free(routing->now.route);
    free(routing->now.share);
    free(routing->now.price);
    free(routing->allowed);
    free(routing->shares);
    free(routing->closed);
    free(routing->here);
    free(routing->used);
    free(routing);
}

int ifp_routing_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                    const struct ifp_milp *milp, struct ifp_watch *watch,
                    struct ifp_routing **routing, struct ifp_error *error)
{
    struct ifp_routing *made = calloc(1, sizeof *made);
    *routing = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t routes = problem->query_count * problem->pair_count + 1;
    bool terms = ifp_routing_terms_make(&made->terms, problem, milp);
    made->problem = problem;
    made->watch = watch;
    made->scale = made->terms.scale;
    made->now.route = calloc(routes, sizeof *made->now.route);
    made->now.share = calloc(routes, sizeof *made->now.share);
    made->now.price =
        calloc((1 + IFP_SERVICE_COUNT) * problem->query_count + 1, sizeof *made->now.price);
    made->allowed = calloc(problem->route_count + 1, sizeof *made->allowed);
    /* A pair may have two configurations in the LP while one replaces the other. */
    made->shares = calloc(made->terms.first_route + 2 * routes, sizeof *made->shares);
    made->closed = calloc(2 * routes, sizeof *made->closed);
    made->here = calloc(problem->pair_count + 1, sizeof *made->here);
    made->used = calloc(problem->resource_count + 1, sizeof *made->used);
    int code = terms && made->now.route && made->now.share && made->now.price && made->allowed &&
                       made->shares && made->closed && made->here && made->used
                   ? ifp_routing_lp_open(environment, &made->terms, &made->none, error)
                   : ifp_error_memory(error);
    if (code) {
        ifp_routing_free(made);
        return code;
    }
    *routing = made;
    return IFP_OK;
}

/* Add what a deployment uses of each resource, without its routes. */
static void spend(const struct ifp_problem *problem, const struct ifp_selection *selection,
                  size_t pair, double *used)
{
    const struct ifp_configuration *c = &problem->configurations[selection->configuration[pair]];
    for (size_t u = 0; u < c->use_count; u++)
        used[c->uses[u].resource] +=
            ifp_rates_of_deployment(&c->uses[u].rates, selection->replicas[pair]);
}

/* What the selection uses of each resource without its routes, in routing->used. */
static void spend_all(struct ifp_routing *routing, const struct ifp_selection *selection)
{
    const struct ifp_problem *problem = routing->problem;
    memset(routing->used, 0, problem->resource_count * sizeof *routing->used);
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (selection->configuration[p] != SIZE_MAX)
            spend(problem, selection, p, routing->used);
    }
}

/* The cost of the selection without its routes. */
static double fixed_usd(const struct ifp_problem *problem, const struct ifp_selection *selection)
{
    double usd = 0;
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c != SIZE_MAX)
            usd +=
                ifp_rates_of_deployment(&problem->configurations[c].cost, selection->replicas[p]);
    }
    return usd;
}

static size_t rented_count(const struct ifp_problem *problem, const struct ifp_selection *selection)
{
    size_t count = 0;
    for (size_t p = 0; p < problem->pair_count; p++)
        count += selection->configuration[p] != SIZE_MAX;
    return count;
}

/* Do the uses in routing->used fit the resources that routes may use? Others are those of the
 * deployments alone, which ifp_routing_affordable checks. */
static bool routes_fit(const struct ifp_routing *routing)
{
    const struct ifp_problem *problem = routing->problem;
    for (size_t s = 0; s < problem->resource_count; s++) {
        if (ifp_resource_is_routed(&problem->resources[s]) &&
            !ifp_resource_fits(&problem->resources[s], routing->used[s], IFP_MARGIN_POINT))
            return false;
    }
    return true;
}

size_t ifp_routing_selected(const struct ifp_problem *problem,
                            const struct ifp_selection *selection, size_t *pairs)
{
    size_t count = 0;
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (selection->configuration[p] != SIZE_MAX)
            pairs[count++] = p;
    }
    return count;
}

bool ifp_routing_affordable(struct ifp_routing *routing, const struct ifp_selection *selection,
                            const size_t *pairs, size_t count)
{
    const struct ifp_problem *problem = routing->problem;
    /* Only the resources that the selected pairs use: there may be many pools. */
    for (int pass = 0; pass < 3; pass++) {
        for (size_t k = 0; k < count; k++) {
            const struct ifp_configuration *c =
                &problem->configurations[selection->configuration[pairs[k]]];
            if (pass == 1)
                spend(problem, selection, pairs[k], routing->used);
            for (size_t u = 0; pass != 1 && u < c->use_count; u++) {
                size_t s = c->uses[u].resource;
                if (pass == 0)
                    routing->used[s] = 0;
                else if (!ifp_resource_fits(&problem->resources[s], routing->used[s],
                                            IFP_MARGIN_POINT))
                    return false;
            }
        }
    }
    return true;
}

/* The cost of share 1 of a route, with its charge spread over its largest share. */
static double route_usd(const struct ifp_problem *problem, const struct ifp_route_data *route)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    return ifp_route_share_usd(problem, route) + c->cost.charge / route->max_share;
}

/* Add to routing->used the charges that are paid already. */
static void add_sunk(struct ifp_routing *routing)
{
    const struct ifp_problem *problem = routing->problem;
    for (size_t k = 0; routing->sunk && k < routing->now.count; k++) {
        const struct ifp_configuration *c =
            &problem->configurations[problem->routes[routing->now.route[k]].configuration];
        for (size_t u = 0; u < c->use_count; u++)
            routing->used[c->uses[u].resource] += c->uses[u].rates.charge;
    }
}

/* -- LPs -- */

static size_t distance(const struct ifp_routing_lp *lp, const struct ifp_selection *selection,
                       size_t rented)
{
    size_t common = 0;
    for (size_t d = 0; d < lp->deployment_count; d++)
        common +=
            selection->configuration[lp->deployments[d].pair] == lp->deployments[d].configuration;
    return lp->deployment_count + rented - 2 * common;
}

/* Change an LP into that of a selection. *closed: were deployments closed, which have to be removed
 * once the LP is solved? */
static int follow(struct ifp_routing *routing, struct ifp_routing_lp *lp,
                  const struct ifp_selection *selection, bool *closed, struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    int code = IFP_OK;
    *closed = false;
    memset(routing->here, 0, problem->pair_count * sizeof *routing->here);
    for (size_t d = 0; !code && d < lp->deployment_count; d++) {
        const struct ifp_routing_deployment *deployment = &lp->deployments[d];
        size_t p = deployment->pair;
        if (selection->configuration[p] != deployment->configuration) {
            code = ifp_routing_lp_close(&routing->terms, lp, d, error);
            *closed = true;
            continue;
        }
        routing->here[p] = true;
        if (selection->replicas[p] != deployment->replicas)
            code =
                ifp_routing_lp_set_replicas(&routing->terms, lp, d, selection->replicas[p], error);
    }
    for (size_t p = 0; !code && p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c != SIZE_MAX && !routing->here[p])
            code = ifp_routing_lp_add(&routing->terms, lp, p, c, selection->replicas[p],
                                      routing->sunk ? routing->allowed : NULL, error);
    }
    spend_all(routing, selection);
    add_sunk(routing);
    if (!code)
        code = ifp_routing_lp_limit(&routing->terms, lp, routing->used, error);
    return code;
}

static int solve_in_slices(const struct ifp_routing *routing, struct ifp_routing_lp *lp,
                           double cutoff, struct ifp_lp_result *result, struct ifp_error *error)
{
    const struct ifp_lp_limits limits = {
        .seconds = INFINITY, .iterations = IFP_POLL_ROUTING_ITERATIONS, .cutoff = cutoff};
    int done = 0;
    int code;
    do {
        code = ifp_lp_solve(lp->lp, &limits, result, error);
        done += result->iterations;
    } while (!code && result->status == IFP_LP_LIMIT && done < IFP_ROUTING_ITERATIONS_MAX &&
             !ifp_watch_stopped(routing->watch));
    return code;
}

enum outcome {
    SOLVED,
    BEATEN, /* the cost proves to be above the cutoff */
    FAILED
};

/* Solve the LP, adding violated rows until there are no more. The point is in routing->shares. */
static int solve_fully(struct ifp_routing *routing, struct ifp_routing_lp *lp, double cutoff,
                       enum outcome *outcome, struct ifp_error *error)
{
    int code = IFP_OK;
    *outcome = FAILED;
    for (int round = 0; !code && round < IFP_ROUTING_ROUNDS_MAX; round++) {
        struct ifp_lp_result result;
        size_t added = 0;
        code = solve_in_slices(routing, lp, cutoff, &result, error);
        if (code)
            break;
        if (result.status == IFP_LP_CUTOFF ||
            (result.status == IFP_LP_OPTIMAL && result.objective > cutoff)) {
            *outcome = BEATEN;
            break;
        }
        if (result.status != IFP_LP_OPTIMAL)
            break;
        code = ifp_lp_point(lp->lp, routing->shares, error);
        routing->objective = result.objective;
        if (!code)
            code = ifp_routing_lp_separate(&routing->terms, lp, routing->shares, &added, error);
        if (!code && !added) {
            *outcome = SOLVED;
            break;
        }
        routing->solves += 1;
    }
    return code;
}

/* Solve the LP of a selection, starting from the LP of another selection. `from` may be `lp`. */
static int solve_from(struct ifp_routing *routing, const struct ifp_routing_lp *from,
                      struct ifp_routing_lp *lp, const struct ifp_selection *selection,
                      double cutoff, enum outcome *outcome, struct ifp_error *error)
{
    bool closed = false;
    int code = from != lp ? ifp_routing_lp_copy(&routing->terms, lp, from, error) : IFP_OK;
    *outcome = FAILED;
    if (!code)
        code = follow(routing, lp, selection, &closed, error);
    if (!code && closed) {
        struct ifp_lp_result result;
        code = solve_in_slices(routing, lp, INFINITY, &result, error);
        if (code || result.status != IFP_LP_OPTIMAL)
            return code;
        code = ifp_routing_lp_tidy(&routing->terms, lp, error);
    }
    if (code)
        return code;
    ifp_routing_lp_gather(&routing->terms, lp);
    return solve_fully(routing, lp, cutoff, outcome, error);
}

/* Of routes that the placement does not allow together, list all but the largest in
 * routing->closed; *count is their number. */
static void shed(struct ifp_routing *routing, struct ifp_routing_lp *lp, size_t *count)
{
    const struct ifp_problem *problem = routing->problem;
    const double *shares = routing->shares + routing->terms.first_route;
    *count = 0;
    for (size_t a = 0; a < lp->route_count; a++) {
        const struct ifp_route_data *left = &problem->routes[lp->route[a]];
        size_t groups[2];
        size_t placed = ifp_routing_groups(problem, left, groups);
        bool beaten = false;
        for (size_t b = 0; b < lp->route_count && shares[a] > IFP_SHARE_MIN && !beaten; b++) {
            const struct ifp_route_data *right = &problem->routes[lp->route[b]];
            size_t others[2];
            if (b == a || right->query != left->query || shares[b] <= IFP_SHARE_MIN)
                continue;
            ifp_routing_groups(problem, right, others);
            bool clash = false;
            for (size_t k = 0; k < placed; k++)
                clash |= groups[k] == others[k];
            beaten = clash && (shares[b] > shares[a] || (shares[b] == shares[a] && b < a));
        }
        if (beaten)
            routing->closed[(*count)++] = routing->terms.first_route + a;
    }
}

/* Drop routes until the placement allows the remaining ones. */
static int respect_placement(struct ifp_routing *routing, struct ifp_routing_lp **lp, double cutoff,
                             enum outcome *outcome, struct ifp_error *error)
{
    int code = IFP_OK;
    if (routing->problem->placement == IFP_PLACEMENT_SPLIT)
        return IFP_OK;
    for (int pass = 0; !code && *outcome == SOLVED; pass++) {
        size_t count;
        shed(routing, *lp, &count);
        if (!count)
            break;
        if (pass == IFP_ROUTING_SOLVES_MAX) {
            *outcome = FAILED;
            break;
        }
        if (*lp != &routing->trial) {
            code = ifp_routing_lp_copy(&routing->terms, &routing->trial, *lp, error);
            *lp = &routing->trial;
        }
        for (size_t k = 0; !code && k < count; k++)
            code = ifp_lp_set_column_bounds((*lp)->lp, routing->closed[k], 0, 0, error);
        if (!code)
            code = solve_fully(routing, *lp, cutoff, outcome, error);
    }
    return code;
}

/* Solve the LP of a selection, starting from the nearest LP. */
static int solve_selection(struct ifp_routing *routing, const struct ifp_selection *selection,
                           bool addition, double cutoff, struct ifp_routing_lp **lp,
                           enum outcome *outcome, struct ifp_error *error)
{
    const struct ifp_routing_lp *from = &routing->none;
    size_t rented = rented_count(routing->problem, selection);
    size_t nearest = rented;
    if (routing->has_last && distance(&routing->last, selection, rented) < nearest) {
        from = &routing->last;
        nearest = distance(from, selection, rented);
    }
    if (routing->has_kept && distance(&routing->kept, selection, rented) < nearest)
        from = &routing->kept;
    *lp = addition ? &routing->trial : &routing->last;
    if (!addition)
        routing->has_last = false;
    int code = solve_from(routing, from, *lp, selection, cutoff, outcome, error);
    if (!code && *outcome == FAILED && from != &routing->none && !ifp_watch_stopped(routing->watch))
        code = solve_from(routing, &routing->none, *lp, selection, cutoff, outcome, error);
    if (code || addition || *outcome != SOLVED)
        return code;
    code = ifp_routing_lp_tidy(&routing->terms, *lp, error);
    if (!code)
        code = ifp_routing_lp_prices(&routing->terms, *lp, routing->now.price, error);
    routing->has_last = !code;
    return code;
}

int ifp_routing_keep(struct ifp_routing *routing, struct ifp_error *error)
{
    if (!routing->has_last)
        return IFP_OK;
    routing->has_kept = true;
    return ifp_routing_lp_copy(&routing->terms, &routing->kept, &routing->last, error);
}

/* -- values -- */

/* The exact cost of the LP's shares, with charges paid in full, and what all uses of each resource,
 * in routing->used. */
static double total_usd(struct ifp_routing *routing, const struct ifp_selection *selection,
                        const struct ifp_routing_lp *lp)
{
    const struct ifp_problem *problem = routing->problem;
    size_t queries = problem->query_count;
    const double *shares = routing->shares;
    double total = fixed_usd(problem, selection);
    spend_all(routing, selection);
    for (size_t i = 0; i < queries; i++)
        total += problem->demands[i].unmet_usd * shares[i] +
                 routing->terms.penalty * shares[queries + i];
    for (size_t k = 0; k < lp->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[lp->route[k]];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        double share = shares[routing->terms.first_route + k];
        if (share <= IFP_SHARE_MIN)
            continue;
        total += ifp_rates_of_route(&c->cost, ifp_route_share_usd(problem, route), share);
        for (size_t u = 0; u < c->use_count; u++) {
            size_t s = c->uses[u].resource;
            double by_share = ifp_route_share_use(problem, &problem->resources[s], route);
            routing->used[s] += ifp_rates_of_route(&c->uses[u].rates, by_share, share);
        }
    }
    return total + ifp_routing_lp_worst_usd(&routing->terms, shares);
}

static void take_shares(struct ifp_routing *routing, const struct ifp_routing_lp *lp)
{
    const double *shares = routing->shares + routing->terms.first_route;
    routing->now.count = 0;
    for (size_t k = 0; k < lp->route_count; k++) {
        if (shares[k] <= IFP_SHARE_MIN)
            continue;
        routing->now.route[routing->now.count] = lp->route[k];
        routing->now.share[routing->now.count++] = shares[k];
    }
}

/* The charges of the routes exceed a limit: drop the route whose share is the smallest fraction of
 * its largest one. */
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

/* Pay the charges of the routes taken in full, as far as the limits allow, and solve for the shares
 * again. */
static int pay_charges(struct ifp_routing *routing, const struct ifp_selection *selection,
                       double cutoff, struct ifp_routing_lp **lp, enum outcome *outcome,
                       struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    memset(routing->allowed, 0, problem->route_count * sizeof *routing->allowed);
    for (size_t k = 0; k < routing->now.count; k++)
        routing->allowed[routing->now.route[k]] = true;
    routing->sunk = true;
    for (;;) {
        spend_all(routing, selection);
        add_sunk(routing);
        if (!routing->now.count || routes_fit(routing))
            break;
        drop_smallest(routing);
    }
    *lp = &routing->trial;
    routing->solves += 1;
    int code = solve_from(routing, &routing->none, *lp, selection, cutoff, outcome, error);
    if (!code)
        code = respect_placement(routing, lp, cutoff, outcome, error);
    routing->sunk = false;
    return code;
}

int ifp_routing_value(struct ifp_routing *routing, const struct ifp_selection *selection,
                      bool addition, double than, struct ifp_error *error)
{
    const struct ifp_problem *problem = routing->problem;
    struct ifp_routing_lp *lp;
    enum outcome outcome;
    double fixed = fixed_usd(problem, selection);
    double cutoff = (than - fixed) / routing->scale;
    routing->now.value = INFINITY;
    routing->now.complete = false;
    routing->now.bound = -INFINITY;
    routing->now.count = 0;
    routing->solves += 1;
    int code = solve_selection(routing, selection, addition, cutoff, &lp, &outcome, error);
    if (!code && outcome == SOLVED) {
        routing->now.bound = routing->objective * routing->scale + fixed;
        code = respect_placement(routing, &lp, cutoff, &outcome, error);
    }
    if (!code && outcome == SOLVED)
        take_shares(routing, lp);
    if (!code && outcome == SOLVED && problem->route_charges) {
        code = pay_charges(routing, selection, cutoff, &lp, &outcome, error);
        if (!code && outcome == SOLVED)
            take_shares(routing, lp);
    }
    if (code || outcome != SOLVED)
        return code;
    double missing = 0;
    double total = total_usd(routing, selection, lp);
    for (size_t i = 0; i < problem->query_count; i++)
        missing += routing->shares[problem->query_count + i];
    if (!routes_fit(routing))
        return IFP_OK;
    routing->now.value = total;
    routing->now.complete = missing <= IFP_SHARE_MIN;
    return IFP_OK;
}

double ifp_routing_budget_price(const struct ifp_routing *routing)
{
    const struct ifp_problem *problem = routing->problem;
    size_t budget = problem->shared_resource;
    if (budget == SIZE_MAX)
        return 0;
    return fmin(0, routing->now.price[(1 + IFP_SERVICE_COUNT) * problem->query_count]) /
           problem->resources[budget].scale;
}

void ifp_routing_gains(const struct ifp_routing *routing,
                       const struct ifp_configuration *configuration, double *gain)
{
    const struct ifp_problem *problem = routing->problem;
    const double *price = routing->now.price;
    size_t queries = problem->query_count;
    double budget = ifp_routing_budget_price(routing);
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[configuration->first_route + k];
        gain[k] = price[route->query] - route_usd(problem, route) / routing->scale +
                  budget * ifp_route_storage_usd(problem, route);
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++)
            gain[k] += ifp_routing_limit_coefficient(problem, route, (enum ifp_service_level)l) *
                       price[(1 + l) * queries + route->query];
    }
}
