/* SPDX-License-Identifier: MIT */
/*
 * The LP relaxation of the compact MILP under changing bounds, with cuts. Link rows, by far the
 * most, come in only when a point violates them. What is said of it is safe: bounds come from
 * bound.h, and infeasibility is a proof or it is not claimed.
 */
#ifndef IFP_ENGINE_COMPACT_RELAXATION_H
#define IFP_ENGINE_COMPACT_RELAXATION_H

#include "engine/compact/inactive.h"
#include "engine/compact/sparse_rows.h"
#include "engine/watch.h"
#include "lp/own/dense.h"
#include "lp/lp.h"
#include "milp/milp.h"

enum ifp_relaxation_status {
    IFP_RELAXATION_SOLVED,     /* point, objective and bound hold */
    IFP_RELAXATION_CUTOFF,     /* bound is above the cut-off; there is no point */
    IFP_RELAXATION_INFEASIBLE, /* proven */
    IFP_RELAXATION_STOPPED,    /* cancelled, or out of time */
    IFP_RELAXATION_UNKNOWN     /* the LP solver gave up; bound holds, as far as it goes */
};

/* How long a step takes: the shortest time that was measured, or an estimate before the first. */
struct ifp_duration {
    double seconds;
    bool measured;
};

struct ifp_relaxation {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    struct ifp_watch *watch;
    struct ifp_lp *lp; /* NULL until it is needed, and so are all rows but the first of the MILP */
    double scale;      /* dollars per unit of the LP's objective: a power of two */
    double *cost;      /* scaled */
    double *lower;     /* by column, as they stand now */
    double *upper;
    struct ifp_rows rows; /* the program's, with bounds as they stand now, then the cuts */
    size_t row_capacity;  /* of place, active and multipliers */
    size_t *place;        /* by row: its row in the LP, or SIZE_MAX */
    size_t *active;       /* by row of the LP: its index in rows */
    size_t active_count;
    double *point; /* of the last solve */
    double *multipliers;
    struct ifp_dormant *dormant; /* pairs that the LP leaves out: their columns are 0 in it */
    size_t *all_row;             /* the LP's multipliers and theirs */
    double *all_value;
    size_t all_capacity;
    double *reduced; /* safe lower bounds on reduced costs, in dollars, of the last solve */
    double *work;
    double objective;         /* of the last solve, in dollars; not safe */
    double bound;             /* of the last solve, in dollars; safe */
    double reduced_bound;     /* the bound that the reduced costs go with */
    double iterations;        /* in all */
    struct ifp_duration call; /* of the LP solver, beside its iterations */
    struct ifp_duration bound_reading;
};

int ifp_relaxation_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                       struct ifp_milp *milp, struct ifp_watch *watch,
                       struct ifp_relaxation **relaxation, struct ifp_error *error);
void ifp_relaxation_free(struct ifp_relaxation *relaxation);

/* Create the LP on first use; every query calls this. Before that, bound changes are only recorded
 * and may be read directly. If the run is stopped meanwhile, `lp` stays NULL: a solve then says
 * that it was stopped, a basis is empty, and cuts are not added. */
int ifp_relaxation_load(struct ifp_relaxation *relaxation, struct ifp_error *error);

int ifp_relaxation_set_column(struct ifp_relaxation *relaxation, size_t column, double lower,
                              double upper, struct ifp_error *error);
int ifp_relaxation_set_row(struct ifp_relaxation *relaxation, size_t row, double lower,
                           double upper, struct ifp_error *error);

/* Append a cut, value x <= upper, that no plan worth having violates. It stands in the LP from now
 * on; bases taken before go on fitting. */
int ifp_relaxation_add_cut(struct ifp_relaxation *relaxation, size_t count, const size_t *index,
                           const double *value, double upper, struct ifp_error *error);
/* Forget the cuts that the last solve's point does not touch. Bases taken before no longer fit. */
int ifp_relaxation_drop_cuts(struct ifp_relaxation *relaxation, struct ifp_error *error);

/* Solve until no row is violated. The cut-off is in dollars. With quick, at most that many
 * simplex iterations and no new rows: an estimate, whose bound is safe all the same. */
int ifp_relaxation_solve(struct ifp_relaxation *relaxation, double cutoff, int quick,
                         enum ifp_relaxation_status *status, struct ifp_error *error);

/* Solve a small LP, looking up now and then whether the run is stopped. The result's iterations are
 * those of all slices. */
void ifp_solve_dense(struct ifp_watch *watch, struct ifp_dense *lp, int iterations,
                     struct ifp_lp_result *result);

/* The basis, owned by the caller; NULL when out of memory. *rows receives how many rows it
 * covers. */
char *ifp_relaxation_basis(struct ifp_relaxation *relaxation, size_t *rows,
                           struct ifp_error *error);
int ifp_relaxation_set_basis(struct ifp_relaxation *relaxation, const char *basis, size_t rows,
                             struct ifp_error *error);

#endif
