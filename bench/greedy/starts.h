/* SPDX-License-Identifier: MIT */
/* The two published heuristics as wholes: GH from one order, AGH from many. */
#ifndef GREEDY_STARTS_H
#define GREEDY_STARTS_H

#include <stdint.h>

#include "solution.h"

/* GH: dearest unmet demand first, thrifty and generous, the cheaper of the two. AGH: the same from
 * six orders and `permutations` random ones, each improved by local search (or, `improve_best`, the
 * cheapest alone), the cheapest. The fleet, or NULL when out of memory. */
struct greedy_solution *greedy_gh(const struct greedy_problem *problem);
struct greedy_solution *greedy_agh(const struct greedy_problem *problem, int permutations,
                                   uint64_t seed, bool improve_best);

#endif
