/* SPDX-License-Identifier: MIT */
/* The indices of a plan's degrees in the lists of their tiers. */
#ifndef IFP_PLAN_DEGREES_H
#define IFP_PLAN_DEGREES_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/instance.h"
#include "plan/plan.h"

/* places[d] becomes the index of deployment d's degree in tp_degrees of its tier, or the length of
 * that list if the tier does not have the degree. Returns false if out of memory. */
bool ifp_plan_find_degrees(const struct ifp_instance *instance, const ifp_plan *plan,
                           size_t *places);

#endif
