/* SPDX-License-Identifier: MIT */
/*
 * The backend for our own simplex method (dense.h). It checks indices, which dense.h does not: a
 * wrong one loses every LP of the environment, as with the other backends.
 */
#include "lp/backend.h"
#include "lp/own/dense_table.h"

#include <stdlib.h>

struct environment {
    bool dead;
    bool out_of_memory;
    const char *failed;
};

struct lp {
    struct ifp_lp base;
    struct environment *environment;
    struct ifp_dense *dense;
};

static struct lp *of(struct ifp_lp *base)
{
    return (struct lp *)base;
}

static const struct lp *of_const(const struct ifp_lp *base)
{
    return (const struct lp *)base;
}

/* -- failing -- */

static int fatal(const struct environment *environment, struct ifp_error *error)
{
    if (environment->out_of_memory)
        return ifp_error_memory(error);
    return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "the LP solver failed: %s",
                         environment->failed);
}

static int fail(struct environment *environment, const char *reason, struct ifp_error *error)
{
    environment->dead = true;
    environment->failed = reason;
    return fatal(environment, error);
}

static int check(const struct lp *lp, struct ifp_error *error)
{
    return lp->environment->dead ? fatal(lp->environment, error) : IFP_OK;
}

static int check_index(const struct lp *lp, size_t index, size_t end, struct ifp_error *error)
{
    int code = check(lp, error);
    if (!code && index >= end)
        code = fail(lp->environment, "an index is out of range", error);
    return code;
}

/* `end` and `slot`: the number of columns or rows, and their slots. */
static int check_entries(const struct lp *lp, size_t count, const size_t *index, size_t end,
                         const size_t *slot, struct ifp_error *error)
{
    bool *mark = lp->dense->mark;
    bool twice = false;
    int code = check(lp, error);
    for (size_t e = 0; !code && e < count; e++) {
        code = check_index(lp, index[e], end, error);
        if (!code)
            mark[slot[index[e]]] = false;
    }
    for (size_t e = 0; !code && e < count; e++) {
        twice |= mark[slot[index[e]]];
        mark[slot[index[e]]] = true;
    }
    return twice ? fail(lp->environment, "an index occurs twice", error) : code;
}

/* The result of a function of dense.h, after which an LP may be broken. */
static int finish(const struct lp *lp, int code)
{
    if (code)
        lp->environment->dead = lp->environment->out_of_memory = true;
    return code;
}

/* -- environments and LPs -- */

/* There are no less careful methods. */
static int environment_new(bool careful, void **environment, struct ifp_error *error)
{
    (void)careful;
    *environment = calloc(1, sizeof(struct environment));
    return *environment ? IFP_OK : ifp_error_memory(error);
}

static void environment_free(void *environment)
{
    free(environment);
}

static void lp_free(struct ifp_lp *base)
{
    struct lp *lp = of(base);
    ifp_dense_free(lp->dense);
    free(lp);
}

static int lp_new(void *environment, size_t columns, const double *cost, const double *lower,
                  const double *upper, const struct ifp_cancel *cancel, struct ifp_lp **lp,
                  struct ifp_error *error)
{
    *lp = NULL;
    if (!columns)
        return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "%zu columns are not an LP", columns);
    if (ifp_is_cancelled(cancel))
        return IFP_OK;
    struct lp *made = calloc(1, sizeof *made);
    if (!made)
        return ifp_error_memory(error);
    made->base.backend = &ifp_lp_own;
    made->environment = environment;
    int code = check(made, error);
    if (!code)
        code = ifp_dense_new(columns, cost, lower, upper, &made->dense, error);
    if (code) {
        lp_free(&made->base);
        return code;
    }
    *lp = &made->base;
    return IFP_OK;
}

static int copy_lp(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error)
{
    const struct lp *source = of(from);
    int code = check(source, error);
    if (!code && !*to) {
        struct lp *made = calloc(1, sizeof *made);
        if (!made)
            return ifp_error_memory(error);
        made->base.backend = &ifp_lp_own;
        made->environment = source->environment;
        *to = &made->base;
    }
    return code ? code : finish(source, ifp_dense_copy(&of(*to)->dense, source->dense, error));
}

/* -- changes -- */

static int add_row(struct ifp_lp *base, double lower, double upper, size_t count,
                   const size_t *index, const double *value, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    struct ifp_dense *dense = lp->dense;
    int code = check_entries(lp, count, index, dense->columns, dense->column_slot, error);
    return code ? code
                : finish(lp, ifp_dense_add_row(dense, lower, upper, count, index, value, error));
}

static int add_column(struct ifp_lp *base, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    struct ifp_dense *dense = lp->dense;
    int code = check_entries(lp, count, row, dense->rows, dense->row_slot, error);
    if (!code)
        code =
            finish(lp, ifp_dense_add_column(dense, cost, lower, upper, count, row, value, error));
    return code;
}

static int set_column_bounds(struct ifp_lp *base, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check_index(lp, column, lp->dense->columns, error);
    if (!code)
        ifp_dense_set_column_bounds(lp->dense, column, lower, upper);
    return code;
}

static int set_row_bounds(struct ifp_lp *base, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check_index(lp, row, lp->dense->rows, error);
    if (!code)
        ifp_dense_set_row_bounds(lp->dense, row, lower, upper);
    return code;
}

static int delete_rows(struct ifp_lp *base, size_t count, const size_t *rows,
                       struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = count ? check_index(lp, rows[count - 1], lp->dense->rows, error) : check(lp, error);
    if (!code)
        ifp_dense_delete_rows(lp->dense, count, rows);
    return code;
}

static int delete_columns(struct ifp_lp *base, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code =
        count ? check_index(lp, columns[count - 1], lp->dense->columns, error) : check(lp, error);
    if (!code)
        ifp_dense_delete_columns(lp->dense, count, columns);
    return code;
}

static size_t get_size(const struct ifp_lp *base)
{
    const struct lp *lp = of_const(base);
    return lp->environment->dead ? 0 : ifp_dense_size(lp->dense);
}

/* -- solving -- */

static int solve_lp(struct ifp_lp *base, const struct ifp_lp_limits *limits,
                    struct ifp_lp_result *result, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    if (!code)
        ifp_dense_solve(lp->dense, limits, result);
    return code;
}

static int get_point(struct ifp_lp *base, double *point, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    if (!code)
        ifp_dense_point(lp->dense, point);
    return code;
}

static int get_multipliers(struct ifp_lp *base, double *multipliers, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    if (!code)
        ifp_dense_multipliers(lp->dense, multipliers);
    return code;
}

static int get_reduced_costs(struct ifp_lp *base, double *reduced, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    if (!code)
        ifp_dense_reduced_costs(lp->dense, reduced);
    return code;
}

static int get_tableau_row(struct ifp_lp *base, size_t column, double *multipliers,
                           struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check_index(lp, column, lp->dense->columns, error);
    if (!code)
        ifp_dense_tableau_row(lp->dense, column, multipliers);
    return code;
}

static int get_basis(struct ifp_lp *base, char *basis, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    if (!code)
        ifp_dense_get_basis(lp->dense, basis);
    return code;
}

static int set_basis(struct ifp_lp *base, const char *basis, size_t rows, struct ifp_error *error)
{
    const struct lp *lp = of(base);
    int code = check(lp, error);
    if (!code)
        ifp_dense_set_basis(lp->dense, basis, rows);
    return code;
}

static bool row_is_basic(const struct ifp_lp *base, size_t row)
{
    const struct lp *lp = of_const(base);
    return row < lp->dense->rows && ifp_dense_row_is_basic(lp->dense, row);
}

const struct ifp_lp_backend ifp_lp_own = {
    .name = "our own simplex method",
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
