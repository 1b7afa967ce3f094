/* SPDX-License-Identifier: MIT */
/*
 * Pricing of one deployment: the best set of query types to serve at given prices. This is a
 * knapsack with two capacities (KV memory, compute), a charge for each query type taken, and
 * fractional shares:
 *
 *     maximise  sum_i value_i x_i - charge_i z_i
 *     subject to  sum_i kv_i x_i <= room,  sum_i tflops_i x_i <= room,
 *                 0 <= x_i <= most_i z_i,  z_i binary (1 where forced)
 *
 * For fixed z it is an LP with two rows (two_row_lp.h). The relaxation, in which charges are paid
 * in proportion to the share, is also such an LP. At most two of its shares are fractional; we
 * branch on one of them: taken or left. Each node warm-starts from the multipliers of the previous
 * one, and reduced-cost fixing against the best solution decides most other items.
 */
#ifndef IFP_ENGINE_MASTER_KNAPSACK_H
#define IFP_ENGINE_MASTER_KNAPSACK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/watch.h"

struct ifp_item {
    size_t route;
    double value;     /* per unit of share */
    double charge;    /* at least 0 */
    double kv;        /* at share 1, as a fraction of one replica's capacity */
    double tflops;    /* at share 1, as a fraction of one replica's capacity */
    double max_share; /* largest share, above 0 */
    bool forced;
    double share; /* of the best solution found */
    bool taken;   /* in the best solution found */
};

struct ifp_pricing; /* a workspace for a maximum number of items */

/* Returns NULL if out of memory. `watch` may be NULL; else a search ends early if the run is
 * stopped. */
struct ifp_pricing *ifp_pricing_new(size_t items, struct ifp_watch *watch);
void ifp_pricing_free(struct ifp_pricing *pricing);

/*
 * Fills share and taken, and returns the objective of that solution. *maximum receives an upper
 * bound on every solution: the objective up to rounding or, if the search was cut short, the bound
 * at that point. Only solutions better than `cutoff` are searched for. If there is none, the result
 * is `cutoff`, no item is taken that is not forced, and *maximum is at most `cutoff` up to
 * rounding. The search is cut short after `nodes` nodes.
 */
double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         double capacity, double cutoff, double nodes, double *maximum);
/* Was the last search cut short? */
bool ifp_pricing_cut_short(const struct ifp_pricing *pricing);

/* As ifp_pricing_solve, if only forced items have charges: then it is an LP with two rows. It is
 * solved exactly, without `cutoff`. */
double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        double capacity, double *maximum);

/* The prices of the two capacities in the relaxation of the last problem. */
struct ifp_capacity_price {
    double kv;
    double tflops;
};
struct ifp_capacity_price ifp_pricing_capacity_price(const struct ifp_pricing *pricing);

/* The Lagrangian profit of an item at capacity prices (kv, tflops) >= 0, net of its charge. Summed
 * over the items, plus price times capacity, it bounds every solution. */
double ifp_pricing_profit(const struct ifp_item *item, struct ifp_capacity_price price);

#endif
