/* SPDX-License-Identifier: MIT */
/* The LP relaxation of the compact MILP under changing bounds, with link rows on demand. */
#include "engine/relaxation.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/bound.h"

/* A link violated by less is left out: the point is rounded and verified anyway. */
static const double VIOLATED = 1e-7;

/* Simplex iterations until the LP solver must look up: the latency of a cancel. Counted, not timed,
 * so that equal input takes equal paths. */
enum { SLICE = 400 };

/* Simplex iterations of one solve before the LP counts as stuck. */
enum { ITERATIONS_MAX = 200000 };

void ifp_relaxation_free(struct ifp_relaxation *relaxation)
{
    if (!relaxation)
        return;
    ifp_lp_free(relaxation->lp);
    free(relaxation->cost);
    free(relaxation->lower);
    free(relaxation->upper);
    free(relaxation->row_lower);
    free(relaxation->row_upper);
    free(relaxation->place);
    free(relaxation->active);
    free(relaxation->point);
    free(relaxation->multipliers);
    free(relaxation->reduced);
    free(relaxation->work);
    free(relaxation);
}

static int activate(struct ifp_relaxation *relaxation, size_t row, struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t start = milp->start[row];
    int code = ifp_lp_add_row(relaxation->lp, relaxation->row_lower[row],
                              relaxation->row_upper[row], milp->start[row + 1] - start,
                              milp->index + start, milp->value + start, error);
    if (!code) {
        relaxation->place[row] = relaxation->active_count;
        relaxation->active[relaxation->active_count++] = row;
    }
    return code;
}

/* A power of two, so that scaling loses nothing: costs of a rented configuration near 1. */
static double choose_scale(const struct ifp_milp *milp)
{
    double logs = 0;
    double count = 0;
    for (size_t c = 0; c < milp->column_count; c++) {
        if (milp->cost[c] > 0) {
            logs += log2(milp->cost[c]);
            count += 1;
        }
    }
    return count > 0 ? exp2(floor(logs / count)) : 1;
}

int ifp_relaxation_new(struct ifp_lp_environment *environment, const struct ifp_milp *milp,
                       struct ifp_run *run, struct ifp_relaxation **relaxation,
                       struct ifp_error *error)
{
    struct ifp_relaxation *made = calloc(1, sizeof *made);
    *relaxation = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t columns = milp->column_count + 1;
    size_t rows = milp->row_count + 1;
    made->milp = milp;
    made->run = run;
    made->cost = calloc(columns, sizeof *made->cost);
    made->lower = calloc(columns, sizeof *made->lower);
    made->upper = calloc(columns, sizeof *made->upper);
    made->row_lower = calloc(rows, sizeof *made->row_lower);
    made->row_upper = calloc(rows, sizeof *made->row_upper);
    made->place = calloc(rows, sizeof *made->place);
    made->active = calloc(rows, sizeof *made->active);
    made->point = calloc(columns, sizeof *made->point);
    made->multipliers = calloc(rows, sizeof *made->multipliers);
    made->reduced = calloc(columns, sizeof *made->reduced);
    made->work = calloc(2 * columns, sizeof *made->work);
    int code = IFP_OK;
    if (!made->cost || !made->lower || !made->upper || !made->row_lower || !made->row_upper ||
        !made->place || !made->active || !made->point || !made->multipliers || !made->reduced ||
        !made->work)
        code = ifp_error_memory(error);
    if (!code) {
        made->scale = choose_scale(milp);
        for (size_t c = 0; c < milp->column_count; c++) {
            made->cost[c] = milp->cost[c] / made->scale;
            made->lower[c] = milp->lower[c];
            made->upper[c] = milp->upper[c];
        }
        for (size_t r = 0; r < milp->row_count; r++) {
            made->row_lower[r] = milp->row_lower[r];
            made->row_upper[r] = milp->row_upper[r];
            made->place[r] = SIZE_MAX;
        }
        code = ifp_lp_new(environment, milp->column_count, made->cost, made->lower, made->upper,
                          &made->lp, error);
    }
    for (size_t r = 0; !code && r < milp->row_count; r++) {
        if (!ifp_row_is_link(milp->rows[r].kind))
            code = activate(made, r, error);
    }
    if (code) {
        ifp_relaxation_free(made);
        return code;
    }
    *relaxation = made;
    return IFP_OK;
}

int ifp_relaxation_set_column(struct ifp_relaxation *relaxation, size_t column, double lower,
                              double upper, struct ifp_error *error)
{
    if (relaxation->lower[column] == lower && relaxation->upper[column] == upper)
        return IFP_OK;
    relaxation->lower[column] = lower;
    relaxation->upper[column] = upper;
    return ifp_lp_set_column_bounds(relaxation->lp, column, lower, upper, error);
}

int ifp_relaxation_set_row(struct ifp_relaxation *relaxation, size_t row, double lower,
                           double upper, struct ifp_error *error)
{
    relaxation->row_lower[row] = lower;
    relaxation->row_upper[row] = upper;
    if (relaxation->place[row] == SIZE_MAX)
        return activate(relaxation, row, error);
    return ifp_lp_set_row_bounds(relaxation->lp, relaxation->place[row], lower, upper, error);
}

/* Bring in the links that the point violates; *added counts them. */
static int add_violated(struct ifp_relaxation *relaxation, size_t *added, struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    *added = 0;
    for (size_t r = 0; r < milp->row_count; r++) {
        if (relaxation->place[r] != SIZE_MAX)
            continue;
        double activity = 0;
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++)
            activity += milp->value[e] * relaxation->point[milp->index[e]];
        if (activity <= relaxation->row_upper[r] + VIOLATED)
            continue;
        int code = activate(relaxation, r, error);
        if (code)
            return code;
        ++*added;
    }
    return IFP_OK;
}

static int read_bound(struct ifp_relaxation *relaxation, const double *cost, double *reduced,
                      double *bound, struct ifp_error *error)
{
    int code = ifp_lp_multipliers(relaxation->lp, relaxation->multipliers, error);
    if (code)
        return code;
    const struct ifp_multipliers multipliers = {
        .rows = relaxation->active_count,
        .row = relaxation->active,
        .value = relaxation->multipliers,
    };
    *bound = ifp_bound_safe(relaxation->milp, cost, relaxation->lower, relaxation->upper,
                            relaxation->row_lower, relaxation->row_upper, &multipliers,
                            relaxation->work, reduced);
    return IFP_OK;
}

int ifp_solve_in_slices(struct ifp_run *run, struct ifp_lp *lp, struct ifp_lp_limits limits,
                        struct ifp_lp_result *result, struct ifp_error *error)
{
    int left = limits.iterations;
    int done = 0;
    do {
        limits.iterations = left < SLICE ? left : SLICE;
        limits.seconds = fmax(0.001, ifp_run_seconds_left(run));
        int code = ifp_lp_solve(lp, &limits, result, error);
        if (code)
            return code;
        left -= result->iterations;
        done += result->iterations;
    } while (result->status == IFP_LP_LIMIT && left > 0 && result->iterations > 0 &&
             !ifp_run_stopped(run));
    result->iterations = done;
    return IFP_OK;
}

int ifp_relaxation_solve(struct ifp_relaxation *relaxation, double cutoff, int quick,
                         enum ifp_relaxation_status *status, struct ifp_error *error)
{
    bool fresh_start = false;
    /* A little beyond, so that the safe bound, which loses a little, is beyond it as well. */
    double beyond = cutoff / relaxation->scale;
    if (isfinite(beyond))
        beyond += 1e-9 * fmax(1, fabs(beyond));
    relaxation->bound = -INFINITY;
    relaxation->objective = -INFINITY;
    for (;;) {
        struct ifp_lp_result result;
        double bound = -INFINITY;
        const struct ifp_lp_limits limits = {.iterations = quick ? quick : ITERATIONS_MAX,
                                             .cutoff = beyond};
        int code = ifp_solve_in_slices(relaxation->run, relaxation->lp, limits, &result, error);
        if (code)
            return code;
        relaxation->iterations += result.iterations;
        if (result.status == IFP_LP_INFEASIBLE && result.ray) {
            code = read_bound(relaxation, NULL, NULL, &bound, error);
            if (code)
                return code;
            if (bound > 0) {
                *status = IFP_RELAXATION_INFEASIBLE;
                relaxation->bound = INFINITY;
                return IFP_OK;
            }
        } else if (result.status != IFP_LP_INFEASIBLE && result.status != IFP_LP_TROUBLE) {
            code = read_bound(relaxation, relaxation->cost, relaxation->reduced, &bound, error);
            if (code)
                return code;
            relaxation->reduced_bound = bound * relaxation->scale;
            relaxation->bound = fmax(relaxation->bound, relaxation->reduced_bound);
        }
        if (relaxation->bound > cutoff) {
            *status = IFP_RELAXATION_CUTOFF;
            return IFP_OK;
        }
        if (result.status == IFP_LP_OPTIMAL || (quick && result.status == IFP_LP_LIMIT)) {
            size_t added = 0;
            relaxation->objective = result.objective * relaxation->scale;
            code = ifp_lp_point(relaxation->lp, relaxation->point, error);
            if (!code && !quick)
                code = add_violated(relaxation, &added, error);
            if (code)
                return code;
            if (!added) {
                for (size_t c = 0; c < relaxation->milp->column_count; c++)
                    relaxation->reduced[c] *= relaxation->scale;
                *status = IFP_RELAXATION_SOLVED;
                return IFP_OK;
            }
        } else if (ifp_run_stopped(relaxation->run)) {
            *status = IFP_RELAXATION_STOPPED;
            return IFP_OK;
        } else if (fresh_start || quick) {
            *status = IFP_RELAXATION_UNKNOWN;
            return IFP_OK;
        } else {
            /* Whatever went wrong, once more from the basis of slacks, which is dual feasible. */
            fresh_start = true;
            beyond = INFINITY;
            code = ifp_relaxation_set_basis(relaxation, NULL, 0, error);
            if (code)
                return code;
        }
    }
}

char *ifp_relaxation_basis(struct ifp_relaxation *relaxation, size_t *rows, struct ifp_error *error)
{
    char *basis = malloc(relaxation->milp->column_count + relaxation->active_count + 1);
    *rows = relaxation->active_count;
    if (!basis) {
        ifp_error_memory(error);
        return NULL;
    }
    if (ifp_lp_get_basis(relaxation->lp, basis, error)) {
        free(basis);
        return NULL;
    }
    return basis;
}

int ifp_relaxation_set_basis(struct ifp_relaxation *relaxation, const char *basis, size_t rows,
                             struct ifp_error *error)
{
    if (basis)
        return ifp_lp_set_basis(relaxation->lp, basis, rows, error);
    char *slack = malloc(relaxation->milp->column_count + 1);
    if (!slack)
        return ifp_error_memory(error);
    for (size_t c = 0; c < relaxation->milp->column_count; c++)
        slack[c] = relaxation->cost[c] < 0 ? 'u' : 'l';
    int code = ifp_lp_set_basis(relaxation->lp, slack, 0, error);
    free(slack);
    return code;
}
