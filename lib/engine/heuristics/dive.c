/* SPDX-License-Identifier: MIT */
/* Dives by patterns: depth first, with limited discrepancies. */
#include "engine/heuristics/dive.h"

#include <stdint.h>
#include <stdlib.h>

#include "engine/heuristics/fix_and_solve.h"
#include "engine/master/coupling.h"
#include "engine/tuning.h"

/* The identity of a pattern: its configuration, replicas and routes. It is a copy, since the
 * master's patterns come and go. */
struct choice {
    size_t configuration;
    double replicas;
    size_t count;
    size_t *route;
};

struct dive {
    struct ifp_path *path;
    struct ifp_tally *tally;
    size_t discrepancies;
    struct choice left_out[IFP_DIVE_EXCLUDED_MAX];
    size_t left_out_count;
    size_t failures;
};

static bool is_same(const struct choice *choice, const struct ifp_pattern *pattern)
{
    if (choice->configuration != pattern->configuration || choice->replicas != pattern->replicas ||
        choice->count != pattern->count)
        return false;
    for (size_t t = 0; t < choice->count; t++) {
        if (choice->route[t] != pattern->entries[t].route)
            return false;
    }
    return true;
}

static bool is_taken(const struct ifp_path *path, size_t configuration)
{
    return path->bounder->relaxation->lower[path->context->milp->rent[configuration]] > 0.5;
}

static bool can_be_taken(const struct dive *dive, const struct ifp_pattern *pattern)
{
    if (pattern->configuration == SIZE_MAX || is_taken(dive->path, pattern->configuration))
        return false;
    for (size_t k = 0; k < dive->left_out_count; k++) {
        if (is_same(&dive->left_out[k], pattern))
            return false;
    }
    return true;
}

static int set(struct ifp_path *path, size_t column, double lower, double upper)
{
    return ifp_path_apply(path,
                          &(struct ifp_change){.index = column, .lower = lower, .upper = upper});
}

/* Fix a pattern: rent its configuration with exactly its routes. The query types of these routes
 * have no other route. */
static int take(struct ifp_path *path, const struct ifp_pattern *pattern)
{
    const struct ifp_problem *problem = path->context->problem;
    const struct ifp_milp *milp = path->context->milp;
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    bool *served = calloc(problem->query_count + 1, sizeof *served);
    if (!served)
        return ifp_error_memory(path->context->error);
    for (size_t t = 0; t < pattern->count; t++)
        served[problem->routes[pattern->entries[t].route].query] = true;
    int code = set(path, milp->rent[pattern->configuration], 1, 1);
    if (!code && milp->replicas[pattern->configuration] != milp->rent[pattern->configuration])
        code =
            set(path, milp->replicas[pattern->configuration], pattern->replicas, pattern->replicas);
    for (size_t r = 0; !code && r < problem->route_count; r++) {
        bool own = r >= c->first_route && r < c->first_route + c->route_count;
        bool serves = served[problem->routes[r].query];
        if (own)
            code = set(path, ifp_milp_choice(milp, r), serves, serves);
        else if (serves)
            code = set(path, ifp_milp_choice(milp, r), 0, 0);
    }
    free(served);
    return code;
}

/* Fix the pattern with the largest value, and all that are nearly whole. *choice is a copy of the
 * first one, and the caller owns its routes. If there is no such pattern, choice->route is NULL. */
static int take_largest(const struct dive *dive, struct choice *choice)
{
    struct ifp_path *path = dive->path;
    const struct ifp_bounder *bounder = path->bounder;
    size_t count = bounder->method->pattern_count(bounder);
    const struct ifp_pattern *largest = NULL;
    double max_weight = IFP_RENTED_MIN;
    double weight;
    *choice = (struct choice){0};
    for (size_t k = 0; k < count; k++) {
        const struct ifp_pattern *pattern = bounder->method->pattern(bounder, k, &weight);
        if (weight > max_weight && can_be_taken(dive, pattern)) {
            largest = pattern;
            max_weight = weight;
        }
    }
    if (!largest)
        return IFP_OK;
    choice->configuration = largest->configuration;
    choice->replicas = largest->replicas;
    choice->count = largest->count;
    choice->route = malloc((largest->count + 1) * sizeof *choice->route);
    if (!choice->route)
        return ifp_error_memory(path->context->error);
    for (size_t t = 0; t < largest->count; t++)
        choice->route[t] = largest->entries[t].route;
    int code = take(path, largest);
    for (size_t k = 0; !code && k < count; k++) {
        const struct ifp_pattern *pattern = bounder->method->pattern(bounder, k, &weight);
        if (weight > IFP_DIVE_NEARLY_ONE && can_be_taken(dive, pattern))
            code = take(path, pattern);
    }
    return code;
}

/* Dive from a solved point to a plan; then backtrack and exclude the pattern that was fixed here,
 * if discrepancies are left. */
static int go_down(struct dive *dive, size_t depth)
{
    struct ifp_path *path = dive->path;
    const struct ifp_context *context = path->context;
    enum ifp_relaxation_status status = IFP_RELAXATION_SOLVED;
    size_t left_out = dive->left_out_count;
    int code = IFP_OK;
    while (!code && status == IFP_RELAXATION_SOLVED && !ifp_watch_stopped(context->watch)) {
        size_t mark = path->count;
        struct choice choice;
        bool verified;
        code = ifp_path_find_candidates(path);
        if (code)
            break;
        if (!path->branches.count) {
            code = ifp_plans_offer_whole(path, &verified);
            ifp_context_report(context, dive->tally, dive->tally->bound);
            break;
        }
        code = take_largest(dive, &choice);
        if (!code && !choice.route)
            break;
        if (!code)
            code = ifp_path_solve(path, IFP_BOUND_DIVE, &status);
        bool failed = status != IFP_RELAXATION_SOLVED;
        if (!code && !failed)
            code = go_down(dive, depth + 1);
        if (!code)
            code = ifp_path_restore(path, mark);
        bool again = false;
        if (!code && failed && dive->failures < IFP_DIVE_FAILURES_MAX) {
            /* A pattern with a fractional value may not fit as a whole: close its configuration. */
            dive->failures++;
            code = set(path, context->milp->rent[choice.configuration], 0, 0);
            again = true;
        } else if (!code && !failed && depth < IFP_DIVE_EXCLUDED_DEPTH &&
                   dive->left_out_count < dive->discrepancies) {
            dive->left_out[dive->left_out_count++] = choice;
            choice.route = NULL; /* owned by the list now */
            again = true;
        }
        free(choice.route);
        if (!again)
            break;
        if (!code)
            code = ifp_path_solve(path, IFP_BOUND_DIVE, &status);
    }
    while (dive->left_out_count > left_out)
        free(dive->left_out[--dive->left_out_count].route);
    if (depth <= IFP_DIVE_EXCLUDED_DEPTH)
        dive->failures = 0; /* failures are counted for each dive */
    return code;
}

int ifp_dive(struct ifp_path *path, struct ifp_tally *tally, size_t discrepancies)
{
    struct dive dive = {.path = path, .tally = tally, .discrepancies = discrepancies};
    size_t mark = path->count;
    if (dive.discrepancies > IFP_DIVE_EXCLUDED_MAX)
        dive.discrepancies = IFP_DIVE_EXCLUDED_MAX;
    int code = go_down(&dive, 0);
    return code ? code : ifp_path_restore(path, mark);
}
