/* SPDX-License-Identifier: MIT */
/*
 * The LP of the master: which rows and columns it holds. Rows of pairs, of the placement and of
 * balances come in one by one (coupling.h), columns are patterns. For master.c alone.
 */
#ifndef IFP_ENGINE_MASTER_LP_H
#define IFP_ENGINE_MASTER_LP_H

#include "engine/coupling.h"
#include "engine/master.h"
#include "engine/pricing.h"

/* A column of the LP: a pattern, or what stands in for a pair that must be rented. */
struct member {
    struct ifp_pattern pattern; /* without parts, and configuration SIZE_MAX: a stand-in */
    bool allowed;               /* under the bounds of the last solve */
};

struct ifp_master {
    const struct ifp_problem *problem;
    struct ifp_relaxation *relaxation;
    struct ifp_coupling *coupling;
    struct ifp_lp *lp;
    struct ifp_pricing *pricing;
    struct ifp_item *items;
    struct member *members; /* LP column first_member + index */
    size_t member_count;
    size_t member_capacity;
    size_t first_member; /* before them: unmet by query, then stand-ins by query */
    size_t *place;       /* by coupling row: its row in the LP, or SIZE_MAX */
    size_t *active;      /* by row of the LP: its coupling row */
    size_t active_count;
    bool *required;     /* by pair: must it be rented? */
    bool *rentable;     /* by configuration */
    double *price;      /* by coupling row */
    double *least;      /* by configuration: no deployment of it has a lower reduced cost */
    double *values;     /* of the LP's columns; grows with the members */
    double *sums;       /* by coupling row */
    double *shares;     /* by route, of the LP's point; and by model, tier and pair of a query */
    double *adjustment; /* by route: what prices of balances add to its value */
    size_t *balances;   /* rows of them in the LP */
    size_t balance_count;
    double *row_value;
    size_t *index; /* for a column's entries */
    double *entry;
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

/* Bring in a row that is not there; a pair's with its stand-in. */
int ifp_master_activate(struct ifp_master *master, size_t row, struct ifp_error *error);

/* Add the pattern that the first items make; parts come in the order of queries. */
int ifp_master_add_pattern(struct ifp_master *master, size_t configuration, double replicas,
                           size_t item_count, struct ifp_error *error);

#endif
