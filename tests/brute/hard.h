/* SPDX-License-Identifier: MIT */
/* Tiny instances that are hard on rounding: each family is made of those of tiny.h. */
#ifndef IFP_TEST_HARD_H
#define IFP_TEST_HARD_H

#include "tiny.h"

enum hard_family {
    HARD_SHARES,    /* deployments hold 1e-12 to 1e-6 of a demand, and the plan needs them */
    HARD_ZEROS,     /* every figure that may be 0 is 0 with high probability */
    HARD_TIES,      /* few powers of two, so that costs and loads meet exactly */
    HARD_PENALTIES, /* of 1e8 to 1e15 dollars */
    HARD_TWINS,     /* tiers, models or both alike in every number */
    HARD_MISSED,    /* no plan holds a limit: it is missed by 0.2e-6 to 4e-6 of it */
    HARD_FAMILIES
};

/* The same for the same family and seed; all policies take turns. */
void hard_make(struct tiny *tiny, enum hard_family family, uint64_t seed);

/* One of HARD_MISSED that misses its limit by that part of it. */
void hard_make_missed_by(struct tiny *tiny, double by, uint64_t seed);

#endif
