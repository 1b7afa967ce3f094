/* SPDX-License-Identifier: MIT */
/*
 * Local search on a fleet, the second half of AGH, repeated until neither step finds anything:
 *
 *   relocation      a query type is taken out, the deployments it leaves are cut to what they still
 *                   need, and it is served anew: by rank, and on each rented deployment first.
 *   consolidation   a deployment is closed, and whom it served goes to those that stay, or to
 *                   wherever is cheapest.
 *
 * A step is kept where the whole fleet becomes cheaper, in the worst case and within all limits.
 */
#ifndef GREEDY_IMPROVE_H
#define GREEDY_IMPROVE_H

#include "solution.h"

/* Fleets to try things on. */
struct greedy_scratch {
    struct greedy_solution *without; /* a query type */
    struct greedy_solution *trial;
    struct greedy_solution *best;
};

void greedy_improve(const struct greedy_problem *problem, struct greedy_solution *solution,
                    const struct greedy_scratch *scratch);

#endif
