/* SPDX-License-Identifier: MIT */
/*
 * An assignment: a selection of deployments with at most one route for each query type, and its
 * accounts (its value, its use of the limits and the load of its deployments). Private to
 * eval_single.c, which moves query types and finds additions, and eval_single_table.c.
 *
 * Loads are in replicas: 1 is what one replica of the configuration can hold. Arrays of loads have
 * IFP_CAPACITY_COUNT entries for each pair or route, by enum ifp_capacity.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H
#define IFP_ENGINE_HEURISTICS_EVAL_SINGLE_TABLE_H

#include "engine/heuristics/local.h"
#include "engine/master/knapsack.h"

/* A selection with the route of each query type. Its value is in dollars saved, compared with
 * serving nothing, and includes premiums. The arrays are owned. */
struct ifp_assignment {
    struct ifp_selection selection; /* the first member: a pointer to it is one to the whole */
    double *load;                   /* by pair and capacity: of its routes */
    double *capacity;               /* by pair and capacity: of its replicas, if it is rented */
    size_t *route;                  /* by query; SIZE_MAX if it has no route */
    double *share;                  /* by query: of that route; 0 if it has no route */
    double *earned;                 /* by query: dollars saved by that route */
    double *used;                   /* by resource, in the resource's unit */
};

/* The numbers of a route that are read most often. */
struct ifp_whole_route {
    double earned; /* dollars saved at its largest share; -infinity if that share is 0 */
    size_t query;
};

struct ifp_eval_single {
    struct ifp_evaluator evaluator;            /* effort: passes over all configurations */
    const struct ifp_milp *milp;               /* borrowed */
    struct ifp_incumbent *incumbent;           /* borrowed */
    struct ifp_pricing *pricing;               /* allocates capacity to query types */
    struct ifp_item *items;                    /* workspace: the routes of one configuration */
    struct ifp_capacity_price *capacity_price; /* by configuration: from its last allocation, in
                                                  dollars per replica */
    size_t *pair;                              /* by configuration */
    size_t *route_at; /* at [configuration * query_count + query]; SIZE_MAX if there is
                         no such route */
    double *value;    /* by route: dollars saved by share 1 */
    double *largest;  /* by route: its largest share if its query type has no other */
    double *smallest; /* by route: the share that meets the demand that has to be met; 0 if all may
                         stay unmet, INFINITY if no share of the route meets it */
    struct ifp_whole_route *whole; /* by route */
    double *need;                  /* by route and capacity: load by share 1 */
    double *steepest;              /* by load table: the most load of a counted replica, of all
                                      numbers of replicas */
    size_t *rented;                /* workspace, capacity for all pairs */
    double premium;                /* dollars added for meeting a demand that has to be met */
    double offered;                /* the best value of which a plan was offered; 0 at first */
    double *point;                 /* workspace, by column of the MILP */
};

/* An evaluator with its tables. Copies the struct `evaluator`. The caller sets `incumbent`. Returns
 * NULL if out of memory. */
struct ifp_eval_single *ifp_assignment_tables_new(const struct ifp_evaluator *evaluator,
                                                  const struct ifp_milp *milp);
void ifp_assignment_tables_free(struct ifp_evaluator *evaluator);

/* The functions accounts_new, accounts_free and accounts_copy of the evaluator (local.h). */
bool ifp_assignment_accounts_new(const struct ifp_evaluator *evaluator,
                                 struct ifp_selection *selection);
void ifp_assignment_accounts_free(struct ifp_selection *selection);
void ifp_assignment_accounts_copy(const struct ifp_evaluator *evaluator, struct ifp_selection *to,
                                  const struct ifp_selection *from);

/* The cost of a deployment without its routes, in dollars. */
double ifp_assignment_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);

/* Dollars that a route saves at a share, net of its charge. Includes the premium if the share meets
 * a demand that has to be met. */
double ifp_assignment_earned(const struct ifp_eval_single *single, size_t route, double share);

/* Does a share of a route meet the demand of its query type that has to be met? Rounding is
 * tolerated. */
bool ifp_assignment_meets(const struct ifp_eval_single *single, size_t route, double share);

/* Do the limits allow a deployment of configuration `c` in addition? */
bool ifp_assignment_rent_fits(const struct ifp_problem *problem,
                              const struct ifp_assignment *assignment, size_t c, double replicas);
/* Do they allow a route with a share in addition, if the route `old` of the same query type is
 * removed? `old` is SIZE_MAX if the query type has no route. */
bool ifp_assignment_route_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double share,
                               size_t old);
/* Do they allow a share that is larger by `more`, of a route that the assignment has? */
bool ifp_assignment_share_fits(const struct ifp_problem *problem,
                               const struct ifp_assignment *assignment, size_t route, double more);

/* Remove the route of a query type, if it has one. */
void ifp_assignment_take_off(const struct ifp_eval_single *single,
                             struct ifp_assignment *assignment, size_t query);
/* Serve a share of a query type by this route, instead of its present one. */
void ifp_assignment_put_on(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                           size_t route, double share);

/* Rent a deployment of configuration `c`, whose pair is not rented. It has no routes yet. */
void ifp_assignment_rent(const struct ifp_eval_single *single, struct ifp_assignment *assignment,
                         size_t c, double replicas);
/* Remove the deployment of pair `p` with its routes. */
void ifp_assignment_give_back(const struct ifp_eval_single *single,
                              struct ifp_assignment *assignment, size_t p);
/* The rented pairs in ascending order, in single->rented. Returns their number. */
size_t ifp_assignment_rented(struct ifp_eval_single *single,
                             const struct ifp_assignment *assignment);
/* Remove all deployments. */
void ifp_assignment_clear(const struct ifp_eval_single *single, struct ifp_assignment *assignment);

#endif
