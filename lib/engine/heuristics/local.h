/* SPDX-License-Identifier: MIT */
/*
 * Local search over selections of deployments: the moves. A selection is improved by removing each
 * subset of up to two deployments in turn and adding deployments that then pay. Moves of one
 * deployment do not suffice if two small deployments should become a large one, or one should
 * become two. From a local optimum, the search continues with reproducible random changes.
 *
 * An evaluator decides what a selection is worth and which additions pay: eval_single.h without an
 * LP, if each query type has at most one route; eval_lp.h by an LP over the routes.
 */
#ifndef IFP_ENGINE_HEURISTICS_LOCAL_H
#define IFP_ENGINE_HEURISTICS_LOCAL_H

#include <math.h>
#include <stdint.h>

#include "engine/incumbent.h"
#include "engine/selection.h"
#include "engine/tuning.h"
#include "engine/watch.h"
#include "util/random.h"

/* The deployments that have just been removed. They must not be the first to be added again, or the
 * search would undo its own move. */
struct ifp_barred {
    size_t pair[2];
    size_t configuration[2];
    double replicas[2];
    size_t count;
};

/* How an addition is chosen. An evaluator may ignore all but the first way. */
enum ifp_filling {
    IFP_FILLING_USUAL = 0,
    IFP_FILLING_THRIFTY = 1, /* the addition that saves most per dollar of its cost */
    IFP_FILLING_WIDE = 2     /* among many more candidates */
};

/*
 * An evaluator begins with this struct. Its functions that return an int return IFP_OK or
 * IFP_ERROR_MEMORY. They keep the value of a selection up to date, or set it to -INFINITY if only
 * `fill` computes it. Selections hold the limits after `read` and `add_random`. Pointers are
 * borrowed.
 */
struct ifp_evaluator {
    const struct ifp_problem *problem;
    struct ifp_watch *watch;
    double effort;      /* spent so far, in a unit of the evaluator */
    double nothing_usd; /* the cost of a selection is nothing_usd less its value */

    double descent_effort;   /* maximum of one descent; 0 if only the whole call is limited */
    double worse_max;        /* accept a selection that is worse by this fraction of its cost */
    size_t removed_of_plan;  /* maximum number of deployments to replace at once in a plan */
    size_t removed_of_point; /* the same in a rounded point */
    size_t selection_size;   /* of a selection with the evaluator's accounts behind it */

    void (*free)(struct ifp_evaluator *evaluator);

    /* Make the accounts of a selection without deployments, false if out of memory; free them;
     * copy them. NULL if there are no accounts. */
    bool (*accounts_new)(const struct ifp_evaluator *evaluator, struct ifp_selection *selection);
    void (*accounts_free)(struct ifp_selection *selection);
    void (*accounts_copy)(const struct ifp_evaluator *evaluator, struct ifp_selection *to,
                          const struct ifp_selection *from);

    /* Read a plan, or round a point of the compact program if it is not NULL, as far as the limits
     * allow it. The selection is empty if both are NULL. */
    void (*read)(struct ifp_evaluator *evaluator, const ifp_plan *plan, const double *point,
                 struct ifp_selection *selection);
    /* Remove a deployment from the accounts. NULL if there are no accounts. */
    void (*remove)(struct ifp_evaluator *evaluator, struct ifp_selection *selection, size_t pair);
    /* Add deployments until no more of them pay, or until the run is stopped. `barred` holds for
     * the first of them. */
    int (*fill)(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                const struct ifp_barred *barred, enum ifp_filling filling, struct ifp_error *error);
    /* Add a random deployment, if one fits. */
    int (*add_random)(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                      const struct ifp_barred *barred, struct ifp_random *random,
                      struct ifp_error *error);
    /* Offer the plan of a selection. NULL if plans are offered whenever a value is computed. */
    int (*offer)(struct ifp_evaluator *evaluator, const struct ifp_selection *selection,
                 struct ifp_error *error);
    /* The selection filled last is the one that the next ones will resemble. May be NULL. */
    int (*keep)(struct ifp_evaluator *evaluator, struct ifp_error *error);
};

/* For evaluators: the change of a value that counts. The search does not cycle, since every change
 * improves the value by more than rounding. */
static inline double ifp_local_margin(double value)
{
    return isinf(value) ? 0 : IFP_LOCAL_SAVING_MIN * (1 + fabs(value));
}

static inline bool ifp_local_better(double value, double than)
{
    return value > than + ifp_local_margin(than);
}

/* For evaluators: set the point of the compact program that rents a selection, without routes. */
void ifp_local_point(const struct ifp_problem *problem, const struct ifp_milp *milp,
                     const struct ifp_selection *selection, double *point);

/* A local search, with the best selection that it has found so far. */
struct ifp_local;

/* Takes over the evaluator, even if this fails. IFP_ERROR_MEMORY if the evaluator is NULL. */
int ifp_local_new(struct ifp_evaluator *evaluator, struct ifp_local **local,
                  struct ifp_error *error);
void ifp_local_free(struct ifp_local *local);

/*
 * Each of these functions offers its plans to the incumbent, and ends if the run is stopped.
 * `effort` limits it in the unit of the evaluator, approximately. Returns IFP_OK or
 * IFP_ERROR_MEMORY.
 */

/* Build two selections, each from the empty one, and improve the better one. */
int ifp_local_construct(struct ifp_local *local, double effort, struct ifp_error *error);

/* Improve the selection of a plan: the best one, or the start. Begin with the empty selection if
 * the plan is NULL. */
int ifp_local_polish(struct ifp_local *local, const ifp_plan *plan, double effort,
                     struct ifp_error *error);

/* Round a point of the compact program and improve the selection. Begin with the empty selection if
 * the point is NULL. */
int ifp_local_round(struct ifp_local *local, const double *point, double effort,
                    struct ifp_error *error);

/* Round a point of the compact program and only add deployments that pay. */
int ifp_local_complete(struct ifp_local *local, const double *point, struct ifp_error *error);

/* Continue from the best selection so far: change it at random (reproducibly), improve the result,
 * and accept it if it is not much worse. */
int ifp_local_walk(struct ifp_local *local, double effort, struct ifp_error *error);

#endif
