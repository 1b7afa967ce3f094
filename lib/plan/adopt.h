/* SPDX-License-Identifier: MIT */
/* A plan in another instance's indices. */
#ifndef IFP_PLAN_ADOPT_H
#define IFP_PLAN_ADOPT_H

#include "util/error.h"

#include <inferplan/instance.h>
#include <inferplan/plan.h>

/* A copy of the plan in the instance's own indices and order, whatever instance it was made for.
 * IFP_ERROR_VALUE where it names what the instance does not have, or IFP_ERROR_MEMORY; *adopted is
 * then left as it is. */
int ifp_plan_adopt(const ifp_instance *instance, const ifp_plan *plan, ifp_plan **adopted,
                   struct ifp_error *error);

#endif
