/* SPDX-License-Identifier: MIT */
/* The backend for HiGHS: solving an LP, and reading the results. */
#include "lp/highs_lp.h"

#include <math.h>
#include <string.h>

/* Values of the option simplex_strategy. */
enum { STRATEGY_DUAL = 1, STRATEGY_PRIMAL = 4 };

/* -- solving -- */

struct solve {
    struct ifp_highs_lp *lp;
    const struct ifp_lp_limits *limits;
    struct ifp_lp_result *result;
};

static void set_limits(void *highs, const struct ifp_lp_limits *limits)
{
    /* HiGHS measures the run time over all solves. */
    Highs_setDoubleOptionValue(highs, "time_limit",
                               Highs_getRunTime(highs) + fmax(0, limits->seconds));
    Highs_setDoubleOptionValue(highs, "objective_bound", limits->cutoff);
    Highs_setIntOptionValue(highs, "simplex_iteration_limit", limits->iterations);
    Highs_setIntOptionValue(highs, "simplex_strategy",
                            limits->primal ? STRATEGY_PRIMAL : STRATEGY_DUAL);
}

static enum ifp_lp_status run(void *highs)
{
    if (Highs_run(highs) == IFP_HIGHS_ERROR)
        return IFP_LP_TROUBLE;
    HighsInt status = Highs_getModelStatus(highs);
    if (status == IFP_HIGHS_MODEL_OPTIMAL)
        return IFP_LP_OPTIMAL;
    if (status == IFP_HIGHS_MODEL_INFEASIBLE)
        return IFP_LP_INFEASIBLE;
    if (status == IFP_HIGHS_MODEL_OBJECTIVE_BOUND)
        return IFP_LP_CUTOFF;
    if (status == IFP_HIGHS_MODEL_TIME_LIMIT || status == IFP_HIGHS_MODEL_ITERATION_LIMIT)
        return IFP_LP_LIMIT;
    return IFP_LP_TROUBLE;
}

/* Numbers that HiGHS does not have become 0: after a failure it has no point. */
static void read_solution(struct ifp_highs_lp *lp)
{
    void *highs = lp->highs;
    size_t columns = lp->columns.count;
    size_t rows = lp->rows.count;
    double *value = lp->number;
    double *reduced = value + columns;
    double *multiplier = lp->number + 2 * lp->capacity;
    for (size_t c = 0; c < 2 * columns; c++)
        value[c] = 0;
    for (size_t r = 0; r < rows; r++)
        multiplier[r] = 0;
    Highs_getSolution(highs, value, reduced, NULL, multiplier);
    for (size_t c = 0; c < columns; c++) {
        lp->columns.line[c].value = value[c];
        lp->columns.line[c].price = reduced[c];
    }
    for (size_t r = 0; r < rows; r++)
        lp->rows.line[r].price = multiplier[r];
}

static char letter_of(HighsInt status)
{
    return status == IFP_HIGHS_BASIS_BASIC ? 'b' : status == IFP_HIGHS_BASIS_UPPER ? 'u' : 'l';
}

static void read_basis(struct ifp_highs_lp *lp)
{
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++)
        lp->status[l] = IFP_HIGHS_BASIS_NONBASIC;
    Highs_getBasis(lp->highs, lp->status, lp->status + lp->columns.count);
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++)
        ifp_highs_line_at(lp, l)->letter = letter_of(lp->status[l]);
    ifp_highs_mend_basis(lp, false);
}

static void read_ray(struct ifp_highs_lp *lp, struct ifp_lp_result *result)
{
    HighsInt there = 0;
    double *ray = lp->number;
    /* If the matrix is empty, HiGHS does not run its simplex method. A row that excludes 0 is then
     * the proof. */
    for (size_t r = 0; r < lp->rows.count && Highs_getNumNz(lp->highs) == 0; r++) {
        const struct ifp_highs_line *row = &lp->rows.line[r];
        lp->rows.line[r].price = result->ray ? 0 : row->lower > 0 ? 1 : row->upper < 0 ? -1 : 0;
        result->ray |= lp->rows.line[r].price != 0;
    }
    if (result->ray)
        return;
    /* First ask only whether there is a ray: asked for its values, HiGHS would solve again. */
    if (Highs_getDualRay(lp->highs, &there, NULL) == IFP_HIGHS_ERROR || !there ||
        Highs_getDualRay(lp->highs, &there, ray) == IFP_HIGHS_ERROR || !there)
        return;
    for (size_t r = 0; r < lp->rows.count; r++)
        lp->rows.line[r].price = ray[r];
    result->ray = true;
}

static void solve_once(void *argument)
{
    const struct solve *solve = argument;
    struct ifp_highs_lp *lp = solve->lp;
    struct ifp_lp_result *result = solve->result;
    void *highs = lp->highs;
    HighsInt iterations = 0;
    ifp_highs_pass_all(lp);
    if (lp->environment->dead)
        return;
    set_limits(highs, solve->limits);
    result->status = run(highs);
    if (result->status == IFP_LP_TROUBLE) {
        /* Retry from the standard basis. If the host program has used HiGHS on this thread with
         * more threads, HiGHS refuses our thread count: 0 accepts the existing threads, of which
         * the simplex method uses one. */
        Highs_setIntOptionValue(highs, "threads", 0);
        Highs_clearSolver(highs);
        ifp_highs_mend_basis(lp, true);
        ifp_highs_pass_all(lp);
        if (lp->environment->dead)
            return;
        result->status = run(highs);
    }
    read_basis(lp);
    lp->factorised = result->status == IFP_LP_OPTIMAL;
    /* If the matrix is empty, some versions of HiGHS leave a basis without rows. */
    if (Highs_getNumNz(highs) == 0) {
        lp->basis_changed = true;
        lp->factorised = false;
    }
    read_solution(lp);
    Highs_getDoubleInfoValue(highs, "objective_function_value", &result->objective);
    Highs_getIntInfoValue(highs, "simplex_iteration_count", &iterations);
    result->iterations = iterations > 0 ? (int)iterations : 0;
    if (result->status == IFP_LP_INFEASIBLE && lp->rows.count)
        read_ray(lp, result);
}

int ifp_highs_solve(struct ifp_lp *base, const struct ifp_lp_limits *limits,
                    struct ifp_lp_result *result, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    struct solve solve = {lp, limits, result};
    return ifp_highs_guarded(lp->environment, solve_once, &solve, error);
}

/* -- reading -- */

int ifp_highs_point(struct ifp_lp *base, double *point, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    for (size_t c = 0; c < lp->columns.count; c++)
        point[c] = lp->columns.line[c].value;
    return IFP_OK;
}

int ifp_highs_multipliers(struct ifp_lp *base, double *multipliers, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    for (size_t r = 0; r < lp->rows.count; r++)
        multipliers[r] = lp->rows.line[r].price;
    return IFP_OK;
}

int ifp_highs_reduced_costs(struct ifp_lp *base, double *reduced, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    for (size_t c = 0; c < lp->columns.count; c++)
        reduced[c] = lp->columns.line[c].price;
    return IFP_OK;
}

struct tableau_row {
    struct ifp_highs_lp *lp;
    size_t column;
    double *multipliers;
};

static void read_tableau_row(void *argument)
{
    const struct tableau_row *row = argument;
    struct ifp_highs_lp *lp = row->lp;
    void *highs = lp->highs;
    if (Highs_getBasicVariables(highs, lp->status) == IFP_HIGHS_ERROR)
        return;
    for (size_t r = 0; r < lp->rows.count; r++) {
        if (lp->status[r] != (HighsInt)row->column)
            continue;
        if (Highs_getBasisInverseRow(highs, (HighsInt)r, lp->number, NULL, NULL) != IFP_HIGHS_ERROR)
            memcpy(row->multipliers, lp->number, lp->rows.count * sizeof *lp->number);
        return;
    }
}

int ifp_highs_tableau_row(struct ifp_lp *base, size_t column, double *multipliers,
                          struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    for (size_t r = 0; r < lp->rows.count; r++)
        multipliers[r] = 0;
    if (!lp->factorised || lp->columns.line[column].letter != 'b' ||
        lp->rows.passed < lp->rows.count)
        return IFP_OK;
    struct tableau_row row = {lp, column, multipliers};
    return ifp_highs_guarded(lp->environment, read_tableau_row, &row, error);
}
