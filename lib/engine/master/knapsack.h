/* SPDX-License-Identifier: MIT */
/*
 * The best set of query types for one deployment to serve, at given prices: a knapsack with two
 * capacities (KV memory, compute), a charge for each query type taken, and partial service:
 *
 *     maximise  sum_i value_i x_i - charge_i z_i
 *     subject to  sum_i kv_i x_i <= room,  sum_i tflops_i x_i <= room,
 *                 0 <= x_i <= most_i z_i,  z_i binary (1 where forced)
 *
 * For fixed z it is an LP with two rows (fill.h), and so it is where charges are paid in proportion
 * to what is served, which is the relaxation of the search: of its shares at most two are partial,
 * and one of those is branched on, taken or left. Each node is such an LP, from the multipliers of
 * the one before; with the best solution they also decide most of the others.
 */
#ifndef IFP_ENGINE_MASTER_KNAPSACK_H
#define IFP_ENGINE_MASTER_KNAPSACK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/watch.h"

struct ifp_item {
    size_t route;
    double value;  /* per unit of share */
    double charge; /* at least 0 */
    double kv;     /* at share 1, in parts of one replica's room */
    double tflops; /* likewise */
    double most;   /* largest share, above 0 */
    bool forced;
    double share; /* of the best solution found */
    bool taken;   /* in the best solution found */
};

struct ifp_pricing; /* room to work in, for up to a number of items */

/* The run, where there is one, may cut a search short by being stopped. */
struct ifp_pricing *ifp_pricing_new(size_t items, struct ifp_watch *watch);
void ifp_pricing_free(struct ifp_pricing *pricing);

/*
 * Fills share and taken, and returns the objective of that solution.
 * *most receives what no solution exceeds: the same up to rounding, or, where the search was cut
 * short, the bound it had. Only solutions better than `least` are looked for; if there is none,
 * the result is `least` and nothing is taken, and *most at most `least` up to rounding. After so
 * many nodes the search is cut short.
 */
double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         double room, double least, double nodes, double *most);
/* Was the last search cut short? */
bool ifp_pricing_cut_short(const struct ifp_pricing *pricing);

/* The same where charges, if any, are only those of forced items: an LP with two rows, solved
 * exactly whatever `least`. */
double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        double room, double *most);

/* What a unit of memory and of compute was worth in the last solution's relaxation. */
struct ifp_room_price {
    double kv;
    double tflops;
};
struct ifp_room_price ifp_pricing_room_price(const struct ifp_pricing *pricing);

/* What an item can bring beyond its need at such prices, charge taken off. No solution exceeds the
 * sum of it over the items and of the prices times room, whatever the prices (at least 0). */
double ifp_pricing_rest(const struct ifp_item *item, struct ifp_room_price price);

#endif
