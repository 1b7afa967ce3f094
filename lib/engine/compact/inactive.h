/* SPDX-License-Identifier: MIT */
/*
 * Partial pricing: the relaxation leaves out the columns of a pair (j,k) while none of them has a
 * negative reduced cost. A small LP per configuration proves this: fill one of its two capacities
 * with routes, those that save most first, and compare the saving with the rent. The multipliers
 * of that LP belong to rows that the relaxation does not hold. With them, every column of a dormant
 * pair has a reduced cost of at least 0, up to rounding.
 */
#ifndef IFP_ENGINE_COMPACT_INACTIVE_H
#define IFP_ENGINE_COMPACT_INACTIVE_H

#include "engine/compact/safe_bound.h"
#include "milp/milp.h"

struct ifp_dormant {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    bool *asleep; /* by pair: are its columns left out? */
    size_t count; /* number of pairs asleep */
    size_t *pair; /* by column: its pair, or SIZE_MAX */
    double *lack; /* by pair: how far below 0 the last pricing was; 0 if it may stay asleep */
    /* Multipliers of the last pricing. */
    size_t *row;
    double *value;
    size_t multipliers;
    /* Rows of the program; SIZE_MAX if there is no such row. */
    size_t *memory; /* by configuration */
    size_t *compute;
    size_t *replicas_least;
    size_t *replicas_most;
    size_t *serve;      /* by route */
    size_t *open;       /* by route (single) */
    size_t *serve_pair; /* by its route column */
    size_t *open_pair;
    bool *owner;  /* by route: is it the first of its pair with its route column? */
    double *gain; /* by query; workspace, as is order */
    size_t *order;
};

/* No pair is asleep at first. Returns NULL if out of memory. If cancelled, the tables are
 * incomplete: the caller has to check `cancel` afterwards. `cancel` may be NULL. */
struct ifp_dormant *ifp_dormant_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                                    const struct ifp_cancel *cancel);
void ifp_dormant_free(struct ifp_dormant *dormant);

/*
 * Price the pairs that are asleep. reduced holds the reduced costs and upper the upper bounds, both
 * by column. Fills lack, and the multipliers of the pairs that may stay asleep. Returns true if the
 * lack of a pair exceeds the tolerance.
 */
bool ifp_dormant_price(struct ifp_dormant *dormant, const double *reduced, const double *upper,
                       double tolerance);

#endif
