/* SPDX-License-Identifier: MIT */
/*
 * The seam to an LP solver: one file per solver implements it, and nothing else knows which one
 * it is. The solver is an oracle that is never believed: its multipliers are turned into bounds,
 * and its points into plans, by arithmetic of our own.
 *
 *     minimise cost x   subject to   row_lower <= A x <= row_upper,  lower <= x <= upper
 *
 * An environment belongs to the thread that made it. When the solver fails fatally, every LP of
 * the environment is lost: calls then give IFP_ERROR_ENGINE or IFP_ERROR_MEMORY, and only the
 * free functions may still be used. A solve that is abandoned because of a cancel may also lose
 * every LP: calls then succeed and do nothing, solves are abandoned, and what is read is 0.
 */
#ifndef IFP_LP_LP_H
#define IFP_LP_LP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/cancel.h"
#include "util/error.h"

struct ifp_lp_environment;
struct ifp_lp;

/* The calling thread must not use the same solver for anything else meanwhile. With careful, LPs
 * are solved by the solver's plainest methods: slower, and for when it has failed otherwise. */
int ifp_lp_environment_new(bool careful, struct ifp_lp_environment **environment,
                           struct ifp_error *error);
void ifp_lp_environment_free(struct ifp_lp_environment *environment);

/* Columns only; rows are added later. Arrays of `columns` entries, all finite. `cancel` is polled
 * while columns are loaded (NULL: never); if cancelled, returns IFP_OK with *lp = NULL. */
int ifp_lp_new(struct ifp_lp_environment *environment, size_t columns, const double *cost,
               const double *lower, const double *upper, const struct ifp_cancel *cancel,
               struct ifp_lp **lp, struct ifp_error *error);
void ifp_lp_free(struct ifp_lp *lp);

/* Append a row of `count` entries; a bound may be infinite. Its index is the number of rows
 * before the call. It starts basic, so that a dual feasible basis stays one. */
int ifp_lp_add_row(struct ifp_lp *lp, double lower, double upper, size_t count, const size_t *index,
                   const double *value, struct ifp_error *error);
/* Append a column, likewise; rows by their index. It starts at its lower bound. */
int ifp_lp_add_column(struct ifp_lp *lp, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error);
int ifp_lp_set_column_bounds(struct ifp_lp *lp, size_t column, double lower, double upper,
                             struct ifp_error *error);
int ifp_lp_set_row_bounds(struct ifp_lp *lp, size_t row, double lower, double upper,
                          struct ifp_error *error);

/* Delete `count` rows; those after them move up. Where every one is basic, the basis stays one. */
int ifp_lp_delete_rows(struct ifp_lp *lp, size_t count, const size_t *rows,
                       struct ifp_error *error);

/* Delete `count` columns; those after them move up. Where none is basic, the basis stays one. */
int ifp_lp_delete_columns(struct ifp_lp *lp, size_t count, const size_t *columns,
                          struct ifp_error *error);

enum ifp_lp_status {
    IFP_LP_OPTIMAL,
    IFP_LP_INFEASIBLE, /* multipliers hold a proof of it, if `ray` is true */
    IFP_LP_CUTOFF,     /* the objective has passed the cut-off; multipliers prove it */
    IFP_LP_LIMIT,      /* out of time or iterations */
    IFP_LP_TROUBLE,    /* the solver gave up, numerically */
    IFP_LP_ABANDONED   /* cancelled: there are no multipliers and no point */
};

/* Rows and columns, which an iteration costs the time of; 0 once the environment is lost. */
size_t ifp_lp_size(const struct ifp_lp *lp);

struct ifp_lp_limits {
    double seconds; /* at most this long; a few milliseconds more is possible */
    int iterations;
    double cutoff; /* stop when the objective provably exceeds this; +infinity: never */
    bool primal;   /* by the primal method: after columns were added */
    /* If set, polled between iterations, and the solve is abandoned once it is true. A solver that
     * cannot be interrupted ignores it. */
    const atomic_bool *cancel;
};

struct ifp_lp_result {
    enum ifp_lp_status status;
    double objective;
    bool ray;
    int iterations;
};

/* From the present basis, by the dual simplex method where that is dual feasible. */
int ifp_lp_solve(struct ifp_lp *lp, const struct ifp_lp_limits *limits,
                 struct ifp_lp_result *result, struct ifp_error *error);

/* The last solve's point, by column, and its row multipliers, by row: of the objective, or (after
 * IFP_LP_INFEASIBLE with a ray) of a combination of rows that no point within bounds satisfies. */
int ifp_lp_point(struct ifp_lp *lp, double *point, struct ifp_error *error);
int ifp_lp_multipliers(struct ifp_lp *lp, double *multipliers, struct ifp_error *error);
/* cost - A' multipliers, by column, as the solver has it. */
int ifp_lp_reduced_costs(struct ifp_lp *lp, double *reduced, struct ifp_error *error);

/* After an optimal solve, for a basic column: the combination of rows, by row, in which of all
 * basic columns and slacks only this one is left. All zero where the column is not basic. */
int ifp_lp_tableau_row(struct ifp_lp *lp, size_t column, double *multipliers,
                       struct ifp_error *error);

/* One character per column, then one per row: 'b'asic, at 'l'ower, at 'u'pper. Rows added since
 * a basis was taken are basic in it. A basis that does not fit is replaced by the standard one. */
int ifp_lp_get_basis(struct ifp_lp *lp, char *basis, struct ifp_error *error);
int ifp_lp_set_basis(struct ifp_lp *lp, const char *basis, size_t rows, struct ifp_error *error);

/* The name of the solver, for the log. */
const char *ifp_lp_solver(void);

#endif
