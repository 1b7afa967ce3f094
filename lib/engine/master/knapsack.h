/* SPDX-License-Identifier: MIT */
/*
 * Pricing of one deployment: the best set of query types to serve at given prices. This is a
 * knapsack with two capacities (KV memory, compute), a charge for each query type taken, and
 * fractional shares:
 *
 *     maximise  sum_i value_i x_i - charge_i z_i
 *     subject to  sum_i kv_i x_i <= capacity,  sum_i tflops_i x_i <= capacity,
 *                 0 <= x_i <= max_share_i z_i,  z_i binary (1 if forced)
 *
 * kv_i and tflops_i are fractions of one replica's capacity, so `capacity` is the number of
 * replicas. Values and charges are in scaled dollars.
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
    double value;     /* of share 1 */
    double charge;    /* at least 0 */
    double kv;        /* at share 1, as a fraction of one replica's capacity */
    double tflops;    /* at share 1, as a fraction of one replica's capacity */
    double max_share; /* largest share, above 0 */
    bool forced;      /* must it be taken? Its charge is then paid even if its share is 0 */
    double share;     /* of the best solution found */
    bool taken;       /* in the best solution found */
};

struct ifp_pricing; /* a workspace for a maximum number of items */

/* Returns NULL if out of memory. `watch` is borrowed and may be NULL; otherwise a search is cut
 * short if the run is stopped. */
struct ifp_pricing *ifp_pricing_new(size_t items, struct ifp_watch *watch);
void ifp_pricing_free(struct ifp_pricing *pricing);

/*
 * Sets `share` and `taken` of the items to the best solution found, and returns its objective.
 * *maximum receives an upper bound on every solution: the objective up to rounding or, if the
 * search was cut short, the bound at that point. Only solutions with an objective above `cutoff`
 * are searched for. Without such a solution the result is `cutoff`, only forced items are taken,
 * and *maximum is at most `cutoff` up to rounding. The search is cut short after `nodes` nodes.
 */
double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         double capacity, double cutoff, double nodes, double *maximum);
/* Was the last search cut short? */
bool ifp_pricing_cut_short(const struct ifp_pricing *pricing);

/* As ifp_pricing_solve, for items of which only forced ones have charges. The problem is then an LP
 * with two rows and is solved exactly, so there are no `cutoff` and no `nodes`. */
double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        double capacity, double *maximum);

/* The multipliers of the two capacities in the relaxation of the last problem, in scaled dollars
 * per replica. Both are at least 0. */
struct ifp_capacity_price {
    double kv;
    double tflops;
};
struct ifp_capacity_price ifp_pricing_capacity_price(const struct ifp_pricing *pricing);

/* The Lagrangian profit of an item at capacity prices >= 0:
 *     max(0, value - price.kv kv - price.tflops tflops) max_share - charge,
 * or 0 if that is negative and the item is not forced. The sum over the items, plus
 * (price.kv + price.tflops) capacity, is an upper bound on every solution. */
double ifp_pricing_profit(const struct ifp_item *item, struct ifp_capacity_price price);

#endif
