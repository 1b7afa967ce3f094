/* SPDX-License-Identifier: MIT */
/* The best plan of a tiny instance with profiles, by trying every fleet. */
#ifndef IFP_TEST_FLEETS_H
#define IFP_TEST_FLEETS_H

#include "loaded.h"
#include "points.h"

struct fleets {
    bool feasible;
    double objective; /* of the best plan, at its worst case */
    int programs;     /* linear programs solved to find it */
    int points;
    struct point point[LOADED_POINTS];
    /* The plan itself. Replicas of 0 say that a point is not rented. */
    int replicas[LOADED_POINTS];
    double share[LOADED_QUERIES][LOADED_POINTS];
    double unmet[LOADED_QUERIES];
};

struct fleets fleets_solve(const struct loaded *loaded);

/* What a plan with these points costs at its worst case, from the formulation; its objective is not
 * read. NaN where a constraint is broken by more than 1e-6 of its limit. */
double fleets_cost(const struct loaded *loaded, const struct fleets *plan);

#endif
