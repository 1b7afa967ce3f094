/* SPDX-License-Identifier: MIT */
/*
 * The coupling rows: the rows of the problem that involve more than one (model, tier) pair, and the
 * entries of a deployment with given routes in each of them.
 *
 *     demand_i    its share of query type i               sum + u_i = 1, u_i: the unmet share
 *     delay_i, error_i   sum_c ifp_limit_coefficient x_ic     sum (+ worst case) <= 0 (served), 1
 *                 (offered). Not with placement single: there the filter of routes enforces the
 *                 limit
 *     resources   its use of each resource, divided by the resource's scale       sum <= 1
 *     placement   1 if it has a route of i. Single: a row per i. Matching: a row per i and model,
 *                 and a row per i and tier                                        sum <= 1
 *     balance     with placement matching, for query i and pair A, of delay and of error: if A's
 *                 route exceeds the limit, routes that are allowed together with A's must
 *                 compensate for it; these are the routes of other models on other tiers:
 *                     (d_A - Dl_i)+ x_iA  -  sum_c (Dl_i - d_c)+ x_ic  <=  0
 *                 (only with limits on the served share. If A is not used, the first term is 0.
 *                 Under uncertainty, d_A includes all of A's own deviation and d_c is nominal: the
 *                 case in which only A deviates is one of the cases to be met.)
 *     pair_p      1 for each deployment of the pair       sum <= 1; = 1 if it must be rented
 *
 * (v)+ is max(v, 0). Rows are scaled like those of the compact MILP: a limit is 1, or 0 if the
 * limit itself is 0. A price is the multiplier of a row, in scaled dollars: dollars divided by
 * `scale`. Prices of demand rows and of "= 1" rows have either sign; those of all other rows are at
 * most 0.
 */
#ifndef IFP_ENGINE_MASTER_COUPLING_H
#define IFP_ENGINE_MASTER_COUPLING_H

#include "problem/problem.h"

/* One route of a deployment. Its charge is paid even if its share is 0. */
struct ifp_pattern_entry {
    size_t route;
    double share;
};

/* A deployment with its routes in the order of queries: a column of the master. */
struct ifp_pattern {
    size_t configuration;
    double replicas;
    size_t count;
    struct ifp_pattern_entry *entries;
};

struct ifp_coupling {
    const struct ifp_problem *problem; /* borrowed */
    double scale;                      /* dollars in one scaled dollar */
    size_t row_count;
    double *upper;          /* by row; for demand rows also the lower bound */
    size_t first_level;     /* see ifp_coupling_level; demand rows come first, by query */
    size_t first_resource;  /* by resource */
    size_t budget;          /* the row of the budget; SIZE_MAX if there is no budget */
    size_t first_placement; /* see ifp_coupling_placement */
    size_t first_balance;   /* by service level, query and pair */
    size_t first_pair;      /* by pair; the last rows */
    size_t *of_query;       /* routes by query: those of i are of_query[query_start[i]] .. */
    size_t *query_start;
    double *balance_scale; /* by row - first_balance: the divisor of the row */
    size_t *pair;          /* by configuration: its pair in the problem */
    bool *has_limit;       /* by row - first_level: is there a row for the limit? */
    double *cost;          /* by route, of share 1: delay and storage, in scaled dollars */
    double *budget_use;    /* by route, of share 1: its entry in the budget row */
    /* By service level and route, of share 1: in its query's row; and if it serves the query type
     * alone, with its deviation. */
    double *level[IFP_SERVICE_COUNT];
    double *alone[IFP_SERVICE_COUNT];
};

/* Returns NULL if out of memory. The scale must be a power of two, so that scaling is exact. */
struct ifp_coupling *ifp_coupling_new(const struct ifp_problem *problem, double scale);
void ifp_coupling_free(struct ifp_coupling *coupling);

/* The placement rows in which a route has an entry: at most two. Returns their number. */
size_t ifp_coupling_placement(const struct ifp_coupling *coupling,
                              const struct ifp_route_data *route, size_t rows[2]);

/* The row of a query type's limit on a service level. Those of one level are by query. */
static inline size_t ifp_coupling_level(const struct ifp_coupling *coupling, size_t level,
                                        size_t query)
{
    return coupling->first_level + level * coupling->problem->query_count + query;
}

/* The row of a balance, and the coefficient of share 1 of a route in it. */
size_t ifp_coupling_balance(const struct ifp_coupling *coupling, size_t level, size_t query,
                            size_t pair);
double ifp_coupling_in_balance(const struct ifp_coupling *coupling, size_t row, size_t route);

/* The maximum number of entries in the LP of a pattern with `entries` routes. Each route has
 * entries in the rows of its demand, delay, error and placement; the deployment has entries in
 * those of its resources and its pair. */
static inline size_t ifp_coupling_entries_max(size_t entries)
{
    return (3 + IFP_SERVICE_COUNT) * entries + IFP_USES_MAX + 1;
}

/* Computes a pattern's cost in scaled dollars, and its entries by coupling row, at most one per
 * row, without those in balances. `index` and `value` have the capacity of ifp_coupling_entries_max
 * for the pattern's count. Returns the number of entries. */
size_t ifp_coupling_entries(const struct ifp_coupling *coupling, const struct ifp_pattern *pattern,
                            double *cost, size_t *index, double *value);

/* At prices by coupling row, in scaled dollars: the fixed cost of renting replicas of a
 * configuration, without the price of its pair; and the charge of a route, which does not depend on
 * its share. Both include the prices of the resources used. */
double ifp_coupling_rent(const struct ifp_coupling *coupling, const double *price,
                         size_t configuration, double replicas);
double ifp_coupling_charge(const struct ifp_coupling *coupling, const double *price,
                           const struct ifp_route_data *route);

#endif
