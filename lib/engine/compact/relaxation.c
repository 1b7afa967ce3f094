/* SPDX-License-Identifier: MIT */
/* The LP relaxation of the compact MILP under changing bounds, with link rows on demand. */
#include "engine/compact/relaxation_lp.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/compact/safe_bound.h"
#include "engine/tuning.h"
#include "util/array.h"
#include "util/clock.h"

/* Free everything that ifp_relaxation_load makes, except the rows. */
static void unload(struct ifp_relaxation *relaxation)
{
    ifp_lp_free(relaxation->lp);
    ifp_inactive_free(relaxation->inactive);
    free(relaxation->rows.noise);
    free(relaxation->place);
    free(relaxation->active);
    free(relaxation->multipliers);
    free(relaxation->work);
    relaxation->lp = NULL;
    relaxation->inactive = NULL;
    relaxation->rows.noise = NULL;
    relaxation->rows.noise_count = 0;
    relaxation->place = NULL;
    relaxation->active = NULL;
    relaxation->active_count = 0;
    relaxation->multipliers = NULL;
    relaxation->work = NULL;
}

void ifp_relaxation_free(struct ifp_relaxation *relaxation)
{
    if (!relaxation)
        return;
    unload(relaxation);
    free(relaxation->all_row);
    free(relaxation->all_value);
    free(relaxation->cost);
    free(relaxation->lower);
    free(relaxation->upper);
    ifp_rows_clear(&relaxation->rows);
    free(relaxation->point);
    free(relaxation->reduced);
    free(relaxation);
}

int ifp_relaxation_activate_row(struct ifp_relaxation *relaxation, size_t row,
                                struct ifp_error *error)
{
    const struct ifp_rows *rows = &relaxation->rows;
    size_t start = rows->start[row];
    if (relaxation->place[row] != SIZE_MAX)
        return IFP_OK;
    int code = ifp_lp_add_row(relaxation->lp, rows->lower[row], rows->upper[row],
                              rows->start[row + 1] - start, rows->index + start,
                              rows->value + start, error);
    if (!code) {
        relaxation->place[row] = relaxation->active_count;
        relaxation->active[relaxation->active_count++] = row;
    }
    return code;
}

/* -- partial pricing -- */

static bool is_inactive_column(const struct ifp_relaxation *relaxation, size_t column)
{
    size_t pair = relaxation->inactive->pair[column];
    return pair != SIZE_MAX && relaxation->inactive->is_inactive[pair];
}

static int activate_column(struct ifp_relaxation *relaxation, size_t column,
                           struct ifp_error *error)
{
    return ifp_lp_set_column_bounds(relaxation->lp, column, relaxation->lower[column],
                                    relaxation->upper[column], error);
}

/* Activate all columns of a configuration. Route columns may be shared with other degrees. */
static int activate_columns(struct ifp_relaxation *relaxation, size_t c, struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    const struct ifp_configuration *configuration = &relaxation->problem->configurations[c];
    int code = activate_column(relaxation, milp->rent[c], error);
    if (!code && milp->replicas[c] != milp->rent[c])
        code = activate_column(relaxation, milp->replicas[c], error);
    size_t first;
    size_t last;
    bool counted = ifp_milp_exactly_range(milp, c, &first, &last);
    for (size_t v = first; !code && counted && v <= last; v++)
        code = activate_column(relaxation, v, error);
    for (size_t k = 0; !code && k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        code = activate_column(relaxation, ifp_milp_share(milp, r), error);
        if (!code && ifp_milp_choice(milp, r) != SIZE_MAX)
            code = activate_column(relaxation, ifp_milp_choice(milp, r), error);
    }
    return code;
}

int ifp_relaxation_activate_pair(struct ifp_relaxation *relaxation, size_t pair,
                                 struct ifp_error *error)
{
    struct ifp_inactive *inactive = relaxation->inactive;
    int code = IFP_OK;
    if (!inactive->is_inactive[pair])
        return IFP_OK;
    inactive->is_inactive[pair] = false;
    inactive->count--;
    const struct ifp_pair *of = &inactive->problem->pairs[pair];
    for (size_t c = of->first; !code && c < of->first + of->count; c++)
        code = activate_columns(relaxation, c, error);
    size_t degree = relaxation->milp->degree[pair];
    if (!code && degree != SIZE_MAX)
        code = ifp_relaxation_activate_row(relaxation, degree, error);
    for (size_t c = of->first; !code && c < of->first + of->count; c++) {
        const size_t rows[] = {
            inactive->capacity_row[IFP_CAPACITY_MEMORY][c],
            inactive->capacity_row[IFP_CAPACITY_LOAD][c],
            inactive->capacity_row[IFP_CAPACITY_SLOTS][c],
            inactive->replicas_min[c],
            inactive->replicas_max[c],
            inactive->exactly_one[c],
            inactive->exactly_count[c],
        };
        for (size_t k = 0; !code && k < sizeof rows / sizeof *rows; k++) {
            if (rows[k] != SIZE_MAX)
                code = ifp_relaxation_activate_row(relaxation, rows[k], error);
        }
    }
    return code;
}

int ifp_relaxation_activate_all_pairs(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t p = 0; !code && p < relaxation->inactive->problem->pair_count; p++)
        code = ifp_relaxation_activate_pair(relaxation, p, error);
    return code;
}

/* Append the rows of the MILP up to `end`. If `watch` is true, end early if the run is stopped. */
static int take_rows(struct ifp_relaxation *relaxation, size_t end, bool watch,
                     struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    for (size_t r = relaxation->rows.row_count; r < end; r++) {
        if (watch && r % IFP_POLL_LINES == 0 && ifp_watch_stopped(relaxation->watch))
            break;
        size_t start = milp->start[r];
        if (!ifp_rows_add(&relaxation->rows, milp->start[r + 1] - start, milp->index + start,
                          milp->value + start, milp->row_lower[r], milp->row_upper[r]))
            return ifp_error_memory(error);
    }
    return IFP_OK;
}

int ifp_relaxation_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                       struct ifp_milp *milp, struct ifp_watch *watch,
                       struct ifp_relaxation **relaxation, struct ifp_error *error)
{
    struct ifp_relaxation *made = calloc(1, sizeof *made);
    *relaxation = NULL;
    if (!made)
        return ifp_error_memory(error);
    size_t columns = milp->column_count + 1;
    made->environment = environment;
    made->problem = problem;
    made->milp = milp;
    made->watch = watch;
    made->cost = calloc(columns, sizeof *made->cost);
    made->lower = calloc(columns, sizeof *made->lower);
    made->upper = calloc(columns, sizeof *made->upper);
    made->point = calloc(columns, sizeof *made->point);
    made->reduced = calloc(columns, sizeof *made->reduced);
    int code = IFP_OK;
    if (!made->cost || !made->lower || !made->upper || !made->point || !made->reduced)
        code = ifp_error_memory(error);
    if (!code) {
        made->scale = ifp_milp_scale(milp);
        for (size_t c = 0; c < milp->column_count; c++) {
            made->cost[c] = milp->cost[c] / made->scale;
            made->lower[c] = milp->lower[c];
            made->upper[c] = milp->upper[c];
        }
        made->rows.column_count = milp->column_count;
        if (problem->has_needs)
            made->rows.more_operations =
                IFP_BOUND_COEFFICIENT_OPERATIONS_PROFILED - IFP_BOUND_COEFFICIENT_OPERATIONS;
        code = take_rows(made, milp->early_row_count, false, error);
    }
    if (code) {
        ifp_relaxation_free(made);
        return code;
    }
    *relaxation = made;
    return IFP_OK;
}

/* Has a row or column of the pair a lower bound above 0? */
static bool is_wanted(const struct ifp_relaxation *relaxation, size_t pair)
{
    const struct ifp_milp *milp = relaxation->milp;
    const struct ifp_pair *of = &relaxation->problem->pairs[pair];
    size_t degree = milp->degree[pair];
    if (degree != SIZE_MAX && relaxation->rows.lower[degree] > 0)
        return true;
    for (size_t c = of->first; c < of->first + of->count; c++) {
        const struct ifp_configuration *configuration = &relaxation->problem->configurations[c];
        if (relaxation->lower[milp->rent[c]] > 0 || relaxation->lower[milp->replicas[c]] > 0)
            return true;
        size_t first;
        size_t last;
        bool counted = ifp_milp_exactly_range(milp, c, &first, &last);
        for (size_t v = first; counted && v <= last; v++) {
            if (relaxation->lower[v] > 0)
                return true;
        }
        for (size_t k = 0; k < configuration->route_count; k++) {
            size_t r = configuration->first_route + k;
            if (relaxation->lower[ifp_milp_share(milp, r)] > 0 ||
                (ifp_milp_choice(milp, r) != SIZE_MAX &&
                 relaxation->lower[ifp_milp_choice(milp, r)] > 0))
                return true;
        }
    }
    return false;
}

/* Create the LP with its columns; those of inactive pairs are fixed at 0. */
static int load_columns(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    double *lower = malloc((2 * milp->column_count + 1) * sizeof *lower);
    double *upper = lower ? lower + milp->column_count : NULL;
    bool stopped = false;
    int code = lower ? IFP_OK : ifp_error_memory(error);
    for (size_t c = 0; !code && !stopped && c < milp->column_count; c++) {
        bool is_inactive = is_inactive_column(relaxation, c);
        lower[c] = is_inactive ? 0 : relaxation->lower[c];
        upper[c] = is_inactive ? 0 : relaxation->upper[c];
        stopped = c % IFP_POLL_LINES == 0 && ifp_watch_stopped(relaxation->watch);
    }
    double begin = ifp_clock_seconds();
    if (!code && !stopped)
        code =
            ifp_lp_new(relaxation->environment, IFP_LP_LARGE, milp->column_count, relaxation->cost,
                       lower, upper, ifp_watch_cancel(relaxation->watch), &relaxation->lp, error);
    double seconds = ifp_clock_seconds() - begin;
    relaxation->call = (struct ifp_duration){IFP_RELAXATION_FIRST_CALL * seconds, false};
    relaxation->bound_reading = (struct ifp_duration){IFP_RELAXATION_FIRST_BOUND * seconds, false};
    free(lower);
    return code;
}

/* Load the rows that the LP holds from the start. A row may have an entry for nearly every column
 * and is loaded by one call. If that call would exceed the time limit, by the rate so far, the run
 * ends before it. */
static int load_rows(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    const struct ifp_rows *rows = &relaxation->rows;
    double begin = ifp_clock_seconds();
    double entries = 0;
    int code = IFP_OK;
    for (size_t r = 0; !code && r < rows->row_count; r++) {
        if (!ifp_row_traits[relaxation->milp->rows[r].kind].starts_in_lp)
            continue;
        double more = (double)(rows->start[r + 1] - rows->start[r]);
        double rate = entries > 0 ? (ifp_clock_seconds() - begin) / entries : 0;
        if (rate * more >= ifp_watch_seconds_left(relaxation->watch))
            ifp_watch_end_early(relaxation->watch);
        if (ifp_watch_stopped(relaxation->watch))
            break;
        code = ifp_relaxation_activate_row(relaxation, r, error);
        entries += more;
    }
    return code;
}

/* Load the LP with as many inactive pairs as possible. It is incomplete if the run is stopped. */
static int put_up(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    const struct ifp_problem *problem = relaxation->problem;
    relaxation->inactive->count = problem->pair_count;
    for (size_t p = 0; p < problem->pair_count; p++)
        relaxation->inactive->is_inactive[p] = true;
    int code = load_columns(relaxation, error);
    if (!code && relaxation->lp)
        code = load_rows(relaxation, error);
    if (!code && problem->pair_count < IFP_INACTIVE_PAIRS_MIN &&
        !ifp_watch_stopped(relaxation->watch))
        code = ifp_relaxation_activate_all_pairs(relaxation, error);
    for (size_t p = 0; !code && p < problem->pair_count && !ifp_watch_stopped(relaxation->watch);
         p++) {
        if (is_wanted(relaxation, p))
            code = ifp_relaxation_activate_pair(relaxation, p, error);
    }
    return code;
}

/* Make the arrays by row: its place in the LP, and the noise of its coefficients. */
static bool reserve(struct ifp_relaxation *relaxation)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t rows = milp->row_count + 1;
    relaxation->rows.noise = calloc(rows, sizeof *relaxation->rows.noise);
    relaxation->place = malloc(rows * sizeof *relaxation->place);
    relaxation->active = calloc(rows, sizeof *relaxation->active);
    relaxation->multipliers = calloc(rows, sizeof *relaxation->multipliers);
    relaxation->row_capacity = milp->row_count;
    relaxation->work = calloc(2 * milp->column_count + 2, sizeof *relaxation->work);
    relaxation->inactive =
        ifp_inactive_new(relaxation->problem, milp, ifp_watch_cancel(relaxation->watch));
    if (!relaxation->rows.noise || !relaxation->place || !relaxation->active ||
        !relaxation->multipliers || !relaxation->work || !relaxation->inactive)
        return false;
    relaxation->rows.noise_count = milp->row_count;
    for (size_t r = 0; r < milp->row_count; r++) {
        if (r % IFP_POLL_LINES == 0 && ifp_watch_stopped(relaxation->watch))
            break;
        relaxation->place[r] = SIZE_MAX;
        relaxation->rows.noise[r] = milp->rows[r].kind == IFP_ROW_LEVEL ? 1 : 0;
    }
    return true;
}

int ifp_relaxation_load(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    if (relaxation->lp || ifp_watch_stopped(relaxation->watch))
        return IFP_OK;
    int code = ifp_milp_complete(relaxation->problem, relaxation->milp,
                                 ifp_watch_cancel(relaxation->watch), error);
    if (!code && relaxation->milp->complete)
        code = take_rows(relaxation, relaxation->milp->row_count, true, error);
    if (code || relaxation->rows.row_count < relaxation->milp->row_count ||
        !relaxation->milp->complete)
        return code;
    if (!reserve(relaxation))
        code = ifp_error_memory(error);
    if (!code && !ifp_watch_stopped(relaxation->watch))
        code = put_up(relaxation, error);
    /* Each step above ends early if the run is stopped; then its result is incomplete. */
    if (code || ifp_watch_stopped(relaxation->watch))
        unload(relaxation);
    return code;
}

/* If a binary is fixed at 1, fix its complement at 0. */
static int follow_complement(struct ifp_relaxation *relaxation, size_t column,
                             struct ifp_error *error)
{
    const struct ifp_milp *milp = relaxation->milp;
    size_t other = milp->complement ? milp->complement[column] : SIZE_MAX;
    if (other == SIZE_MAX)
        return IFP_OK;
    double upper = relaxation->lower[column] > 0.5 ? 0 : milp->upper[other];
    return ifp_relaxation_set_column(relaxation, other, 0, upper, error);
}

int ifp_relaxation_set_column(struct ifp_relaxation *relaxation, size_t column, double lower,
                              double upper, struct ifp_error *error)
{
    if (relaxation->lower[column] == lower && relaxation->upper[column] == upper)
        return IFP_OK;
    relaxation->lower[column] = lower;
    relaxation->upper[column] = upper;
    int code = follow_complement(relaxation, column, error);
    if (code || !relaxation->lp)
        return code;
    if (is_inactive_column(relaxation, column))
        return lower > 0 ? ifp_relaxation_activate_pair(relaxation,
                                                        relaxation->inactive->pair[column], error)
                         : IFP_OK;
    return ifp_lp_set_column_bounds(relaxation->lp, column, lower, upper, error);
}

int ifp_relaxation_set_row(struct ifp_relaxation *relaxation, size_t row, double lower,
                           double upper, struct ifp_error *error)
{
    relaxation->rows.lower[row] = lower;
    relaxation->rows.upper[row] = upper;
    if (!relaxation->lp)
        return IFP_OK;
    if (row < relaxation->milp->row_count && lower > 0 &&
        relaxation->milp->rows[row].kind == IFP_ROW_DEGREE) {
        int code =
            ifp_relaxation_activate_pair(relaxation, relaxation->milp->rows[row].first, error);
        if (code)
            return code;
    }
    if (relaxation->place[row] == SIZE_MAX)
        return ifp_relaxation_activate_row(relaxation, row, error);
    return ifp_lp_set_row_bounds(relaxation->lp, relaxation->place[row], lower, upper, error);
}

int ifp_relaxation_add_cut(struct ifp_relaxation *relaxation, size_t count, const size_t *index,
                           const double *value, double upper, struct ifp_error *error)
{
    int code = ifp_relaxation_load(relaxation, error);
    if (code || !relaxation->lp)
        return code;
    size_t row = relaxation->rows.row_count;
    if (row == relaxation->row_capacity) {
        size_t capacity = ifp_array_growth(row, row + 1);
        if (!ifp_array_resize(&relaxation->place, capacity, sizeof *relaxation->place) ||
            !ifp_array_resize(&relaxation->active, capacity, sizeof *relaxation->active) ||
            !ifp_array_resize(&relaxation->multipliers, capacity, sizeof *relaxation->multipliers))
            return ifp_error_memory(error);
        relaxation->row_capacity = capacity;
    }
    if (!ifp_rows_add(&relaxation->rows, count, index, value, -INFINITY, upper))
        return ifp_error_memory(error);
    relaxation->place[row] = SIZE_MAX;
    return ifp_relaxation_activate_row(relaxation, row, error);
}

int ifp_relaxation_drop_cuts(struct ifp_relaxation *relaxation, struct ifp_error *error)
{
    struct ifp_rows *rows = &relaxation->rows;
    size_t first = relaxation->milp->row_count;
    size_t cuts = rows->row_count - first;
    size_t covered = 0;
    char *basis;
    int code = ifp_relaxation_get_basis(relaxation, &basis, &covered, error);
    bool *keep = calloc(cuts + 1, sizeof *keep);
    size_t *dropped = calloc(cuts + 1, sizeof *dropped);
    size_t count = 0;
    if (!code && (!keep || !dropped))
        code = ifp_error_memory(error);
    for (size_t k = 0; !code && k < cuts; k++) {
        size_t place = relaxation->place[first + k];
        keep[k] = basis[relaxation->milp->column_count + place] != 'b';
        if (!keep[k])
            dropped[count++] = place;
    }
    if (!code && count)
        code = ifp_lp_delete_rows(relaxation->lp, count, dropped, error);
    if (!code && count) {
        /* Rows below a deleted one move up, in the program and in the LP. */
        size_t *moved = malloc((rows->row_count + 1) * sizeof *moved);
        if (!moved) {
            code = ifp_error_memory(error);
        } else {
            size_t to = first;
            for (size_t r = 0; r < rows->row_count; r++)
                moved[r] = r < first ? r : keep[r - first] ? to++ : SIZE_MAX;
            size_t active = 0;
            for (size_t a = 0; a < relaxation->active_count; a++) {
                size_t row = moved[relaxation->active[a]];
                if (row == SIZE_MAX)
                    continue;
                relaxation->place[row] = active;
                relaxation->active[active++] = row;
            }
            relaxation->active_count = active;
            ifp_rows_keep(rows, first, keep);
            free(moved);
        }
    }
    free(dropped);
    free(keep);
    free(basis);
    return code;
}

int ifp_solve_small(struct ifp_watch *watch, struct ifp_lp *lp, int iterations,
                    struct ifp_lp_result *result, struct ifp_error *error)
{
    int done = 0;
    int slice = (int)fmax(1, IFP_POLL_ENTRIES / fmax(1, (double)ifp_lp_size(lp)));
    int code;
    do {
        int left = iterations - done;
        const struct ifp_lp_limits limits = {
            .seconds = INFINITY, .iterations = left < slice ? left : slice, .cutoff = INFINITY};
        code = ifp_lp_solve(lp, &limits, result, error);
        done += result->iterations;
    } while (!code && result->status == IFP_LP_LIMIT && done < iterations &&
             !ifp_watch_stopped(watch));
    result->iterations = done;
    return code;
}

int ifp_relaxation_get_basis(struct ifp_relaxation *relaxation, char **basis, size_t *rows,
                             struct ifp_error *error)
{
    int code = ifp_relaxation_load(relaxation, error);
    *rows = code || !relaxation->lp ? 0 : relaxation->active_count; /* no LP: stopped */
    *basis = code ? NULL : calloc(relaxation->milp->column_count + *rows + 1, 1);
    if (!code && !*basis)
        code = ifp_error_memory(error);
    if (!code && relaxation->lp)
        code = ifp_lp_get_basis(relaxation->lp, *basis, error);
    if (code) {
        free(*basis);
        *basis = NULL;
    }
    return code;
}

int ifp_relaxation_set_basis(struct ifp_relaxation *relaxation, const char *basis, size_t rows,
                             struct ifp_error *error)
{
    int code = ifp_relaxation_load(relaxation, error);
    if (code || !relaxation->lp)
        return code;
    if (basis)
        return ifp_lp_set_basis(relaxation->lp, basis, rows, error);
    char *slack = malloc(relaxation->milp->column_count + 1);
    if (!slack)
        return ifp_error_memory(error);
    for (size_t c = 0; c < relaxation->milp->column_count; c++)
        slack[c] = relaxation->cost[c] < 0 ? 'u' : 'l';
    code = ifp_lp_set_basis(relaxation->lp, slack, 0, error);
    free(slack);
    return code;
}
