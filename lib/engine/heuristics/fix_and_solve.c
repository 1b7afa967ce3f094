/* SPDX-License-Identifier: MIT */
/* Heuristics that turn points of the relaxation into plans: rounding, fixing and diving. */
#include "engine/heuristics/fix_and_solve.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/local.h"
#include "engine/heuristics/rounding.h"

/* A share above this is used. */
static const double USED = 1e-9;
/* A route column up to this counts as 0, as in branching. */
static const double ROUTED = 1e-6;

/* Rows of an LP are typically violated by at most DIGITS, and always by less than LP_NOISE. */
static const double DIGITS = 1e-11;
static const double LP_NOISE = 2e-9;

/* Maximum steps of a dive, maximum failed steps, and the effort of the local search after rounding
 * (passes over all configurations). */
enum { DIVE_STEPS = 200, FAILURES_MAX = 4, LOOKS = 10 };

/*
 * Fix every integer to its rounded value and solve for the rest. If the plan then violates a limit
 * by the LP solver's tolerance, solve again with slightly tighter limits. The relaxation's bounds
 * are restored.
 */
static int complete(struct ifp_state *state, const double *point, bool *verified)
{
    const struct ifp_milp *milp = state->milp;
    struct ifp_relaxation *relaxation = state->relaxation;
    size_t basis_rows = 0;
    *verified = false;
    if (ifp_watch_stopped(state->watch))
        return IFP_OK;
    char *basis = ifp_relaxation_basis(relaxation, &basis_rows, state->error);
    if (basis && !relaxation->lp) { /* stopped while the LP was made */
        free(basis);
        return IFP_OK;
    }
    double *fixed = malloc((milp->column_count + 1) * sizeof *fixed);
    double *lower = malloc((2 * milp->column_count + 1) * sizeof *lower);
    int code = basis && fixed && lower ? IFP_OK : ifp_error_memory(state->error);
    if (!code) {
        memcpy(fixed, point, milp->column_count * sizeof *fixed);
        memcpy(lower, relaxation->lower, milp->column_count * sizeof *lower);
        memcpy(lower + milp->column_count, relaxation->upper, milp->column_count * sizeof *lower);
    }
    for (size_t c = 0; !code && c < milp->column_count; c++) {
        if (milp->integer[c]) {
            double whole = floor(fixed[c] + 0.5);
            code = ifp_relaxation_set_column(relaxation, c, whole, whole, state->error);
        }
    }
    double margin = 0;
    for (int attempt = 0; !code && !*verified && attempt < 3; attempt++) {
        enum ifp_relaxation_status status;
        for (size_t r = 0; !code && margin > 0 && r < milp->row_count; r++) {
            if (ifp_row_traits[milp->rows[r].kind].is_limit)
                code = ifp_relaxation_set_row(relaxation, r, relaxation->rows.lower[r],
                                              milp->row_upper[r] - margin, state->error);
        }
        if (!code)
            code = ifp_relaxation_solve(relaxation, INFINITY, 0, &status, state->error);
        if (code || status != IFP_RELAXATION_SOLVED)
            break;
        code = ifp_incumbent_offer(state->incumbent, state->problem, state->milp, relaxation->point,
                                   verified, state->error);
        /* If the limits are relaxed by the whole tolerance, first tighten the last digits only. */
        margin = fmax(2 * (state->incumbent->max_violation - state->problem->slack),
                      attempt == 0 ? DIGITS : LP_NOISE);
    }
    for (size_t r = 0; !code && margin > 0 && r < milp->row_count; r++) {
        if (ifp_row_traits[milp->rows[r].kind].is_limit)
            code = ifp_relaxation_set_row(relaxation, r, milp->row_lower[r], milp->row_upper[r],
                                          state->error);
    }
    for (size_t c = 0; !code && c < milp->column_count; c++) {
        if (milp->integer[c])
            code = ifp_relaxation_set_column(relaxation, c, lower[c], lower[milp->column_count + c],
                                             state->error);
    }
    if (!code)
        code = ifp_relaxation_set_basis(relaxation, basis, basis_rows, state->error);
    free(lower);
    free(fixed);
    free(basis);
    return code;
}

int ifp_plans_round(struct ifp_state *state)
{
    if (state->master && state->local_single && state->problem->placement == IFP_PLACEMENT_SINGLE)
        return ifp_local_round(state->local_single, state->relaxation->point, LOOKS, state->error);
    double *rounded = malloc((state->milp->column_count + 1) * sizeof *rounded);
    bool verified;
    int code = IFP_OK;
    if (!rounded || ifp_round_up(state->problem, state->milp, state->relaxation->point, rounded))
        code = ifp_error_memory(state->error);
    if (!code && state->master)
        code = ifp_local_complete(state->local_lp, rounded, state->error);
    else if (!code)
        code = complete(state, rounded, &verified);
    free(rounded);
    return code;
}

int ifp_plans_settle(struct ifp_state *state, bool *verified)
{
    const struct ifp_relaxation *relaxation = state->relaxation;
    int code = ifp_incumbent_offer(state->incumbent, state->problem, state->milp, relaxation->point,
                                   verified, state->error);
    if (code || *verified)
        return code;
    double *point = malloc((state->milp->column_count + 1) * sizeof *point);
    if (!point)
        return ifp_error_memory(state->error);
    memcpy(point, relaxation->point, state->milp->column_count * sizeof *point);
    /* Route columns without a charge may be fractional: set those in use to 1. */
    for (size_t r = 0; r < state->problem->route_count; r++) {
        size_t route = ifp_milp_choice(state->milp, r);
        if (route != SIZE_MAX && point[ifp_milp_share(state->milp, r)] > USED &&
            point[route] > ROUTED)
            point[route] = 1;
    }
    /* Restore the node's bound: that of the fixed LP is not valid for other plans. */
    double bound = state->relaxation->bound;
    code = complete(state, point, verified);
    state->relaxation->bound = bound;
    state->relaxation->reduced_bound = -INFINITY;
    free(point);
    return code;
}

/* The changes of a dive for one side of a candidate. For the upper side of a degree, only the
 * degree with the largest value stays open. */
static int dive_changes(const struct ifp_state *state, const struct ifp_branch *branch, bool up,
                        struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &state->problem->pairs[branch->first];
    if (branch->kind != IFP_BRANCH_DEGREE || !up)
        return ifp_branch_changes(state->problem, state->relaxation, branch, up, changes);
    /* Keep one degree only, not all the larger ones. */
    size_t best = pair->first;
    changes->count = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        if (state->relaxation->point[state->milp->rent[c]] >
            state->relaxation->point[state->milp->rent[best]])
            best = c;
    }
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        struct ifp_change closed = {.index = state->milp->rent[c]};
        if (c != best && ifp_changes_add(changes, closed))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int dive_apply(struct ifp_state *state, const struct ifp_branch *branch, bool up,
                      struct ifp_changes *changes)
{
    if (dive_changes(state, branch, up, changes))
        return ifp_error_memory(state->error);
    int code = IFP_OK;
    for (size_t c = 0; !code && c < changes->count; c++)
        code = ifp_state_apply(state, &changes->items[c]);
    return code;
}

/* Fix the candidate with the largest fraction and all others that are nearly whole, upwards. If
 * that fails, branch the largest one downwards instead. */
static int dive_step(struct ifp_state *state, struct ifp_changes *changes, size_t *failures,
                     enum ifp_relaxation_status *status)
{
    const struct ifp_branches *branches = &state->branches;
    size_t mark = state->touched_count;
    size_t largest = 0;
    int code = IFP_OK;
    for (size_t b = 1; b < branches->count; b++) {
        if (branches->items[b].fraction > branches->items[largest].fraction)
            largest = b;
    }
    for (size_t b = 0; !code && b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double nearly = branch->kind == IFP_BRANCH_COLUMN ? 0.5 : 0.8;
        bool take = branch->fraction >= nearly && branch->kind != IFP_BRANCH_DEGREE;
        if (b == largest || take)
            code = dive_apply(state, branch, true, changes);
    }
    if (!code)
        code = ifp_state_solve(state, status);
    if (code || *status == IFP_RELAXATION_SOLVED || *status == IFP_RELAXATION_STOPPED)
        return code;
    code = ifp_state_restore(state, mark);
    if (code || ++*failures > FAILURES_MAX)
        return code;
    code = dive_apply(state, &branches->items[largest], false, changes);
    return code ? code : ifp_state_solve(state, status);
}

int ifp_plans_dive(struct ifp_state *state)
{
    struct ifp_changes changes = {0};
    enum ifp_relaxation_status status = IFP_RELAXATION_SOLVED;
    size_t failures = 0;
    int code = IFP_OK;
    for (size_t step = 0; !code && step < DIVE_STEPS && status == IFP_RELAXATION_SOLVED; step++) {
        bool verified;
        if (ifp_state_find_candidates(state)) {
            code = ifp_error_memory(state->error);
        } else if (!state->branches.count) {
            code = ifp_plans_settle(state, &verified);
            break;
        } else {
            code = dive_step(state, &changes, &failures, &status);
        }
    }
    free(changes.items);
    return code;
}
