/* SPDX-License-Identifier: MIT */
/*
 * The LP of the master: which rows and columns it holds. Rows of pairs, of the placement and of
 * balances come in one by one (coupling.h), columns are patterns. For master*.c alone.
 */
#ifndef IFP_ENGINE_MASTER_MASTER_LP_H
#define IFP_ENGINE_MASTER_MASTER_LP_H

#include <stdint.h>

#include "engine/master/coupling.h"
#include "engine/master/master.h"
#include "engine/master/knapsack.h"
#include "lp/own/dense.h"

/* A column of the LP: a pattern, or what stands in for a pair that must be rented. */
struct ifp_master_column {
    struct ifp_pattern pattern; /* without parts, and configuration SIZE_MAX: a stand-in */
    bool allowed;               /* under the bounds of the last solve */
};

enum ifp_route_state { ROUTE_FREE, ROUTE_CLOSED, ROUTE_REQUIRED };

/* What pricing looks at of a route again and again, close together. */
struct ifp_master_side {
    double kv; /* of share 1, in parts of one replica's room */
    double tflops;
    double most; /* largest share that any number of replicas holds */
    uint32_t query;
    enum ifp_route_state state; /* under the bounds of the last solve */
};

/* A configuration to be priced. */
struct ifp_master_candidate {
    double key;
    size_t configuration;
};

/* Deviations that were worst at some point, of one worst case (master_cases.c). */
struct ifp_master_case {
    size_t block;
    size_t place;      /* its row in the LP */
    double price;      /* at most 0 */
    double *deviation; /* g_r v_r by member of the block */
};

struct ifp_master {
    const struct ifp_problem *problem;
    struct ifp_relaxation *relaxation;
    struct ifp_coupling *coupling;
    struct ifp_dense *lp;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct ifp_master_column *members; /* LP column first_member + index */
    size_t member_count;
    size_t member_capacity;
    size_t first_member; /* before them: unmet by query, stand-ins by query, worst cases */
    size_t first_worst;
    size_t *place;  /* by coupling row: its row in the LP, or SIZE_MAX */
    size_t *active; /* by row of the LP: its coupling row, or their number and that of a case */
    size_t active_count;
    size_t row_capacity; /* of active and row_value */
    bool *required;      /* by pair: must it be rented? */
    bool *rentable;      /* by configuration */
    double *price;       /* by coupling row */
    double *center;      /* by coupling row: the prices of the best bound */
    double *least;       /* by configuration: no deployment of it has a lower reduced cost */
    struct ifp_master_side *sides; /* by route */
    bool limits_have_prices;       /* those on delay and error */
    bool charges_by_query;         /* is a route's charge that of its query type alone? */
    double *charge;                /* then by query */
    double *pair_least;            /* by pair: the least of those that have been priced, or 0 */
    struct ifp_master_candidate *promising; /* room for all configurations */
    struct ifp_room_price *room_price;      /* by configuration: of its last pricing */
    double *values;                         /* of the LP's columns; grows with the members */
    double *sums;                           /* by coupling row */
    double *shares;     /* by route, of the LP's point; and by model, tier and pair of a query */
    double *adjustment; /* by route: what prices of balances and cases add to its value */
    double *adjustment_size; /* by route: sum of the magnitudes that went into it */
    bool is_adjusted;        /* is any of them not 0? */
    size_t *balances;        /* rows of them in the LP */
    size_t balance_count;
    double *row_value;
    const struct ifp_worst *worst; /* the program's */
    struct ifp_worst_room *room;
    size_t *place_in_block; /* by kind of worst case and route; SIZE_MAX: not in it */
    struct ifp_master_case *cases;
    size_t case_count;
    double *deviation; /* by member, room to work in */
    size_t *index;     /* for a column's entries */
    double *entry;
    bool patient;   /* see ifp_master_be_patient */
    bool hasty;     /* see ifp_master_be_hasty */
    bool rough;     /* see ifp_master_be_rough */
    double effort;  /* of pricing: nodes of a search */
    bool cut_short; /* has any search been, since this was cleared? */
    double penalty; /* of leaving a demand or a pair out, in scaled dollars */
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
    return master->sides[route].state == ROUTE_CLOSED;
}

static inline bool ifp_master_route_required(const struct ifp_master *master, size_t route)
{
    return master->sides[route].state == ROUTE_REQUIRED;
}

static inline bool ifp_master_rentable(const struct ifp_master *master, size_t c, double replicas)
{
    const struct ifp_relaxation *relaxation = master->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    if (!master->rentable[c])
        return false;
    return milp->replicas[c] == milp->rent[c] ||
           (relaxation->upper[milp->replicas[c]] > replicas - 0.5 &&
            relaxation->lower[milp->replicas[c]] < replicas + 0.5);
}

/* -- pricing (master_price.c) -- */

/* The LP's prices by coupling row; one of the wrong sign for a row "<=" is no price. */
void ifp_master_read_prices(struct ifp_master *master);
/* After prices have changed: what those of balances and of worst cases add to the value of routes.
 */
void ifp_master_adjust(struct ifp_master *master);

/* Lagrange's bound at the present prices, in scaled dollars, and new patterns. What is not
 * worth renting is only estimated. */
int ifp_master_price(struct ifp_master *master, double *bound, size_t *added,
                     struct ifp_error *error);

/* -- rows and columns (master_lp.c) -- */

/* Bring in a row that is not there; a pair's with its stand-in. */
int ifp_master_activate(struct ifp_master *master, size_t row, struct ifp_error *error);

/* Room in the LP's books for one more row; false when out of memory. */
bool ifp_master_grow_rows(struct ifp_master *master);

/* -- worst cases (master_cases.c) -- */

/* NULL when out of memory. */
size_t *ifp_master_places_new(const struct ifp_problem *problem, const struct ifp_worst *worst);
void ifp_master_clear_cases(struct ifp_master *master);

/* A pattern's entry in the row of a case. */
double ifp_master_in_case(const struct ifp_master *master, const struct ifp_master_case *worst_case,
                          const struct ifp_pattern *pattern);
/* What the prices of cases add to the value of routes, into master->adjustment. */
void ifp_master_adjust_by_cases(struct ifp_master *master);
/* What the columns D add to Lagrange's bound; and to the size of what is summed. */
double ifp_master_cases_bound(const struct ifp_master *master, double *size);
/* Bring in the cases that the shares in master->shares violate; *added counts them as well. */
int ifp_master_add_cases(struct ifp_master *master, size_t *added, struct ifp_error *error);
/* Forget those that do nothing when there are very many. */
int ifp_master_drop_cases(struct ifp_master *master, struct ifp_error *error);

/* Add the pattern that the first items make; parts come in the order of queries. */
int ifp_master_add_pattern(struct ifp_master *master, size_t configuration, double replicas,
                           size_t item_count, struct ifp_error *error);

#endif
