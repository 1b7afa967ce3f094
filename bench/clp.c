/* SPDX-License-Identifier: MIT */
/*
 * A backend for CLP (lib/lp/backend.h), by its C interface, only to measure it in place of our own
 * simplex method: meson setup -Dsmall_lp=clp. It is not for use: it has no rays and no tableau
 * rows, and the process ends if memory runs out or an index is wrong.
 */
#include "lp/backend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <coin/Clp_C_Interface.h>

struct lp {
    struct ifp_lp base;
    void *environment;
    Clp_Simplex *clp;
    size_t columns;
    size_t rows;
    size_t capacity;
    int *index;
    size_t copy_capacity;
    CoinBigIndex *copy_start;
    int *copy_index;
    double *copy_value;
};

static struct lp *of(struct ifp_lp *base)
{
    return (struct lp *)base;
}
/* An infinite bound as CLP has it. */
static double inf(double x)
{
    return isinf(x) ? (x > 0 ? 1e300 : -1e300) : x;
}

static int environment_new(bool careful, void **environment, struct ifp_error *error)
{
    (void)careful;
    *environment = malloc(1);
    return *environment ? IFP_OK : ifp_error_memory(error);
}
static void environment_free(void *environment)
{
    free(environment);
}

static void prepare(Clp_Simplex *clp)
{
    Clp_setLogLevel(clp, 0);
    Clp_scaling(clp, 0);
    Clp_setPerturbation(clp, 102);
    Clp_setPrimalTolerance(clp, 1e-9);
    Clp_setDualTolerance(clp, 1e-9);
}

static struct lp *make(void *environment)
{
    struct lp *made = calloc(1, sizeof *made);
    made->base.backend = &ifp_lp_clp;
    made->environment = environment;
    made->clp = Clp_newModel();
    prepare(made->clp);
    return made;
}

static void reserve(struct lp *lp, size_t count)
{
    if (count <= lp->capacity)
        return;
    lp->capacity = 2 * count + 64;
    lp->index = realloc(lp->index, lp->capacity * sizeof *lp->index);
}

static int lp_new(void *environment, size_t columns, const double *cost, const double *lower,
                  const double *upper, const struct ifp_cancel *cancel, struct ifp_lp **lp,
                  struct ifp_error *error)
{
    (void)error;
    *lp = NULL;
    if (ifp_is_cancelled(cancel))
        return IFP_OK;
    struct lp *made = make(environment);
    CoinBigIndex *start = calloc(columns + 1, sizeof *start);
    int none = 0;
    double zero = 0;
    Clp_loadProblem(made->clp, (int)columns, 0, start, &none, &zero, lower, upper, cost, NULL,
                    NULL);
    free(start);
    made->columns = columns;
    *lp = &made->base;
    return IFP_OK;
}

static void lp_free(struct ifp_lp *base)
{
    Clp_deleteModel(of(base)->clp);
    free(of(base)->index);
    free(of(base)->copy_start);
    free(of(base)->copy_index);
    free(of(base)->copy_value);
    free(base);
}

static int copy_lp(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error)
{
    struct lp *source = of(from);
    (void)error;
    if (!*to)
        *to = &make(source->environment)->base;
    struct lp *lp = of(*to);
    Clp_Simplex *clp = source->clp;
    const CoinBigIndex *starts = Clp_getVectorStarts(clp);
    const int *lengths = Clp_getVectorLengths(clp);
    const int *indices = Clp_getIndices(clp);
    const double *elements = Clp_getElements(clp);
    size_t entries = (size_t)Clp_getNumElements(clp);
    if (entries + source->columns + 1 > lp->copy_capacity) {
        lp->copy_capacity = 2 * (entries + source->columns + 1);
        lp->copy_start = realloc(lp->copy_start, lp->copy_capacity * sizeof *lp->copy_start);
        lp->copy_index = realloc(lp->copy_index, lp->copy_capacity * sizeof *lp->copy_index);
        lp->copy_value = realloc(lp->copy_value, lp->copy_capacity * sizeof *lp->copy_value);
    }
    size_t at = 0;
    for (size_t c = 0; c < source->columns; c++) {
        lp->copy_start[c] = (CoinBigIndex)at;
        memcpy(lp->copy_index + at, indices + starts[c], (size_t)lengths[c] * sizeof(int));
        memcpy(lp->copy_value + at, elements + starts[c], (size_t)lengths[c] * sizeof(double));
        at += (size_t)lengths[c];
    }
    lp->copy_start[source->columns] = (CoinBigIndex)at;
    Clp_loadProblem(lp->clp, (int)source->columns, (int)source->rows, lp->copy_start,
                    lp->copy_index, lp->copy_value, Clp_columnLower(clp), Clp_columnUpper(clp),
                    Clp_objective(clp), Clp_rowLower(clp), Clp_rowUpper(clp));
    if (Clp_statusExists(clp))
        Clp_copyinStatus(lp->clp, Clp_statusArray(clp));
    lp->columns = source->columns;
    lp->rows = source->rows;
    return IFP_OK;
}

static int add_row(struct ifp_lp *base, double lower, double upper, size_t count,
                   const size_t *index, const double *value, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    CoinBigIndex start[2] = {0, (CoinBigIndex)count};
    double zero = 0;
    reserve(lp, count + 1);
    for (size_t e = 0; e < count; e++)
        lp->index[e] = (int)index[e];
    lower = inf(lower);
    upper = inf(upper);
    Clp_addRows(lp->clp, 1, &lower, &upper, start, lp->index, count ? value : &zero);
    lp->rows++;
    return IFP_OK;
}

static int add_column(struct ifp_lp *base, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    CoinBigIndex start[2] = {0, (CoinBigIndex)count};
    double zero = 0;
    reserve(lp, count + 1);
    for (size_t e = 0; e < count; e++)
        lp->index[e] = (int)row[e];
    Clp_addColumns(lp->clp, 1, &lower, &upper, &cost, start, lp->index, count ? value : &zero);
    lp->columns++;
    return IFP_OK;
}

static int set_column_bounds(struct ifp_lp *base, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    (void)error;
    Clp_columnLower(of(base)->clp)[column] = lower;
    Clp_columnUpper(of(base)->clp)[column] = upper;
    return IFP_OK;
}

static int set_row_bounds(struct ifp_lp *base, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    (void)error;
    Clp_rowLower(of(base)->clp)[row] = inf(lower);
    Clp_rowUpper(of(base)->clp)[row] = inf(upper);
    return IFP_OK;
}

static int delete_rows(struct ifp_lp *base, size_t count, const size_t *rows,
                       struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    reserve(lp, count + 1);
    for (size_t e = 0; e < count; e++)
        lp->index[e] = (int)rows[e];
    if (count)
        Clp_deleteRows(lp->clp, (int)count, lp->index);
    lp->rows -= count;
    return IFP_OK;
}

static int delete_columns(struct ifp_lp *base, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    reserve(lp, count + 1);
    for (size_t e = 0; e < count; e++)
        lp->index[e] = (int)columns[e];
    if (count)
        Clp_deleteColumns(lp->clp, (int)count, lp->index);
    lp->columns -= count;
    return IFP_OK;
}

static size_t get_size(const struct ifp_lp *base)
{
    return ((const struct lp *)base)->rows + ((const struct lp *)base)->columns;
}

static int solve_lp(struct ifp_lp *base, const struct ifp_lp_limits *limits,
                    struct ifp_lp_result *result, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    Clp_setNumberIterations(lp->clp, 0);
    Clp_setMaximumIterations(lp->clp, limits->iterations);
    Clp_setMaximumSeconds(lp->clp, isfinite(limits->seconds) ? limits->seconds : -1);
    Clp_setDualObjectiveLimit(lp->clp, isfinite(limits->cutoff) ? limits->cutoff : 1e300);
    if (limits->primal)
        Clp_primal(lp->clp, 0);
    else
        Clp_dual(lp->clp, 0);
    switch (Clp_status(lp->clp)) {
    case 0:
        result->status = IFP_LP_OPTIMAL;
        break;
    case 1:
        result->status =
            Clp_secondaryStatus(lp->clp) == 1 ||
                    (isfinite(limits->cutoff) && Clp_objectiveValue(lp->clp) > limits->cutoff)
                ? IFP_LP_CUTOFF
                : IFP_LP_INFEASIBLE;
        break;
    case 3:
        result->status = IFP_LP_LIMIT;
        break;
    default:
        break;
    }
    result->objective = Clp_objectiveValue(lp->clp);
    result->iterations = Clp_numberIterations(lp->clp);
    return IFP_OK;
}

static int get_point(struct ifp_lp *base, double *point, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    memcpy(point, Clp_primalColumnSolution(lp->clp), lp->columns * sizeof *point);
    return IFP_OK;
}

static int get_multipliers(struct ifp_lp *base, double *multipliers, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    if (lp->rows)
        memcpy(multipliers, Clp_dualRowSolution(lp->clp), lp->rows * sizeof *multipliers);
    return IFP_OK;
}

static int get_reduced_costs(struct ifp_lp *base, double *reduced, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    memcpy(reduced, Clp_dualColumnSolution(lp->clp), lp->columns * sizeof *reduced);
    return IFP_OK;
}

static int get_tableau_row(struct ifp_lp *base, size_t column, double *multipliers,
                           struct ifp_error *error)
{
    (void)error;
    (void)column;
    memset(multipliers, 0, of(base)->rows * sizeof *multipliers);
    return IFP_OK;
}

static char letter(int status)
{
    return status == 1 ? 'b' : status == 2 ? 'u' : 'l';
}

static int get_basis(struct ifp_lp *base, char *basis, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    bool there = Clp_statusExists(lp->clp);
    for (size_t c = 0; c < lp->columns; c++)
        basis[c] = there ? letter(Clp_getColumnStatus(lp->clp, (int)c)) : 'l';
    for (size_t r = 0; r < lp->rows; r++) {
        char found = there ? letter(Clp_getRowStatus(lp->clp, (int)r)) : 'b';
        basis[lp->columns + r] = found;
    }
    return IFP_OK;
}

static int set_basis(struct ifp_lp *base, const char *basis, size_t rows, struct ifp_error *error)
{
    struct lp *lp = of(base);
    (void)error;
    for (size_t c = 0; c < lp->columns; c++)
        Clp_setColumnStatus(lp->clp, (int)c, basis[c] == 'b' ? 1 : basis[c] == 'u' ? 2 : 3);
    for (size_t r = 0; r < lp->rows; r++) {
        char wanted = r < rows ? basis[lp->columns + r] : 'b';
        Clp_setRowStatus(lp->clp, (int)r, wanted == 'b' ? 1 : wanted == 'u' ? 2 : 3);
    }
    return IFP_OK;
}

static bool row_is_basic(const struct ifp_lp *base, size_t row)
{
    return Clp_getRowStatus(((const struct lp *)base)->clp, (int)row) == 1;
}

const struct ifp_lp_backend ifp_lp_clp = {
    .name = "CLP",
    .environment_new = environment_new,
    .environment_free = environment_free,
    .lp_new = lp_new,
    .lp_free = lp_free,
    .copy = copy_lp,
    .add_row = add_row,
    .add_column = add_column,
    .set_column_bounds = set_column_bounds,
    .set_row_bounds = set_row_bounds,
    .delete_rows = delete_rows,
    .delete_columns = delete_columns,
    .size = get_size,
    .solve = solve_lp,
    .point = get_point,
    .multipliers = get_multipliers,
    .reduced_costs = get_reduced_costs,
    .tableau_row = get_tableau_row,
    .get_basis = get_basis,
    .set_basis = set_basis,
    .row_is_basic = row_is_basic,
};
