/* SPDX-License-Identifier: MIT */
/* Branching candidates: the decisions behind the binaries. */
#include "engine/node/branch.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/tuning.h"
#include "util/array.h"

int ifp_changes_add(struct ifp_changes *changes, struct ifp_change change)
{
    if (!ifp_array_reserve(&changes->items, &changes->capacity, changes->count + 1,
                           sizeof *changes->items))
        return IFP_ERROR_MEMORY;
    changes->items[changes->count++] = change;
    return IFP_OK;
}

static int add_branch(struct ifp_branches *branches, struct ifp_branch branch)
{
    if (!ifp_array_reserve(&branches->items, &branches->capacity, branches->count + 1,
                           sizeof *branches->items))
        return IFP_ERROR_MEMORY;
    branches->items[branches->count++] = branch;
    return IFP_OK;
}

static bool fractional(double value)
{
    return value - floor(value) > IFP_WHOLE && ceil(value) - value > IFP_WHOLE;
}

size_t ifp_branch_entities(const struct ifp_problem *problem)
{
    return 2 * problem->pair_count + problem->configuration_count +
           problem->query_count * problem->pair_count;
}

/* The rented configurations of a pair at the point. */
struct rented {
    double pairs;  /* sum of its w */
    double degree; /* sum of w times degree */
    double usd;
    bool split; /* is any w fractional? */
};

static struct rented rented_of(const struct ifp_problem *problem, const struct ifp_milp *milp,
                               const double *point, size_t p)
{
    const struct ifp_pair *pair = &problem->pairs[p];
    struct rented sum = {0};
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        double w = point[milp->rent[c]];
        sum.pairs += w;
        sum.degree += w * configuration->degree;
        sum.usd += w * ifp_rates_minimum(&configuration->cost, configuration->min_replicas);
        sum.split |= fractional(w);
    }
    return sum;
}

/*
 * Of a set of identical pairs, the rented ones come first (problem/twins.h). So we branch on their
 * number: round it down at the point, and branch on whether the next pair is rented. Returns 1 if
 * that is a candidate, 0 if not, -1 if out of memory.
 */
static int twin_candidate(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const double *point, size_t set, struct ifp_branches *branches)
{
    const struct ifp_twins *twins = &problem->twins;
    size_t first = twins->start[set];
    size_t count = twins->start[set + 1] - first;
    struct ifp_branch branch = {.kind = IFP_BRANCH_OPEN};
    bool split = false;
    for (size_t t = first; t < first + count; t++) {
        struct rented sum = rented_of(problem, milp, point, twins->pairs[t]);
        branch.value += sum.pairs;
        branch.weight += sum.usd;
        split |= fractional(sum.pairs);
    }
    double whole = floor(branch.value + IFP_WHOLE);
    if (!split || whole >= (double)count)
        return 0;
    branch.first = twins->pairs[first + (size_t)whole];
    branch.entity = branch.first;
    branch.fraction = fractional(branch.value) ? branch.value - whole : 0.5;
    return add_branch(branches, branch) ? -1 : 1;
}

/* The candidate of a pair whose configurations are mixed: by degree if those differ, else by
 * place. */
static struct ifp_branch mixture_candidate(const struct ifp_problem *problem,
                                           const struct ifp_milp *milp, const double *point,
                                           size_t p, const struct rented *sum)
{
    const struct ifp_pair *pair = &problem->pairs[p];
    struct ifp_branch branch = {
        .kind = IFP_BRANCH_DEGREE,
        .first = p,
        .value = sum->degree / sum->pairs,
        .fraction = 0.5,
        .weight = sum->usd,
        .entity = problem->pair_count + p,
    };
    size_t first = SIZE_MAX; /* places in the pair */
    size_t last = 0;
    double mean = 0;
    bool differ = false;
    for (size_t n = 0; n < pair->count; n++) {
        double w = point[milp->rent[pair->first + n]];
        if (w <= IFP_WHOLE)
            continue;
        first = first == SIZE_MAX ? n : first;
        last = n;
        mean += w * (double)n;
        differ |= problem->configurations[pair->first + n].degree !=
                  problem->configurations[pair->first + first].degree;
    }
    if (differ || first == SIZE_MAX || first == last)
        return branch;
    branch.kind = IFP_BRANCH_POINT;
    /* Both sides get a part of the mixture. */
    branch.value = fmax((double)first, fmin((double)last - 1, floor(mean / sum->pairs))) + 0.5;
    return branch;
}

static int pair_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                           const double *point, struct ifp_branches *branches)
{
    const struct ifp_twins *twins = &problem->twins;
    for (size_t p = 0; p < problem->pair_count; p++) {
        struct rented sum = rented_of(problem, milp, point, p);
        size_t set = twins->set[p];
        if (!sum.split)
            continue;
        struct ifp_branch branch = {.first = p, .weight = sum.usd};
        if (!fractional(sum.pairs)) {
            branch = mixture_candidate(problem, milp, point, p, &sum);
        } else if (set == SIZE_MAX) {
            branch.kind = IFP_BRANCH_OPEN;
            branch.value = sum.pairs;
            branch.fraction = sum.pairs - floor(sum.pairs);
            branch.entity = p;
        } else {
            continue; /* its set is handled below */
        }
        if (add_branch(branches, branch))
            return IFP_ERROR_MEMORY;
    }
    for (size_t set = 0; set < twins->count; set++) {
        if (twin_candidate(problem, milp, point, set, branches) < 0)
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

/* If whole replicas are a mixture of other numbers, the place between them at which both sides get
 * a part of it; else NaN. */
static double mixture_of_numbers(const struct ifp_milp *milp, const double *point, size_t c)
{
    size_t first;
    size_t last;
    double minimum = INFINITY;
    double maximum = 0;
    double sum = 0;
    double weight = 0;
    bool mixed = false;
    if (!ifp_milp_exactly_range(milp, c, &first, &last))
        return NAN;
    for (size_t v = first; v <= last; v++) {
        double replicas = milp->columns[v].second;
        if (point[v] <= IFP_WHOLE)
            continue;
        minimum = fmin(minimum, replicas);
        maximum = fmax(maximum, replicas);
        sum += point[v] * replicas;
        weight += point[v];
        mixed |= fractional(point[v]);
    }
    if (!mixed || minimum >= maximum)
        return NAN;
    return fmax(minimum, fmin(maximum - 1, floor(sum / weight))) + 0.5;
}

static int replica_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                              const double *point, struct ifp_branches *branches)
{
    for (size_t c = 0; c < problem->configuration_count; c++) {
        double m = point[milp->replicas[c]];
        if (milp->replicas[c] == milp->rent[c])
            continue;
        if (!fractional(m)) {
            m = mixture_of_numbers(milp, point, c);
            if (isnan(m))
                continue;
        }
        struct ifp_branch branch = {
            .kind = IFP_BRANCH_REPLICAS,
            .first = c,
            .value = m,
            .fraction = m - floor(m),
            .weight = problem->configurations[c].cost.replica,
            .entity = 2 * problem->pair_count + c,
        };
        if (add_branch(branches, branch))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static size_t pair_of(const struct ifp_problem *problem, size_t c)
{
    size_t low = 0;
    size_t high = problem->pair_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (problem->pairs[middle].first <= c)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The saving of serving the share by this route, compared with leaving it unmet. */
static double worth(const struct ifp_problem *problem, const struct ifp_route_data *route,
                    double share)
{
    return share * fabs(problem->demands[route->query].unmet_usd -
                        ifp_route_delay_usd(problem, route)) +
           IFP_BRANCH_WEIGHT_MIN;
}

/* The number of pairs that serve a query type: in total, by model and by tier. */
struct uses {
    size_t *query;
    size_t *model;
    size_t *tier;
    size_t *last; /* by query: the pair counted last, plus 1 */
};

static bool count_uses(const struct ifp_problem *problem, const struct ifp_milp *milp,
                       const double *point, struct uses *uses)
{
    size_t queries = problem->query_count;
    uses->query =
        calloc(queries * (2 + problem->model_count + problem->tier_count), sizeof *uses->query);
    if (!uses->query)
        return false;
    uses->model = uses->query + queries;
    uses->tier = uses->model + queries * problem->model_count;
    uses->last = uses->tier + queries * problem->tier_count;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        size_t pair = pair_of(problem, route->configuration) + 1;
        /* Count the degrees of a pair as one: if two of them serve, branch on the pair instead. */
        if (point[ifp_milp_share(milp, r)] <= IFP_WHOLE || uses->last[route->query] == pair)
            continue;
        uses->last[route->query] = pair;
        uses->query[route->query]++;
        uses->model[route->query * problem->model_count + c->model]++;
        uses->tier[route->query * problem->tier_count + c->tier]++;
    }
    return true;
}

/* Do the shares violate the placement at this route? */
static bool in_conflict(const struct ifp_problem *problem, const struct uses *uses,
                        const struct ifp_route_data *route)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    if (problem->placement == IFP_PLACEMENT_SINGLE)
        return uses->query[route->query] > 1;
    return problem->placement == IFP_PLACEMENT_MATCHING &&
           (uses->model[route->query * problem->model_count + c->model] > 1 ||
            uses->tier[route->query * problem->tier_count + c->tier] > 1);
}

/* Does the route cost and use nothing apart from its share? */
static bool is_free(const struct ifp_problem *problem, const struct ifp_route_data *route)
{
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    bool found = c->cost.charge == 0;
    for (size_t u = 0; found && u < c->use_count; u++)
        found = c->uses[u].rates.charge == 0;
    return found;
}

/* A route column that is free and in no conflict may be fractional: it can be rounded up if its
 * share is positive, and down if not. */
static int route_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                            const double *point, struct ifp_branches *branches)
{
    size_t base = 2 * problem->pair_count + problem->configuration_count;
    bool single = problem->placement == IFP_PLACEMENT_SINGLE;
    struct uses uses;
    if (!count_uses(problem, milp, point, &uses))
        return IFP_ERROR_MEMORY;
    int code = IFP_OK;
    for (size_t r = 0; !code && r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        size_t column = ifp_milp_choice(milp, r);
        if (column == SIZE_MAX || !fractional(point[column]))
            continue;
        bool conflict = in_conflict(problem, &uses, route);
        if (!conflict && is_free(problem, route))
            continue;
        struct ifp_branch branch = {
            .kind = single && conflict ? IFP_BRANCH_ROUTE : IFP_BRANCH_COLUMN,
            .first = route->query,
            .second = pair_of(problem, route->configuration),
            .value = point[column],
            .fraction = point[column],
            .weight = worth(problem, route, point[column]),
        };
        branch.entity = base + route->query * problem->pair_count + branch.second;
        if (branch.kind == IFP_BRANCH_COLUMN)
            branch.first = column;
        code = add_branch(branches, branch);
    }
    free(uses.query);
    return code;
}

int ifp_branch_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const double *point, bool all, struct ifp_branches *branches)
{
    branches->count = 0;
    int code = pair_candidates(problem, milp, point, branches);
    if (!code && (all || !branches->count))
        code = replica_candidates(problem, milp, point, branches);
    if (!code && (all || !branches->count))
        code = route_candidates(problem, milp, point, branches);
    return code;
}

/* Of the binaries that are 1 but not fixed, the one with the largest value of its complement. */
static size_t worst_complement(const struct ifp_relaxation *relaxation)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t worst = SIZE_MAX;
    double largest = IFP_WHOLE;
    for (size_t c = 0; milp->complement && c < milp->column_count; c++) {
        size_t other = milp->complement[c];
        if (other == SIZE_MAX || relaxation->lower[c] >= relaxation->upper[c] ||
            relaxation->point[c] < 0.5 || relaxation->point[other] <= largest)
            continue;
        largest = relaxation->point[other];
        worst = c;
    }
    return worst;
}

static bool is_closed(const struct ifp_relaxation *relaxation, size_t configuration)
{
    return relaxation->upper[relaxation->milp->rent[configuration]] < 0.5;
}

/* Does the column belong to configurations that are all closed? Then there is nothing to decide. */
static bool is_decided(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       size_t column)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t first = milp->columns[column].first;
    switch (milp->columns[column].kind) {
    case IFP_COLUMN_REPLICAS:
        return is_closed(relaxation, first);
    case IFP_COLUMN_EXACTLY: /* replicas come first, and fix it */
        return true;
    case IFP_COLUMN_ROUTE:
        return is_closed(relaxation, problem->routes[first].configuration);
    case IFP_COLUMN_PAIR: {
        const struct ifp_pair *pair = &problem->pairs[milp->columns[column].second];
        size_t c = pair->first;
        while (c < pair->first + pair->count && is_closed(relaxation, c))
            c++;
        return c == pair->first + pair->count;
    }
    default:
        return false;
    }
}

int ifp_branch_unfixed(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       struct ifp_branches *branches)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t worst = worst_complement(relaxation);
    branches->count = 0;
    for (size_t c = 0; c < milp->column_count; c++) {
        double lower = relaxation->lower[c];
        double upper = relaxation->upper[c];
        /* Project the value into its bounds, so that both sides are proper subsets. */
        double at = fmax(lower, fmin(upper, floor(relaxation->point[c] + 0.5)));
        if (!milp->integer[c] || lower >= upper || (worst != SIZE_MAX && c != worst) ||
            is_decided(problem, relaxation, c))
            continue;
        bool replicas = milp->columns[c].kind == IFP_COLUMN_REPLICAS;
        struct ifp_branch branch = {
            .kind = replicas ? IFP_BRANCH_REPLICAS : IFP_BRANCH_COLUMN,
            .first = replicas ? milp->columns[c].first : c,
            .value = at < upper ? at + 0.5 : at - 0.5,
            .fraction = 0.5,
            .entity = 2 * problem->pair_count, /* a configuration's; these branches teach little */
        };
        return add_branch(branches, branch);
    }
    return IFP_OK;
}

static int fix(struct ifp_changes *changes, size_t column, double lower, double upper)
{
    return ifp_changes_add(changes,
                           (struct ifp_change){.index = column, .lower = lower, .upper = upper});
}

int ifp_branch_replicas(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                        size_t c, double lower, double upper, struct ifp_changes *changes)
{
    const struct ifp_milp *milp = relaxation->milp;
    double minimum = problem->configurations[c].min_replicas;
    size_t first;
    size_t last;
    if (lower > 0)
        lower = fmax(lower, minimum);
    if (upper < minimum)
        upper = fmin(upper, 0);
    int code = fix(changes, milp->replicas[c], lower, upper);
    if (!code && upper <= 0 && minimum > 1)
        code = fix(changes, milp->rent[c], 0, 0);
    if (code || !ifp_milp_exactly_range(milp, c, &first, &last))
        return code;
    for (size_t v = first; !code && v <= last; v++) {
        double replicas = milp->columns[v].second;
        if (relaxation->upper[v] > 0.5 && (replicas < lower || replicas > upper))
            code = fix(changes, v, 0, 0);
        else if (lower > 0 && replicas == lower && replicas == upper)
            code = fix(changes, v, 1, 1);
    }
    return code;
}

static int open_pair(const struct ifp_problem *problem, const struct ifp_milp *milp, size_t p,
                     bool up, struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &problem->pairs[p];
    if (up && pair->count == 1)
        return fix(changes, milp->rent[pair->first], 1, 1);
    if (up)
        return ifp_changes_add(
            changes,
            (struct ifp_change){.index = milp->degree[p], .row = true, .lower = 1, .upper = 1});
    for (size_t n = 0; n < pair->count; n++) {
        if (fix(changes, milp->rent[pair->first + n], 0, 0))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

/* In a set of identical pairs, the earlier ones are rented with it and the later ones are closed
 * with it. */
static int open_changes(const struct ifp_problem *problem, const struct ifp_milp *milp,
                        const struct ifp_branch *branch, bool up, struct ifp_changes *changes)
{
    const struct ifp_twins *twins = &problem->twins;
    size_t set = twins->set[branch->first];
    if (set == SIZE_MAX)
        return open_pair(problem, milp, branch->first, up, changes);
    for (size_t t = twins->start[set]; t < twins->start[set + 1]; t++) {
        size_t p = twins->pairs[t];
        if ((up ? p <= branch->first : p >= branch->first) &&
            open_pair(problem, milp, p, up, changes))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int degree_changes(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const struct ifp_branch *branch, bool up, struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &problem->pairs[branch->first];
    for (size_t n = 0; n < pair->count; n++) {
        bool large = problem->configurations[pair->first + n].degree > branch->value;
        if (large != up && fix(changes, milp->rent[pair->first + n], 0, 0))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int point_changes(const struct ifp_problem *problem, const struct ifp_milp *milp,
                         const struct ifp_branch *branch, bool up, struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &problem->pairs[branch->first];
    for (size_t n = 0; n < pair->count; n++) {
        if (((double)n > branch->value) != up && fix(changes, milp->rent[pair->first + n], 0, 0))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int route_changes(const struct ifp_problem *problem, const struct ifp_milp *milp,
                         const struct ifp_branch *branch, bool up, struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &problem->pairs[branch->second];
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        bool inside =
            route->configuration >= pair->first && route->configuration < pair->first + pair->count;
        if (route->query == branch->first && inside != up &&
            fix(changes, ifp_milp_choice(milp, r), 0, 0))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

int ifp_branch_changes(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       const struct ifp_branch *branch, bool up, struct ifp_changes *changes)
{
    const struct ifp_milp *milp = relaxation->milp;
    changes->count = 0;
    switch (branch->kind) {
    case IFP_BRANCH_OPEN:
        return open_changes(problem, milp, branch, up, changes);
    case IFP_BRANCH_DEGREE:
        return degree_changes(problem, milp, branch, up, changes);
    case IFP_BRANCH_REPLICAS: {
        size_t column = milp->replicas[branch->first];
        double lower = up ? ceil(branch->value) : relaxation->lower[column];
        double upper = up ? relaxation->upper[column] : floor(branch->value);
        return ifp_branch_replicas(problem, relaxation, branch->first, lower, upper, changes);
    }
    case IFP_BRANCH_POINT:
        return point_changes(problem, milp, branch, up, changes);
    case IFP_BRANCH_ROUTE:
        return route_changes(problem, milp, branch, up, changes);
    default:
        return fix(changes, branch->first, up ? 1 : 0, up ? 1 : 0);
    }
}
