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

/* Duration of a step: the shortest measured time, or an estimate before the first measurement. */
struct ifp_duration {
    double seconds;
    bool measured;
};

struct ifp_relaxation {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    struct ifp_watch *watch;
    struct ifp_lp *lp; /* NULL until it is needed; before that `rows` has only the first rows */
    double scale;      /* dollars per unit of the LP's objective: a power of two */
    double *cost;      /* scaled */
    double *lower;     /* by column: present bounds */
    double *upper;
    struct ifp_rows rows; /* the program's rows with their present bounds, then the cuts */
    size_t row_capacity;  /* of place, active and multipliers */
    size_t *place;        /* by row: its row in the LP, or SIZE_MAX */
    size_t *active;       /* by row of the LP: its index in rows */
    size_t active_count;
    double *point; /* of the last solve, as are multipliers */
    double *multipliers;
    struct ifp_inactive *inactive; /* pairs that the LP leaves out: their columns are fixed at 0 */
    size_t *all_row;               /* the multipliers of the LP and of the inactive pairs */
    double *all_value;
    size_t all_capacity;
    double *reduced; /* safe lower bounds on reduced costs, in dollars, of the last solve */
    double *work;
    double objective;         /* of the last solve, in dollars; not safe */
    double bound;             /* of the last solve, in dollars; safe */
    double reduced_bound;     /* the bound that belongs to the reduced costs */
    double iterations;        /* total number */
    struct ifp_duration call; /* overhead of a call of the LP solver, without its iterations */
    struct ifp_duration bound_reading;
};

int ifp_relaxation_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                       struct ifp_milp *milp, struct ifp_watch *watch,
                       struct ifp_relaxation **relaxation, struct ifp_error *error);
void ifp_relaxation_free(struct ifp_relaxation *relaxation);

/* Create the LP on first use; every query calls this. Before that, bound changes are only recorded
 * and may be read directly. If the run is stopped during this call, `lp` stays NULL. Then a solve
 * returns IFP_RELAXATION_STOPPED, a basis is empty, and cuts are not added. */
int ifp_relaxation_load(struct ifp_relaxation *relaxation, struct ifp_error *error);

int ifp_relaxation_set_column(struct ifp_relaxation *relaxation, size_t column, double lower,
                              double upper, struct ifp_error *error);
int ifp_relaxation_set_row(struct ifp_relaxation *relaxation, size_t row, double lower,
                           double upper, struct ifp_error *error);

/* Append a cut, value x <= upper. No plan below the cutoff may violate it. It is in the LP from now
 * on. Bases taken before remain usable. */
int ifp_relaxation_add_cut(struct ifp_relaxation *relaxation, size_t count, const size_t *index,
                           const double *value, double upper, struct ifp_error *error);
/* Drop the cuts that are not tight at the last solve's point. Bases taken before become
 * unusable. */
int ifp_relaxation_drop_cuts(struct ifp_relaxation *relaxation, struct ifp_error *error);

/* Solve until no row is violated. The cutoff is in dollars. If `quick` is above 0, run at most
 * `quick` simplex iterations and add no rows: the result is an estimate, but its bound is safe. */
int ifp_relaxation_solve(struct ifp_relaxation *relaxation, double cutoff, int quick,
                         enum ifp_relaxation_status *status, struct ifp_error *error);

/* Solve a small LP in slices of iterations, polling between them whether the run is stopped. The
 * result's iterations are the sum over all slices. */
int ifp_solve_small(struct ifp_watch *watch, struct ifp_lp *lp, int iterations,
                    struct ifp_lp_result *result, struct ifp_error *error);

/* The basis, owned by the caller; NULL if out of memory. *rows receives the number of rows that it
 * covers. */
char *ifp_relaxation_basis(struct ifp_relaxation *relaxation, size_t *rows,
                           struct ifp_error *error);
int ifp_relaxation_set_basis(struct ifp_relaxation *relaxation, const char *basis, size_t rows,
                             struct ifp_error *error);

#endif
