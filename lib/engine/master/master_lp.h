/* SPDX-License-Identifier: MIT */
/*
 * The data of the master: the rows and columns of its LP, prices, and the state of pricing. The
 * columns of the LP are, in this order:
 *
 *     unmet by query        u_i, at most max_unmet
 *     artificial by query   1 in the demand row, at the cost `penalty`; it makes the LP feasible
 *     worst cases           D by block of problem/worst.h
 *     patterns              and the artificial columns of pair rows, which are added later
 *
 * "Value" of a route: the scaled dollars that share 1 saves at the present prices. "Reduced cost"
 * of a deployment: its rent minus the profit of its routes, in scaled dollars at the present
 * prices, without the price of the pair's row. Private to the master: master*.c, pricing_round.c
 * and worst_rows.c.
 */
#ifndef IFP_ENGINE_MASTER_MASTER_LP_H
#define IFP_ENGINE_MASTER_MASTER_LP_H

#include <stdint.h>

#include "engine/master/coupling.h"
#include "engine/master/knapsack.h"
#include "engine/master/master.h"
#include "lp/lp.h"

/* A column of the LP: a pattern, or the artificial column of a pair that must be rented. */
struct ifp_master_column {
    struct ifp_pattern pattern; /* artificial: no entries, and configuration SIZE_MAX */
    bool allowed;               /* under the bounds of the last solve */
};

enum ifp_route_state { ROUTE_FREE, ROUTE_CLOSED, ROUTE_REQUIRED };

/* The numbers of a route that pricing reads most often, close together in memory. */
struct ifp_master_route {
    double need[IFP_CAPACITY_COUNT]; /* of share 1, as a fraction of one replica's capacity */
    double max_share; /* the largest share that the maximum number of replicas can serve */
    uint32_t query;
    enum ifp_route_state state; /* under the bounds of the last solve */
};

/* A configuration to be priced. */
struct ifp_master_candidate {
    double key; /* estimated reduced cost minus the price of the pair; priced in ascending order */
    size_t configuration;
};

/* The numbers of replicas, apart from the least and the largest one, that may be the best at some
 * prices of capacities: the corners of the upper hull of the load, at first .. first + count - 1 of
 * hull_replicas. None if the capacities are linear. */
struct ifp_master_hull {
    size_t first;
    size_t count;
};

/* One point of the uncertainty set of a block, the worst at some point of the LP (worst_rows.c).
 * Its row is sum_r g_r v_r x_r - D <= 0. */
struct ifp_master_case {
    size_t block;      /* in worst->blocks */
    size_t place;      /* its row in the LP */
    double price;      /* at most 0 */
    double *deviation; /* g_r v_r by entry of the block */
};

struct ifp_master {
    const struct ifp_problem *problem; /* borrowed, like the relaxation */
    struct ifp_relaxation *relaxation;
    struct ifp_coupling *coupling;
    struct ifp_lp *lp;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_master_column *columns; /* LP column first_column + index */
    size_t column_count;
    size_t column_capacity;
    size_t first_column; /* the first column of `columns` in the LP */
    size_t first_worst;  /* the LP column of block 0 */
    size_t *place;       /* by coupling row: its row in the LP, or SIZE_MAX */
    size_t *active; /* by row of the LP: its coupling row, or row_count + the index of a case */
    size_t active_count;
    size_t row_capacity; /* of active and row_value */
    bool *required;      /* by pair: must it be rented? */
    bool *rentable;      /* by configuration */
    double *price;       /* by coupling row: of the LP, or moved to `center` by dual smoothing */
    double *center;      /* by coupling row: the prices of the best bound */
    double *min_reduced; /* by configuration: lower bound on the reduced cost of its deployments;
                            INFINITY if it may not be rented. After ifp_master_price it is relative
                            to the minimum of its pair (or 0, if the pair need not be rented) */
    struct ifp_master_route *routes; /* by route */
    bool limits_have_prices;         /* has any row of delay or error a nonzero price? */
    bool charges_by_query;           /* does a route's charge depend on its query type only? */
    double *charge;                  /* by query, if charges_by_query */
    double *pair_min_reduced;        /* by pair: minimum of 0 and of those priced so far */
    struct ifp_master_candidate *promising;    /* capacity: all configurations */
    struct ifp_capacity_price *capacity_price; /* by configuration: from its last pricing */
    struct ifp_master_hull *hulls;             /* by configuration */
    double *hull_replicas;
    double *estimates; /* by number of replicas of one configuration; workspace */
    double *values;    /* of the LP's columns; grows with the columns */
    double *sums;      /* by coupling row: of the LP's point; workspace */
    double
        *shares; /* by route, of the LP's point; then a workspace by model, by tier, and by both */
    double *adjustment;      /* by route: added to its value by the prices of balances and cases */
    double *adjustment_size; /* by route: sum of the magnitudes of the terms of adjustment */
    bool is_adjusted;        /* has the LP any balances or cases? */
    size_t *balances;        /* coupling rows of the balances in the LP */
    size_t balance_count;
    double *row_value;             /* by row of the LP: workspace */
    const struct ifp_worst *worst; /* of the compact MILP, borrowed */
    struct ifp_worst_workspace *workspace;
    size_t *place_in_block; /* by kind * route_count + route: its entry in the block; SIZE_MAX if it
                               is in no block of the kind */
    struct ifp_master_case *cases;
    size_t case_count;
    double *deviation; /* by entry of a block; workspace */
    size_t *index;     /* entries of a column; workspace, as is entry */
    double *entry;
    double effort;  /* maximum number of nodes of one pricing search */
    bool cut_short; /* has any pricing search been cut short since this was cleared? */
    double penalty; /* cost of an artificial column, in scaled dollars */
};

static inline bool ifp_master_is_demand(const struct ifp_master *master, size_t row)
{
    return row < master->problem->query_count;
}

static inline bool ifp_master_is_pair(const struct ifp_master *master, size_t row)
{
    return row >= master->coupling->first_pair;
}

static inline bool ifp_master_is_balance(const struct ifp_master *master, size_t row)
{
    return row >= master->coupling->first_balance && row < master->coupling->first_pair;
}

/* -- the present bounds -- */

static inline bool ifp_master_route_closed(const struct ifp_master *master, size_t route)
{
    return master->routes[route].state == ROUTE_CLOSED;
}

static inline bool ifp_master_route_required(const struct ifp_master *master, size_t route)
{
    return master->routes[route].state == ROUTE_REQUIRED;
}

static inline bool ifp_master_rentable(const struct ifp_master *master, size_t c, double replicas)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    size_t exactly = ifp_milp_exactly(milp, c, replicas);
    if (!master->rentable[c] || (exactly != SIZE_MAX && relaxation->upper[exactly] < 0.5))
        return false;
    return milp->replicas[c] == milp->rent[c] ||
           (relaxation->upper[milp->replicas[c]] > replicas - 0.5 &&
            relaxation->lower[milp->replicas[c]] < replicas + 0.5);
}

/* -- pricing (pricing_round.c) -- */

/* Read the LP's prices by coupling row. A price of the wrong sign for a row "<=" is set to 0. */
int ifp_master_read_prices(struct ifp_master *master, struct ifp_error *error);
/* Call after prices have changed. Computes what the prices of balances and of worst cases add to
 * the value of routes. */
void ifp_master_adjust(struct ifp_master *master);

/* Compute the Lagrangian bound at the present prices, in scaled dollars, and add patterns of
 * negative reduced cost to the LP. A configuration whose estimate is at least 0 is not priced, and
 * after enough patterns the others are not priced either: their estimates are valid bounds. */
int ifp_master_price(struct ifp_master *master, double *bound, size_t *added,
                     struct ifp_error *error);

/* -- rows and columns (master_lp.c) -- */

/* Add a coupling row to the LP unless it is there. A pair's row gets an artificial column. */
int ifp_master_activate(struct ifp_master *master, size_t row, struct ifp_error *error);

/* Grow the arrays by LP row so that one more row fits. Returns false if out of memory. */
bool ifp_master_grow_rows(struct ifp_master *master);

/* -- worst cases (worst_rows.c) -- */

/* The array place_in_block. Returns NULL if out of memory. */
size_t *ifp_master_places_new(const struct ifp_problem *problem, const struct ifp_worst *worst);
void ifp_master_clear_cases(struct ifp_master *master);

/* A pattern's entry in the row of a case. */
double ifp_master_in_case(const struct ifp_master *master, const struct ifp_master_case *worst_case,
                          const struct ifp_pattern *pattern);
/* Add the prices of cases to the value of routes, in master->adjustment. */
void ifp_master_adjust_by_cases(struct ifp_master *master);
/* The contribution of the columns D to the Lagrangian bound. *size is increased by the magnitudes
 * of its terms. */
double ifp_master_cases_bound(const struct ifp_master *master, double *size);
/* Add rows for the cases that the shares in master->shares violate; *added is increased by their
 * number. */
int ifp_master_add_cases(struct ifp_master *master, size_t *added, struct ifp_error *error);
/* If there are very many cases, drop those that are not tight. */
int ifp_master_drop_cases(struct ifp_master *master, struct ifp_error *error);

/* Add the pattern of the taken ones among the first `item_count` items. Its entries are in the
 * order of queries. */
int ifp_master_add_pattern(struct ifp_master *master, size_t configuration, double replicas,
                           size_t item_count, struct ifp_error *error);

#endif
