/* SPDX-License-Identifier: MIT */
/*
 * Pairs (j,k) that a relaxation leaves out because nothing would be rented of them at the present
 * prices. Whether that is so is an LP for each configuration by itself: what its routes would
 * save, filled into one of its two capacities best first, against its rent. The multipliers of
 * that LP, on rows that the relaxation does not even hold, prove it: with them every column of a
 * dormant pair has a reduced cost of at least 0, up to rounding.
 */
#ifndef IFP_ENGINE_COMPACT_INACTIVE_H
#define IFP_ENGINE_COMPACT_INACTIVE_H

#include "engine/compact/safe_bound.h"
#include "milp/milp.h"

struct ifp_dormant {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    bool *asleep; /* by pair */
    size_t count; /* of pairs asleep */
    size_t *pair; /* by column: its pair, or SIZE_MAX */
    double *lack; /* by pair: how far below 0 the last pricing was; 0: it may sleep on */
    /* Multipliers of the last pricing. */
    size_t *row;
    double *value;
    size_t multipliers;
    /* Rows of the program; SIZE_MAX: none. */
    size_t *memory; /* by configuration */
    size_t *compute;
    size_t *replicas_least;
    size_t *replicas_most;
    size_t *serve;      /* by route */
    size_t *open;       /* by route (single) */
    size_t *serve_pair; /* by its route column */
    size_t *open_pair;
    bool *owner;  /* by route: the first of its pair with its route column */
    double *gain; /* by query, room to work in */
    size_t *order;
};

/* No pair is asleep at first. NULL if out of memory. If cancelled meanwhile, the tables are
 * incomplete: the caller has to look at `cancel` (NULL: never) afterwards. */
struct ifp_dormant *ifp_dormant_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                                    const struct ifp_cancel *cancel);
void ifp_dormant_free(struct ifp_dormant *dormant);

/*
 * Price the pairs that are asleep: reduced has the columns' reduced costs, upper their bounds, both
 * by column. Fills lack, and the multipliers of those that may sleep on. Whether one may not: a
 * lack above the tolerance.
 */
bool ifp_dormant_price(struct ifp_dormant *dormant, const double *reduced, const double *upper,
                       double tolerance);

#endif
