/* SPDX-License-Identifier: MIT */
/*
 * Pricing of one deployment: the best set of query types to serve at given prices. This is a
 * knapsack with up to three capacities (memory, load, slots), a charge for each query type taken,
 * and fractional shares:
 *
 *     maximise  sum_i value_i x_i - charge_i z_i
 *     subject to  sum_i need_ri x_i <= capacity_r  for each capacity r,
 *                 0 <= x_i <= max_share_i z_i,  z_i binary (1 if forced)
 *
 * Values and charges are in scaled dollars. A capacity that no item needs costs no time.
 *
 * For fixed z it is an LP with at most three rows (few_row_lp.h). The relaxation, in which charges
 * are paid in proportion to the share, is also such an LP. It has at most as many fractional shares
 * as rows; we branch on one of them: taken or left. Each node warm-starts from the multipliers of
 * the previous one, and reduced-cost fixing against the best solution decides most other items.
 */
#ifndef IFP_ENGINE_MASTER_KNAPSACK_H
#define IFP_ENGINE_MASTER_KNAPSACK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/master/item.h"
#include "engine/watch.h"

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
 * `capacity` is by enum ifp_capacity, each at least 0. Needs and capacities above 0 are between
 * 1e-100 and 1e100.
 */
double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         const double *capacity, double cutoff, double nodes, double *maximum);
/* Was the last search cut short? */
bool ifp_pricing_cut_short(const struct ifp_pricing *pricing);

/* As ifp_pricing_solve, for items of which only forced ones have charges. The problem is then an LP
 * with few rows and is solved exactly, so there are no `cutoff` and no `nodes`. */
double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        const double *capacity, double *maximum);

/* The multipliers of the capacities in the relaxation of the last problem. That of a capacity of 0
 * is so large that no item which needs it pays. */
struct ifp_capacity_price ifp_pricing_capacity_price(const struct ifp_pricing *pricing);

/* The Lagrangian profit of an item at capacity prices >= 0:
 *     max(0, value - sum_r price_r need_r) max_share - charge,
 * or 0 if that is negative and the item is not forced. The sum over the items, plus
 * sum_r price_r capacity_r, is an upper bound on every solution. */
double ifp_pricing_profit(const struct ifp_item *item, const struct ifp_capacity_price *price);

/* sum_r price_r need_r: the price of the capacity that share 1 needs. */
static inline double ifp_capacity_price_of(const struct ifp_capacity_price *price,
                                           const double *need)
{
    double sum = 0;
    for (int r = 0; r < IFP_CAPACITY_COUNT; r++)
        sum += price->each[r] * need[r];
    return sum;
}

#endif
