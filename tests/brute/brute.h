/* SPDX-License-Identifier: MIT */
/* The best plan of a tiny instance, by trying everything. */
#ifndef IFP_TEST_BRUTE_H
#define IFP_TEST_BRUTE_H

#include "tiny.h"

struct brute {
    bool feasible;
    double objective; /* of the best plan, at its worst case */
    int programs;     /* linear programs solved to find it */
    /* The plan itself. Replicas of 0 say that a pair is not rented. */
    int degree_index[TINY_PAIRS];
    int replicas[TINY_PAIRS];
    double share[TINY_QUERIES][TINY_PAIRS];
    double unmet[TINY_QUERIES];
};

struct brute brute_solve(const struct tiny *tiny);

/* The same with every limit relaxed by `slack` of it, and by as much of the demand for what is
 * unmet. */
struct brute brute_solve_relaxed(const struct tiny *tiny, double slack);

/* The best one with exactly these deployments, whatever they serve. */
struct brute brute_route(const struct tiny *tiny, const int degree_index[TINY_PAIRS],
                         const int replicas[TINY_PAIRS]);

/* What the shares cost on the deployments at their worst case, from the formulation; replicas of 0
 * say that a pair is not rented. NaN where a constraint is broken by more than 1e-6 of its
 * limit. */
double brute_cost(const struct tiny *tiny, const int degree_index[TINY_PAIRS],
                  const int replicas[TINY_PAIRS], double share[TINY_QUERIES][TINY_PAIRS],
                  const double unmet[TINY_QUERIES]);

#endif
