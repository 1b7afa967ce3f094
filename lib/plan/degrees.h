/* SPDX-License-Identifier: MIT */
/* Where the degrees of a plan's deployments stand in the lists of their tiers. */
#ifndef IFP_PLAN_DEGREES_H
#define IFP_PLAN_DEGREES_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/instance.h"
#include "plan/plan.h"

/* places[d] is the place of deployment d's degree in tp_degrees of its tier, or the length of that
 * list if the tier does not have the degree. False if out of memory. */
bool ifp_plan_find_degrees(const struct ifp_instance *instance, const ifp_plan *plan,
                           size_t *places);

#endif
