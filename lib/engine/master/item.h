/* SPDX-License-Identifier: MIT */
/* A query type that a deployment may serve, as an item of the knapsack that prices deployments. */
#ifndef IFP_ENGINE_MASTER_ITEM_H
#define IFP_ENGINE_MASTER_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "problem/capacity.h"

struct ifp_item {
    size_t route;
    double value;                    /* of share 1 */
    double charge;                   /* at least 0 */
    double need[IFP_CAPACITY_COUNT]; /* at share 1, in the unit of the capacity; at least 0 */
    double max_share;                /* largest share, above 0 */
    bool forced;  /* must it be taken? Its charge is then paid even if its share is 0 */
    double share; /* of the best solution found */
    bool taken;   /* in the best solution found */
};

/* Multipliers of the capacities, in scaled dollars per unit of capacity. All are at least 0. */
struct ifp_capacity_price {
    double each[IFP_CAPACITY_COUNT];
};

#endif
