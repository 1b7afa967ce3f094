/* SPDX-License-Identifier: MIT */
/* The solve of a compact relaxation: LP after LP until no row is violated, with a safe bound of
 * each. */
#include "engine/compact/relaxation_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/compact/safe_bound.h"
#include "engine/tuning.h"
#include "util/array.h"
#include "util/clock.h"

/* Activate a limited number of pairs, those with the largest violation first. With their columns
 * the prices change, so some of the others may stay inactive. */
static int activate_some(struct ifp_relaxation *relaxation, size_t *activated,
                         struct ifp_error *error)
{
    struct ifp_inactive *inactive = relaxation->inactive;
    size_t pairs = inactive->problem->pair_count;
    size_t maximum = IFP_INACTIVE_ACTIVATED_MIN + pairs / IFP_INACTIVE_ACTIVATED_ONE_IN;
    int code = IFP_OK;
    while (!code && *activated < maximum && !ifp_watch_stopped(relaxation->watch)) {
        size_t worst = SIZE_MAX;
        for (size_t p = 0; p < pairs; p++) {
            if (inactive->is_inactive[p] && inactive->violation[p] > IFP_INACTIVE_REDUCED_COST &&
                (worst == SIZE_MAX || inactive->violation[p] > inactive->violation[worst]))
                worst = p;
        }
        if (worst == SIZE_MAX)
            break;
        code = ifp_relaxation_activate_pair(relaxation, worst, error);
        ++*activated;
    }
    return code;
}

/* Add the links that the point violates; *added is increased by their number. *whole: was every
 * link checked before the run was stopped? */
static int add_violated(struct ifp_relaxation *relaxation, size_t *added, bool *whole,
                        struct ifp_error *error)
{
    const struct ifp_rows *rows = &relaxation->rows;
    *whole = true;
    for (size_t r = 0; r < relaxation->milp->row_count; r++) {
        if (r % IFP_POLL_LINES == 0 && ifp_watch_stopped(relaxation->watch)) {
            *whole = false;
            break;
        }
        if (relaxation->place[r] != SIZE_MAX)
            continue;
        double activity = 0;
        for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++)
            activity += rows->value[e] * relaxation->point[rows->index[e]];
        if (activity <= rows->upper[r] + IFP_ROW_VIOLATION_MIN)
            continue;
        int code = ifp_relaxation_activate_row(relaxation, r, error);
        if (code)
            return code;
        if (++*added % IFP_POLL_ROWS_LOADED == 0 && ifp_watch_stopped(relaxation->watch)) {
            *whole = false;
            break;
        }
    }
    return IFP_OK;
}

/* Append the multipliers of the inactive pairs to those of the LP. */
static int join_multipliers(struct ifp_relaxation *relaxation, struct ifp_multipliers *joined,
                            struct ifp_error *error)
{
    const struct ifp_inactive *inactive = relaxation->inactive;
    size_t count = relaxation->active_count + inactive->multipliers;
    if (count > relaxation->all_capacity) {
        size_t capacity = ifp_array_growth(relaxation->all_capacity, count);
        if (!ifp_array_resize(&relaxation->all_row, capacity, sizeof *relaxation->all_row) ||
            !ifp_array_resize(&relaxation->all_value, capacity, sizeof *relaxation->all_value))
            return ifp_error_memory(error);
        relaxation->all_capacity = capacity;
    }
    for (size_t a = 0; a < relaxation->active_count; a++) {
        relaxation->all_row[a] = relaxation->active[a];
        relaxation->all_value[a] = relaxation->multipliers[a];
    }
    for (size_t k = 0; k < inactive->multipliers; k++) {
        relaxation->all_row[relaxation->active_count + k] = inactive->row[k];
        relaxation->all_value[relaxation->active_count + k] = inactive->value[k];
    }
    *joined = (struct ifp_multipliers){
        .rows = count, .row = relaxation->all_row, .value = relaxation->all_value};
    return IFP_OK;
}

static void measure(struct ifp_duration *duration, double begin)
{
    double seconds = ifp_clock_seconds() - begin;
    duration->seconds = duration->measured ? fmin(duration->seconds, seconds) : seconds;
    duration->measured = true;
}

/* Seconds left for iterations if the LP solver is called now and a bound is read afterwards. */
static double seconds_to_iterate(struct ifp_relaxation *relaxation)
{
    return ifp_watch_seconds_left(relaxation->watch) - relaxation->call.seconds -
           relaxation->bound_reading.seconds;
}

/* Compute the bound from the LP's multipliers and from those of the inactive pairs that may stay
 * inactive. *must_activate: must some pair be activated? */
static int read_bound(struct ifp_relaxation *relaxation, const double *cost, double *reduced,
                      double *bound, bool *must_activate, struct ifp_error *error)
{
    int code = ifp_lp_multipliers(relaxation->lp, relaxation->multipliers, error);
    if (code)
        return code;
    struct ifp_multipliers multipliers = {
        .rows = relaxation->active_count,
        .row = relaxation->active,
        .value = relaxation->multipliers,
    };
    *bound = ifp_bound_safe(&relaxation->rows, cost, relaxation->lower, relaxation->upper,
                            &multipliers, relaxation->work, reduced);
    *must_activate = false;
    if (!relaxation->inactive->count)
        return IFP_OK;
    *must_activate = ifp_inactive_price(relaxation->inactive, reduced, relaxation->upper,
                                        IFP_INACTIVE_REDUCED_COST);
    code = join_multipliers(relaxation, &multipliers, error);
    if (!code)
        *bound = ifp_bound_safe(&relaxation->rows, cost, relaxation->lower, relaxation->upper,
                                &multipliers, relaxation->work, reduced);
    return code;
}

/* Solve up to limits.iterations in slices, polling between them whether the run is stopped. */
static int solve_in_slices(struct ifp_relaxation *relaxation, struct ifp_lp_limits limits,
                           struct ifp_lp_result *result, struct ifp_error *error)
{
    int left = limits.iterations;
    int done = 0;
    double size = (double)ifp_lp_size(relaxation->lp);
    int slice =
        (int)fmax(IFP_POLL_ITERATIONS_MIN, (double)IFP_POLL_ITERATIONS * IFP_POLL_ITERATIONS_SIZE /
                                               fmax(IFP_POLL_ITERATIONS_SIZE, size));
    const struct ifp_cancel *cancel = ifp_watch_cancel(relaxation->watch);
    bool going_on = true;
    if (size >= IFP_POLL_INTERRUPT_SIZE && cancel)
        limits.cancel = cancel->flag;
    *result = (struct ifp_lp_result){.status = IFP_LP_ABANDONED};
    while (going_on && seconds_to_iterate(relaxation) > 0) {
        double begin = ifp_clock_seconds();
        limits.iterations = left < slice ? left : slice;
        limits.seconds = fmax(0.001, seconds_to_iterate(relaxation));
        int code = ifp_lp_solve(relaxation->lp, &limits, result, error);
        if (code)
            return code;
        measure(&relaxation->call, begin);
        left -= result->iterations;
        done += result->iterations;
        going_on = result->status == IFP_LP_LIMIT && left > 0 && result->iterations > 0 &&
                   !ifp_watch_stopped(relaxation->watch);
    }
    if ((result->status == IFP_LP_LIMIT || result->status == IFP_LP_ABANDONED) && left > 0 &&
        seconds_to_iterate(relaxation) <= 0)
        ifp_watch_end_early(relaxation->watch);
    result->iterations = done;
    return IFP_OK;
}

static int iterations_max(const struct ifp_lp *lp)
{
    double maximum = IFP_RELAXATION_ITERATIONS_MIN +
                     (double)IFP_RELAXATION_ITERATIONS_PER_LINE * (double)ifp_lp_size(lp);
    return (int)fmin(IFP_RELAXATION_ITERATIONS_MAX, maximum);
}

/* One solve of the relaxation. */
struct solve {
    double cutoff;    /* in dollars */
    double beyond;    /* objective at which the LP solver may stop, scaled */
    int quick;        /* maximum number of simplex iterations; 0 if solved to the end */
    bool fresh_start; /* has it begun again from the slack basis? */
};

/* Call the LP solver and read a bound from its multipliers. *must_activate: must some pair be
 * activated? *over: does *status say how the solve ends? */
static int solve_lp(struct ifp_relaxation *relaxation, const struct solve *solve,
                    struct ifp_lp_result *result, bool *must_activate, bool *over,
                    enum ifp_relaxation_status *status, struct ifp_error *error)
{
    const struct ifp_lp_limits limits = {
        .iterations = solve->quick ? solve->quick : iterations_max(relaxation->lp),
        .cutoff = solve->beyond};
    double bound = -INFINITY;
    *must_activate = false;
    *over = true;
    int code = solve_in_slices(relaxation, limits, result, error);
    if (code)
        return code;
    if (result->status == IFP_LP_ABANDONED) {
        *status = IFP_RELAXATION_STOPPED;
        return IFP_OK;
    }
    relaxation->iterations += result->iterations;
    if (result->status == IFP_LP_INFEASIBLE && result->ray) {
        code = read_bound(relaxation, NULL, relaxation->reduced, &bound, must_activate, error);
        if (code)
            return code;
        if (bound > 0) {
            *status = IFP_RELAXATION_INFEASIBLE;
            relaxation->bound = INFINITY;
            return IFP_OK;
        }
    } else if (result->status != IFP_LP_INFEASIBLE && result->status != IFP_LP_TROUBLE) {
        double begin = ifp_clock_seconds();
        code = read_bound(relaxation, relaxation->cost, relaxation->reduced, &bound, must_activate,
                          error);
        if (code)
            return code;
        measure(&relaxation->bound_reading, begin);
        relaxation->reduced_bound = bound * relaxation->scale;
        relaxation->bound = fmax(relaxation->bound, relaxation->reduced_bound);
    }
    *over = relaxation->bound > solve->cutoff;
    if (*over)
        *status = IFP_RELAXATION_CUTOFF;
    return IFP_OK;
}

/* Read the LP's point and add the rows that it violates; *added is increased by their number. If
 * there is nothing to add, the relaxation is solved, and *over becomes true. */
static int take_point(struct ifp_relaxation *relaxation, const struct solve *solve,
                      const struct ifp_lp_result *result, size_t *added, bool *over,
                      enum ifp_relaxation_status *status, struct ifp_error *error)
{
    bool whole = true;
    relaxation->objective = result->objective * relaxation->scale;
    int code = ifp_lp_point(relaxation->lp, relaxation->point, error);
    if (!code && !solve->quick)
        code = add_violated(relaxation, added, &whole, error);
    if (code || *added || !whole)
        return code;
    for (size_t c = 0; c < relaxation->milp->column_count; c++)
        relaxation->reduced[c] *= relaxation->scale;
    *status = IFP_RELAXATION_SOLVED;
    *over = true;
    return IFP_OK;
}

/* The LP solver failed: solve once more with all columns, from the slack basis, which is dual
 * feasible. */
static int start_again(struct ifp_relaxation *relaxation, struct solve *solve,
                       struct ifp_error *error)
{
    solve->fresh_start = true;
    solve->beyond = INFINITY;
    int code = ifp_relaxation_activate_all_pairs(relaxation, error);
    return code ? code : ifp_relaxation_set_basis(relaxation, NULL, 0, error);
}

/* Solve the LP once, and add pairs and rows to it. *over: does *status say how the solve ends? */
static int solve_round(struct ifp_relaxation *relaxation, struct solve *solve, bool *over,
                       enum ifp_relaxation_status *status, struct ifp_error *error)
{
    struct ifp_lp_result result;
    bool must_activate;
    size_t added = 0;
    int code = solve_lp(relaxation, solve, &result, &must_activate, over, status, error);
    if (code || *over)
        return code;
    if (must_activate && !solve->quick)
        code = activate_some(relaxation, &added, error);
    if (!code &&
        (result.status == IFP_LP_OPTIMAL || (solve->quick && result.status == IFP_LP_LIMIT)))
        code = take_point(relaxation, solve, &result, &added, over, status, error);
    if (code || *over)
        return code;
    if (ifp_watch_stopped(relaxation->watch)) {
        *status = IFP_RELAXATION_STOPPED;
        *over = true;
    } else if (!added && (solve->fresh_start || solve->quick)) {
        *status = IFP_RELAXATION_UNKNOWN;
        *over = true;
    } else if (!added) {
        code = start_again(relaxation, solve, error);
    }
    return code;
}

int ifp_relaxation_solve(struct ifp_relaxation *relaxation, double cutoff, int quick,
                         enum ifp_relaxation_status *status, struct ifp_error *error)
{
    struct solve solve = {.cutoff = cutoff, .beyond = cutoff / relaxation->scale, .quick = quick};
    bool over = false;
    int code = ifp_relaxation_load(relaxation, error);
    if (code)
        return code;
    relaxation->bound = -INFINITY;
    if (ifp_watch_stopped(relaxation->watch)) { /* loading a large LP takes time */
        *status = IFP_RELAXATION_STOPPED;
        return IFP_OK;
    }
    /* A little above the cutoff, so that the safe bound, which is a little lower, exceeds it,
     * too. */
    if (isfinite(solve.beyond))
        solve.beyond += IFP_RELAXATION_BEYOND * fmax(1, fabs(solve.beyond));
    relaxation->objective = -INFINITY;
    while (!code && !over)
        code = solve_round(relaxation, &solve, &over, status, error);
    return code;
}
