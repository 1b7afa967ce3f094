/* SPDX-License-Identifier: MIT */
/* Heuristics that turn points of the relaxation into plans: rounding, fixing and diving. */
#include "engine/heuristics/fix_and_solve.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/local.h"
#include "engine/heuristics/rounding.h"
#include "engine/tuning.h"

/* Tighten the upper bounds of the limits' rows by a margin. If the margin is 0, set both bounds to
 * the program's. */
static int tighten_limits(struct ifp_relaxation *relaxation, double margin, struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    int code = IFP_OK;
    for (size_t r = 0; !code && r < milp->row_count; r++) {
        double lower = margin > 0 ? relaxation->rows.lower[r] : milp->row_lower[r];
        if (ifp_row_traits[milp->rows[r].kind].is_limit)
            code = ifp_relaxation_set_row(relaxation, r, lower, milp->row_upper[r] - margin, error);
    }
    return code;
}

/* Solve for the columns that are not fixed. If the plan then violates a limit by the LP solver's
 * tolerance, solve again with slightly tighter limits. */
static int solve_rest(const struct ifp_context *context, struct ifp_relaxation *relaxation,
                      bool *verified)
{
    struct ifp_error *error = context->error;
    double margin = 0;
    int code = IFP_OK;
    for (int attempt = 0; !code && !*verified && attempt < 3; attempt++) {
        enum ifp_relaxation_status status;
        if (margin > 0)
            code = tighten_limits(relaxation, margin, error);
        if (!code)
            code = ifp_relaxation_solve(relaxation, INFINITY, 0, &status, error);
        if (code || status != IFP_RELAXATION_SOLVED)
            break;
        code = ifp_incumbent_offer(context->incumbent, context->problem, context->milp,
                                   relaxation->point, verified, error);
        /* If the limits are relaxed by the whole tolerance, first tighten the last digits only. */
        margin = fmax(2 * (context->incumbent->max_violation - context->problem->slack),
                      attempt == 0 ? IFP_FIX_TIGHTER_FIRST : IFP_FIX_TIGHTER_LAST);
    }
    if (!code && margin > 0)
        code = tighten_limits(relaxation, 0, error);
    return code;
}

/* Fix every integer to its rounded value and solve for the rest, by the LP of the compact
 * relaxation. Its bounds are restored. The point is not the relaxation's own. */
static int complete(const struct ifp_context *context, struct ifp_relaxation *relaxation,
                    const double *point, bool *verified)
{
    const struct ifp_milp *milp = context->milp;
    struct ifp_error *error = context->error;
    size_t columns = milp->column_count;
    size_t basis_rows = 0;
    *verified = false;
    if (ifp_watch_stopped(context->watch))
        return IFP_OK;
    char *basis;
    int code = ifp_relaxation_get_basis(relaxation, &basis, &basis_rows, error);
    if (!code && !relaxation->lp) { /* stopped while the LP was made */
        free(basis);
        return IFP_OK;
    }
    double *lower = malloc((2 * columns + 1) * sizeof *lower);
    double *upper = lower ? lower + columns : NULL;
    if (!code && !lower)
        code = ifp_error_memory(error);
    if (!code) {
        memcpy(lower, relaxation->lower, columns * sizeof *lower);
        memcpy(upper, relaxation->upper, columns * sizeof *upper);
    }
    for (size_t c = 0; !code && c < columns; c++) {
        double whole = floor(point[c] + 0.5);
        if (milp->integer[c])
            code = ifp_relaxation_set_column(relaxation, c, whole, whole, error);
    }
    if (!code)
        code = solve_rest(context, relaxation, verified);
    for (size_t c = 0; !code && c < columns; c++) {
        if (milp->integer[c])
            code = ifp_relaxation_set_column(relaxation, c, lower[c], upper[c], error);
    }
    if (!code)
        code = ifp_relaxation_set_basis(relaxation, basis, basis_rows, error);
    free(lower);
    free(basis);
    return code;
}

int ifp_plans_round(struct ifp_path *path, struct ifp_local *local_single,
                    struct ifp_local *local_lp)
{
    const struct ifp_context *context = path->context;
    const struct ifp_bound_method *method = path->bounder->method;
    const double *point = path->bounder->relaxation->point;
    if (method->pattern && local_single && context->problem->placement == IFP_PLACEMENT_SINGLE)
        return ifp_local_round(local_single, point, IFP_FIX_PASSES, context->error);
    double *rounded = malloc((context->milp->column_count + 1) * sizeof *rounded);
    bool verified;
    int code = IFP_OK;
    if (!rounded || ifp_round_up(context->problem, context->milp, point, rounded))
        code = ifp_error_memory(context->error);
    if (!code && method->completes_by_lp)
        code = complete(context, path->bounder->relaxation, rounded, &verified);
    else if (!code)
        code = ifp_local_complete(local_lp, rounded, context->error);
    free(rounded);
    return code;
}

int ifp_plans_offer_whole(struct ifp_path *path, bool *verified)
{
    const struct ifp_context *context = path->context;
    const struct ifp_milp *milp = context->milp;
    struct ifp_relaxation *relaxation = path->bounder->relaxation;
    int code = ifp_incumbent_offer(context->incumbent, context->problem, milp, relaxation->point,
                                   verified, context->error);
    if (code || *verified)
        return code;
    double *point = malloc((milp->column_count + 1) * sizeof *point);
    if (!point)
        return ifp_error_memory(context->error);
    memcpy(point, relaxation->point, milp->column_count * sizeof *point);
    /* Route columns without a charge may be fractional: set those in use to 1. */
    for (size_t r = 0; r < context->problem->route_count; r++) {
        size_t route = ifp_milp_choice(milp, r);
        if (route != SIZE_MAX && point[ifp_milp_share(milp, r)] > IFP_SHARE_MIN &&
            point[route] > IFP_ROUNDING_ROUTE_MIN)
            point[route] = 1;
    }
    /* Restore the node's bound: that of the fixed LP is not valid for other plans. */
    double bound = relaxation->bound;
    code = complete(context, relaxation, point, verified);
    relaxation->bound = bound;
    relaxation->reduced_bound = -INFINITY;
    free(point);
    return code;
}

/* The changes of a dive for one side of a candidate. For the upper side of a degree, only the
 * degree with the largest value stays open. */
static int dive_changes(const struct ifp_path *path, const struct ifp_branch *branch, bool up,
                        struct ifp_changes *changes)
{
    const struct ifp_problem *problem = path->context->problem;
    const struct ifp_milp *milp = path->context->milp;
    const struct ifp_relaxation *relaxation = path->bounder->relaxation;
    const struct ifp_pair *pair = &problem->pairs[branch->first];
    if (branch->kind != IFP_BRANCH_DEGREE || !up)
        return ifp_branch_changes(problem, relaxation, branch, up, changes);
    /* Keep one degree only, not all the larger ones. */
    size_t best = pair->first;
    changes->count = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        if (relaxation->point[milp->rent[c]] > relaxation->point[milp->rent[best]])
            best = c;
    }
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        struct ifp_change closed = {.index = milp->rent[c]};
        if (c != best && ifp_changes_add(changes, closed))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int dive_apply(struct ifp_path *path, const struct ifp_branch *branch, bool up,
                      struct ifp_changes *changes)
{
    if (dive_changes(path, branch, up, changes))
        return ifp_error_memory(path->context->error);
    int code = IFP_OK;
    for (size_t c = 0; !code && c < changes->count; c++)
        code = ifp_path_apply(path, &changes->items[c]);
    return code;
}

/* Fix the candidate with the largest fraction and all others that are nearly whole, upwards. If
 * that fails, branch the largest one downwards instead. */
static int dive_step(struct ifp_path *path, struct ifp_changes *changes, size_t *failures,
                     enum ifp_relaxation_status *status)
{
    const struct ifp_branches *branches = &path->branches;
    size_t mark = path->count;
    size_t largest = 0;
    int code = IFP_OK;
    for (size_t b = 1; b < branches->count; b++) {
        if (branches->items[b].fraction > branches->items[largest].fraction)
            largest = b;
    }
    for (size_t b = 0; !code && b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double nearly = branch->kind == IFP_BRANCH_COLUMN ? IFP_FIX_NEARLY_ROUTE : IFP_FIX_NEARLY;
        bool take = branch->fraction >= nearly && branch->kind != IFP_BRANCH_DEGREE;
        if (b == largest || take)
            code = dive_apply(path, branch, true, changes);
    }
    if (!code)
        code = ifp_path_solve(path, IFP_BOUND_NODE, status);
    if (code || *status == IFP_RELAXATION_SOLVED || *status == IFP_RELAXATION_STOPPED)
        return code;
    code = ifp_path_restore(path, mark);
    if (code || ++*failures > IFP_FIX_FAILURES_MAX)
        return code;
    code = dive_apply(path, &branches->items[largest], false, changes);
    return code ? code : ifp_path_solve(path, IFP_BOUND_NODE, status);
}

int ifp_plans_dive(struct ifp_path *path)
{
    struct ifp_changes changes = {0};
    enum ifp_relaxation_status status = IFP_RELAXATION_SOLVED;
    size_t failures = 0;
    int code = IFP_OK;
    for (size_t step = 0; !code && step < IFP_FIX_STEPS_MAX && status == IFP_RELAXATION_SOLVED;
         step++) {
        bool verified;
        code = ifp_path_find_candidates(path);
        if (!code && !path->branches.count) {
            code = ifp_plans_offer_whole(path, &verified);
            break;
        }
        if (!code)
            code = dive_step(path, &changes, &failures, &status);
    }
    free(changes.items);
    return code;
}
