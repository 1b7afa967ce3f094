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

/* The up to two deployments that have just been removed. They must not be the first to be added
 * again, or the search would undo its own move. */
struct ifp_barred {
    size_t pair[2];
    size_t configuration[2];
    double replicas[2];
    size_t count;
};

/* How an addition is chosen. An evaluator may treat the other ways like the first. */
enum ifp_filling {
    IFP_FILLING_USUAL = 0,   /* the addition that saves most */
    IFP_FILLING_THRIFTY = 1, /* the addition that saves most per dollar of its cost */
    IFP_FILLING_WIDE = 2     /* among many more candidates */
};

/*
 * An evaluator begins with this struct. Its functions that return an int return IFP_OK or the code
 * of the error. They keep the value of a selection up to date, or set it to -INFINITY if only
 * `fill` computes it. After `read`, `fill` and `add_random` a selection is within the limits.
 * Pointers are borrowed.
 */
struct ifp_evaluator {
    const struct ifp_problem *problem;
    struct ifp_watch *watch;
    double effort;      /* spent so far, in the evaluator's unit; `fill` and others add to it */
    double nothing_usd; /* the cost of a selection is nothing_usd less its value, in dollars */

    double descent_effort; /* maximum effort of one descent to a local optimum; 0 if only the
                              effort of the whole call is limited */
    double worse_max; /* a random walk accepts a selection that is worse by at most this fraction
                        of the cost of the last one */
    size_t removed_of_plan;  /* maximum number of deployments to replace at once in a plan */
    size_t removed_of_point; /* the same in a rounded point */
    size_t selection_size;   /* bytes of a selection together with the evaluator's accounts, which
                                follow it in one struct */

    void (*free)(struct ifp_evaluator *evaluator);

    /* Accounts are what the evaluator stores with each selection. Make those of a selection without
     * deployments, and return false if out of memory; free them; copy them. NULL if there are no
     * accounts. */
    bool (*accounts_new)(const struct ifp_evaluator *evaluator, struct ifp_selection *selection);
    void (*accounts_free)(struct ifp_selection *selection);
    void (*accounts_copy)(const struct ifp_evaluator *evaluator, struct ifp_selection *to,
                          const struct ifp_selection *from);

    /* Set a selection to the deployments of a plan, or of a point of the compact program if it is
     * not NULL: it is rounded. Deployments that the limits do not allow are left out. The selection
     * is empty if both are NULL. */
    void (*read)(struct ifp_evaluator *evaluator, const ifp_plan *plan, const double *point,
                 struct ifp_selection *selection);
    /* Remove the deployment of a pair from the accounts. The caller then removes it from the
     * selection. NULL if there are no accounts. */
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
    /* The local search has kept the change that was filled last, so the next selections will differ
     * little from it: warm-start from it. NULL if the evaluator has no warm start. */
    int (*keep)(struct ifp_evaluator *evaluator, struct ifp_error *error);
};

/* For evaluators: a value is better only if it is larger by more than this margin. So every change
 * improves the value by more than rounding, and the search does not cycle. */
static inline double ifp_local_margin(double value)
{
    return isinf(value) ? 0 : IFP_LOCAL_SAVING_MIN * (1 + fabs(value));
}

static inline bool ifp_local_better(double value, double than)
{
    return value > than + ifp_local_margin(than);
}

/* For evaluators: write the point of the compact program that rents a selection; its other columns
 * are 0, so it has no routes. */
void ifp_local_point(const struct ifp_problem *problem, const struct ifp_milp *milp,
                     const struct ifp_selection *selection, double *point);

/* A local search, with the best selection that it has found so far. */
struct ifp_local;

/* The local search owns the evaluator, even if this fails. Returns IFP_OK, or IFP_ERROR_MEMORY;
 * that also if the evaluator is NULL. */
int ifp_local_new(struct ifp_evaluator *evaluator, struct ifp_local **local,
                  struct ifp_error *error);
void ifp_local_free(struct ifp_local *local);

/*
 * Each of these functions offers its plans to the incumbent, and ends if the run is stopped.
 * `effort`, in the unit of the evaluator, limits the call approximately. If the evaluator limits
 * each descent instead (descent_effort), only ifp_local_walk observes `effort`: it begins no
 * further descent. Returns IFP_OK or the code of the error.
 */

/* Fill two empty selections, one the usual way and one thriftily, and improve the better one. */
int ifp_local_construct(struct ifp_local *local, double effort, struct ifp_error *error);

/* Improve the selection of a plan, such as the incumbent or the start plan. Begin with the empty
 * selection if the plan is NULL. */
int ifp_local_polish(struct ifp_local *local, const ifp_plan *plan, double effort,
                     struct ifp_error *error);

/* Round a point of the compact program and improve the selection. Begin with the empty selection if
 * the point is NULL. */
int ifp_local_round(struct ifp_local *local, const double *point, double effort,
                    struct ifp_error *error);

/* Round a point of the compact program and only add deployments that pay. */
int ifp_local_complete(struct ifp_local *local, const double *point, struct ifp_error *error);

/* Random walk from the best selection so far: change it at random (reproducibly), improve the
 * result, accept it if it is not much worse, and repeat. */
int ifp_local_walk(struct ifp_local *local, double effort, struct ifp_error *error);

#endif
