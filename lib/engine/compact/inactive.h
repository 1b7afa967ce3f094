/* SPDX-License-Identifier: MIT */
/*
 * Partial pricing: the relaxation leaves out the columns of a pair (j,k) while none of them has a
 * negative reduced cost. A small LP per configuration proves this: fill one of its capacities
 * (capacity.h) with routes, those with the largest saving per unit of capacity first, and compare
 * the saving with the rent. The multipliers of that LP belong to rows that the relaxation
 * does not hold. With them, every column of an inactive pair has a reduced cost of at least 0, up
 * to rounding.
 *
 * All costs, multipliers and violations here are scaled: in units of the LP's objective.
 */
#ifndef IFP_ENGINE_COMPACT_INACTIVE_H
#define IFP_ENGINE_COMPACT_INACTIVE_H

#include "engine/compact/safe_bound.h"
#include "milp/milp.h"

struct ifp_inactive {
    const struct ifp_problem *problem; /* borrowed */
    const struct ifp_milp *milp;       /* borrowed */
    bool *is_inactive;                 /* by pair: are its columns left out? */
    size_t count;                      /* number of inactive pairs */
    size_t *pair;                      /* by column: its pair, or SIZE_MAX */
    double *violation; /* by pair, of its last pricing: the largest amount by which the reduced cost
                          of a configuration is below 0, or 0 */
    /* Multipliers of the last pricing, of the pairs that may stay inactive. */
    size_t *row;        /* of the program */
    double *value;      /* of that row */
    size_t multipliers; /* number of them */
    /* Indices of rows of the program, one array for each kind of row (milp.h); SIZE_MAX if there is
     * no such row. */
    size_t *capacity_row[IFP_CAPACITY_COUNT]; /* by configuration, as are the next four */
    size_t *replicas_min;
    size_t *replicas_max;
    size_t *exactly_one;
    size_t *exactly_count;
    size_t *serve; /* by route, as is open */
    size_t *open;  /* only with placement single */
    size_t
        *serve_pair; /* by route column (the binary of a query type and a pair), as is open_pair */
    size_t *open_pair;
    bool *owner; /* by route: degrees share a route column; is this route the first one that has it,
                    so that the column is counted here? */
    double *gain; /* workspace, as is order: by route of one configuration */
    size_t *order;
};

/* No pair is inactive at first. Returns NULL if out of memory. If cancelled, the tables are
 * incomplete: the caller has to check `cancel` afterwards. `cancel` may be NULL. */
struct ifp_inactive *ifp_inactive_new(const struct ifp_problem *problem,
                                      const struct ifp_milp *milp, const struct ifp_cancel *cancel);
void ifp_inactive_free(struct ifp_inactive *inactive);

/*
 * Price the inactive pairs. `reduced` holds the reduced costs without the multipliers of inactive
 * pairs, and `upper` the upper bounds, both by column. Fills `violation`, and the multipliers of
 * the pairs that may stay inactive. Returns true if the violation of a pair exceeds the tolerance:
 * then the pair should be activated.
 */
bool ifp_inactive_price(struct ifp_inactive *inactive, const double *reduced, const double *upper,
                        double tolerance);

#endif
