/* SPDX-License-Identifier: MIT */
/*
 * The LP relaxation of the compact MILP under changing bounds, with cuts. Link rows, by far the
 * most numerous, are added only when a point violates them. Results are safe: bounds come from
 * safe_bound.h, and infeasibility is claimed only with a proof.
 */
#ifndef IFP_ENGINE_COMPACT_RELAXATION_H
#define IFP_ENGINE_COMPACT_RELAXATION_H

#include "engine/bounder.h"
#include "engine/compact/inactive.h"
#include "engine/compact/sparse_rows.h"
#include "engine/watch.h"
#include "lp/lp.h"
#include "milp/milp.h"

/* Duration of a step, to foresee whether it exceeds the time limit: the shortest measured time, or
 * an estimate before the first measurement. */
struct ifp_duration {
    double seconds;
    bool measured;
};

/* The first four members are borrowed, the rest is owned. */
struct ifp_relaxation {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    struct ifp_milp *milp; /* ifp_relaxation_load completes it */
    struct ifp_watch *watch;
    struct ifp_lp *lp; /* NULL until it is loaded; before that, `rows` may have only the MILP's
                          early rows, and place, active, multipliers, inactive and work are NULL */
    double scale;      /* dollars per unit of the LP's objective: a power of two */
    double *cost;      /* by column, scaled: in units of the LP's objective */
    double *lower;     /* by column: present bounds */
    double *upper;
    struct ifp_rows rows;          /* the program's rows with their present bounds, then the cuts */
    size_t row_capacity;           /* of place, active and multipliers */
    size_t *place;                 /* by row: its row in the LP, or SIZE_MAX */
    size_t *active;                /* by row of the LP: its index in rows */
    size_t active_count;           /* number of rows of the LP */
    double *point;                 /* by column */
    double *multipliers;           /* by row of the LP, scaled */
    struct ifp_inactive *inactive; /* pairs that the LP leaves out: their columns are fixed at 0 */
    size_t *all_row;               /* the multipliers of the LP and of the inactive pairs: rows, */
    double *all_value;             /* and values */
    size_t all_capacity;
    double *work; /* workspace: 2 entries per column */
    /* The results of the last solve; another method writes its own here (bounder.h). */
    double *reduced;      /* by column: safe lower bounds on reduced costs, in dollars; only if the
                             status is SOLVED */
    double objective;     /* of the point, in dollars; not safe */
    double bound;         /* in dollars; safe; -infinity if there is no bound */
    double reduced_bound; /* the bound that reduced costs are to be added to: a column at its lower
                             bound that moves up by 1 costs at least reduced_bound + reduced; it is
                             -infinity if the last results came without reduced costs */

    double iterations;        /* of the simplex method, in all solves */
    struct ifp_duration call; /* overhead of a call of the LP solver, without its iterations */
    struct ifp_duration bound_reading; /* computing the bound after such a call */
};

/* All functions return IFP_OK or the code of the error, unless they say otherwise. */

/* The LP is not made yet. *relaxation is NULL if the code is not IFP_OK. */
int ifp_relaxation_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                       struct ifp_milp *milp, struct ifp_watch *watch,
                       struct ifp_relaxation **relaxation, struct ifp_error *error);
void ifp_relaxation_free(struct ifp_relaxation *relaxation);

/* Create the LP unless it exists. The functions below that need the LP call this themselves. Before
 * that, changes of bounds are only recorded. If the run is stopped during this call, `lp` stays
 * NULL. Then a solve returns IFP_RELAXATION_STOPPED, a basis is empty, and cuts are not added. */
int ifp_relaxation_load(struct ifp_relaxation *relaxation, struct ifp_error *error);

/* Set the present bounds of a column or of a row. If a binary is fixed at 1, its complement is
 * fixed at 0, and otherwise released. A lower bound above 0 activates the pair of the column or
 * row. A row enters the LP if it is not there. */
int ifp_relaxation_set_column(struct ifp_relaxation *relaxation, size_t column, double lower,
                              double upper, struct ifp_error *error);
int ifp_relaxation_set_row(struct ifp_relaxation *relaxation, size_t row, double lower,
                           double upper, struct ifp_error *error);

/* Append a cut, value x <= upper, to the rows and to the LP. The arrays are copied. No plan below
 * the cutoff may violate the cut. Bases taken before remain usable. */
int ifp_relaxation_add_cut(struct ifp_relaxation *relaxation, size_t count, const size_t *index,
                           const double *value, double upper, struct ifp_error *error);
/* Drop the cuts that are not tight at the last solve's point (their slacks are basic). Bases taken
 * before become unusable. */
int ifp_relaxation_drop_cuts(struct ifp_relaxation *relaxation, struct ifp_error *error);

/* Solve, adding violated rows and activating pairs, until there are no more. The cutoff is in
 * dollars. If `quick` is above 0, run at most `quick` simplex iterations and add nothing: then the
 * point and the objective are estimates, but the bound is safe. */
int ifp_relaxation_solve(struct ifp_relaxation *relaxation, double cutoff, int quick,
                         enum ifp_relaxation_status *status, struct ifp_error *error);

/* For the master's LP: solve a small LP in slices of iterations, polling between them whether the
 * run is stopped. `iterations` is the maximum of all slices together. The result's iterations are
 * their sum. */
int ifp_solve_small(struct ifp_watch *watch, struct ifp_lp *lp, int iterations,
                    struct ifp_lp_result *result, struct ifp_error *error);

/* *basis receives the basis (letters as in lp.h), owned by the caller; NULL on failure. *rows
 * receives the number of rows that it covers. */
int ifp_relaxation_get_basis(struct ifp_relaxation *relaxation, char **basis, size_t *rows,
                             struct ifp_error *error);
/* Set a basis that ifp_relaxation_get_basis gave; it stays the caller's. If `basis` is NULL, set
 * the slack basis, which is dual feasible. */
int ifp_relaxation_set_basis(struct ifp_relaxation *relaxation, const char *basis, size_t rows,
                             struct ifp_error *error);

#endif
