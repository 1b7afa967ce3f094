/* SPDX-License-Identifier: MIT */
/* Plans of tiny instances: as the library takes them, and at random. */
#ifndef IFP_TEST_PLANS_H
#define IFP_TEST_PLANS_H

#include "brute.h"

/* A plan for the library. What is no route by its share is none here either. Owned by the
 * caller. */
ifp_plan *tiny_plan(const struct tiny *tiny, const ifp_instance *instance,
                    const struct brute *from);

/* Any plan within structure and placement, whatever its limits. */
struct brute tiny_plan_at_random(const struct tiny *tiny, struct random *random);

#endif
