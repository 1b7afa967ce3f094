/* SPDX-License-Identifier: MIT */
/*
 * Partial pricing: the relaxation leaves out the columns of a pair (j,k) while none of them has a
 * negative reduced cost. A small LP per configuration proves this: fill one of its two capacities
 * with routes, those that save most first, and compare the saving with the rent. The multipliers
 * of that LP belong to rows that the relaxation does not hold. With them, every column of an
 * inactive pair has a reduced cost of at least 0, up to rounding.
 */
#ifndef IFP_ENGINE_COMPACT_INACTIVE_H
#define IFP_ENGINE_COMPACT_INACTIVE_H

#include "engine/compact/safe_bound.h"
#include "milp/milp.h"

struct ifp_inactive {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    bool *is_inactive; /* by pair: are its columns left out? */
    size_t count;      /* number of inactive pairs */
    size_t *pair;      /* by column: its pair, or SIZE_MAX */
    double *violation; /* by pair: how far below 0 the last pricing was, or 0 */
    /* Multipliers of the last pricing. */
    size_t *row;
    double *value;
    size_t multipliers;
    /* Rows of the program; SIZE_MAX if there is no such row. */
    size_t *memory_row; /* by configuration */
    size_t *compute_row;
    size_t *replicas_min;
    size_t *replicas_max;
    size_t *serve;      /* by route */
    size_t *open;       /* by route (single) */
    size_t *serve_pair; /* by its route column */
    size_t *open_pair;
    bool *owner;  /* by route: is it the first of its pair with its route column? */
    double *gain; /* by query; workspace, as is order */
    size_t *order;
};

/* No pair is inactive at first. Returns NULL if out of memory. If cancelled, the tables are
 * incomplete: the caller has to check `cancel` afterwards. `cancel` may be NULL. */
struct ifp_inactive *ifp_inactive_new(const struct ifp_problem *problem,
                                      const struct ifp_milp *milp, const struct ifp_cancel *cancel);
void ifp_inactive_free(struct ifp_inactive *inactive);

/*
 * Price the inactive pairs. reduced holds the reduced costs and upper the upper bounds, both
 * by column. Fills violation, and the multipliers of the pairs that may stay inactive. Returns true
 * if the violation of a pair exceeds the tolerance.
 */
bool ifp_inactive_price(struct ifp_inactive *inactive, const double *reduced, const double *upper,
                        double tolerance);

#endif
