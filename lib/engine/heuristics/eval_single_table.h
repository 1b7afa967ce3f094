/* SPDX-License-Identifier: MIT */
/*
 * An assignment of query types to deployments, at most one route for each, and its accounts: its
 * value, its use of the limits and the load of its deployments. Private to eval_single.c, which
 * moves query types and finds additions, and eval_single_table.c.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H
#define IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H

#include "engine/heuristics/local.h"
#include "engine/master/knapsack.h"

/* A selection with the route of each query type. Its value is in dollars saved, compared with
 * serving nothing. */
struct ifp_assignment {
    struct ifp_selection selection;
    double *kv; /* by pair: load, as a fraction of one replica's capacity */
    double *tflops;
    size_t *route; /* by query; SIZE_MAX if it has no route */
    double *share;
    double *earned; /* by query: saved by its route */
    double *used;   /* by resource */
};

/* The numbers of a route that are read most often. */
struct ifp_whole_route {
    double earned; /* at its largest share; -infinity if that is 0 */
    size_t query;
};

struct ifp_eval_single {
    struct ifp_evaluator evaluator; /* effort: passes over all configurations */
    const struct ifp_milp *milp;
    struct ifp_incumbent *incumbent;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_capacity_price *capacity_price; /* by configuration: from its last allocation */
    size_t *pair;                              /* by configuration */
    size_t *route_at;              /* by configuration and query; SIZE_MAX if no route */
    double *value;                 /* by route, of share 1: dollars saved */
    double *largest;               /* by route: largest share if it is the only one */
    struct ifp_whole_route *whole; /* by route */
    double *kv; /* by route, of share 1, as a fraction of one replica's capacity */
    double *tflops;
    double premium; /* premium for meeting a demand that has to be met */
    double offered; /* the best value offered */
    double *point;
};

/* An evaluator with its tables. NULL if out of memory. */
struct ifp_eval_single *ifp_assignment_tables_new(const struct ifp_evaluator *evaluator,
                                                  const struct ifp_milp *milp);
void ifp_assignment_tables_free(struct ifp_evaluator *evaluator);

/* The accounts of an assignment, for the evaluator. */
bool ifp_assignment_accounts_new(const struct ifp_evaluator *evaluator,
                                 struct ifp_selection *selection);
void ifp_assignment_accounts_free(struct ifp_selection *selection);
void ifp_assignment_accounts_copy(const struct ifp_evaluator *evaluator, struct ifp_selection *to,
                                  const struct ifp_selection *from);

/* The fixed cost of replicas, without their routes. */
double ifp_assignment_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);

/* Dollars that a route saves at a share, net of its charge. Includes a premium if the share meets a
 * demand that has to be met. */
double ifp_assignment_earned(const struct ifp_eval_single *single, size_t route, double share);

/* Do the limits allow replicas of a configuration in addition? */
bool ifp_assignment_rent_fits(const struct ifp_problem *problem,
                              const struct ifp_assignment *assignment, size_t c, double replicas);
/* Do they allow a share by a route in addition, if the route `old` of the same query type is
 * removed? `old` is SIZE_MAX if there is none. */
bool ifp_assignment_route_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double share,
                               size_t old);
/* Do they allow to increase the share of a route by `more`? */
bool ifp_assignment_share_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double more);

/* Remove the route of a query type; serve a share of its demand by another route. */
void ifp_assignment_take_off(const struct ifp_eval_single *single,
                             struct ifp_assignment *assignment, size_t query);
void ifp_assignment_put_on(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                           size_t route, double share);

/* Rent a deployment without routes, of a pair that is not rented; remove a deployment with its
 * routes; remove all deployments. */
void ifp_assignment_rent(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                         size_t c, double replicas);
void ifp_assignment_give_back(const struct ifp_eval_single *single,
                              struct ifp_assignment *assignment, size_t p);
void ifp_assignment_clear(const struct ifp_eval_single *single, struct ifp_assignment *assignment);

#endif
