/* SPDX-License-Identifier: MIT */
/* The schedule of heuristics: which of them run when, and with what effort. */
#include "engine/heuristics/schedule.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/dive.h"
#include "engine/heuristics/eval_lp.h"
#include "engine/heuristics/eval_single.h"
#include "engine/heuristics/fix_and_solve.h"
#include "engine/heuristics/local.h"
#include "engine/heuristics/rounding.h"
#include "engine/tuning.h"

int ifp_schedule_begin(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    int code = IFP_OK;
    schedule->polished = INFINITY;
    /* For large problems each of these takes as long as the latency of a cancel, so poll between
     * them. */
    if (!ifp_watch_stopped(context->watch))
        code = ifp_local_new(ifp_eval_lp_new(context->environment, context->problem, context->milp,
                                             context->incumbent, context->watch),
                             &schedule->local_lp, context->error);
    if (!code && schedule->main && !ifp_watch_stopped(context->watch))
        code = ifp_local_new(ifp_eval_single_new(context->problem, context->milp,
                                                 context->incumbent, context->watch),
                             &schedule->local_single, context->error);
    return code;
}

void ifp_schedule_end(struct ifp_schedule *schedule)
{
    ifp_local_free(schedule->local_lp);
    ifp_local_free(schedule->local_single);
    schedule->local_lp = NULL;
    schedule->local_single = NULL;
}

/* Offer the plan that serves nothing. It is accepted if all demand may stay unmet. */
static int offer_nothing(const struct ifp_context *context)
{
    bool verified;
    double *nothing = calloc(context->milp->column_count + 1, sizeof *nothing);
    int code = nothing ? ifp_incumbent_offer(context->incumbent, context->problem, context->milp,
                                             nothing, &verified, context->error)
                       : ifp_error_memory(context->error);
    free(nothing);
    return code;
}

/* The effort of the local search before the first bound: a few milliseconds, or less for small
 * problems. */
static double passes_at_first(const struct ifp_problem *problem)
{
    double routes =
        IFP_SCHEDULE_ROUTES_FIRST * (problem->has_needs ? IFP_SCHEDULE_POINTS_FACTOR : 1);
    return fmin(IFP_SCHEDULE_PASSES_MAX,
                fmax(IFP_SCHEDULE_PASSES_MIN, routes / (1 + (double)problem->route_count)));
}

/* Find plans before the first bound. If there is a start plan, improve it, as far as the limits
 * allow it. Fill empty selections only if there is no start plan, or if it does not hold the
 * limits. */
static int construct(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const ifp_plan *start = context->incumbent->start;
    double passes = passes_at_first(context->problem);
    int code = IFP_OK;
    if (start && context->problem->placement == IFP_PLACEMENT_SINGLE)
        code = ifp_local_polish(schedule->local_single, start, passes / IFP_SCHEDULE_PASSES_DIVISOR,
                                context->error);
    if (!code && !context->incumbent->start_holds)
        code = ifp_local_construct(schedule->local_single, passes, context->error);
    ifp_watch_log(context->watch, "first plan %g", context->incumbent->objective);
    return code;
}

int ifp_schedule_start(struct ifp_schedule *schedule, double bound)
{
    const struct ifp_context *context = schedule->context;
    int code = offer_nothing(context);
    ifp_context_report(context, schedule->tally, bound);
    if (!code && !context->incumbent->fixed_plan && !ifp_watch_stopped(context->watch))
        code = construct(schedule);
    ifp_context_report(context, schedule->tally, bound);
    return code;
}

/* Are sub-searches by the master worth their time? They are if a plan may split a query type among
 * operating points: a deployment of a good model then pays only together with cheap ones whose
 * routes exceed an averaged limit, and the local search does not find such sets. */
static bool searches_by_patterns(const struct ifp_schedule *schedule)
{
    const struct ifp_problem *problem = schedule->context->problem;
    return schedule->main && schedule->path->bounder->method->pattern && problem->has_needs &&
           problem->placement == IFP_PLACEMENT_SPLIT && !schedule->context->incumbent->fixed_plan;
}

/* Choose the configurations of a sub-search: those that the relaxation or the best plan rents,
 * then, except in a sub-search by the master, those of lowest reduced cost. After the first
 * sub-search, the latter are skipped at random, so that others are tried. Returns their number.
 * `passed` has entries for all configurations, all false. */
static size_t choose_neighbours(struct ifp_schedule *schedule, bool *keep, bool *passed)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_relaxation *relaxation = schedule->path->bounder->relaxation;
    const size_t *rent = context->milp->rent;
    size_t count = context->problem->configuration_count;
    size_t kept = 0;
    for (size_t c = 0; c < count; c++) {
        const struct ifp_configuration *configuration = &context->problem->configurations[c];
        keep[c] =
            relaxation->point[rent[c]] > IFP_RENTED_MIN ||
            ifp_incumbent_replicas(context->incumbent, context->incumbent->plan, configuration) > 0;
        kept += keep[c];
    }
    if (searches_by_patterns(schedule))
        return kept;
    while (kept < IFP_NESTED_CONFIGURATIONS && kept < count) {
        size_t best = SIZE_MAX;
        for (size_t c = 0; c < count; c++) {
            if (!keep[c] && !passed[c] && relaxation->upper[rent[c]] > 0.5 &&
                (best == SIZE_MAX ||
                 relaxation->reduced[rent[c]] < relaxation->reduced[rent[best]]))
                best = c;
        }
        if (best == SIZE_MAX)
            break;
        keep[best] =
            !schedule->searches || ifp_random_below(&schedule->random, IFP_NESTED_ONE_IN) == 0;
        passed[best] = true;
        kept += keep[best];
    }
    return kept;
}

/* Sub-MIP: search for better plans among a few configurations. */
static int search_some(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_relaxation *relaxation = schedule->path->bounder->relaxation;
    size_t count = context->problem->configuration_count;
    bool *keep = calloc(2 * count + 1, sizeof *keep);
    if (!keep)
        return ifp_error_memory(context->error);
    size_t kept = choose_neighbours(schedule, keep, keep + count);
    schedule->searches++;
    struct ifp_outcome outcome = {0};
    double before = context->incumbent->objective;
    double iterations =
        searches_by_patterns(schedule)
            ? IFP_NESTED_ITERATIONS_PATTERNS
            : fmin(IFP_NESTED_ITERATIONS, IFP_NESTED_ITERATIONS_MIN + relaxation->iterations);
    int code = IFP_OK;
    if (100 * kept < IFP_NESTED_PERCENT * count)
        code = schedule->search_among(schedule->search, keep, iterations, &outcome);
    schedule->spent += outcome.iterations;
    free(keep);
    schedule->idle = context->incumbent->objective < before ? 0 : schedule->idle + 1;
    if (!code && context->incumbent->objective < before)
        code = ifp_local_polish(schedule->local_lp, context->incumbent->plan, INFINITY,
                                context->error);
    return code;
}

/* Do plans have one route per query type, and has the bounder patterns to find them by? */
static bool has_single_patterns(const struct ifp_schedule *schedule)
{
    return schedule->path->bounder->method->pattern &&
           schedule->context->problem->placement == IFP_PLACEMENT_SINGLE;
}

/* For plans with one route per query type: dive by patterns; if that finds no better plan, dive by
 * branches; then improve the best plan by local search. */
static int dive_and_move(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_problem *problem = context->problem;
    struct ifp_path *path = schedule->path;
    double passes = fmin(IFP_SCHEDULE_PASSES_MAX,
                         IFP_SCHEDULE_ROUTES_AFTER / (1 + (double)problem->route_count));
    double before = context->incumbent->objective;
    enum ifp_relaxation_status status;
    size_t discrepancies = IFP_SCHEDULE_DISCREPANCIES;
    if (schedule->tally->nodes == 0)
        discrepancies += problem->configuration_count / IFP_SCHEDULE_DISCREPANCY_CONFIGURATIONS;
    if (discrepancies > IFP_SCHEDULE_DISCREPANCIES_ROOT)
        discrepancies = IFP_SCHEDULE_DISCREPANCIES_ROOT;
    int code = ifp_dive(path, schedule->tally, discrepancies);
    if (!code && context->incumbent->objective >= before && !ifp_watch_stopped(context->watch)) {
        code = ifp_path_solve(path, IFP_BOUND_NODE, &status);
        if (!code && status == IFP_RELAXATION_SOLVED)
            code = ifp_plans_dive(path);
    }
    if (!code && schedule->local_single)
        code = ifp_local_polish(schedule->local_single, context->incumbent->plan, passes,
                                context->error);
    if (!code && schedule->local_single)
        code = ifp_local_walk(schedule->local_single, passes, context->error);
    return code;
}

/* Dive at the root. The bounds and the relaxation's results are restored. */
static int dive_at_root(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    struct ifp_bounder *bounder = schedule->path->bounder;
    struct ifp_snapshot snapshot;
    int code = bounder->method->remember(bounder, &snapshot, context->error);
    if (!code)
        code = dive_and_move(schedule);
    schedule->next_dive = IFP_SCHEDULE_DIVE_NODES;
    if (!code)
        code = ifp_path_restore(schedule->path, 0);
    if (!code)
        code = bounder->method->put_back(bounder, &snapshot, context->error);
    ifp_snapshot_free(&snapshot);
    ifp_watch_log(context->watch, "best plan %g after a dive and moves",
                  context->incumbent->objective);
    return code;
}

/* Sub-searches at the root, as long as each of them finds a better plan. */
static int search_by_patterns(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    double before = INFINITY;
    int code = IFP_OK;
    if (!searches_by_patterns(schedule))
        return IFP_OK;
    while (!code && context->incumbent->objective < before && ifp_path_is_open(schedule->path) &&
           !ifp_watch_stopped(context->watch)) {
        before = context->incumbent->objective;
        code = search_some(schedule);
    }
    ifp_watch_log(context->watch, "best plan %g after sub-searches", context->incumbent->objective);
    return code;
}

/* With one route per query type and patterns, dive. Otherwise, round the root's point to a
 * selection and improve it. */
int ifp_schedule_root(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_bounder *bounder = schedule->path->bounder;
    const ifp_plan *start = context->incumbent->start;
    int code = IFP_OK;
    if (!schedule->main || schedule->restarted || context->incumbent->fixed_plan ||
        !ifp_path_is_open(schedule->path))
        return IFP_OK;
    bool single = has_single_patterns(schedule);
    if (start && !single)
        code = ifp_local_polish(schedule->local_lp, start, INFINITY, context->error);
    if (code || (bounder->method->trusts_start && context->incumbent->start_holds))
        return code;
    if (single)
        return dive_at_root(schedule);
    double *rounded = malloc((context->milp->column_count + 1) * sizeof *rounded);
    if (!rounded ||
        ifp_round_up(context->problem, context->milp, bounder->relaxation->point, rounded))
        code = ifp_error_memory(context->error);
    if (!code)
        code = ifp_local_round(schedule->local_lp, rounded, INFINITY, context->error);
    ifp_watch_log(context->watch, "best plan %g after rounding and local search",
                  context->incumbent->objective);
    free(rounded);
    return code ? code : search_by_patterns(schedule);
}

/* If the root leaves a gap: local search around the best selections, then a sub-search. */
int ifp_schedule_neighbourhood(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_bounder *bounder = schedule->path->bounder;
    double pairs = (double)context->problem->pair_count;
    double solves = fmin(IFP_SCHEDULE_WALK_SOLVES, IFP_SCHEDULE_WALK_SOLVES_PER_PAIR * pairs);
    int code = IFP_OK;
    if (!bounder->method->searches_around || !schedule->main || !ifp_path_is_open(schedule->path))
        return IFP_OK;
    if (context->incumbent->start_holds)
        solves /= IFP_SCHEDULE_WALK_DIVISOR;
    if (!schedule->restarted && !context->incumbent->fixed_plan)
        code = ifp_local_walk(schedule->local_lp, solves, context->error);
    if (!code && ifp_path_is_open(schedule->path))
        code = search_some(schedule);
    ifp_watch_log(context->watch, "best plan %g after a neighbourhood search",
                  context->incumbent->objective);
    if (!code)
        ifp_context_report(context, schedule->tally, bounder->relaxation->bound);
    return code;
}

/* At tree nodes: search around the best plan, by a sub-search or by local search. */
static int search_neighbourhood(struct ifp_schedule *schedule)
{
    const struct ifp_context *context = schedule->context;
    const struct ifp_bounder *bounder = schedule->path->bounder;
    int code = IFP_OK;
    if (bounder->method->searches_around)
        return schedule->spent <= IFP_NESTED_FRACTION * bounder->relaxation->iterations
                   ? search_some(schedule)
                   : IFP_OK;
    if (context->incumbent->fixed_plan)
        return code; /* the deployments are fixed */
    if (context->incumbent->objective < schedule->polished)
        code = ifp_local_polish(schedule->local_lp, context->incumbent->plan, INFINITY,
                                context->error);
    schedule->polished = context->incumbent->objective;
    return code ? code
                : ifp_local_walk(schedule->local_lp, IFP_SCHEDULE_WALK_SOLVES_NODE, context->error);
}

/* Rounding is cheap. Sub-searches have a share of the iterations. A dive is expensive: after the
 * one at the root, the number of nodes between two dives doubles each time. */
int ifp_schedule_node(struct ifp_schedule *schedule, const struct ifp_node *node)
{
    const struct ifp_context *context = schedule->context;
    struct ifp_path *path = schedule->path;
    struct ifp_bounder *bounder = path->bounder;
    double nodes = schedule->tally->nodes;
    bool single = has_single_patterns(schedule);
    bool round = nodes < IFP_SCHEDULE_ROUND_ALL || fmod(nodes, IFP_SCHEDULE_ROUND_EVERY) == 0;
    bool dive = nodes >= schedule->next_dive;
    if (nodes > 1 && searches_by_patterns(schedule) &&
        schedule->spent * (1 + schedule->idle) <=
            IFP_NESTED_FRACTION * bounder->relaxation->iterations) {
        int failed = search_some(schedule);
        if (failed)
            return failed;
    }
    if (!round && !dive)
        return IFP_OK;
    if (dive && schedule->main && !single && nodes > 1) {
        int failed = search_neighbourhood(schedule);
        if (failed)
            return failed;
    }
    struct ifp_snapshot snapshot;
    int code = bounder->method->remember(bounder, &snapshot, context->error);
    if (!code && round)
        code = ifp_plans_round(path, schedule->local_single, schedule->local_lp);
    if (!code && dive) {
        memcpy(bounder->relaxation->point, snapshot.point,
               context->milp->column_count * sizeof(double));
        schedule->next_dive = 2 * nodes + IFP_SCHEDULE_DIVE_NODES;
        code = single ? dive_and_move(schedule) : ifp_plans_dive(path);
        if (!code)
            code = ifp_path_enter(path, node);
    }
    if (!code)
        code = bounder->method->put_back(bounder, &snapshot, context->error);
    ifp_snapshot_free(&snapshot);
    return code ? code : ifp_path_find_candidates(path);
}
