/* SPDX-License-Identifier: MIT */
/*
 * A fleet with at most one route for each query type, and its accounts: its value, its use of the
 * limits and the load of its deployments. Private to eval_single.c, which makes the moves, and
 * eval_single_table.c.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H
#define IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H

#include <stdint.h>

#include "engine/heuristics/eval_single.h"
#include "engine/master/knapsack.h"

/* Relative tolerance of the limits: a little more than rounding. */
static const double IFP_ASSIGN_ROUNDING = 1e-12;

/* A fleet with the route of each query type. Values are dollars saved, compared with serving
 * nothing. */
struct ifp_selection {
    size_t *configuration; /* by pair; SIZE_MAX if the pair is not rented */
    double *replicas;
    double *kv; /* by pair: load, as a fraction of one replica's capacity */
    double *tflops;
    size_t *route; /* by query; SIZE_MAX if it has no route */
    double *share;
    double *earned; /* by query: saved by its route */
    double *gpus;   /* by pool: rented */
    double usd;     /* spent of the budget */
    double gb;      /* used of the storage capacity */
    double value;
};

/* The numbers of a route that moves read most often. */
struct ifp_whole_pair {
    double earned; /* at its largest share; -infinity if that is 0 */
    size_t query;
};

struct ifp_assign {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    struct ifp_incumbent *incumbent;
    struct ifp_watch *watch;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_room_price *room_price; /* by configuration: from its last allocation */
    size_t *pair;                      /* by configuration */
    size_t *route_at;                  /* by configuration and query; SIZE_MAX if no route */
    double *value;                     /* by route, of share 1: dollars saved */
    double *most;                      /* by route: largest share if it is the only one */
    struct ifp_whole_pair *whole;      /* by route */
    double *kv; /* by route, of share 1, as a fraction of one replica's capacity */
    double *tflops;
    double must;    /* premium for meeting a demand that has to be met */
    double nothing; /* cost of serving nothing */
    double looks;   /* passes over all configurations so far */
    double until;   /* passes at which the present function ends */
    struct ifp_selection now;
    struct ifp_selection base;
    struct ifp_selection best;
    struct ifp_selection walk;
    size_t barred[2]; /* pairs that have just been removed */
    size_t barred_count;
    double offered; /* the best value offered */
    double *point;
    uint64_t random;
};

void ifp_assign_copy(const struct ifp_problem *problem, struct ifp_selection *to,
                     const struct ifp_selection *from);

/* The fixed cost of replicas, and the storage that a deployment uses. */
double ifp_assign_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);
double ifp_assign_deployment_gb(const struct ifp_problem *problem, size_t c);

/* The fixed charge of a route, whatever its share, and the storage that it uses. */
double ifp_assign_charge(const struct ifp_problem *problem, size_t route);
double ifp_assign_route_gb(const struct ifp_problem *problem, size_t route);

/* Dollars that a route saves at a share, net of its charge. Includes a premium if the share meets a
 * demand that has to be met. */
double ifp_assign_earned(const struct ifp_assign *assign, size_t route, double share);

/* Do `usd` and `gb` more fit the budget and the storage capacity? Do `replicas` more fit the pool?
 */
bool ifp_assign_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                     double usd, double gb);
bool ifp_assign_pool_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                          size_t c, double replicas);

/* Remove the route of a query type; serve a share of its demand by another route. */
void ifp_assign_take_off(const struct ifp_assign *assign, struct ifp_selection *fleet,
                         size_t query);
void ifp_assign_put_on(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t route,
                       double share);

/* Rent a deployment without routes, of a pair that is not rented; remove a deployment with its
 * routes; remove all deployments. */
void ifp_assign_rent(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t c,
                     double replicas);
void ifp_assign_give_back(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t p);
void ifp_assign_clear(const struct ifp_assign *assign, struct ifp_selection *fleet);

#endif
