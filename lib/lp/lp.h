/* SPDX-License-Identifier: MIT */
/*
 * The interface to LP solvers. A backend (lp/backend.h) implements it for one solver, and no other
 * file depends on the solver. The results of a solver are never trusted: our own arithmetic turns
 * multipliers into bounds and points into plans.
 *
 *     minimise cost x   subject to   row_lower <= A x <= row_upper,  lower <= x <= upper
 *
 * The multipliers y of the rows have the signs of this minimisation: y_r >= 0 if the row binds at
 * its lower bound, y_r <= 0 if at its upper bound. Reduced costs are cost - A'y.
 *
 * Functions that return an int return IFP_OK or the code of the error in *error. The backend of an
 * LP is chosen when the LP is made, by the use of the LP. Order of calls: make an environment; make
 * an LP; add rows and columns and change bounds; solve; read results; change and solve again; free
 * the LPs; free the environment.
 *
 * An environment belongs to the thread that made it. If a solver fails fatally, every LP that the
 * solver has in the environment is lost: calls then return IFP_ERROR_ENGINE or IFP_ERROR_MEMORY,
 * and only the free functions may still be used. A solve that is abandoned because of a cancel may
 * also lose every LP of the solver: calls then return IFP_OK and do nothing, solves are abandoned,
 * and all numbers read are 0.
 */
#ifndef IFP_LP_LP_H
#define IFP_LP_LP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/cancel.h"
#include "util/error.h"

struct ifp_lp_environment;
struct ifp_lp_backend;
struct ifp_lp;

enum ifp_lp_use {
    /* A few dozen rows and a few hundred columns; solved thousands of times a second, with a few
     * changes each time: the masters and the routing LPs. */
    IFP_LP_SMALL = 0,
    IFP_LP_LARGE = 1 /* all other LPs */
};

/* The calling thread must not use the same solvers for anything else while the environment exists.
 * `careful` selects slower and more robust methods of the solvers, for use after a failure. */
int ifp_lp_environment_new(bool careful, struct ifp_lp_environment **environment,
                           struct ifp_error *error);
void ifp_lp_environment_free(struct ifp_lp_environment *environment);

/* For tests. ifp_lp_environment_new_of makes an environment that uses one backend for all LPs.
 * ifp_lp_backends returns the backends of this build, which are constants, and sets *count. The
 * first one is that of IFP_LP_LARGE. */
int ifp_lp_environment_new_of(const struct ifp_lp_backend *backend, bool careful,
                              struct ifp_lp_environment **environment, struct ifp_error *error);
const struct ifp_lp_backend *const *ifp_lp_backends(size_t *count);

/* An LP without rows, which are added later. The arrays have `columns` entries, all finite.
 * `cancel`, which may be NULL, is polled while columns are loaded. If cancelled, returns IFP_OK
 * with *lp = NULL. The arrays are copied. Free all LPs before their environment. */
int ifp_lp_new(struct ifp_lp_environment *environment, enum ifp_lp_use use, size_t columns,
               const double *cost, const double *lower, const double *upper,
               const struct ifp_cancel *cancel, struct ifp_lp **lp, struct ifp_error *error);
void ifp_lp_free(struct ifp_lp *lp);

/* Make *to a copy of `from` with the same basis and without results. *to is NULL, or an LP of the
 * same environment and use whose memory is reused. After an error, *to may only be freed. */
int ifp_lp_copy(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error);

/* Append a row of `count` entries; a bound may be infinite. Its index is the number of rows before
 * the call. It starts basic, so a dual feasible basis stays dual feasible. */
int ifp_lp_add_row(struct ifp_lp *lp, double lower, double upper, size_t count, const size_t *index,
                   const double *value, struct ifp_error *error);
/* Append a column of `count` entries; `row` holds row indices. Its index is the number of columns
 * before the call. It starts at its lower bound. */
int ifp_lp_add_column(struct ifp_lp *lp, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error);
int ifp_lp_set_column_bounds(struct ifp_lp *lp, size_t column, double lower, double upper,
                             struct ifp_error *error);
int ifp_lp_set_row_bounds(struct ifp_lp *lp, size_t row, double lower, double upper,
                          struct ifp_error *error);

/* Delete `count` rows, in ascending order; later rows move up. The basis stays if all deleted rows
 * are basic; otherwise the backend may replace it by another one. */
int ifp_lp_delete_rows(struct ifp_lp *lp, size_t count, const size_t *rows,
                       struct ifp_error *error);

/* Delete `count` columns, in ascending order; later ones move up. The basis stays if no deleted
 * column is basic; otherwise the backend may replace it by another one. */
int ifp_lp_delete_columns(struct ifp_lp *lp, size_t count, const size_t *columns,
                          struct ifp_error *error);

enum ifp_lp_status {
    IFP_LP_OPTIMAL,
    IFP_LP_INFEASIBLE, /* if `ray` is true, the multipliers prove it */
    IFP_LP_CUTOFF,     /* the objective exceeds the cutoff; the multipliers prove it */
    IFP_LP_LIMIT,      /* out of time or iterations */
    IFP_LP_TROUBLE,    /* numerical failure of the solver */
    IFP_LP_ABANDONED   /* cancelled: there are no multipliers and no point */
};

/* A measure of the time of an iteration, by which callers bound the iterations of a call. Each
 * backend has its own unit: the number of rows and columns, or, for our own simplex method, the
 * number of entries of the full inverse and of the columns. 0 once the environment is lost. */
size_t ifp_lp_size(const struct ifp_lp *lp);

struct ifp_lp_limits {
    double seconds; /* the time limit; a solve may take a few milliseconds more. +infinity: none */
    int iterations; /* the maximum number of simplex iterations */
    double cutoff;  /* stop when the objective provably exceeds this; +infinity: no cutoff */
    bool primal;    /* use the primal method, after columns were added */
    /* If not NULL, polled between iterations: the solve is abandoned once it is true. A solver that
     * cannot be interrupted ignores it. */
    const atomic_bool *cancel;
};

struct ifp_lp_result {
    enum ifp_lp_status status;
    double objective; /* of the last basis; the optimum only if the status is IFP_LP_OPTIMAL */
    bool ray;         /* if the status is IFP_LP_INFEASIBLE: do the multipliers prove it? */
    int iterations;   /* of this solve */
};

/* Solve from the present basis, by the dual simplex method if the basis is dual feasible. */
int ifp_lp_solve(struct ifp_lp *lp, const struct ifp_lp_limits *limits,
                 struct ifp_lp_result *result, struct ifp_error *error);

/*
 * The point of the last solve, by column, and its multipliers, by row. After IFP_LP_INFEASIBLE with
 * a ray, the multipliers y give a combination of rows that no point within bounds satisfies: the
 * minimum of y (A x) over the bounds of the rows exceeds its maximum over the bounds of the
 * columns. Without a ray, they are not valid. Read all results before the LP is changed. Only the
 * deletion of basic rows and of nonbasic columns keeps the point of the others, except for
 * rounding.
 */
int ifp_lp_point(struct ifp_lp *lp, double *point, struct ifp_error *error);
int ifp_lp_multipliers(struct ifp_lp *lp, double *multipliers, struct ifp_error *error);
/* cost - A' multipliers, by column, as the solver computes it. */
int ifp_lp_reduced_costs(struct ifp_lp *lp, double *reduced, struct ifp_error *error);

/* After an optimal solve, for a basic column: the multipliers, by row, of the combination of rows
 * in which this is the only basic column or slack with an entry. All 0 if it is not basic. */
int ifp_lp_tableau_row(struct ifp_lp *lp, size_t column, double *multipliers,
                       struct ifp_error *error);

/* A basis has one character per column, then one per row: 'b' (basic), 'l' (at
 * its lower bound) or 'u' (at its upper bound). `rows` is the number of rows that it covers. Rows
 * added after a basis was read are basic in it. A basis that does not fit is replaced by the
 * standard one, in which all rows are basic. */
int ifp_lp_get_basis(struct ifp_lp *lp, char *basis, struct ifp_error *error);
int ifp_lp_set_basis(struct ifp_lp *lp, const char *basis, size_t rows, struct ifp_error *error);

/* Is the row basic? Such a row does not bind at present. */
bool ifp_lp_row_is_basic(const struct ifp_lp *lp, size_t row);

/* The names of the solvers of IFP_LP_LARGE and of a backend, for logs and tests. */
const char *ifp_lp_solver(void);
const char *ifp_lp_backend_name(const struct ifp_lp_backend *backend);

#endif
