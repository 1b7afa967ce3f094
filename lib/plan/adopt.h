/* SPDX-License-Identifier: MIT */
/* Converting a plan to another instance's indices. */
#ifndef IFP_PLAN_ADOPT_H
#define IFP_PLAN_ADOPT_H

#include "util/error.h"

#include <inferplan/instance.h>
#include <inferplan/plan.h>

/* *adopted becomes a copy of the plan in the instance's indices and order, whatever instance the
 * plan was made for. Returns IFP_ERROR_VALUE if the plan has a name that the instance does not
 * have, or IFP_ERROR_MEMORY; *adopted is then unchanged. */
int ifp_plan_adopt(const ifp_instance *instance, const ifp_plan *plan, ifp_plan **adopted,
                   struct ifp_error *error);

#endif
