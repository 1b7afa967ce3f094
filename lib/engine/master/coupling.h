/* SPDX-License-Identifier: MIT */
/*
 * What deployments share: the rows of the problem in which more than one (model, tier) pair
 * takes part, and what a deployment with given routes has in each.
 *
 *     demand_i    its share of query type i                          sum + u_i = 1
 *     delay_i, error_i   as in the compact MILP (not with placement single: there a route's
 *                 largest share says it)
 *     budget, storage, pools
 *     placement   1 where it serves i: by i (single); by i and model, and by i and tier (matching)
 *     balance     with placement matching, for query i and pair A, of delay and of error:
 *                 what A's share exceeds the limit by is made good by routes that may stand beside
 *                 A, which are those of other models on other tiers:
 *                     (d_A - Dl_i)+ x_iA  -  sum_c (Dl_i - d_c)+ x_ic  <=  0
 *                 (limits on what is served; with A not used, nothing is to be made good; where
 *                 deviations are weighed, d_A is with all of its own, and d_c nominal: A's alone
 *                 are among the cases to be met)
 *     pair_p      1 for each deployment of the pair                  sum <= 1
 *
 * Rows are scaled like those of the compact MILP. Prices are in scaled dollars by row: of demand
 * of either sign, of all other rows at most 0.
 */
#ifndef IFP_ENGINE_MASTER_COUPLING_H
#define IFP_ENGINE_MASTER_COUPLING_H

#include "problem/problem.h"

/* One route of a deployment: it is paid for, and serves a share that may be 0. */
struct ifp_part {
    size_t route;
    double share;
};

/* A deployment with its routes, in the order of queries. */
struct ifp_pattern {
    size_t configuration;
    double replicas;
    size_t count;
    struct ifp_part *parts;
};

struct ifp_coupling {
    const struct ifp_problem *problem;
    double scale; /* dollars per unit of cost */
    size_t row_count;
    double *upper;      /* by row; of demand rows also the lower bound */
    size_t first_delay; /* by query; demand rows are the first ones, by query */
    size_t first_error; /* by query */
    size_t budget;      /* SIZE_MAX: none; so for storage */
    size_t storage;
    size_t first_pool;      /* by pool */
    size_t first_placement; /* see ifp_coupling_placement */
    size_t first_balance;   /* by kind (delay, error), query and pair */
    size_t first_pair;      /* by pair; the last ones */
    size_t *of_query;       /* routes by query: those of i are of_query[query_start[i]] .. */
    size_t *query_start;
    double *largest; /* by balance: what its row is divided by */
    size_t *pair;    /* by configuration */
    bool *has_delay; /* by query: is there a row for its delay limit? */
    bool *has_error;
    double *cost;  /* by route, of share 1: delay and storage, in scaled dollars */
    double *money; /* by route, of share 1: in the budget row */
    double *delay; /* by route, of share 1: in its query's delay row */
    double *error;
    double *delay_alone; /* the same when it serves the query type alone, with its deviation */
    double *error_alone;
};

/* NULL when out of memory. The scale is a power of two. */
struct ifp_coupling *ifp_coupling_new(const struct ifp_problem *problem, double scale);
void ifp_coupling_free(struct ifp_coupling *coupling);

/* The rows that a route stands in because of the placement: at most two; returns how many. */
size_t ifp_coupling_placement(const struct ifp_coupling *coupling,
                              const struct ifp_candidate *route, size_t rows[2]);

/* The row of a balance, and a route's coefficient in it, of share 1. */
size_t ifp_coupling_balance(const struct ifp_coupling *coupling, bool error, size_t query,
                            size_t pair);
double ifp_coupling_in_balance(const struct ifp_coupling *coupling, size_t row, size_t route);

/* A pattern's cost in scaled dollars, and its entries but those in balances, each row once; index
 * and value have room for 5 entries a part and 4 more. Returns how many. */
size_t ifp_coupling_entries(const struct ifp_coupling *coupling, const struct ifp_pattern *pattern,
                            double *cost, size_t *index, double *value);

/* What renting replicas of a configuration costs at prices, whatever it serves; and what each of
 * its routes costs once it is taken. */
double ifp_coupling_rent(const struct ifp_coupling *coupling, const double *price,
                         size_t configuration, double replicas);
double ifp_coupling_charge(const struct ifp_coupling *coupling, const double *price,
                           const struct ifp_candidate *route);

#endif
