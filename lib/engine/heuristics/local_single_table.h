/* SPDX-License-Identifier: MIT */
/*
 * A fleet with one route for each query type, and its accounts: what it costs, what of the limits
 * it takes and how full its deployments are. For assign.c, which moves it, and assign_table.c
 * alone.
 */
#ifndef IFP_ENGINE_HEURISTICS_LOCAL_SINGLE_TABLE_H
#define IFP_ENGINE_HEURISTICS_LOCAL_SINGLE_TABLE_H

#include <stdint.h>

#include "engine/heuristics/local_single.h"
#include "engine/master/knapsack.h"

/* Limits are kept by a little more than rounding. */
static const double IFP_ASSIGN_ROUNDING = 1e-12;

/* A fleet with what each query type gets. Values are dollars saved against serving nothing. */
struct ifp_selection {
    size_t *configuration; /* by pair; SIZE_MAX: nothing */
    double *replicas;
    double *kv; /* by pair: used, in parts of one replica's room */
    double *tflops;
    size_t *route; /* by query; SIZE_MAX: none */
    double *share;
    double *earned; /* by query: what its route saves */
    double *gpus;   /* by pool */
    double usd;     /* of the budget */
    double gb;      /* of the storage capacity */
    double value;
};

/* Of a route, what moves look at most. */
struct ifp_whole_pair {
    double earned; /* at its largest share; -infinity where that is 0 */
    size_t query;
};

struct ifp_assign {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    struct ifp_incumbent *incumbent;
    struct ifp_watch *watch;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_room_price *room_price; /* by configuration: of its last filling */
    size_t *pair;                      /* by configuration */
    size_t *route_at;                  /* by configuration and query; SIZE_MAX: none */
    double *value;                     /* by route, of share 1: what it saves */
    double *most;                      /* by route: largest share when it is the only one */
    struct ifp_whole_pair *whole;      /* by route */
    double *kv;                        /* by route, of share 1, in parts of one replica's room */
    double *tflops;
    double must;    /* for a demand that has to be met */
    double nothing; /* cost of serving nothing */
    double looks;
    double until;
    struct ifp_selection now;
    struct ifp_selection base;
    struct ifp_selection best;
    struct ifp_selection walk;
    size_t barred[2]; /* pairs that have just been left out */
    size_t barred_count;
    double offered; /* the best value offered */
    double *point;
    uint64_t random;
};

void ifp_assign_copy(const struct ifp_problem *problem, struct ifp_selection *to,
                     const struct ifp_selection *from);

/* What replicas cost, whatever they serve; and what a deployment takes of the storage capacity. */
double ifp_assign_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);
double ifp_assign_deployment_gb(const struct ifp_problem *problem, size_t c);

/* What a route costs once, whatever its share; and what it takes of the storage capacity. */
double ifp_assign_charge(const struct ifp_problem *problem, size_t route);
double ifp_assign_route_gb(const struct ifp_problem *problem, size_t route);

/* What a route saves at a share, its charge taken off; with a premium where demand that has to be
 * met then is. */
double ifp_assign_earned(const struct ifp_assign *assign, size_t route, double share);

/* Would so much more fit under the budget and the storage capacity; so many replicas in the pool?
 */
bool ifp_assign_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                     double usd, double gb);
bool ifp_assign_pool_fits(const struct ifp_problem *problem, const struct ifp_selection *fleet,
                          size_t c, double replicas);

/* Take a query type off its route; put its whole demand on another one, at a share. */
void ifp_assign_take_off(const struct ifp_assign *assign, struct ifp_selection *fleet,
                         size_t query);
void ifp_assign_put_on(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t route,
                       double share);

/* Rent a deployment, which serves nothing yet, of a pair that has none; give one back with all that
 * it serves; give all back. */
void ifp_assign_rent(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t c,
                     double replicas);
void ifp_assign_give_back(const struct ifp_assign *assign, struct ifp_selection *fleet, size_t p);
void ifp_assign_clear(const struct ifp_assign *assign, struct ifp_selection *fleet);

#endif
