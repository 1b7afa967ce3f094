/* SPDX-License-Identifier: MIT */
/* Which backend solves an LP, and the calls of its functions. */
#include "lp/backend.h"

#include <stdlib.h>

/* The build defines the backends for large LPs, the default one first, and that for small LPs,
 * which is our own except for measurements. */
static const struct ifp_lp_backend *const backends[] = {IFP_LP_LARGE_BACKENDS, &ifp_lp_own};

enum { USES = IFP_LP_LARGE + 1 };

/* Both uses share the environment of a backend that they have in common. */
struct ifp_lp_environment {
    const struct ifp_lp_backend *backend[USES];
    void *of[USES];
};

const struct ifp_lp_backend *const *ifp_lp_backends(size_t *count)
{
    *count = sizeof backends / sizeof *backends;
    return backends;
}

const char *ifp_lp_backend_name(const struct ifp_lp_backend *backend)
{
    return backend->name;
}

const char *ifp_lp_solver(void)
{
    return backends[0]->name;
}

/* -- environments -- */

static int environment_new(const struct ifp_lp_backend *small, const struct ifp_lp_backend *large,
                           bool careful, struct ifp_lp_environment **environment,
                           struct ifp_error *error)
{
    struct ifp_lp_environment *made = calloc(1, sizeof *made);
    *environment = NULL;
    if (!made)
        return ifp_error_memory(error);
    made->backend[IFP_LP_SMALL] = small;
    made->backend[IFP_LP_LARGE] = large;
    int code = large->environment_new(careful, &made->of[IFP_LP_LARGE], error);
    if (!code && small == large)
        made->of[IFP_LP_SMALL] = made->of[IFP_LP_LARGE];
    else if (!code)
        code = small->environment_new(careful, &made->of[IFP_LP_SMALL], error);
    if (code) {
        ifp_lp_environment_free(made);
        return code;
    }
    *environment = made;
    return IFP_OK;
}

int ifp_lp_environment_new(bool careful, struct ifp_lp_environment **environment,
                           struct ifp_error *error)
{
    return environment_new(&IFP_LP_SMALL_BACKEND, backends[0], careful, environment, error);
}

int ifp_lp_environment_new_of(const struct ifp_lp_backend *backend, bool careful,
                              struct ifp_lp_environment **environment, struct ifp_error *error)
{
    return environment_new(backend, backend, careful, environment, error);
}

void ifp_lp_environment_free(struct ifp_lp_environment *environment)
{
    if (!environment)
        return;
    for (size_t u = 0; u < USES; u++) {
        bool shared = u > 0 && environment->of[u] == environment->of[0];
        if (environment->of[u] && !shared)
            environment->backend[u]->environment_free(environment->of[u]);
    }
    free(environment);
}

/* -- LPs -- */

int ifp_lp_new(struct ifp_lp_environment *environment, enum ifp_lp_use use, size_t columns,
               const double *cost, const double *lower, const double *upper,
               const struct ifp_cancel *cancel, struct ifp_lp **lp, struct ifp_error *error)
{
    return environment->backend[use]->lp_new(environment->of[use], columns, cost, lower, upper,
                                             cancel, lp, error);
}

void ifp_lp_free(struct ifp_lp *lp)
{
    if (lp)
        lp->backend->lp_free(lp);
}

int ifp_lp_copy(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error)
{
    return from->backend->copy(to, from, error);
}

int ifp_lp_add_row(struct ifp_lp *lp, double lower, double upper, size_t count, const size_t *index,
                   const double *value, struct ifp_error *error)
{
    return lp->backend->add_row(lp, lower, upper, count, index, value, error);
}

int ifp_lp_add_column(struct ifp_lp *lp, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    return lp->backend->add_column(lp, cost, lower, upper, count, row, value, error);
}

int ifp_lp_set_column_bounds(struct ifp_lp *lp, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    return lp->backend->set_column_bounds(lp, column, lower, upper, error);
}

int ifp_lp_set_row_bounds(struct ifp_lp *lp, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    return lp->backend->set_row_bounds(lp, row, lower, upper, error);
}

int ifp_lp_delete_rows(struct ifp_lp *lp, size_t count, const size_t *rows, struct ifp_error *error)
{
    return lp->backend->delete_rows(lp, count, rows, error);
}

int ifp_lp_delete_columns(struct ifp_lp *lp, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    return lp->backend->delete_columns(lp, count, columns, error);
}

size_t ifp_lp_size(const struct ifp_lp *lp)
{
    return lp->backend->size(lp);
}

int ifp_lp_solve(struct ifp_lp *lp, const struct ifp_lp_limits *limits,
                 struct ifp_lp_result *result, struct ifp_error *error)
{
    return lp->backend->solve(lp, limits, result, error);
}

int ifp_lp_point(struct ifp_lp *lp, double *point, struct ifp_error *error)
{
    return lp->backend->point(lp, point, error);
}

int ifp_lp_multipliers(struct ifp_lp *lp, double *multipliers, struct ifp_error *error)
{
    return lp->backend->multipliers(lp, multipliers, error);
}

int ifp_lp_reduced_costs(struct ifp_lp *lp, double *reduced, struct ifp_error *error)
{
    return lp->backend->reduced_costs(lp, reduced, error);
}

int ifp_lp_tableau_row(struct ifp_lp *lp, size_t column, double *multipliers,
                       struct ifp_error *error)
{
    return lp->backend->tableau_row(lp, column, multipliers, error);
}

int ifp_lp_get_basis(struct ifp_lp *lp, char *basis, struct ifp_error *error)
{
    return lp->backend->get_basis(lp, basis, error);
}

int ifp_lp_set_basis(struct ifp_lp *lp, const char *basis, size_t rows, struct ifp_error *error)
{
    return lp->backend->set_basis(lp, basis, rows, error);
}

bool ifp_lp_row_is_basic(const struct ifp_lp *lp, size_t row)
{
    return lp->backend->row_is_basic(lp, row);
}
