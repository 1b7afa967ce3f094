/* SPDX-License-Identifier: MIT */
/* The schedule of heuristics: which of them run when, and with what effort. */
#include "engine/heuristics/schedule.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/dive.h"
#include "engine/draw.h"
#include "engine/heuristics/fix_and_solve.h"
#include "engine/heuristics/local.h"
#include "engine/heuristics/rounding.h"

/* Maximum iterations of sub-searches, as a fraction of those of the search itself. */
static const double SEARCHES_PART = 0.5;

/* Effort of the local search before the first bound: routes evaluated. */
static const double LOOKS_AT_ROUTES = 5e6;
/* Effort of the local search after a dive: routes evaluated. */
static const double LOOKS_AFTER = 5e7;

enum {
    LOOKS_LEAST = 10,
    LOOKS_SHORTER = 5, /* divisor of the effort if there is a start plan */
    LOOKS = 300,
    WANDER_SOLVES = 3000,
    WANDER_SOLVES_PAIR = 50,  /* maximum per pair */
    WANDER_SHORTER = 10,      /* divisor of the effort if there is a start plan */
    WANDER_SOLVES_NODE = 300, /* at a tree node */
    SEARCHES_LEAST = 1000,    /* minimum of the simplex iterations of a sub-search */
    NEIGHBOURS = 30,          /* configurations of a sub-search */
    NEIGHBOURS_ONE_IN = 3,    /* after the first sub-search, one in three candidates is taken */
    NEIGHBOURS_ITERATIONS = 30000,
    DIVE_AGAIN = 20, /* nodes from one dive to the next at first; the distance grows */
    DISCREPANCIES = 1,
    DISCREPANCIES_ROOT = 2, /* maximum at the root, with one more per CONFIGURATIONS_EACH */
    CONFIGURATIONS_EACH = 1500
};

/* Offer the plan that serves nothing. It is accepted if all demand may stay unmet. */
static int offer_nothing(struct ifp_state *state)
{
    bool verified;
    double *nothing = calloc(state->milp->column_count + 1, sizeof *nothing);
    int code = nothing ? ifp_incumbent_offer(state->incumbent, state->problem, state->milp, nothing,
                                             &verified, state->error)
                       : ifp_error_memory(state->error);
    free(nothing);
    return code;
}

/* The effort of the local search before the first bound: a few milliseconds, or less for small
 * problems. */
static double looks_at_first(const struct ifp_problem *problem)
{
    return fmin(LOOKS, fmax(LOOKS_LEAST, LOOKS_AT_ROUTES / (1 + (double)problem->route_count)));
}

/* Find plans before the first bound. If there is a start plan, improve it, as far as the limits
 * allow it. Construct plans from nothing only if the start does not hold the limits or does not
 * exist. */
static int construct(struct ifp_state *state)
{
    const ifp_plan *start = state->incumbent->start;
    double looks = looks_at_first(state->problem);
    int code = IFP_OK;
    if (start && state->problem->placement == IFP_PLACEMENT_SINGLE)
        code = ifp_local_polish(state->local_single, start, looks / LOOKS_SHORTER, state->error);
    if (!code && !state->incumbent->start_holds)
        code = ifp_local_construct(state->local_single, looks, state->error);
    ifp_watch_log(state->watch, "first plan %g", state->incumbent->objective);
    return code;
}

int ifp_look_first(struct ifp_state *state, double bound)
{
    int code = offer_nothing(state);
    ifp_state_report(state, bound);
    if (!code && !state->incumbent->fleet && !ifp_watch_stopped(state->watch))
        code = construct(state);
    ifp_state_report(state, bound);
    return code;
}

/* Sub-MIP: search for better plans among a few configurations. These are the ones that the
 * relaxation or the best plan rents, and those of least reduced cost. After the first time, the
 * latter are skipped at random, so that others are tried. */
static int search_some(struct ifp_state *state)
{
    const struct ifp_problem *problem = state->problem;
    const struct ifp_relaxation *relaxation = state->relaxation;
    size_t count = problem->configuration_count;
    bool *keep = calloc(count + 1, sizeof *keep);
    size_t kept = 0;
    if (!keep)
        return ifp_error_memory(state->error);
    for (size_t c = 0; c < count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        keep[c] =
            relaxation->point[state->milp->rent[c]] > 1e-6 ||
            ifp_incumbent_replicas(state->incumbent, state->incumbent->plan, configuration) > 0;
        kept += keep[c];
    }
    bool *passed = calloc(count + 1, sizeof *passed);
    if (!passed) {
        free(keep);
        return ifp_error_memory(state->error);
    }
    while (kept < NEIGHBOURS && kept < count) {
        size_t best = SIZE_MAX;
        for (size_t c = 0; c < count; c++) {
            if (!keep[c] && !passed[c] && relaxation->upper[state->milp->rent[c]] > 0.5 &&
                (best == SIZE_MAX || relaxation->reduced[state->milp->rent[c]] <
                                         relaxation->reduced[state->milp->rent[best]]))
                best = c;
        }
        if (best == SIZE_MAX)
            break;
        bool take = !state->searches || ifp_draw(&state->random, NEIGHBOURS_ONE_IN) == 0;
        keep[best] = take;
        passed[best] = true;
        kept += take;
    }
    free(passed);
    state->searches++;
    struct ifp_outcome outcome = {0};
    double before = state->incumbent->objective;
    int code = IFP_OK;
    state->allowance = fmin(NEIGHBOURS_ITERATIONS, SEARCHES_LEAST + relaxation->iterations);
    if (4 * kept < 3 * count)
        code = state->search_among(state, keep, false, &outcome);
    state->spent += outcome.iterations;
    free(keep);
    if (!code && state->incumbent->objective < before)
        code = ifp_local_polish(state->local_lp, state->incumbent->plan, INFINITY, state->error);
    return code;
}

/* For plans with one route per query type: dive by patterns; if that finds no better plan, dive by
 * branches; then improve the best plan by local search. */
static int dive_and_move(struct ifp_state *state)
{
    double looks = fmin(LOOKS, LOOKS_AFTER / (1 + (double)state->problem->route_count));
    double before = state->incumbent->objective;
    enum ifp_relaxation_status status;
    ifp_master_be_rough(state->master, true);
    size_t discrepancies = DISCREPANCIES;
    if (state->nodes == 0)
        discrepancies += state->problem->configuration_count / CONFIGURATIONS_EACH;
    if (discrepancies > DISCREPANCIES_ROOT)
        discrepancies = DISCREPANCIES_ROOT;
    int code = ifp_dive(state, discrepancies);
    ifp_master_be_rough(state->master, false);
    if (!code && state->incumbent->objective >= before && !ifp_watch_stopped(state->watch)) {
        code = ifp_state_solve(state, &status);
        if (!code && status == IFP_RELAXATION_SOLVED)
            code = ifp_plans_dive(state);
    }
    if (!code && state->local_single)
        code = ifp_local_polish(state->local_single, state->incumbent->plan, looks, state->error);
    if (!code && state->local_single)
        code = ifp_local_wander(state->local_single, looks, state->error);
    return code;
}

/* The first heuristics at the root: round the root's point to a fleet and improve it. Does nothing
 * if the deployments are fixed. */
int ifp_look_at_root(struct ifp_state *state)
{
    int code = IFP_OK;
    if (!state->main || state->restarted || state->incumbent->fleet || !ifp_state_is_open(state))
        return IFP_OK;
    const ifp_plan *start = state->incumbent->start;
    bool single = state->master && state->problem->placement == IFP_PLACEMENT_SINGLE;
    if (start && !single)
        code = ifp_local_polish(state->local_lp, start, INFINITY, state->error);
    if (code || (state->master && state->incumbent->start_holds))
        return code;
    if (single) {
        struct ifp_snapshot snapshot;
        code = ifp_state_remember(state, &snapshot);
        if (!code)
            code = dive_and_move(state);
        state->next_dive = DIVE_AGAIN;
        if (!code)
            code = ifp_state_restore(state, 0);
        if (!code)
            code = ifp_state_put_back(state, &snapshot);
        ifp_snapshot_free(&snapshot);
        ifp_watch_log(state->watch, "best plan %g after a dive and moves",
                      state->incumbent->objective);
        return code;
    }
    double *rounded = malloc((state->milp->column_count + 1) * sizeof *rounded);
    if (!rounded || ifp_round_up(state->problem, state->milp, state->relaxation->point, rounded))
        code = ifp_error_memory(state->error);
    if (!code)
        code = ifp_local_round(state->local_lp, rounded, INFINITY, state->error);
    ifp_watch_log(state->watch, "best plan %g after improving fleets", state->incumbent->objective);
    free(rounded);
    return code;
}

/* If the root leaves a gap: local search around the best fleets, then a sub-search. */
int ifp_look_around_root(struct ifp_state *state)
{
    double solves = fmin(WANDER_SOLVES, WANDER_SOLVES_PAIR * (double)state->problem->pair_count);
    int code = IFP_OK;
    if (!state->main || !ifp_state_is_open(state))
        return IFP_OK;
    if (state->incumbent->start_holds)
        solves /= WANDER_SHORTER;
    if (!state->restarted && !state->incumbent->fleet)
        code = ifp_local_wander(state->local_lp, solves, state->error);
    if (!code && ifp_state_is_open(state))
        code = search_some(state);
    ifp_watch_log(state->watch, "best plan %g after looking around", state->incumbent->objective);
    if (!code)
        ifp_state_report(state, fmax(state->floor, state->relaxation->bound));
    return code;
}

/* At tree nodes: improve the best plan, then search around it. */
static int look_around(struct ifp_state *state)
{
    if (!state->master)
        return state->spent <= SEARCHES_PART * state->relaxation->iterations ? search_some(state)
                                                                             : IFP_OK;
    int code = IFP_OK;
    if (state->incumbent->fleet)
        return code; /* the deployments are fixed */
    if (state->incumbent->objective < state->polished)
        code = ifp_local_polish(state->local_lp, state->incumbent->plan, INFINITY, state->error);
    state->polished = state->incumbent->objective;
    return code ? code : ifp_local_wander(state->local_lp, WANDER_SOLVES_NODE, state->error);
}

/* Rounding is cheap. A dive is not: it runs at the root, and then more and more rarely. The
 * relaxation's results are restored afterwards. */
int ifp_look_along(struct ifp_state *state, const struct ifp_node *node)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    bool single = state->master && state->problem->placement == IFP_PLACEMENT_SINGLE;
    bool round = state->nodes < 30 || fmod(state->nodes, 10) == 0;
    bool plunge = state->nodes >= state->next_dive;
    if (!round && !plunge)
        return IFP_OK;
    if (plunge && state->main && !single && state->nodes > 1) {
        int failed = look_around(state);
        if (failed)
            return failed;
    }
    struct ifp_snapshot snapshot;
    int code = ifp_state_remember(state, &snapshot);
    if (!code && round)
        code = ifp_plans_round(state);
    if (!code && plunge) {
        memcpy(relaxation->point, snapshot.point, state->milp->column_count * sizeof(double));
        state->next_dive = 2 * state->nodes + DIVE_AGAIN;
        code = single ? dive_and_move(state) : ifp_plans_dive(state);
        if (!code)
            code = ifp_state_enter(state, node);
    }
    if (!code)
        code = ifp_state_put_back(state, &snapshot);
    ifp_snapshot_free(&snapshot);
    if (!code && ifp_state_find_candidates(state))
        code = ifp_error_memory(state->error);
    return code;
}
